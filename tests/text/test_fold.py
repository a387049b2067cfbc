"""Folding: what looks and means the same compares equal, what differs in å, ä or ö does not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from listener.text.fold import LIMIT, compact, fold, forms, genitive


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Örebro kommun", unicodedata.normalize("NFD", "Örebro kommun")),
        ("En verksamhet inom Almby kommun", "en verksamhet  inom\tAlmby\nKOMMUN "),
        ("Almby", "Al\u200bmby"),
        ("Almby", "Ａｌｍｂｙ"),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_other_towns_stay_other_towns() -> None:
    assert fold("Habo") != fold("Håbo")
    assert compact("Habo") == compact("Håbo")


def test_forms_without_dots() -> None:
    assert forms("Örebro") == ("orebro", "oerebro")
    assert forms("Tranås stad") == ("tranasstad", "tranaasstad")
    assert forms("Almby") == ("almby",)


def test_genitive() -> None:
    assert [genitive(word) for word in ("almby", "tranas", "kalix")] == ["almbys", "tranas", "kalix"]


@example("\xdf\u0301")
@given(st.text(alphabet=st.characters(), max_size=200))
def test_folding_twice_changes_nothing_and_never_raises(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert len(fold(text * 50)) <= 40 * LIMIT
