"""Where a suspect's name and handle differ from the official ones, letter by letter, and in words."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple

from listener.language import N_, _
from listener.models import Case

LONGEST = 200  # letters that are compared
MOST = 12  # letters that are told of
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzåäöABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ0123456789 .,-_@'’:!?&()/")


class Piece(NamedTuple):
    """A stretch of a text, and whether the other text lacks it."""

    text: str
    differs: bool


class Beside(NamedTuple):
    """A suspect's text cut where it differs from the official one, and its unusual letters in words."""

    pieces: tuple[Piece, ...]
    told: tuple[str, ...]


def odd_letters(case: Case) -> dict[str, Beside]:
    """Name and handle of the suspect, against those of the nearest official account."""
    account, nearest = case.account, case.finding.nearest
    return {
        "name": beside(account.display_name or "", nearest.unit if nearest else ""),
        "handle": beside(account.handle or "", (nearest.handle if nearest else "") or ""),
    }


def beside(theirs: str, ours: str) -> Beside:
    """`theirs` with what `ours` lacks marked; nothing is marked where there is nothing to compare with."""
    theirs, ours = theirs[:LONGEST], ours[:LONGEST]
    if not ours:
        return Beside((Piece(theirs, False),) if theirs else (), unusual(theirs))
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    cuts = [(theirs[low:high], tag != "equal") for tag, _l, _h, low, high in matcher.get_opcodes() if high > low]
    return Beside(tuple(Piece(text, differs) for text, differs in cuts), unusual(theirs))


def unusual(text: str) -> tuple[str, ...]:
    """Letters that no Swedish keyboard writes, each by its place, its number and its name."""
    found = ((at, char) for at, char in enumerate(text, 1) if char not in PLAIN)
    line = N_("letter {place}: {letter} is U+{code} {name}")
    return tuple(
        _(line).format(
            place=at,
            letter=char if char.isprintable() and not unicodedata.combining(char) else "\N{DOTTED CIRCLE}",
            code=f"{ord(char):04X}",
            name=unicodedata.name(char, "?"),
        )
        for at, char in islice(found, MOST)
    )
