"""Reads what `-Xlog:gc,safepoint` writes, HotSpot's form, into pauses and safepoints. The only place that knows the form.

A line is decorations in brackets, then text. Two kinds count:

    [0.512s][info][gc] GC(3) Pause Young (Normal) (G1 Evacuation Pause) 24M->6M(64M) 3.210ms
    [0.512s][info][safepoint] Safepoint "G1CollectForAllocation", ..., Reaching safepoint: 5305 ns, At safepoint: 9 ns, ...

A pause is a `GC(n) Pause` line that ends in milliseconds; concurrent work has lines of its own, which do not count. ZGC has
no pause lines at this level: its pauses are its safepoints. All other lines are passed over, so that levels and tags
beyond those asked for do no harm.

Deliberately not here: what a good figure is (gc.py), and any figure of memory: resident memory is asked of the kernel.
"""

import math
import re
import unittest
from dataclasses import dataclass, field

DECORATED = re.compile(r"^\[\d+[.,]\d+s\](?:\[[^\]]*\])*")
TAGS = re.compile(r"^(?:\[[^\]]*\])+\[([a-z0-9_,]+) *\] ?(.*)$")
PAUSE = re.compile(r"^GC\(\d+\) Pause (\w+).*?(\d+)[.,](\d+)ms$")
SAFEPOINT = re.compile(r'^Safepoint "(\w+)".*?Reaching safepoint: (\d+) ns.*?At safepoint: (\d+) ns')


@dataclass
class Log:
    """Times in milliseconds, in the order of the log."""

    lines: int = 0  # of the log's form; none means that nothing was logged, which is not the same as no pause
    pauses: list = field(default_factory=list)
    young: list = field(default_factory=list)
    full: int = 0
    reaching: list = field(default_factory=list)  # every safepoint's, whatever it was for


def is_log_line(line):
    """Whether a line of standard output belongs to the log and not to the program."""
    return DECORATED.match(line) is not None


def parse(text):
    log = Log()
    in_safepoints = []
    for line in text.splitlines():
        tagged = TAGS.match(line.strip()) if is_log_line(line) else None
        if not tagged:
            continue
        log.lines += 1
        tags, message = tagged.group(1).split(","), tagged.group(2)
        pause = PAUSE.match(message) if tags[0] == "gc" else None
        safepoint = SAFEPOINT.match(message) if tags[0] == "safepoint" else None
        if pause:
            time = float(f"{pause.group(2)}.{pause.group(3)}")
            log.pauses.append(time)
            if pause.group(1) == "Young":
                log.young.append(time)
            log.full += pause.group(1) == "Full"
        elif safepoint:
            name, reaching, at = safepoint.group(1), int(safepoint.group(2)), int(safepoint.group(3))
            log.reaching.append(reaching / 1e6)
            if re.match(r"Z[A-Z]", name):
                in_safepoints.append((name, at / 1e6))
    if not log.pauses:
        log.pauses = [time for _, time in in_safepoints]
        log.young = [time for name, time in in_safepoints if name.endswith("Young")]
    return log


