"""Measure the filters on the evaluation kit, where it is at hand, and fail when a figure falls below its floor.

The kit stands outside this repository (its data have other licences): $LISTEN_EVAL, else ../shared/eval.
`--write` raises the floors to what is measured now; they never fall.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / "tests" / "eval" / "shared_floor.json"
LISTEN = Path(sys.executable).with_name("listen")
SLACK = 0.002  # rounding and ties; a real loss is larger
# Pictures are compared in floating point, whose last bits differ between processors: a few pictures may change places.
SLACK_OF = {"logos": 0.01}


def measured(kit: Path, sets: list[str]) -> dict[str, dict[str, object]]:
    """Each set's report, as score.py prints it; as many at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(sets, pool.map(partial(report, kit), sets), strict=True))


def report(kit: Path, name: str) -> dict[str, object]:
    """One set's report. Leaves with 1 when score.py fails."""
    done = subprocess.run(
        [sys.executable, str(kit / "score.py"), "--listen", str(LISTEN), name],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"score.py {name} left with {done.returncode}: see the problems above", file=sys.stderr)
        raise SystemExit(1)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def value(report: dict[str, object], path: str) -> float:
    """`agencies.listed.auc` out of a report."""
    found: object = report
    for step in path.split("."):
        assert isinstance(found, dict), path
        found = found[step]
    assert isinstance(found, int | float), path
    return float(found)


def main() -> int:
    kit = Path(os.environ.get("LISTEN_EVAL", ROOT.parent / "shared" / "eval"))
    if not (kit / "score.py").is_file():
        print(f"SKIPPED: no evaluation kit at {kit}; the floors were NOT checked", file=sys.stderr)
        return 0
    floors: dict[str, dict[str, dict[str, float]]] = json.loads(FLOORS.read_text(encoding="utf-8"))
    reports = measured(kit, list(floors))
    failures = 0
    for name, bounds in floors.items():
        slack = SLACK_OF.get(name, SLACK)
        for path, floor in bounds.get("at_least", {}).items():
            got = value(reports[name], path)
            failures += _line(name, path, got, ">=", floor, got >= floor - slack)
            bounds["at_least"][path] = max(floor, got)
        for path, ceiling in bounds.get("at_most", {}).items():
            got = value(reports[name], path)
            failures += _line(name, path, got, "<=", ceiling, got <= ceiling + slack)
            bounds["at_most"][path] = min(ceiling, got)
    if "--write" in sys.argv:
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    print(f"{failures} floors broken", file=sys.stderr)
    return int(failures > 0)


def _line(name: str, path: str, got: float, sign: str, bound: float, holds: bool) -> bool:
    print(f"{'ok  ' if holds else 'FAIL'} {name:14} {path:50} {got:.4f} {sign} {bound:.4f}")
    return not holds


if __name__ == "__main__":
    raise SystemExit(main())
