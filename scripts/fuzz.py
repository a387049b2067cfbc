"""Feed the readers and the judge what strangers could send, for a while, and tell what broke or took too long.

    python scripts/fuzz.py 600 --seed 1                   ten minutes, as much of it for each target
    python scripts/fuzz.py 0 --only judge --seed 4711     one input again, with its traceback

An input is made from its number alone (`tests/hostile.py`; the targets stand in `tests/fed.py`). A clear refusal is an
answer; any other exception, an answer that breaks its promise, or more processor time than `--bound` is a find. Leaves
with 1 on a find.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import time
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import fed
from tests.fed import MANY, TARGETS, judge_among

PATIENCE = 20  # times the bound, in seconds of the clock, before an input is stopped


class Hung(BaseException):
    """An input that does not end."""


@dataclass
class Tally:
    """What one target went through."""

    ran: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: tuple[float, int] = (0.0, 0)
    finds: list[str] = field(default_factory=list)


def feed(target: str, seed: int, tally: Tally, bound: float) -> str | None:
    """One input into one target; the traceback when it broke, a line when it was slow."""
    broke, started = None, time.process_time()
    signal.setitimer(signal.ITIMER_REAL, PATIENCE * bound)
    try:
        refusal = fed.feed(target, seed)
        tally.refused += refusal is not None
        broke = "a refusal without words" if refusal is not None and not refusal.strip() else None
    except (Exception, Hung):  # noqa: BLE001  finding them is what this is for
        broke = traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    took = time.process_time() - started
    tally.ran += 1
    tally.seconds += took
    tally.slowest = max(tally.slowest, (took, seed))
    return broke or (f"{took:.2f} s of processor time" if took > bound else None)


def large_register() -> None:
    """Say what reading and indexing the largest register takes."""
    started = time.process_time()
    judge_among(MANY)
    print(f"a register of {MANY:,} rows: read and indexed in {time.process_time() - started:.1f} s of processor time")


def hung(*_: object) -> None:
    raise Hung


def report(tallies: dict[str, Tally]) -> int:
    """A row for each target, then the finds; how many there were."""
    print(f"{'target':18} {'inputs':>9} {'refused':>9} {'mean ms':>9} {'slowest ms':>11} {'its seed':>11} finds")
    for name, tally in tallies.items():
        mean, (worst, seed) = 1000 * tally.seconds / max(1, tally.ran), tally.slowest
        print(
            f"{name:18} {tally.ran:9,} {tally.refused:9,} {mean:9.2f} {1000 * worst:11.1f} {seed:11} {len(tally.finds)}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{sum(tally.ran for tally in tallies.values()):,} inputs; peak memory {peak:,} MB")
    for name, tally in tallies.items():
        for find in tally.finds[:5]:
            print(f"\n{name}: {find}")
    return sum(len(tally.finds) for tally in tallies.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("seconds", type=float, nargs="?", default=600.0, help="how long; 0 feeds one input a target")
    parser.add_argument("--seed", type=int, default=1, help="the number of the first input")
    parser.add_argument("--bound", type=float, default=6.0, help="seconds of processor time that one input may take")
    parser.add_argument("--only", choices=TARGETS, help="one target")
    given = parser.parse_args()
    warnings.simplefilter("error")
    signal.signal(signal.SIGALRM, hung)
    names = [given.only] if given.only else list(TARGETS)
    if "judge_among_many" in names:
        large_register()
    tallies = {name: Tally() for name in names}
    ends = time.monotonic() + given.seconds
    while True:
        name = min(names, key=lambda one: (tallies[one].ran > 0, tallies[one].seconds))  # each gets as much time
        tally = tallies[name]
        number = given.seed + tally.ran
        if found := feed(name, number, tally, given.bound):
            tally.finds.append(f"seed {number}: {found}")
        if time.monotonic() >= ends and all(one.ran for one in tallies.values()):
            return int(report(tallies) > 0)


if __name__ == "__main__":
    raise SystemExit(main())
