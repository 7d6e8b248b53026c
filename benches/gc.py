#!/usr/bin/env python3
"""Compares carafe's collector with HotSpot's Serial, Parallel, G1 and ZGC, on one machine in one run.

Each program of benches/gc runs on carafe and on `java -Xint` with each collector in turn, with the same -Xmx, and logs
collections and safepoints to a file of its own. All must print the same. From the logs come pauses and their sum, from
the kernel peak resident memory; at the end stand the claims that carafe is to meet, each with yes or no.

Deliberately not here: the form of the logs (gclog.py), finding and starting the machines (compare.py), and judging
work that is done beside the program: a concurrent collector's threads show in the wall time only.
"""

import argparse
import math
import os
import re
import statistics
import sys
import unittest
from dataclasses import dataclass, field

import compare
import gclog

SOURCES = compare.ROOT / "benches" / "gc"
CLASSES = compare.ROOT / "target" / "gc-classes"
LOGS = compare.ROOT / "target" / "gc-logs"
COLLECTORS = {"Serial": "-XX:+UseSerialGC", "Parallel": "-XX:+UseParallelGC", "G1": "-XX:+UseG1GC", "ZGC": "-XX:+UseZGC"}
STOPS = "Safepoints"  # judged by the time to reach a safepoint and by nothing else
LARGE = "Cache"  # the program with 512 MB alive
LARGE_P99_MS = 10
RSS_SHARE = 0.9


@dataclass
class Machine:
    """One column of the comparison: what to start, and what its runs of the present program gave."""

    label: str
    command: list
    output: str  # of -Xlog, after the file's name
    walls: list = field(default_factory=list)
    rss_kib: list = field(default_factory=list)
    logs: list = field(default_factory=list)

    def forget(self):
        self.walls, self.rss_kib, self.logs = [], [], []

    def pooled(self, of):
        return [time for log in self.logs for time in of(log)]

    def logged(self):
        return bool(self.logs) and all(log.lines for log in self.logs)


@dataclass
class Result:
    """What is kept of one machine on one program; None where the machine said nothing about it."""

    wall: float
    rss_mib: float
    in_gc: float = None
    pauses: int = None
    full: int = None
    p50: float = None
    p99: float = None
    longest: float = None
    young: float = None
    reach50: float = None
    reach99: float = None
    reach_longest: float = None

    @staticmethod
    def of(machine):
        result = Result(statistics.median(machine.walls), statistics.median(machine.rss_kib) / 1024)
        if machine.logged():
            pauses = machine.pooled(lambda log: log.pauses)
            result.in_gc = statistics.median(sum(log.pauses) for log in machine.logs)
            result.pauses, result.full = len(pauses), sum(log.full for log in machine.logs)
            result.p50, result.p99, result.longest = (gclog.percentile(pauses, p) for p in (50, 99, 100))
            result.young = gclog.percentile(machine.pooled(lambda log: log.young), 50)
            reaching = machine.pooled(lambda log: log.reaching)
            result.reach50, result.reach99, result.reach_longest = (gclog.percentile(reaching, p) for p in (50, 99, 100))
        return result


# ----------------------------------------------------------------------------------------------------------- the programs


def heap_of(name):
    """The -Xmx that the program's first comment names ("Heap: 64m.")."""
    found = re.search(r"^ \*.*\bHeap: (\d+[kmg])\.", (SOURCES / name / f"{name}.java").read_text(), re.MULTILINE)
    if found is None:
        sys.exit(f"benches/gc/{name}/{name}.java names no heap")
    return found.group(1)


# ------------------------------------------------------------------------------------------------------------- measuring


def run(machine, label, number, arguments, environment, timeout):
    """One run; returns the program's own output and the problem met, if any."""
    path = LOGS / f"{label}.{machine.label}.{number}.log"
    path.unlink(missing_ok=True)
    log_to = f"-Xlog:gc,safepoint:file={path}:uptime,level,tags{machine.output}"
    result = compare.run([*machine.command, log_to, *arguments], environment, timeout)
    lines = result.output.decode(errors="replace").splitlines()
    # A machine that logs to standard output whatever it is told is understood as well.
    logged = "\n".join(line for line in lines if gclog.is_log_line(line))
    if path.exists():
        logged += "\n" + path.read_text(errors="replace")
    machine.walls.append(result.seconds)
    machine.rss_kib.append(result.rss_kib)
    machine.logs.append(gclog.parse(logged))
    return [line for line in lines if not gclog.is_log_line(line)], result.problem


