#!/usr/bin/env python3
"""Measures what grants cost: programs under the exact grants that they need, against the same programs under -A.

Runs come in pairs (exact, -A; the next pair the other way round), and each pair gives a ratio, so that a machine that slows
down half way slows both sides of it. Printed are the median ratio and a 95 % interval of it from a bootstrap over the pairs.
Start-up is measured the same way, with no grants at all against -A. With --strict the exit code is 1 if the upper end of an
interval lies above what carafe is to meet (1.02).

Deliberately not here: what a single decision costs (stdlib/benches/gate.rs). Standard library only.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from compare import ROOT, find_carafe, find_jdk

SOURCE = ROOT / "benches" / "grants" / "Workload.java"
GOAL = 1.02
RESAMPLES = 10_000


def interval(ratios, seed=1):
    """The median of the ratios, and the 2.5th and 97.5th percentile of medians of resampled ratios."""
    draw = random.Random(seed)
    medians = sorted(statistics.median(draw.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    return statistics.median(ratios), medians[int(RESAMPLES * 0.025)], medians[int(RESAMPLES * 0.975)]


def tree(folder):
    """A few hundred files in a few dozen folders."""
    for i in range(24):
        inner = folder / f"folder{i % 6}" / f"inner{i}"
        inner.mkdir(parents=True)
        for j in range(12):
            (inner / f"file{j}.txt").write_bytes(bytes((i * 31 + j * 7 + n) % 251 for n in range(j * 97)))
    served = folder / "served"
    served.mkdir()
    for i, size in enumerate([1, 511, 4096, 20_001]):
        (served / f"file{i}.bin").write_bytes(bytes((n * 31 + i) % 251 for n in range(size)))
    return served


def run(command, environment, cpu):
    before = os.times()
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    wall = time.perf_counter() - start
    after = os.times()
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed: {done.stderr.decode(errors='replace')}")
    spent = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return (spent if cpu else wall), done.stdout


def pairs(name, exact, all_, environment, args):
    """Runs one program in pairs and prints its row; false if the goal is missed."""
    outputs, ratios = set(), []
    for command in (exact, all_):
        outputs.add(run(command, environment, args.cpu)[1])
    for pair in range(args.pairs):
        taken = {}
        for which in (0, 1) if pair % 2 == 0 else (1, 0):
            taken[which], output = run((exact, all_)[which], environment, args.cpu)
            outputs.add(output)
        ratios.append(taken[0] / taken[1])
    if len(outputs) != 1:
        sys.exit(f"{name}: the outputs differ")
    middle, low, high = interval(ratios)
    print(f"{name:10} {middle:.3f}   95 %: {low:.3f} to {high:.3f}   {'yes' if high <= GOAL else 'no'}", flush=True)
    return high <= GOAL


def self_test():
    middle, low, high = interval([1.0] * 20)
    assert (middle, low, high) == (1.0, 1.0, 1.0)
    middle, low, high = interval([0.9, 1.1] * 20)
    assert low <= middle <= high and low >= 0.9 and high <= 1.1
    with tempfile.TemporaryDirectory() as folder:
        assert len(list(tree(Path(folder)).iterdir())) == 4
    print("fine")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--only", action="append", choices=["serve", "walk", "clock", "start"], default=[])
    parser.add_argument("--scale", type=float, default=1.0, help="how much each program does")
    parser.add_argument("--cpu", action="store_true", help="processor time, for a machine that others use too")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    args = parser.parse_args()
    if args.self_test:
        return self_test()
    jdk, carafe = find_jdk(), find_carafe()
    classes = ROOT / "target" / "bench-classes" / "grants"
    classes.mkdir(parents=True, exist_ok=True)
    subprocess.run([jdk / "bin" / "javac", "-nowarn", "-d", classes, SOURCE], check=True)
    environment = {"JAVA_HOME": str(jdk), "PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
    # Virtual machines with one processor and with all of them are no pair.
    same = ["--allow-sys=processors"]
    good = True
    print("           exact / -A (median of pairs)          at most 1.02")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder).resolve()
        served = tree(folder)
        programs = {
            "serve": (served, 2000, [f"--allow-read={served}", "--allow-listen=127.0.0.1:0", "--allow-net=127.0.0.1",
                                     "--allow-random"]),
            "walk": (folder, 60, [f"--allow-read={folder}"]),
            "clock": (folder, 4_000_000, []),
            "start": (folder, 0, None),
        }
        for name, (where, rounds, grants) in programs.items():
            if args.only and name not in args.only:
                continue
            what = "clock" if name == "start" else name
            rest = ["-cp", str(classes), "Workload", what, str(where), str(int(rounds * args.scale))]
            exact = [str(carafe), *([] if grants is None else same + grants), *rest]
            good &= pairs(name, exact, [str(carafe), "-A", *rest], environment, args)
    return 1 if args.strict and not good else 0


if __name__ == "__main__":
    sys.exit(main())
