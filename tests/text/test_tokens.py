"""What a name is read as, and which characters in it are not what they seem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screened import spelled, table

from listener.text.skeleton import describe, visual
from listener.text.tokens import LONGEST, proper_handle, read_key, words_of

ROWS = table("readings")


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_a_name_is_read(row: dict[str, str]) -> None:
    key = read_key(spelled(row["text"]))
    assert key.letters == row["letters"].lower()
    assert describe(key.odd).startswith(row["odd"]) if row["odd"] else not [s for s in key.odd if s.reads]


def test_words_are_told_by_capitals_separators_and_digits() -> None:
    assert read_key("AlmbyKommun_Bibliotek2").words == ("almby", "kommun", "bibliotek", "2")
    assert read_key("almbykommun").words == ("almbykommun",)
    assert words_of("Simhallen, i Almby!") == ("simhallen", "i", "almby")


@pytest.mark.parametrize(
    ("one", "other"),
    [("0rebro", "orebro"), ("lidk1ping", "lidkiping"), ("alrnby", "almby"), ("vvasa", "wasa"), ("5kara", "skara")],
)
def test_what_looks_alike_has_one_visual_key(one: str, other: str) -> None:
    assert visual(one) == visual(other)


@pytest.mark.parametrize(
    ("handle", "chosen"),
    [("@almby@social.example", "almby"), ("almby.bsky.social", "almby"), ("almby.example", "almby.example")],
)
def test_the_chosen_part_of_a_handle(handle: str, chosen: str) -> None:
    assert proper_handle(handle) == chosen


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_read_within_bounds(text: str) -> None:
    key = read_key(text)
    assert len(key.letters) <= 4 * LONGEST
    assert all(char.isalnum() for char in key.letters)
    assert "".join(key.words) == key.letters
    assert max(key.bounds) == len(key.letters)


def test_a_tower_of_marks_is_read_at_once() -> None:
    assert read_key("a" + "\u0301" * 5000 + "lmby").letters in ("a", "almby")
