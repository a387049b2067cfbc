"""What the index is asked for beside a query's words: their letter case, and the words that a star stands for."""

from __future__ import annotations

import sqlite3

from listener.query.backends import patterns
from listener.query.tree import STAR, Wild, Words
from listener.store.capitals import in_case
from listener.store.index_query import any_of, both, phrases
from listener.store.word_list import LONGEST, NOWHERE, listed

CASED = 40  # words of a query whose letter case is asked for
LOOKED_UP = 8  # patterns of a query that are looked up
LIKE, LIKE_LOOKED_UP = 10, 4  # words like a pattern that are left out, and patterns of which any are
NONE = '"qnone"'  # a word of ours that no post is given


class Cased:
    """Conditions on letter case, for the first words of a query that are typed with it, and words like a pattern."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._to_leave = LIKE_LOOKED_UP
        self._told: dict[Words | Wild, list[str]] = {}
        self._like: dict[str, list[str]] = {}

    def like(self, pattern: str) -> list[str]:
        """Those of the words that were said last: a few of many, but a word that is used much was said of late."""
        if pattern not in self._like:
            found = listed(self._conn, pattern, LIKE) if self._to_leave > 0 else None
            self._to_leave -= 1
            self._like[pattern] = [word for word in found.words if len(word) <= LONGEST] if found else []
        return self._like[pattern]

    def with_it(self, part: Words | Wild) -> list[str]:
        if part not in self._told:
            self._told[part] = self._of(part)
        return self._told[part]

    def _of(self, part: Words | Wild) -> list[str]:
        asked = isinstance(part, Words) and part.exact and len(self._told) < CASED
        return in_case(part) if asked and isinstance(part, Words) else []


class Listed(Cased):
    """As Cased, and a choice of the listed words for each pattern; what it says holds above the place `below`.

    `used` tells whether any pattern was looked up.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        super().__init__(conn)
        self._left = LOOKED_UP
        self.used = False
        self.below = NOWHERE

    def _of(self, part: Words | Wild) -> list[str]:
        if isinstance(part, Words):
            return super()._of(part)
        return [one for pattern in patterns(part) if STAR in pattern and (one := self._choice(pattern))]

    def _choice(self, pattern: str) -> str | None:
        """Some of the words that fit; None when the index cannot be asked for them."""
        found = listed(self._conn, pattern) if self._left else None
        if found is None:
            return None
        self._left -= 1
        terms = [both(phrases(Words(text=word, folded=(word,)))) for word in found.words]
        known = any_of(terms)
        if terms and not known:
            return None
        self.used = True
        self.below = max(self.below, found.below)
        return known or NONE
