"""Unit words and their inflections."""

from __future__ import annotations

import pytest
from screened import table

from listener.models import UnitKind
from listener.words.units import SWEDISH, unit_words

ROWS = table("unit_words")


@pytest.mark.parametrize("row", ROWS, ids=[row["form"] for row in ROWS])
def test_a_form_is_known_with_its_kind(row: dict[str, str]) -> None:
    words = unit_words(["sv", "en"], {})
    assert words[row["form"]] == UnitKind(row["kind"])
    assert row["word"].replace("-", " ") in words


def test_there_are_enough_swedish_words() -> None:
    words = [word for line in SWEDISH.values() for word in line.split()]
    assert len(set(words)) == len(words)
    assert len(words) >= 120


def test_only_the_languages_asked_for() -> None:
    assert "library" not in unit_words(["sv"], {})
    assert "bibliotek" not in unit_words(["en"], {})


def test_the_organisation_adds_words_of_its_own() -> None:
    words = unit_words((), {UnitKind.TEAM: ("Fältpatrull",)})
    assert words["fältpatrullen"] is UnitKind.TEAM
