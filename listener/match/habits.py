"""Claims that only our own habits and words tell: built as our handles are, our unit word, our place alone."""

from __future__ import annotations

import math

from listener.match.claims import Hit, called, purity
from listener.match.reading import Found, Reading
from listener.match.vocabulary import DOMAIN_WORD, WORN_DOMAIN_WORD, Kind
from listener.text.fold import spelled
from listener.words.claims import GENERIC

# The place at the end is how others name their branches (Acme Örebro); at the front it is how we name our own.
PLACE_FIRST, PLACE_LAST = 0.75, 0.45
WORN_IN_HANDLE = 0.85
RUN_ON = 0.6  # a house word that runs on into unknown letters may be part of another word
BEHIND = 0.9  # behind words without weight: `the`, a country's two letters


def house_style(reading: Reading, label: str) -> Hit | None:
    """Built as our names are: a word that many of our handles begin or end with stands there, or a sign of ours."""
    if reading.sibling:
        return None
    told = [hit for found in reading.words for hit in (_begins(reading, found, label), _ends(reading, found)) if hit]
    told += [hit for found in reading.words for hit in (_signed(reading, found, label),) if hit]
    if not told:
        return None
    strength, why = max(told)
    return Hit(strength, f"{label} {reading.key.text!r} is built like our {why}")


def _begins(reading: Reading, found: Found, label: str) -> tuple[float, str] | None:
    word = found.word
    if not word.first or not _leads(reading, found):
        return None
    bounded = found.end in reading.key.bounds | {other.start for other in reading.words}
    # A beginning that half of our handles have tells even where it runs on; in display names, words are parted.
    more = (1.0 - RUN_ON) * min(1.0, 2.0 * word.first) if label == "handle" else 0.0
    run_on = 1.0 if bounded else RUN_ON + more
    strength = _habit(word.first) * run_on * (1.0 if found.start == 0 else BEHIND)
    if word.kind is Kind.CORE:
        strength *= PLACE_FIRST
    return strength, f"handles: {word.first:.0%} of them begin with {word.text!r}"


def _ends(reading: Reading, found: Found) -> tuple[float, str] | None:
    word = found.word
    if not word.last or found.end != len(reading.key.letters):
        return None
    bounded = found.start in reading.key.bounds | {other.end for other in reading.words}
    strength = _habit(word.last) * (PLACE_LAST if word.kind is Kind.CORE else 1.0) * (1.0 if bounded else RUN_ON)
    return strength, f"handles: {word.last:.0%} of them end with {word.text!r}"


def _signed(reading: Reading, found: Found, label: str) -> tuple[float, str] | None:
    """An abbreviation of ours anywhere, or the word of our domain at the front, each as a word of its own."""
    word, bounds = found.word, reading.key.bounds
    if not word.sign or found.start not in bounds or found.end not in bounds:
        return None
    if word.kind is Kind.CORE and word.first:
        return None  # the habit tells how much
    leads = _leads(reading, found) and found.end < len(reading.key.letters)
    if (word.kind is not Kind.HOUSE or word.sign in (DOMAIN_WORD, WORN_DOMAIN_WORD)) and not leads:
        return None
    worn = word.sign == WORN_DOMAIN_WORD and label == "handle"  # `House of Tiles` is a name, HouseTiles a handle
    return WORN_IN_HANDLE if worn else word.sign, f"names, with {word.text!r}"


def _leads(reading: Reading, found: Found) -> bool:
    """Whether nothing of weight stands before a word."""
    if found.start == 0:
        return True
    if found.word.kind is Kind.CORE or found.start not in reading.key.bounds:
        return False
    light = {other.start: other.end for other in reading.words if other.word.kind in (Kind.NOISE, Kind.GENERIC)}
    reached = 0
    while reached in light:
        reached = light[reached]
    return reached == found.start or found.start < 3


def _habit(share: float) -> float:
    """How telling a habit is: a tenth of the handles are as good as all, a hundredth a third of that."""
    return min(1.0, math.sqrt(share * 10))


WORN_WORD = 0.5  # `committee` is everyone's
ALOOF = 0.55  # of those who have a place in their name, a unit without it is hardly one of ours


def own_word(reading: Reading, label: str, placed: bool) -> Hit | None:
    """A unit word that the organisation itself added, without our name or place beside it.

    `placed`: the organisation is that of a place, which its units' names hold as a rule.
    """
    own = [word for word in reading.of(Kind.UNIT_WORD) if word.own]
    if not own or reading.sibling or reading.equal or reading.of(Kind.CORE, Kind.NAME):
        return None
    telling = [word for word in own if word.text not in GENERIC]
    strength = ALOOF * purity(reading) if placed else 1.0 if telling else WORN_WORD
    said = spelled(reading.key.text, (telling or own)[0].text)
    return Hit(strength, f"{label} {reading.key.text!r} has our unit word {said!r}")


def place_only(reading: Reading, label: str) -> Hit | None:
    """Our place and nothing that claims authority."""
    cores = reading.of(Kind.CORE)
    if not cores or reading.equal or reading.sibling or reading.of(Kind.AUTHORITY, Kind.UNIT, Kind.UNIT_WORD):
        return None
    if any(
        found.word in cores and (_begins(reading, found, label) or _ends(reading, found)) for found in reading.words
    ):
        return None  # told already, by how our handles are built
    return Hit(
        purity(reading), f"{label} {reading.key.text!r} holds the name {called(cores[0].mark)!r}, which others bear too"
    )
