"""Whose turn it is under a quota, and which handles are guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from listener.context import Context
from listener.models import Completeness, Term
from listener.quotas import Quota, Quotas
from listener.sources.guesses import guesses
from listener.sources.turns import all_handles, in_turn

Make = Callable[..., Context]
TERMS = tuple(Term(text=text) for text in ("ett", "två", "tre", "fyra"))


@pytest.fixture
def make(make_context: Make) -> Make:
    def made(most: int, cursor: dict[str, str] | None = None) -> Context:
        ctx = make_context("town", cursor=cursor)
        ctx.quotas = Quotas((Quota(kind="lookups", most=most),), now=ctx.now)
        return ctx

    return made


def asked(ctx: Context, stop: str = "") -> list[str]:
    """What is asked for until the quota ends, or until the source fails at `stop`."""
    found = []
    for term in in_turn(ctx, "lookups", TERMS):
        found.append(term.text)
        if term.text == stop:
            break
        ctx.spend("lookups")
    return found


def test_runs_share_the_names_until_all_have_been_asked_for(make: Make) -> None:
    first = make(3)
    assert asked(first) == ["ett", "två", "tre"]
    assert first.completeness is Completeness.TRUNCATED
    second = make(3, first.next_cursor)
    assert asked(second) == ["fyra", "ett", "två"]
    third = make(9, second.next_cursor)
    assert asked(third) == ["tre", "fyra", "ett", "två"]
    assert (third.completeness, third.next_cursor) == (Completeness.COMPLETE, {})


def test_a_name_at_which_the_source_fails_holds_up_no_later_run(make: Make) -> None:
    failing = make(9)
    assert asked(failing, stop="två") == ["ett", "två"]
    assert asked(make(9, failing.next_cursor))[0] == "tre"


def test_a_name_that_is_no_longer_asked_for_starts_from_the_top(make: Make) -> None:
    assert asked(make(1, {"next_lookups": "borttagen"})) == ["ett"]


def test_without_anything_left_the_quota_is_told(make: Make) -> None:
    ctx = make(0)
    assert not asked(ctx)
    assert ctx.completeness is Completeness.QUOTA


def test_handles_are_guessed_from_our_names_in_every_spelling(make_context: Make) -> None:
    names = ("Örebro kommun", "Orebro kommun", "Örebro stad", "Ab", "奥雷布鲁")
    terms = (
        *(Term(text=text) for text in names),
        Term(text="orebro.kommun", kind="handle"),
        Term(text="Skola", kind="unit"),
    )
    ctx = make_context("town", terms=terms)
    found = [term.text for term in guesses(ctx)]
    assert found[:3] == ["orebrokommun", "orebro_kommun", "orebro-kommun"]  # one that is registered is no guess
    assert {"orebrokommun_official", "orebrostad", "_orebrostad"} <= set(found)
    assert len(found) == len(set(found)) == 31
    assert not [handle for handle in found if "skola" in handle]
    assert next(term.text for term in all_handles(ctx)) == "orebro.kommun"
