"""Which words of a post are written with capitals: what the index, which folds letter case away, is told beside them.

A word of ours is a mark and the folded word: `qt` for Almby, `qu` for ALMBY or AlmBy, and `qm` when it may stand in
small letters as well. With these a search for `!Almby` steps over the posts that say almby, however many they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from listener.query.tree import Words
from listener.store.own_words import held
from listener.text.words import alike_everywhere, words

TITLE, OTHER, MIXED, MORE = "qt", "qu", "qm", "qcq"  # MORE: not every word with capitals is told
MOST = 300  # words of a post that are told
_PLAIN = re.compile("[a-z0-9åäö]+")
_OLD = unicodedata.ucd_3_2_0  # letters that every SQLite keeps together


def capitals(text: str, headline: str = "") -> list[str]:
    """The words of ours for the words of an NFC text, and of a headline, that are not in small letters throughout."""
    told: dict[str, None] = {}
    said = f"{text} {headline}"
    if said == said.lower():
        return list(told)
    for letters, folded in _with_capitals(said):
        told[mark(letters, folded) + folded] = None
        if folded in said:
            told[MIXED + folded] = None
        if len(told) > MOST:
            return [*told, MORE]
    return list(told)


def _with_capitals(said: str) -> Iterator[tuple[str, str]]:
    """The words with capitals that the index keeps as they are: as written, and folded."""
    for chunk in dict.fromkeys(chunk for chunk in said.split() if chunk != chunk.lower()):
        for word in words(chunk):
            letters = chunk[word.start : word.end]
            if letters != word.folded and plain(word.folded):
                yield letters, word.folded


def mark(letters: str, folded: str) -> str:
    """How a word that has capitals has them."""
    return TITLE if letters[0] != folded[0] and letters[1:] == folded[1:] else OTHER


@lru_cache(maxsize=4096)
def plain(folded: str) -> bool:
    """Whether the index keeps the word as it is, so that ours made of it is one word too."""
    return bool(_PLAIN.fullmatch(folded)) or all(_OLD.category(char)[0] in "LN" for char in folded)


class Case(NamedTuple):
    """Conditions for the index: what a post has, and what none has, that says words in one letter case only."""

    held: list[str]
    never: list[str]


def only_so(part: Words) -> Case | None:
    """What tells that a post which says the words has them in just the letter case in which they are typed.

    None where that cannot be told: of a word that may go on, and of one with capitals in its middle.
    """
    case = Case([], [])
    if not part.exact:
        return case
    case.never.append(held(MORE))
    for word in words(part.text):
        letters = part.text[word.start : word.end]
        if part.prefix or not _PLAIN.fullmatch(word.folded) or letters[1:] != word.folded[1:]:
            return None
        title = letters != word.folded
        case.held.extend([held(TITLE + word.folded)] * title)
        case.never.extend(held(form + word.folded) for form in ((OTHER, MIXED) if title else (OTHER, TITLE)))
    return case


def in_case(part: Words) -> list[str]:
    """Conditions for the index that hold wherever the words stand in the letter case in which they are typed.

    A word that may go on, and one that the index may cut in two or fold further than we do, is left out.
    """
    typed = words(part.text)
    whole = typed[:-1] if part.prefix else typed
    told = [(part.text[word.start : word.end], word.folded) for word in whole if alike_everywhere(word.folded)]
    return [_condition(letters, folded) for letters, folded in dict.fromkeys(told)]


def _condition(letters: str, folded: str) -> str:
    if letters != folded:
        return f"({held(mark(letters, folded) + folded)} OR {held(MORE)})"
    without = f'("{folded}" NOT ({held(TITLE + folded)} OR {held(OTHER + folded)}))'
    return f"({without} OR {held(MIXED + folded)} OR {held(MORE)})"
