"""How a written word differs from ours, and which differences pass for a slip."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.match.slips import read_slips, told
from listener.text.keyboard import BESIDE, next_to

WORDS = st.text("abdelmnoåö01", max_size=14)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("lindaker", ""),
        ("linaker", "'d' left out"),
        ("lindakerr", "'r' doubled"),
        ("linddaker", "'d' doubled"),
        ("lindkaer", "'ak' turned to 'ka'"),
        ("lindajer", "'j' is next to 'k' on a Swedish keyboard"),
        ("l1ndaker", "'1' for 'i'"),
        ("linclaker", "'cl' for 'd'"),
        ("lindoker", "'o' for 'a'"),
        ("lindaqer", "'q' sounds like 'k'"),
        ("lindxaker", "'x' put in"),
        ("lndakre", "'i' left out; 'er' turned to 're'"),
    ],
)
def test_what_was_done_is_named(written: str, said: str) -> None:
    assert told(read_slips(written, "lindaker")) == said


def test_a_slip_of_the_hand_costs_less_than_another_letter() -> None:
    kinds = ["lindkaer", "linddaker", "lindajer", "linaker", "lindgker", "gindaker"]
    costs = [read_slips(written, "lindaker").cost for written in kinds]
    assert max(costs[:4]) < costs[4] < costs[5]


def test_two_of_ours_written_as_one() -> None:
    assert told(read_slips("mossby", "rnossby")) == "'m' for 'rn'"
    assert told(read_slips("alen", "allen")) == "one 'l' where we have two"


@settings(deadline=None)
@given(WORDS, WORDS)
def test_only_equal_words_cost_nothing(written: str, ours: str) -> None:
    slips = read_slips(written, ours)
    assert (slips.cost == 0) == (not slips.found and slips.cost < 1)
    assert read_slips(ours, ours).cost == 0
    assert slips.cost >= 0


def test_the_swedish_layout() -> None:
    assert next_to("p", "å")
    assert next_to("ö", "l")
    assert next_to("ä", "ö")
    assert next_to("k", "l")
    assert not next_to("q", "p")
    assert all(b + a in BESIDE for a, b in BESIDE)
