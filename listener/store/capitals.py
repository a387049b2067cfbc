"""Which words of a post are written with capitals: what the index, which folds letter case away, is told beside them.

A word of ours is a mark and the folded word: `qt` for Almby, `qu` for ALMBY or AlmBy, and `qm` when it may stand in
small letters as well. With these a search for `!Almby` steps over the posts that say almby, however many they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from listener.query.tree import Words
from listener.text.words import words

TITLE, OTHER, MIXED, MORE = "qt", "qu", "qm", "qcq"  # MORE: not every word with capitals is told
MOST = 300  # words of a post that are told
_PLAIN = re.compile("[a-z0-9åäö]+")
_OURS = re.compile(rf"\b({TITLE}|{OTHER})", re.IGNORECASE)
_OLD = unicodedata.ucd_3_2_0  # letters that every SQLite keeps together


def capitals(text: str, headline: str = "") -> list[str]:
    """The words of ours for the words of an NFC text, and of a headline, that are not in small letters throughout.

    A headline stands beside our words in the index, and may be written to look like them: then MORE is told as well.
    """
    told: dict[str, None] = {MORE: None} if _OURS.search(headline) else {}
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


def in_case(part: Words) -> list[str]:
    """Conditions for the index that hold wherever the words stand in the letter case in which they are typed.

    A word that may go on, and one that the index may cut in two, is left out.
    """
    typed = words(part.text)
    told = [(part.text[word.start : word.end], word.folded) for word in typed if plain(word.folded)]
    if part.prefix and told and plain(typed[-1].folded):
        told.pop()
    return [_condition(letters, folded) for letters, folded in dict.fromkeys(told)]


def _condition(letters: str, folded: str) -> str:
    if letters != folded:
        return f'facets : ("{mark(letters, folded)}{folded}" OR "{MORE}")'
    without = f'("{folded}" NOT facets : ("{TITLE}{folded}" OR "{OTHER}{folded}"))'
    return f'({without} OR facets : ("{MIXED}{folded}" OR "{MORE}"))'
