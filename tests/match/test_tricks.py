"""What is done to a name or handle so that it reads as ours, and what only looks so: one row a trick.

Then each trick is played on names nobody has thought of.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from screened import TABLES, spelled, table

from listener.models import FLAGGED, Account, Verdict
from listener.municipalities import MUNICIPALITIES
from listener.organisation import read_organisation
from listener.registry import Registry
from listener.screen.bulk import Screener
from listener.text.fold import forms

ROWS = table("tricks")
ORGANISATIONS = tomllib.loads((TABLES / "tricks.toml").read_text(encoding="utf-8"))


@cache
def screener(name: str) -> Screener:
    return Screener(read_organisation(ORGANISATIONS[name], Path("listener.toml")), Registry(()))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['organisation']}-{row['trick']}" for row in ROWS])
def test_a_trick_is_seen_through(row: dict[str, str]) -> None:
    text = spelled(row["text"])
    shown = {"handle": text} if row["field"] == "handle" else {"handle": "q81", "display_name": text}
    finding = screener(row["organisation"]).judge(Account(platform="x", **shown))
    if row["expected"] == "flagged":
        assert finding.verdict in FLAGGED, finding
    elif row["expected"] == "spared":
        assert finding.verdict not in FLAGGED, finding
    else:
        assert finding.verdict is Verdict(row["expected"]), finding
    assert not row["feature"] or row["feature"] in [signal.feature for signal in finding.signals], finding


FIRST = ("Gran", "Sjö", "Älv", "Björk", "Hult", "Kvarn", "Råg", "Vind", "Linda", "Ask", "Tall", "Grän", "Öster")
LAST = ("hamn", "köping", "ås", "torp", "sele", "mark", "vika", "lösa", "näs", "bruna", "rydet", "stava")


@st.composite
def places(draw: st.DrawFn) -> str:
    """A Swedish-looking place of eight letters or more that is no municipality's."""
    middle = draw(st.sampled_from(("", "a", "inge", "er")))
    place = draw(st.sampled_from(FIRST)) + middle + draw(st.sampled_from(LAST))
    return place if len(place) >= 8 and place not in MUNICIPALITIES else f"{place}vallen"


LEET = {"o": "0", "l": "1", "i": "1", "e": "3", "a": "4", "s": "5", "t": "7", "b": "8", "g": "9"}
LETTERS = {"m": "rn", "w": "vv", "d": "cl"}


def leet(handle: str, at: int) -> str:
    places = [n for n, char in enumerate(handle) if char in LEET]
    n = places[at % len(places)]
    return handle[:n] + LEET[handle[n]] + handle[n + 1 :]


def drawn(handle: str, at: int) -> str:
    places = [n for n, char in enumerate(handle) if char in LETTERS]  # "kommun" has two
    n = places[at % len(places)]
    return handle[:n] + LETTERS[handle[n]] + handle[n + 1 :]


def doubled(handle: str, at: int) -> str:
    n = at % len(handle)
    return handle[:n] + handle[n] + handle[n:]


def dropped(handle: str, at: int) -> str:
    n = 1 + at % (len(handle) - 2)
    return handle[:n] + handle[n + 1 :]


def swapped(handle: str, at: int) -> str:
    n = 1 + at % (len(handle) - 3)
    return handle[:n] + handle[n + 1] + handle[n] + handle[n + 2 :]


def parted(handle: str, at: int) -> str:
    n = 1 + at % (len(handle) - 1)
    return handle[:n] + "._-"[at % 3] + handle[n:]


def affixed(handle: str, at: int) -> str:
    affix = ("official", "officiell", "real", "the", "help", "support", "info", "se", "sverige", "2026", "1", "_")
    word = affix[at % len(affix)]
    return f"{word}{handle}" if word.isalpha() and at % 2 else f"{handle}{word}"


TRICKS: tuple[Callable[[str, int], str], ...] = (leet, drawn, doubled, dropped, swapped, parted, affixed)


@settings(max_examples=30, deadline=None)
@given(places(), st.integers(0, 200), st.sampled_from(TRICKS))
def test_each_trick_is_found_on_any_name(place: str, at: int, trick: Callable[[str, int], str]) -> None:
    table = {"name": f"{place} kommun", "places": [place], "languages": ["sv"]}
    town = Screener(read_organisation(table, Path("listener.toml")), Registry(()))
    for form in forms(f"{place}kommun"):
        handle = trick(form, at)
        assert town.judge(Account(platform="x", handle=handle)).flagged, (place, handle)
    mixed = forms(place)[-1]
    assert town.judge(Account(platform="x", handle=f"kommun.{mixed}")).flagged
    assert town.judge(Account(platform="x", display_name=f"{place}s kommun")).flagged
    assert town.judge(Account(platform="x", display_name=f"{place}-skolan")).flagged
