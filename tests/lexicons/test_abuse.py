"""How well the lexicons find what they are for: invented sentences, nearly half of them traps (tests/tables/abuse.csv).

Parts a to d were read while the phrases were written; e was written after them and only measured, so that its figures
say what to expect of new wordings.
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
    return {kind: (right[kind] / found[kind], right[kind] / wanted[kind]) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_known_wordings_are_found_and_traps_are_not(kind: str) -> None:
    precision, recall = measured("abcd")[kind]
    assert precision >= 0.98
    assert recall >= 0.97


def test_what_is_found_in_new_wordings_is_right_and_much_is_not_found() -> None:
    reached = measured("e")
    assert min(precision for precision, _recall in reached.values()) >= 0.9
    assert sum(recall for _precision, recall in reached.values()) / len(reached) >= 0.7
