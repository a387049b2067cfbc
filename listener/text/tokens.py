"""Words inside names and handles: where one ends and the next may begin."""

from __future__ import annotations

import re
from typing import NamedTuple

from listener.text.fold import fold, unmarked
from listener.text.skeleton import Swap, odd_characters, skeleton

# A handle has at most some 60 characters and a display name 100; a longer one is read to here.
LONGEST = 96

_RUNS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")
_WORDS = re.compile(r"[^\W_]+")
_FOLDED = re.compile(r"\w+")
_JOINERS = "\u200c\u200e\u200f\u061c"  # written between letters of right-to-left scripts; they hide nothing


class Key(NamedTuple):
    """A name or handle made ready to compare.

    `letters` is what is read, run together in lower case: ASCII wherever it can be read as Latin, else the letters of
    its own script without marks; `bounds` the places between words (0 and the end too); `words` the pieces between
    them; `text` the original.
    """

    text: str
    letters: str
    bounds: frozenset[int]
    words: tuple[str, ...]

    @property
    def odd(self) -> tuple[Swap, ...]:
        """The characters that are not what they seem; a word of another script is what it is."""
        if is_latin(self.text):
            return odd_characters(self.text)
        read = " ".join(word for word in self.text.split() if _reads_as_latin(word, skeleton(word)))
        hidden = (swap for swap in odd_characters(self.text) if not swap.reads and swap.char not in _JOINERS)
        return tuple(dict.fromkeys((*odd_characters(read), *hidden)))


def read_key(text: str, *, camel: bool = True) -> Key:
    """`Örebrο kоmmun` as letters `orebrokommun` with a bound after `orebro`; `camel` splits on inner capitals too."""
    text = text[: LONGEST * 2]
    seen = (skeleton(text) if is_latin(text) else " ".join(map(_in_script, text.split())))[:LONGEST]
    words = _RUNS.findall(seen) if camel else _WORDS.findall(seen.lower())
    words = [word.lower() for word in words]
    letters = "".join(words)
    bounds = [0]
    for word in words:
        bounds.append(bounds[-1] + len(word))
    return Key(text, letters, frozenset(bounds), tuple(words))


def is_latin(text: str) -> bool:
    """Whether `text` holds no letter of a block beyond Latin: what most names are, told at once."""
    return text.isascii() or max(text) < "\u0370"


def _in_script(word: str) -> str:
    """One word as it is read: `Almbу` with a Cyrillic letter in it as Latin, a word of another script as itself.

    UTS #39 reads single Arabic and Cyrillic letters as Latin ones too: in the midst of a word that no Latin letter
    stands in, and that is not Latin as a whole, they are what they are.
    """
    seen = skeleton(word)
    return seen if _reads_as_latin(word, seen) else unmarked(fold(word))


def _reads_as_latin(word: str, seen: str) -> bool:
    held = any(char.isascii() and char.isalpha() for char in word)
    return held or all(map(str.isascii, filter(str.isalpha, seen)))


def proper_handle(handle: str) -> str:
    """The part of a handle that its owner chose: `almby` of `@almby@social.example` and of `almby.bsky.social`."""
    chosen = handle.strip().lstrip("@")
    if "@" in chosen:
        return chosen.partition("@")[0]
    return chosen.removesuffix(".bsky.social")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a running text, folded (å, ä, ö kept) and without punctuation."""
    return folded_words(fold(text))


def folded_words(folded: str) -> tuple[str, ...]:
    """The words of a text that is folded already."""
    return tuple(_FOLDED.findall(folded))
