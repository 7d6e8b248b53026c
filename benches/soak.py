#!/usr/bin/env python3
"""Runs the soak program (benches/soak/Soak.java) and decides whether the machine has stood it.

It has, if three things hold: the program, which checks itself, ended by itself with code 0 and its last line; it never
was silent for more than SILENCE_MAX seconds (its status line comes each ten); resident memory did not grow after the
start. The rule for the last: the run is cut into six equal parts (of five minutes, in half an hour). The first is the
start and counts for nothing. The median of the samples of the sixth part may be at most 3 % above the median of the
second. Medians, because single samples are taken at any point of a collection; the second part and not the first,
because caches, tables and pools have to fill; a leak of one part in a thousand per minute is found in half an hour.

Deliberately not here: pauses (gc.py). Standard library only.
"""

import argparse
import os
import re
import shlex
import signal
import statistics
import subprocess
import sys
import threading
import time

import compare

SOURCE = compare.ROOT / "benches" / "soak" / "Soak.java"
CLASSES = compare.ROOT / "target" / "soak-classes"
RECORDS = compare.ROOT / "target" / "soak"
SAMPLE_SECONDS = 5
SILENCE_MAX = 120
PARTS = 6
GROWTH_MAX = 1.03


def resident_kib(pid):
    """VmRSS of a process; None when it has just ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            found = re.search(r"^VmRSS:\s*(\d+) kB", status.read(), re.MULTILINE)
    except OSError:
        return None
    return int(found.group(1)) if found else None


def growth(samples, seconds):
    """The two medians of the rule, in KiB; None where a part has no sample. `samples`: (second, KiB)."""
    part = seconds / PARTS
    second = [kib for at, kib in samples if part <= at < 2 * part]
    sixth = [kib for at, kib in samples if (PARTS - 1) * part <= at <= seconds]
    return (statistics.median(second), statistics.median(sixth)) if second and sixth else None


def verifier(carafe, environment):
    """The switch with which carafe verifies the heap at intervals, if it has one: -XX:VerifyHeapSOMETHING=N in -X.

    -XX:+VerifyHeap, at each collection, is no substitute: with half a gigabyte alive nothing else would get done.
    """
    said = subprocess.run([carafe, "-X"], capture_output=True, text=True, env=environment, check=False)
    found = re.search(r"-XX:VerifyHeap\w+(?==)", said.stdout + said.stderr)
    return found.group(0) if found else None


def follow(child, lines, echo):
    """Collects the program's output with the time of each line."""
    for raw in child.stdout:
        line = raw.decode(errors="replace").rstrip("\n")
        lines.append((time.monotonic(), line))
        echo(line)


def soak(command, environment, minutes, record):
    """Runs to the end; returns samples, output lines and the problem met (empty when there was none)."""
    samples, lines, problem = [], [], ""
    started = time.monotonic()
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )
    reader = threading.Thread(target=follow, args=(child, lines, lambda line: print(line, flush=True)), daemon=True)
    reader.start()
    try:
        with open(record, "w", encoding="ascii") as out:
            while child.poll() is None:
                now = time.monotonic()
                kib = resident_kib(child.pid)
                if kib:
                    samples.append((now - started, kib))
                    out.write(f"{now - started:.1f} {kib}\n")
                    out.flush()
                if now - (lines[-1][0] if lines else started) > SILENCE_MAX:
                    problem = f"nothing was printed for {SILENCE_MAX} s"
                elif now - started > minutes * 60 + 600:
                    problem = "did not end"
                if problem:
                    break
                try:
                    child.wait(SAMPLE_SECONDS)
                except subprocess.TimeoutExpired:
                    pass
    finally:  # Ctrl-C above all: a session of its own does not get the terminal's signal
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    reader.join(10)
    if not problem and child.returncode != 0:
        problem = f"killed by signal {-child.returncode}" if child.returncode < 0 else f"exit code {child.returncode}"
    if not problem and (not lines or lines[-1][1] != "soak: no failure"):
        problem = "the last line is missing"
    return samples, problem


def main():
    parser = argparse.ArgumentParser(
        prog="benches/soak.sh", description="Runs the soak program and judges failures and growth of resident memory."
    )
    parser.add_argument("--minutes", type=float, default=30, metavar="M", help="how long (30)")
    parser.add_argument("--live", type=int, default=512, metavar="MB", help="megabytes alive in the cache (512)")
    parser.add_argument("--heap", default="1g", metavar="SIZE", help="-Xmx (1g)")
    parser.add_argument("--java", action="store_true", help="on the JDK's java: to test the program itself")
    parser.add_argument("--opts", default="", metavar="OPTS", help="further options of the machine")
    parser.add_argument("--verify-every", type=int, default=50, metavar="N", help="the verifier's interval, if it has one")
    parser.add_argument("--no-unloading", action="store_true", help="do not ask that dropped class loaders die")
    arguments = [a for a in sys.argv[1:]]
    for i in range(len(arguments) - 1):
        if arguments[i] == "--opts":  # argparse takes a value that begins with a dash only behind `=`
            arguments[i : i + 2] = ["--opts=" + arguments[i + 1]]
            break
    options = parser.parse_args(arguments)
    if options.minutes <= 0:
        parser.error("--minutes needs a number above 0")

    jdk = compare.find_jdk()
    unset = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")
    environment = {k: v for k, v in os.environ.items() if k not in unset} | {"JAVA_HOME": str(jdk)}
    CLASSES.mkdir(parents=True, exist_ok=True)
    RECORDS.mkdir(parents=True, exist_ok=True)
    if subprocess.run([jdk / "bin" / "javac", "-nowarn", "-Xlint:none", "-g", "-d", CLASSES, SOURCE], check=False).returncode:
        sys.exit("javac failed")
    command = [str(jdk / "bin" / "java") if options.java else str(compare.find_carafe()), f"-Xmx{options.heap}"]
    command += [] if options.java else ["-A"]
    command += shlex.split(options.opts)
    if not options.java:
        switch = verifier(command[0], environment)
        command += [f"{switch}={options.verify_every}"] if switch else []
        print(f"heap verifier: {command[-1]}" if switch else "heap verifier: has no switch for intervals, is off")
    command += ["-Dsoak.unloading=false"] if options.no_unloading else []
    command += ["-cp", str(CLASSES), "Soak", str(options.minutes), str(options.live)]
    record = RECORDS / "rss.txt"
    samples, problem = soak(command, environment, options.minutes, record)

    medians = growth(samples, options.minutes * 60)
    print(f"\n{len(samples)} samples of resident memory in {record}")
    print("  no failure: " + (f"no ({problem})" if problem else "yes"))
    if medians is None:
        print("  resident memory does not grow: unknown (too few samples)")
        return 1
    factor = medians[1] / medians[0]
    said = "yes" if factor <= GROWTH_MAX else "no"
    print(
        f"  resident memory does not grow: {said} (median of part 2 {medians[0] / 1024:.1f} MiB, of part {PARTS} "
        f"{medians[1] / 1024:.1f} MiB: {factor:.3f} of it, at most {GROWTH_MAX})"
    )
    return 1 if problem or said == "no" else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
