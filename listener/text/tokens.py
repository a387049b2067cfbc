"""Words inside names and handles: where one ends and the next may begin."""

from __future__ import annotations

import re
from typing import NamedTuple

from listener.text.fold import fold
from listener.text.skeleton import Swap, odd_characters, skeleton

# A handle has at most some 60 characters and a display name 100; a longer one is read to here.
LONGEST = 96

_RUNS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_WORDS = re.compile(r"[a-z0-9]+")


class Key(NamedTuple):
    """A name or handle made ready to compare.

    `letters` is what is read, run together in lower-case ASCII; `bounds` the places between words (0 and the end too);
    `words` the pieces between them; `text` the original.
    """

    text: str
    letters: str
    bounds: frozenset[int]
    words: tuple[str, ...]

    @property
    def odd(self) -> tuple[Swap, ...]:
        """The characters that are not what they seem."""
        return odd_characters(self.text)


def read_key(text: str, *, camel: bool = True) -> Key:
    """`Örebrο kоmmun` as letters `orebrokommun` with a bound after `orebro`; `camel` splits on inner capitals too."""
    text = text[: LONGEST * 2]
    seen = skeleton(text)[:LONGEST]
    words = _RUNS.findall(seen) if camel else _WORDS.findall(seen.lower())
    letters = "".join(words).lower()
    bounds = [0]
    for word in words:
        bounds.append(bounds[-1] + len(word))
    return Key(text, letters, frozenset(bounds), tuple(word.lower() for word in words))


def proper_handle(handle: str) -> str:
    """The part of a handle that its owner chose: `almby` of `@almby@social.example` and of `almby.bsky.social`."""
    chosen = handle.strip().lstrip("@")
    if "@" in chosen:
        return chosen.partition("@")[0]
    return chosen.removesuffix(".bsky.social")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a running text, folded (å, ä, ö kept) and without punctuation."""
    return tuple(re.findall(r"\w+", fold(text)))
