#!/usr/bin/env python3
"""Compares carafe with the installed JDK's `java`, as ratios measured on one machine in one run.

The programs of benches/java are compiled with javac and each is run in turn by both machines, interleaved (A B A B ...),
so that a machine that slows down half way slows both. The two outputs must be equal. A program that fails, differs or
runs out of time is reported and leaves the others alone; the exit code then is 1.

Deliberately not here: warm-up and steady state inside one process (that is a harness's work, these are whole-process
times), and storage of old results. Standard library only.
"""

import argparse
import math
import os
import re
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JAVA_SOURCES = ROOT / "benches" / "java"
CLASSES = ROOT / "target" / "bench-classes"
STARTUP = "Hello"  # measured by --startup only: as a benchmark it is all start-up and no work
JDK_FEATURE = 25

# ------------------------------------------------------------------------------------------------ finding the machines


def jdk_version(home):
    """The version of the JDK in `home` as a tuple of numbers, from its `release` file; None where there is no JDK."""
    try:
        found = re.search(r'^JAVA_VERSION="([^"]+)"', (home / "release").read_text(), re.MULTILINE)
    except OSError:
        return None
    if found is None or not os.access(home / "bin" / "javac", os.X_OK):
        return None
    return tuple(int(part) for part in re.findall(r"\d+", found.group(1)))


def find_jdk():
    """JAVA_HOME if set, else the newest JDK 25 in the folders where packages put them, else the one on PATH."""
    if os.environ.get("JAVA_HOME"):
        home = Path(os.environ["JAVA_HOME"])
        if jdk_version(home) is None:
            sys.exit(f"JAVA_HOME is {home}, which holds no JDK (no release file, or no bin/javac)")
        return home
    folders = ["/usr/lib/jvm", "/usr/lib64/jvm", "/usr/java", "/usr/local/java", "/opt/java", "/opt"]
    folders += [Path.home() / ".sdkman" / "candidates" / "java", Path.home() / ".jdks"]
    homes = {home.resolve() for folder in folders if os.path.isdir(folder) for home in Path(folder).iterdir()}
    versions = {home: jdk_version(home) for home in homes}
    fitting = [home for home in homes if versions[home] and versions[home][0] == JDK_FEATURE]
    if fitting:
        return max(fitting, key=lambda home: (versions[home], str(home)))
    javac = shutil.which("javac")
    if javac and jdk_version(home := Path(javac).resolve().parent.parent):
        return home
    sys.exit(f"no JDK found: set JAVA_HOME to a JDK {JDK_FEATURE}")


def find_carafe():
    carafe = Path(os.environ.get("CARAFE_BIN") or ROOT / "target" / "release" / "carafe").resolve()
    if not os.access(carafe, os.X_OK):
        sys.exit(f"no carafe at {carafe}: build it (cargo build --release) or set CARAFE_BIN")
    return carafe


def programs(only, folder):
    """The programs found on disk: every FOLDER/NAME/NAME.java."""
    names = sorted((p.name for p in folder.iterdir() if (p / f"{p.name}.java").is_file()), key=str.lower)
    for name in only:
        if name not in names:
            sys.exit(f"no program {name}; there are: {' '.join(names)}")
    return only or [name for name in names if name != STARTUP]


def compile_programs(jdk, names, folder, classes):
    classes.mkdir(parents=True, exist_ok=True)
    sources = [str(folder / name / f"{name}.java") for name in names]
    if subprocess.run([jdk / "bin" / "javac", "-nowarn", "-g", "-d", classes, *sources], check=False).returncode:
        sys.exit("javac failed")


# ------------------------------------------------------------------------------------------------------ one measured run


@dataclass
class Run:
    seconds: float = 0.0  # wall, or user + system with --cpu
    rss_kib: int = 0
    output: bytes = b""
    problem: str = ""  # empty when it ended by itself with exit code 0