def measure(machines, label, options, environment, arguments):
    """All machines in turn, `options.runs` times. Machines that failed are missing in the results."""
    failures = {}
    expected = None
    for machine in machines:
        machine.forget()
    for number in range(options.runs):
        for machine in machines:
            if machine.label in failures:
                continue
            output, problem = run(machine, label, number, arguments, environment, options.timeout)
            if not problem:
                expected = expected or output
                problem = "" if output == expected else f"printed {output!r}, others {expected!r}"
            if problem:
                failures[machine.label] = problem
    results = {machine.label: Result.of(machine) for machine in machines if machine.label not in failures}
    return results, failures


# ------------------------------------------------------------------------------------------------------------- reporting


def show(value, width, digits=2):
    return f"{'-':>{width}}" if value is None else f"{value:>{width}.{digits}f}"


def ratio(value, base):
    return value / base if value is not None and base else None


def print_pauses(label, results, failures):
    print(
        f"\n{label:<22}{'wall s':>8}{'in GC ms':>10}{'/Serial':>8}{'pauses':>8}{'full':>6}{'p50 ms':>8}{'p99 ms':>9}"
        f"{'max ms':>9}{'young':>8}{'/G1':>7}{'RSS MiB':>9}{'/G1':>6}"
    )
    serial, g1 = results.get("Serial"), results.get("G1")
    for name, r in results.items():
        in_gc = ratio(r.in_gc, serial and serial.in_gc)
        print(
            f"  {name:<20}{r.wall:>8.2f}{show(r.in_gc, 10, 1)}{show(in_gc, 8)}{show(r.pauses, 8, 0)}{show(r.full, 6, 0)}"
            f"{show(r.p50, 8)}{show(r.p99, 9)}{show(r.longest, 9)}{show(r.young, 8)}"
            f"{show(ratio(r.young, g1 and g1.young), 7)}{r.rss_mib:>9.1f}{show(ratio(r.rss_mib, g1 and g1.rss_mib), 6)}",
            flush=True,
        )
    print_failures(failures)


def print_safepoints(label, results, failures):
    print(f"\n{label:<22}{'wall s':>8}{'reaching a safepoint, us: p50':>32}{'p99':>9}{'max':>9}{'p99/G1':>9}")
    g1 = results.get("G1")
    for name, r in results.items():
        times = [time and time * 1e3 for time in (r.reach50, r.reach99, r.reach_longest)]
        print(
            f"  {name:<20}{r.wall:>8.2f}{show(times[0], 32, 0)}{show(times[1], 9, 0)}{show(times[2], 9, 0)}"
            f"{show(ratio(r.reach99, g1 and g1.reach99), 9)}",
            flush=True,
        )
    print_failures(failures)


def print_failures(failures):
    for name, problem in failures.items():
        print(f"  {name:<20}FAILED {problem}", flush=True)


def claim(text, ratios, limit=1.0):
    """Prints whether `ratios` (by program; None where unknown) are all at most `limit`; returns yes, no or unknown."""
    known = {name: value for name, value in ratios.items() if value is not None}
    above = {name: value for name, value in known.items() if value > limit}
    if above:
        answer = "no"
    elif known and len(known) == len(ratios):
        answer = "yes"
    else:
        answer = "unknown"
    details = []
    if len(known) > 1 and all(known.values()):
        details.append(f"geometric mean {math.exp(statistics.fmean(math.log(v) for v in known.values())):.2f}")
    elif len(known) == 1:
        details.append(f"{next(iter(known.values())):.2f}")
    if above:
        details.append("above in " + ", ".join(f"{name} {value:.2f}" for name, value in above.items()))
    missing = [name for name in ratios if name not in known]
    if missing:
        details.append("no figure for " + ", ".join(missing))
    print(f"  {text:<52} {answer}" + (f" ({'; '.join(details)})" if details else ""))
    return answer


def claims(paused, stopped):
    """`paused` and `stopped`: results of all machines by program."""

    def against(base, of, among):
        ratios = {}
        for name, results in among.items():
            ours, theirs = results.get("carafe"), results.get(base)
            ours, theirs = (r and of(r) for r in (ours, theirs))
            # Nothing at all against nothing at all is kept, and so is nothing against something.
            ratios[name] = 0.0 if ours == 0 else ratio(ours, theirs)
        return ratios

    print("\ncarafe's collector:")
    answers = []
    if paused:
        answers.append(claim("time in collection at most Serial's", against("Serial", lambda r: r.in_gc, paused)))
        answers.append(claim("young pauses at most G1's median", against("G1", lambda r: r.young, paused)))
    if LARGE in paused:
        ours = paused[LARGE].get("carafe")
        answers.append(
            claim(f"with 512 MB live p99 at most {LARGE_P99_MS} ms", {f"{LARGE} in ms": ours and ours.p99}, LARGE_P99_MS)
        )
    if paused:
        ratios = against("G1", lambda r: r.rss_mib, paused)
        answers.append(claim(f"peak RSS at most {RSS_SHARE} of G1's", ratios, RSS_SHARE))
    if stopped:
        answers.append(claim("time to safepoint (p99) at most G1's", against("G1", lambda r: r.reach99, stopped)))
    return answers


