"""How the invented networks search: every word must begin a word of a text, or stand anywhere in a handle."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_OPERATOR = re.compile(r"(?:^|(?<=\s))(?:-\S+|\w+:\S+|AND|OR)(?=\s|$)")


def words_of(query: str) -> list[str]:
    """The words of a query, folded; operators (`after:`, `-word`) and quotation marks have no effect here."""
    return _WORD.findall(fold(_OPERATOR.sub(" ", query)))


def mentions_all(words: list[str], *texts: str | None) -> bool:
    """True when each word begins a word of some text, or stands inside a text without spaces (a handle)."""
    folded = [fold(text) for text in texts if text]
    starts = [word for text in folded for word in _WORD.findall(text)]
    solid = [text for text in folded if " " not in text]
    return all(any(s.startswith(word) for s in starts) or any(word in text for text in solid) for word in words)


def fold(text: str) -> str:
    """Case and form away; å, ä and ö stay."""
    return unicodedata.normalize("NFC", text).casefold()


def page_start(cursor: str) -> int:
    """Where a page begins; the first for a cursor that is not ours."""
    return int(cursor) if cursor.isdigit() else 0
