"""What a suspect's text has taken from ours: our names, numbers and sites, and stretches of our own wording."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from listener.organisation import Organisation
from listener.registry import Registry
from listener.report.defang import defang_text
from listener.terminal import plain
from listener.text.fold import fold

LONGEST = 4_000  # letters of a text that are compared
WORDS = 4  # so many words in a row are no chance
COLUMNS = ("description", "bio", "beskrivning", "presentation")  # of the register, where they are
_WORD = re.compile(r"\S+")


class Piece(NamedTuple):
    """A stretch of a text, harmless to show, and whether it is ours."""

    text: str
    copied: bool


def own_texts(organisation: Organisation, registry: Registry) -> tuple[str, ...]:
    """Our own wording: the sentence for own symbols, and what the register says of our accounts."""
    said = [organisation.own_symbol_phrase or ""]
    said += [entry.columns.get(column, "") for entry in registry.entries for column in COLUMNS]
    return tuple(dict.fromkeys(text for text in said if text))


def own_marks(organisation: Organisation) -> tuple[str, ...]:
    """What names us wherever it stands."""
    return (*organisation.names, *organisation.domains, *organisation.phones, *organisation.org_numbers)


def copied(text: str, texts: Iterable[str], marks: Iterable[str]) -> list[Piece]:
    """The text cut into what is ours and what is not."""
    text = text[:LONGEST]
    words = list(_WORD.finditer(text))
    folded = [fold(word[0]).strip(".,!?:;()\"'”") for word in words]
    ours = [False] * len(words)
    _mark_runs(ours, folded, texts)
    for mark in marks:
        _mark(ours, folded, fold(mark).split())
    return list(_pieces(text, words, ours))


def _mark_runs(ours: list[bool], folded: list[str], texts: Iterable[str]) -> None:
    """Every run of WORDS words that stands in one of our texts."""
    runs = set()
    for text in texts:
        said = [fold(word).strip(".,!?:;()\"'”") for word in text[:LONGEST].split()]
        runs |= {tuple(said[at : at + WORDS]) for at in range(len(said) - WORDS + 1)}
    for at in range(len(folded) - WORDS + 1):
        if tuple(folded[at : at + WORDS]) in runs:
            ours[at : at + WORDS] = [True] * WORDS


def _mark(ours: list[bool], folded: list[str], wanted: list[str]) -> None:
    """Every place where these words stand in a row."""
    size = len(wanted)
    for at in range(len(folded) - size + 1) if size else ():
        if folded[at : at + size] == wanted:
            ours[at : at + size] = [True] * size


def _pieces(text: str, words: list[re.Match[str]], ours: list[bool]) -> Iterable[Piece]:
    start = 0
    while start < len(words):
        end = start
        while end + 1 < len(words) and ours[end + 1] is ours[start]:
            end += 1
        stretch = text[words[start].start() : words[end].end()]
        parts = [stretch[at : at + 290] for at in range(0, len(stretch), 290)]  # more than that is cut when defanged
        yield Piece(
            "".join(plain(defang_text(part)) for part in parts) if len(parts) > 1 else defang_text(stretch), ours[start]
        )
        start = end + 1
