"""Where a suspect's name and handle differ from the official ones, word by word and letter by letter, also in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple

from listener.language import N_, _
from listener.models import Case
from listener.text.skeleton import skeleton, visual

LONGEST = 200  # letters that are compared
MOST = 12  # lines that are told
NEAR = 0.7  # of a word's letters: so many as one of ours, and it is a variant of ours, not a word of its own
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzåäöABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ0123456789 .,-_@'’:!?&()/")
WORD = re.compile(r"[\s._@:/|,()-]+|[^\s._@:/|,()-]+")
HOST = re.compile(r"(?<=.)@.*|\.bsky\.social")  # of a handle: where the account lives, which is no name


class Piece(NamedTuple):
    """A stretch of a text, and whether the other text lacks it."""

    text: str
    differs: bool


class Beside(NamedTuple):
    """A suspect's text cut where it differs from the official one, and what differs in words."""

    pieces: tuple[Piece, ...]
    told: tuple[str, ...]


def odd_letters(case: Case) -> dict[str, Beside]:
    """Name and handle of the suspect, against those of the nearest official account."""
    account, nearest = case.account, case.finding.nearest
    handle, theirs = (nearest.handle if nearest else "") or "", account.handle or ""
    host = HOST.search(theirs)
    named, rest = (theirs[: host.start()], theirs[host.start() :]) if host else (theirs, "")
    found = beside(named, HOST.sub("", handle))
    return {
        "name": beside(account.display_name or "", nearest.unit if nearest else ""),
        "handle": Beside((*found.pieces, Piece(rest[:LONGEST], False)) if rest else found.pieces, found.told),
    }


def beside(theirs: str, ours: str) -> Beside:
    """`theirs` with what `ours` lacks marked; nothing is marked where there is nothing to compare with.

    A word that is nearly one of ours is compared with that letter by letter; another is marked whole.
    """
    theirs, ours = theirs[:LONGEST], ours[:LONGEST]
    odd = unusual(theirs)
    if not ours:
        return Beside((Piece(theirs, False),) if theirs else (), odd)
    known = [found[0] for found in WORD.finditer(ours) if not separates(found[0])]
    pieces: list[Piece] = []
    told: list[str] = []
    for found in WORD.finditer(theirs):
        near = "" if separates(found[0]) else nearest(found[0], known)
        if near == found[0] or separates(found[0]):
            pieces.append(Piece(found[0], False))
        elif near:
            cuts = tuple(letters(found[0], near))
            pieces += [Piece(text, other is not None) for text, other in cuts if text]
            told += differences(cuts, found.start())
        else:
            pieces.append(Piece(found[0], True))
            told.append(_("not in ours: {words}").format(words=found[0]))
    return Beside(tuple(pieces), tuple(dict.fromkeys((*odd, *told)))[:MOST])


def separates(text: str) -> bool:
    """Whether this stands between words."""
    return text[0] in "._@:/|,()-" or text.isspace()


def nearest(word: str, known: list[str]) -> str:
    """The word of ours that this one is, holds or nearly is, as it is written here where it is the same; else ""."""
    folded, whole = word.casefold(), "".join(known).casefold()
    if any(folded == own.casefold() for own in known) or (len(word) > 2 and folded in whole):
        return word
    looks = read(word)
    rated = [(SequenceMatcher(None, looks, read(own), autojunk=False).ratio(), own) for own in known]
    best, own = max(rated, default=(0.0, ""))
    holds = len(own) > 3 and read(own) in looks
    return own if best >= NEAR or holds else ""


def read(word: str) -> str:
    """A word as it is read over: look-alike letters as what they look like."""
    return visual(skeleton(word).casefold())


def letters(word: str, own: str) -> Iterator[tuple[str, str | None]]:
    """The word in stretches, each with what ours has in its place: None where it is the same, "" where nothing is."""
    small, ours = (word.casefold(), own.casefold()) if len(word.casefold()) == len(word) else (word, own)
    if len(small) == len(ours):
        for theirs, mine, shown in zip(small, ours, word, strict=True):
            yield shown, None if theirs == mine else mine
        return
    for tag, low, high, start, end in SequenceMatcher(None, ours, small, autojunk=False).get_opcodes():
        yield word[start:end], None if tag == "equal" else ours[low:high]


def differences(cuts: tuple[tuple[str, str | None], ...], start: int) -> Iterator[str]:
    """The stretches that differ, each by its place in the whole text."""
    at = start + 1
    for text, ours in cuts:
        if not text:
            yield _("before letter {place}: ours has {ours}").format(place=at, ours=ours)
        elif ours and set(text) <= PLAIN:
            yield _("letter {place}: {letter} where ours has {ours}").format(place=at, letter=text, ours=ours)
        elif ours == "" and set(text) <= PLAIN:
            yield _("letter {place}: {letter} is not in ours").format(place=at, letter=text)
        at += len(text)


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