def percentile(values, percent):
    """By nearest rank: always a value that occurred. None of none."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1] if ordered else None


class Examples(unittest.TestCase):
    """Lines as JDK 25 and carafe write them; run by benches/gc.sh --self-test."""

    def test_serial(self):
        log = parse(
            "[0.005s][info][gc] Using Serial\n"
            "[0.124s][info][gc] GC(0) Pause Young (Allocation Failure) 34M->33M(123M) 20.806ms\n"
            "[0.178s][info][gc       ] GC(3) Pause Full (System.gc()) 98M->64M(123M) 8.834ms\n"
            '[0.178s][info][safepoint] Safepoint "SerialCollectForAllocation", Time since last: 4449191 ns, '
            "Reaching safepoint: 2227 ns, At safepoint: 8889848 ns, Leaving safepoint: 2998 ns, Total: 8895073 ns, "
            "Threads: 0 runnable, 10 total\n"
        )
        self.assertEqual((log.pauses, log.young, log.full, log.reaching), ([20.806, 8.834], [20.806], 1, [0.002227]))
        self.assertEqual(log.lines, 4)

    def test_parallel(self):
        log = parse("[0.277s][info][gc] GC(0) Pause Young (Allocation Failure) 33M->32M(123M) 92.425ms\n")
        self.assertEqual((log.pauses, log.young), ([92.425], [92.425]))

    def test_g1(self):
        log = parse(
            "[0.165s][info][gc] GC(0) Pause Young (Concurrent Start) (G1 Humongous Allocation) 57M->57M(128M) 2.187ms\n"
            "[0.165s][info][gc] GC(1) Concurrent Mark Cycle\n"
            "[0.167s][info][gc       ] GC(1) Pause Remark 57M->57M(128M) 0.278ms\n"
            "[0.169s][info][gc       ] GC(1) Pause Cleanup 61M->61M(128M) 0.021ms\n"
            "[0.170s][info][gc       ] GC(1) Concurrent Mark Cycle 5.120ms\n"
            "[0.188s][info][gc       ] GC(2) Pause Young (Mixed) (G1 Evacuation Pause) (Evacuation Failure: Allocation) "
            "126M->123M(128M) 0.943ms\n"
        )
        self.assertEqual((log.pauses, log.young, log.full), ([2.187, 0.278, 0.021, 0.943], [2.187, 0.943], 0))

    def test_carafe(self):
        log = parse("[0.512s][info][gc] GC(3) Pause Young (Normal) (Allocation Failure) 24M->6M(64M) 3.210ms\n")
        self.assertEqual((log.pauses, log.young, log.full), ([3.21], [3.21], 0))

    def test_zgc(self):
        log = parse(
            "[0.136s][info][gc] Using The Z Garbage Collector\n"
            "[0.248s][info][gc] GC(0) Major Collection (Warmup)\n"
            "[0.275s][info][gc       ] Allocation Stall (main) 1.072ms\n"
            "[0.282s][info][gc       ] GC(0) Major Collection (Warmup) 18M(14%)->128M(100%) 0.034s\n"
            '[0.253s][info][safepoint] Safepoint "ZMarkStartYoungAndOld", Time since last: 6 ns, Reaching safepoint: '
            "96873 ns, At safepoint: 21516 ns, Leaving safepoint: 5348681 ns, Total: 5467070 ns, Threads: 1 runnable, 10 "
            'total\n[0.256s][info][safepoint] Safepoint "ZMarkEndYoung", Time since last: 2262751 ns, Reaching safepoint: '
            "106573 ns, At safepoint: 21319 ns, Leaving safepoint: 2050 ns, Total: 129942 ns, Threads: 1 runnable, 10 total"
        )
        self.assertEqual((log.pauses, log.young, log.reaching), ([0.021516, 0.021319], [0.021319], [0.096873, 0.106573]))

    def test_other_lines_do_no_harm(self):
        log = parse(
            "Checksum 5\n[0.1s][info][gc,start    ] GC(0) Pause Young (Normal) (G1 Evacuation Pause)\n"
            "[0.1s][info][gc,phases   ] GC(0)   Evacuate Collection Set: 1.0ms\n[text]\n\n[0.1s][info][gc"
        )
        self.assertEqual((log.pauses, log.lines), ([], 3))
        self.assertTrue(is_log_line("[0.512s][info][gc] x") and not is_log_line("[text] 0.5s"))
        self.assertEqual(parse("").lines, 0)

    def test_percentiles(self):
        values = list(range(1, 201))
        self.assertEqual([percentile(values, p) for p in (0, 50, 99, 100)], [1, 100, 198, 200])
        self.assertEqual((percentile([7], 99), percentile([], 50)), (7, None))
