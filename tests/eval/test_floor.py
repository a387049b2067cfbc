"""The accuracy of screening on labelled, invented accounts may not fall below a pinned floor, which only rises.

`python scripts/own_figures.py --misses` shows what is wrong, `--write` raises the floors to what is reached.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from listener.models import FLAGGED, Account, Finding, Verdict
from listener.organisation import read_organisation
from listener.registry import read_registry
from listener.screen.bulk import screen
from tests.eval.labelled import HALVES, Judged, as_table, figures, judge_half

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "explanation" / "accuracy.md"
FLOORS = json.loads((HERE / "floor.json").read_text(encoding="utf-8"))
FLOOR: dict[str, float] = FLOORS["tallvik"]
BOUNDS = [(half, bound, key) for half in HALVES for bound in ("at_least", "at_most") for key in FLOORS[half][bound]]
SLACK = 0.002  # a third of one stranger: only the order of scores can move a share by less
ENOUGH = {
    "impostor": 100,
    "unapproved_unit": 100,
    "employee_official": 100,
    "namesake": 100,
    "parody": 100,
    "fan_or_citizen_group": 100,
    "auto_place_page": 100,
    "lookalike_site": 50,
    "unclear": 50,
    "unrelated": 300,
}
REGISTRY = """\
platform,url,unit,status,owner_email,handle,display_name
x,https://x.com/tallviksstad,Tallviks stad,approved,a@tallvik.example,tallviksstad,Tallviks stad
instagram,https://www.instagram.com/tallviksstad,Tallviks stad,approved,a@tallvik.example,tallviksstad,Tallviks stad
facebook,https://www.facebook.com/tallviksstad,Tallviks stad,approved,a@tallvik.example,tallviksstad,Tallviks stad
linkedin,https://www.linkedin.com/company/tallviks-stad,Tallviks stad,approved,a@tallvik.example,tallviks-stad,Tallvik
x,https://x.com/vasaskolantallvik,Vasaskolan,approved,a@tallvik.example,vasaskolantallvik,Vasaskolan
"""
TALLVIK = {
    "name": "Tallviks stad",
    "aliases": ["Tallviks kommun"],
    "places": ["Tallvik"],
    "domains": ["tallvik.example"],
    "units": [
        {"name": "Vasaskolan", "kind": "local_office"},
        {"name": "Arbetsmarknadsenheten", "kind": "team"},
        {"name": "Gröna dalens äldreboende", "kind": "local_office"},
    ],
}


@pytest.fixture(scope="module")
def judged() -> list[tuple[dict[str, str], Finding]]:
    with (HERE / "candidates.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    accounts = [
        Account(
            platform=row["platform"],
            handle=row["handle"] or None,
            display_name=row["name"] or None,
            description=row["description"] or None,
            url=row["url"] or None,
        )
        for row in rows
    ]
    organisation = read_organisation(TALLVIK, Path("listener.toml"))
    return list(zip(rows, screen(accounts, organisation, read_registry(REGISTRY.encode(), "r")), strict=True))


def shares(judged: list[tuple[dict[str, str], Finding]]) -> dict[str, float]:
    claims = [finding for row, finding in judged if Verdict(row["verdict"]) in FLAGGED]
    others = [finding for row, finding in judged if row["label"] == "other"]
    wins = sum((a.score > b.score) + 0.5 * (a.score == b.score) for a in claims for b in others)
    return {
        "right_verdict": sum(finding.verdict == row["verdict"] for row, finding in judged) / len(judged),
        "claims_flagged": sum(finding.flagged for finding in claims) / len(claims),
        "others_left_alone": sum(not finding.flagged for finding in others) / len(others),
        "officials_cleared": sum(f.verdict is Verdict.OFFICIAL for row, f in judged if row["label"] == "official") / 5,
        "auc": wins / (len(claims) * len(others)),
    }


def test_there_are_enough_candidates(judged: list[tuple[dict[str, str], Finding]]) -> None:
    assert len(judged) >= 60


@pytest.mark.parametrize("measure", sorted(FLOOR))
def test_accuracy_keeps_its_floor(judged: list[tuple[dict[str, str], Finding]], measure: str) -> None:
    wrong = [
        f"{row['handle'] or row['url']}: {finding.verdict} {finding.score}, not {row['verdict']}"
        for row, finding in judged
        if finding.verdict != row["verdict"]
    ]
    assert shares(judged)[measure] >= FLOOR[measure], "\n".join(wrong)


@pytest.fixture(scope="module")
def halves() -> dict[str, list[Judged]]:
    return {half: judge_half(half) for half in HALVES}


@pytest.mark.parametrize("kind", ENOUGH)
def test_there_are_enough_labelled_accounts_of_each_kind(halves: dict[str, list[Judged]], kind: str) -> None:
    assert sum(one.label == kind for ones in halves.values() for one in ones) >= ENOUGH[kind]


@pytest.mark.parametrize(("half", "bound", "key"), BOUNDS)
def test_verdicts_keep_their_floor(halves: dict[str, list[Judged]], half: str, bound: str, key: str) -> None:
    got, pinned = figures(halves[half])[bound][key], FLOORS[half][bound][key]
    assert got >= pinned - SLACK if bound == "at_least" else got <= pinned + SLACK, (
        "python scripts/own_figures.py --misses"
    )


def test_the_accuracy_page_shows_the_floors() -> None:
    assert as_table(FLOORS) in PAGE.read_text(encoding="utf-8")