def main():
    parser = argparse.ArgumentParser(
        prog="benches/gc.sh", description="Runs benches/gc with carafe and with java's collectors in turn, and compares."
    )
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each (3)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this program; repeatable")
    parser.add_argument("--collectors", default=",".join(COLLECTORS), metavar="A,B", help="HotSpot's, by name (all four)")
    parser.add_argument("--heap", metavar="SIZE", help="-Xmx in place of what each program names")
    parser.add_argument("--carafe-opts", default="", metavar="OPTS", help="options for carafe, after -Xint")
    parser.add_argument("--java-opts", default="", metavar="OPTS", help="options for java, after -Xint")
    parser.add_argument("--no-carafe", action="store_true", help="java alone: to look at programs and logs")
    parser.add_argument("--compiled", action="store_true", help="leave -Xint out on both sides")
    parser.add_argument("--strict", action="store_true", help="exit code 1 unless every claim is met")
    parser.add_argument("--timeout", type=float, default=600, metavar="S", help="seconds until a run is stopped (600)")
    parser.add_argument("--list", action="store_true", help="name the programs and end")
    parser.add_argument("--self-test", action="store_true", help="test the reading of logs on known lines and end")
    parser.add_argument("arguments", nargs="*", help="arguments for the programs (their sizes)")
    options = parser.parse_args(compare.joined_options(sys.argv[1:]))
    if options.self_test:
        tests = unittest.defaultTestLoader.loadTestsFromModule(gclog)
        return 0 if unittest.TextTestRunner().run(tests).wasSuccessful() else 1
    if options.runs < 1:
        parser.error("--runs needs a number above 0")
    wanted = [name for name in options.collectors.split(",") if name]
    if unknown := [name for name in wanted if name not in COLLECTORS]:
        parser.error(f"no collector {unknown[0]}; there are: {' '.join(COLLECTORS)}")
    names = compare.programs(options.only, SOURCES)
    if options.list:
        print("\n".join(names))
        return 0

    jdk = compare.find_jdk()
    compare.compile_programs(jdk, names, SOURCES, CLASSES)
    LOGS.mkdir(parents=True, exist_ok=True)
    unset = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")
    environment = {k: v for k, v in os.environ.items() if k not in unset} | {"JAVA_HOME": str(jdk)}
    interpreter = [] if options.compiled else ["-Xint"]
    java = [str(jdk / "bin" / "java"), *interpreter, *compare.shlex.split(options.java_opts)]
    # HotSpot turns a log file over at 20 MiB and would overwrite the beginning.
    machines = [Machine(name, [*java, COLLECTORS[name]], ":filecount=0") for name in wanted]
    if not options.no_carafe:
        command = [str(compare.find_carafe()), "-A", *interpreter, *compare.shlex.split(options.carafe_opts)]
        machines.insert(0, Machine("carafe", command, ""))
    version = ".".join(map(str, compare.jdk_version(jdk)))
    print(f"JDK {version}, {os.cpu_count()} processors, runs of each: {options.runs}; logs in {LOGS}")

    paused, stopped, failed = {}, {}, 0
    for name in names:
        heap = options.heap or heap_of(name)
        before = [f"-Xmx{heap}", "-cp", str(CLASSES), name]
        if name == STOPS:
            for threads in [options.arguments] if options.arguments else [[str(os.cpu_count())], ["8"]]:
                label = f"{name}-{'-'.join(threads)}"
                results, failures = measure(machines, label, options, environment, before + threads)
                print_safepoints(label, results, failures)
                stopped[label] = results
                failed += len(failures)
        else:
            results, failures = measure(machines, name, options, environment, before + options.arguments)
            print_pauses(f"{name}, -Xmx{heap}", results, failures)
            paused[name] = results
            failed += len(failures)
    answers = [] if options.no_carafe else claims(paused, stopped)
    return 1 if failed or (options.strict and any(answer != "yes" for answer in answers)) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