def run(command, environment, timeout, cpu_time=False):
    """Runs `command` once to its end. wait4, not subprocess's own wait, because it returns the resources used."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, start_new_session=True
        )
        timed_out = threading.Event()

        def stop():
            timed_out.set()
            os.killpg(child.pid, signal.SIGKILL)

        watch = threading.Timer(timeout, stop)
        watch.start()
        try:
            _, status, used = os.wait4(child.pid, 0)
        except BaseException:  # Ctrl-C above all: a session of its own does not get the terminal's signal
            os.killpg(child.pid, signal.SIGKILL)
            raise
        finally:
            watch.cancel()
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)  # so that Popen does not wait for it again
        out.seek(0)
        err.seek(0)
        result = Run(used.ru_utime + used.ru_stime if cpu_time else wall, used.ru_maxrss, out.read())
        if timed_out.is_set():
            result.problem = f"stopped after {timeout:g} s"
        elif child.returncode < 0:
            result.problem = f"killed by signal {-child.returncode}"
        elif child.returncode > 0:
            result.problem = f"exit code {child.returncode}"
        if result.problem:
            lines = (err.read() + b"\n" + result.output).decode(errors="replace").strip().splitlines()
            result.problem += f": {lines[0][:160]}" if lines else ""
        return result


# --------------------------------------------------------------------------------------------------------- the comparison


@dataclass
class Side:
    """One of the two machines: what to start, and the environment to start it in."""

    label: str
    command: list
    environment: dict
    runs: list = field(default_factory=list)

    def median(self, of=lambda r: r.seconds):
        return statistics.median(of(r) for r in self.runs)


def compare(sides, arguments, count, timeout, cpu_time):
    """Runs both sides `count` times in turn; returns the first problem met, or an empty string."""
    for side in sides:
        side.runs = []
    for _ in range(count):
        for side in sides:
            result = run(side.command + arguments, side.environment, timeout, cpu_time)
            if result.problem:
                return f"{side.label}: {result.problem}"
            side.runs.append(result)
        first, other = (side.runs[-1].output for side in sides)
        if first != other:
            return f"outputs differ: {first.strip()!r} and {other.strip()!r}"
    return ""


def benchmarks(options, java, carafe, names):
    print(f"{'program':<16}{'java s':>10}{'carafe s':>10}{'ratio':>8}", flush=True)
    ratios, failures = [], 0
    for name in names:
        problem = compare([java, carafe], [name, *options.arguments], options.runs, options.timeout, options.cpu)
        if problem:
            failures += 1
            seconds = f"{java.median():>10.3f}" if java.runs else f"{'-':>10}"
            print(f"{name:<16}{seconds}{'-':>10}{'-':>8}  FAILED {problem}", flush=True)
            continue
        ratio = carafe.median() / java.median()
        ratios.append(ratio)
        print(f"{name:<16}{java.median():>10.3f}{carafe.median():>10.3f}{ratio:>8.2f}", flush=True)
    if ratios:
        mean = math.exp(statistics.fmean(math.log(ratio) for ratio in ratios))
        print(f"{'geometric mean':<16}{'':>20}{mean:>8.2f}  of {len(ratios)} programs")
    if failures:
        print(f"{failures} of {len(names)} programs failed")
    return 1 if failures else 0


def peak_rss(side, arguments, count, timeout):
    """Median peak RSS in KiB, and whether it is exact.

    The kernel counts into a process's peak what it had before exec: a child started from here never shows less than this
    Python. GNU time is tiny and forks once more, so its figure is the program's own; without it, what wait4 says is an
    upper bound.
    """
    gnu_time = shutil.which("time")
    if not gnu_time:
        return side.median(lambda r: r.rss_kib), False
    peaks = []
    for _ in range(count):
        with tempfile.NamedTemporaryFile("r") as report:
            command = [gnu_time, "-o", report.name, "-f", "%M", *side.command, *arguments]
            problem = run(command, side.environment, timeout).problem
            if problem:
                return side.median(lambda r: r.rss_kib), False
            peaks.append(int(report.read().split()[-1]))
    return statistics.median(peaks), True


def startup(options, java, carafe):
    """Hello on both: wall time (best and median of many short runs) and peak resident memory."""
    problem = compare([java, carafe], [STARTUP], options.runs, options.timeout, options.cpu)
    if problem:
        print(f"{STARTUP}: FAILED {problem}")
        return 1
    print(f"{f'{STARTUP}, {options.runs} runs':<28}{'best ms':>10}{'median ms':>11}{'peak RSS MiB':>14}")
    medians, peaks, exact = [], [], True
    for side in (java, carafe):
        kib, is_exact = peak_rss(side, [STARTUP], min(options.runs, 5), options.timeout)
        best = min(r.seconds for r in side.runs)
        medians.append(side.median())
        peaks.append(kib)
        exact = exact and is_exact
        print(f"{side.label:<28}{best * 1e3:>10.1f}{side.median() * 1e3:>11.1f}{kib / 1024:>14.1f}")
    print(f"{'carafe / java':<28}{'':>10}{medians[1] / medians[0]:>11.2f}{peaks[1] / peaks[0]:>14.2f}")
    if not exact:
        print("GNU time is not on PATH: the peaks come from wait4 and cannot show less than this Python's own size")
    return 0


def joined_options(arguments):
    """The command line with `--java-opts X` as `--java-opts=X`, which argparse needs where X begins with a dash."""
    joined = []
    for argument in arguments:
        if joined and joined[-1] in ("--java-opts", "--carafe-opts"):
            joined[-1] += "=" + argument
        else:
            joined.append(argument)
    return joined


def main():
    parser = argparse.ArgumentParser(
        prog="benches/compare.sh", description="Runs benches/java with java and with carafe in turn, and compares."
    )
    parser.add_argument("--runs", type=int, default=None, metavar="N", help="runs of each (3; 20 with --startup)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this program; repeatable")
    parser.add_argument("--java-opts", default="", metavar="OPTS", help="options for java, after -Xint")
    parser.add_argument("--carafe-opts", default="", metavar="OPTS", help="options for carafe, after -Xint")
    parser.add_argument("--compiled", action="store_true", help="leave -Xint out on both sides")
    parser.add_argument("--startup", action="store_true", help="java -Xshare:off -Xint against carafe, on Hello")
    parser.add_argument("--cpu", action="store_true", help="user + system time in place of wall time")
    parser.add_argument("--timeout", type=float, default=120, metavar="S", help="seconds until a run is stopped (120)")
    parser.add_argument("--list", action="store_true", help="name the programs and end")
    parser.add_argument("arguments", nargs="*", help="arguments for the programs (an iteration count)")
    options = parser.parse_args(joined_options(sys.argv[1:]))
    if options.runs is None:
        options.runs = 20 if options.startup else 3
    if options.runs < 1:
        parser.error("--runs needs a number above 0")
    if options.startup and (options.only or options.compiled or options.arguments):
        parser.error("--startup always runs Hello as it is: no --only, --compiled or arguments")

    names = [STARTUP] if options.startup else programs(options.only, JAVA_SOURCES)
    if options.list:
        print("\n".join(names))
        return 0
    jdk, carafe_binary = find_jdk(), find_carafe()
    compile_programs(jdk, names, JAVA_SOURCES, CLASSES)

    # Both get the same JDK, and neither the options that some shell profile meant for java.
    environment = {k: v for k, v in os.environ.items() if k not in ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")}
    environment["JAVA_HOME"] = str(jdk)
    class_path = ["-cp", str(CLASSES)]
    interpreter = [] if options.compiled else ["-Xint"]
    java_mode = ["-Xshare:off", "-Xint"] if options.startup else interpreter
    carafe_mode = [] if options.startup else interpreter
    java_flags = java_mode + shlex.split(options.java_opts)
    carafe_flags = ["-A", *carafe_mode] + shlex.split(options.carafe_opts)
    java = Side(shlex.join(["java", *java_flags]), [str(jdk / "bin" / "java"), *java_flags, *class_path], environment)
    carafe = Side(shlex.join(["carafe", *carafe_flags]), [str(carafe_binary), *carafe_flags, *class_path], environment)
    version = ".".join(map(str, jdk_version(jdk)))
    measure = "user + system" if options.cpu else "wall"
    print(f"{java.label} (JDK {version}) against {carafe.label}: {measure} time, runs of each: {options.runs}")
    return startup(options, java, carafe) if options.startup else benchmarks(options, java, carafe, names)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
