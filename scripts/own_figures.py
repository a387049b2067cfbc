"""Measure verdicts on the repository's own labelled accounts (`tests/eval/`) and print the shares that are right.

`--misses` lists what was wrong in the half that may be learnt from; the kept half is only ever counted.
`--write` raises the floors of `tests/eval/floor.json` to what is measured now, and the table of the accuracy page with
them; they never fall.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.eval.labelled import HALVES, HERE, Judged, as_table, figures, judge_half

FLOORS = HERE / "floor.json"
PAGE = ROOT / "docs" / "explanation" / "accuracy.md"


def missed(judged: list[Judged]) -> None:
    """A line for every wrong verdict, with the reasons given for it."""
    for one in sorted(judged, key=lambda one: (one.label, one.finding.verdict)):
        if not one.right:
            account, finding = one.finding.account, one.finding
            who = " · ".join(text for text in (account.handle, account.display_name, account.description) if text)
            why = ", ".join(f"{signal.feature} {signal.score:.2f}" for signal in finding.signals)
            where = f"[{one.organisation}/{account.platform}]"
            print(f"{one.label} -> {finding.verdict} {finding.score:.2f} {where} {who or account.url} ({why})")


def raised(old: dict[str, dict[str, float]], new: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """The floors after this measurement: none lower, no ceiling higher."""
    low, high = old.get("at_least", {}), old.get("at_most", {})
    return {
        "at_least": {key: max(got, low.get(key, got)) for key, got in new["at_least"].items()},
        "at_most": {key: min(got, high.get(key, got)) for key, got in new["at_most"].items()},
    }


def main() -> int:
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    judged = {half: judge_half(half) for half in HALVES}
    found = {half: figures(ones) for half, ones in judged.items()}
    for bound, shares in found[HALVES[0]].items():
        for key in shares:
            print(f"{bound:9} {key:28}" + "".join(f" {half} {found[half][bound][key]:.4f}" for half in HALVES))
    if "--misses" in sys.argv:
        missed(judged["dev"])
    if "--write" in sys.argv:
        old = as_table(floors)
        floors |= {half: raised(floors.get(half, {}), found[half]) for half in HALVES}
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
        PAGE.write_text(PAGE.read_text(encoding="utf-8").replace(old, as_table(floors)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
