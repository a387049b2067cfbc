"""How well the lexicons find what they are for: invented sentences, nearly half of them traps (tests/tables/abuse.csv).

Parts a to f were read while the phrases were written, f and its near misses in halves with g, which was only measured.
Many a wording of g has its like in f. Part h is four sets of hard wordings with as many that look like them (quoted,
denied, told as news, said of games and food); each was measured before it was read: 17 to 64 in 100 were raised. Part i
is the last such set, and only measured. What nobody prepared for is mostly missed, and that is why a person reads on.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from listener.lexicons import KINDS, kinds

TABLE = Path(__file__).parent.parent / "tables" / "abuse.csv"


def measured(parts: str) -> dict[str, tuple[float, float]]:
    """Precision and recall of each kind over the sentences of these parts."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["part"] in parts:
                expected, got = set(row["kinds"].split()), kinds(row["text"])
                right.update(expected & got)
                found.update(got)
                wanted.update(expected)
    return {kind: (right[kind] / found[kind], right[kind] / wanted[kind]) for kind in KINDS if wanted[kind]}


@pytest.mark.parametrize("kind", KINDS)
def test_known_wordings_are_found_and_traps_are_not(kind: str) -> None:
    precision, recall = measured("abcd")[kind]
    assert precision >= 0.98
    assert recall >= 0.97


def test_what_is_found_in_later_wordings_is_right() -> None:
    reached = measured("e")
    assert min(precision for precision, _recall in reached.values()) >= 0.9
    assert min(recall for _precision, recall in reached.values()) >= 0.9


@pytest.mark.parametrize("kind", ["threat", "incitement"])
def test_what_raises_a_person_is_right_in_wordings_that_were_only_measured(kind: str) -> None:
    precision, recall = measured("g")[kind]
    assert precision >= 0.95
    assert recall >= 0.8


@pytest.mark.parametrize("kind", ["threat", "incitement"])
def test_what_looks_like_it_is_not_raised(kind: str) -> None:
    precision, recall = measured("h")[kind]
    assert precision >= 0.96
    assert recall >= 0.85


def test_little_of_what_is_raised_in_hard_wordings_is_wrong() -> None:
    """Nobody prepared for them: one in five is raised."""
    reached = measured("i")
    assert reached["threat"][0] >= 0.95
    assert min(recall for _precision, recall in reached.values()) >= 0.2
