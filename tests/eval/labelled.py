"""The repository's own labelled accounts, judged, and the shares of right answers among them.

Eight invented organisations, each with its settings and register in a folder here. `dev.csv` and `kept.csv` hold every
other account: the misses of the first may be read and learnt from, those of the second are only counted.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from listener.config import load_config
from listener.models import FLAGGED, Finding, Verdict
from listener.organisation import load_organisation
from listener.registry import read_registry
from listener.screen.bulk import Screener
from listener.screen.candidates import read_candidate, read_csv

HERE = Path(__file__).parent
HALVES = ("dev", "kept")
# A renamed account with its registered id is ours, whether or not the change is pointed out.
RIGHT = {verdict.value: {verdict} for verdict in Verdict} | {"renamed": {Verdict.OFFICIAL, Verdict.OFFICIAL_CHANGED}}
CLAIMS = {verdict.value for verdict in FLAGGED}
OURS = {"official", "renamed"}


class Judged(NamedTuple):
    """One labelled account and what was made of it."""

    organisation: str
    label: str
    finding: Finding

    @property
    def right(self) -> bool:
        return self.finding.verdict in RIGHT[self.label]


def screener(organisation: str) -> Screener:
    """Judges for one of the invented organisations."""
    folder = HERE / organisation
    registry = read_registry((folder / "registry.csv").read_bytes(), "registry.csv")
    return Screener(load_organisation(load_config(folder / "listener.toml", {})), registry)


def judge_half(half: str) -> list[Judged]:
    """Every account of `dev` or `kept`, judged against its own organisation."""
    screeners: dict[str, Screener] = {}
    judged = []
    with (HERE / f"{half}.csv").open(encoding="utf-8", newline="") as file:
        for _, row in read_csv(file):
            assert isinstance(row, dict), row
            name = row["organisation"]
            screeners[name] = screeners.get(name) or screener(name)
            judged.append(Judged(name, row["verdict"], screeners[name].judge(read_candidate(row).account)))
    return judged


def share(judged: list[Judged], wanted: Verdict | None = None) -> float:
    """How many have the verdict `wanted`, or the right one, of all; 0..1, four decimals."""
    hits = sum(one.right if wanted is None else one.finding.verdict is wanted for one in judged)
    return round(hits / len(judged), 4)


def flagged(judged: list[Judged]) -> float:
    """How many a person is asked to look at, of all; 0..1, four decimals."""
    return round(sum(one.finding.flagged for one in judged) / len(judged), 4)


def figures(judged: list[Judged]) -> dict[str, dict[str, float]]:
    """What must not fall (`at_least`) and what must not rise (`at_most`)."""
    of = {label: [one for one in judged if one.label == label] for label in sorted({one.label for one in judged})}
    claims = [one for one in judged if one.label in CLAIMS]
    others = [one for one in judged if one.label not in CLAIMS]
    strangers = [one for one in others if one.label not in OURS]
    return {
        "at_least": {f"right.{label}": share(ones) for label, ones in of.items()}
        | {"claims_flagged": flagged(claims), "auc": auc(claims, strangers)},
        "at_most": {
            "others_flagged": flagged(others),
            "unrelated_flagged": flagged(of["unrelated"]),
            "unit_called_impostor": share(of["unapproved_unit"], Verdict.IMPOSTOR),
            "impostor_called_unit": share(of["impostor"], Verdict.UNAPPROVED_UNIT),
        },
    }


def auc(claims: list[Judged], strangers: list[Judged]) -> float:
    """The share of pairs in which the claim scores higher than the stranger; a tie is half."""
    wins = sum(
        (a.finding.score > b.finding.score) + 0.5 * (a.finding.score == b.finding.score)
        for a in claims
        for b in strangers
    )
    return round(wins / (len(claims) * len(strangers)), 4)


def as_table(floors: dict[str, dict[str, dict[str, float]]]) -> str:
    """The floors of both halves as the table that docs/explanation/accuracy.md shows."""
    lines = ["| share | dev | kept |", "|---|---|---|"]
    for bound, sign in (("at_least", "≥"), ("at_most", "≤")):
        for key in floors[HALVES[0]][bound]:
            pinned = " | ".join(f"{sign} {floors[half][bound][key]:.3f}" for half in HALVES)
            lines.append(f"| `{key}` | {pinned} |")
    return "\n".join(lines) + "\n"
