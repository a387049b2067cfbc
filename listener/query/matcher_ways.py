"""What a post must say for a query to match it: a few literals, read off its tree before any post is looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from listener.query.tree import And, Inside, Near, Node, Or, Wild, Words
from listener.text.words import nfc, visible

MOST_WAYS = 64  # that an AND of ORs is multiplied out into; beyond that a part is left to the tree
NUL = "\0"


class Literal(NamedTuple):
    """Letters as `lowered` writes them, and whether a word must begin with them and end with them."""

    letters: bytes
    begins: bool
    ends: bool


Way = frozenset[Literal]  # the text holds all of them
ANYTHING: list[Way] = [frozenset()]  # nothing can be said: every text must be looked at


def ways(node: Node) -> list[Way]:
    """The tree matches no post whose words (text or title) hold none of the ways.

    Of fields, exclusions and nodes that are not known here nothing is said.
    """
    match node:
        case Words():
            return [_whole(node)]
        case Wild():
            return [_pieces(node)]
        case Inside():
            return ways(node.sought)
        case Or():
            found = [way for part in node.parts for way in ways(part)]
            return list(dict.fromkeys(found)) if all(found) else ANYTHING
        case And() | Near():
            return _together([ways(part) for part in node.parts])
        case _:
            return ANYTHING


def _whole(node: Words) -> Way:
    last = len(node.folded) - 1
    return frozenset(
        Literal(_lower(word).translate(_SMALL), begins=True, ends=not (node.prefix and number == last))
        for number, word in enumerate(node.folded)
    )


def _pieces(node: Wild) -> Way:
    """What stands between the stars."""
    pieces = [(pattern, piece) for pattern in node.patterns for piece in re.finditer(r"[^*]+", pattern)]
    return frozenset(
        Literal(_lower(piece[0]).translate(_SMALL), begins=piece.start() == 0, ends=piece.end() == len(pattern))
        for pattern, piece in pieces
    )


def _together(parts: Sequence[list[Way]]) -> list[Way]:
    """One way of every part, those with few ways first, as long as it stays a handful."""
    found = ANYTHING
    for part in sorted(parts, key=len):
        if found == ANYTHING or len(found) * len(part) <= MOST_WAYS:
            found = list(dict.fromkeys(one | other for one in found for other in part))
    return found


def lowered(texts: Sequence[str]) -> bytes:
    """Texts in UTF-8 with a NUL between, such that words which fold alike are written alike.

    Most texts hold only letters whose two cases differ in one bit of one byte: they are written in one go, in a
    seventh of the time of `words.fold`. More letters come out alike than fold alike, which lets through and loses
    nothing; tests hold the two together over every character.
    """
    block = NUL.join(texts).encode("utf-8", "replace")
    if block.count(0) >= max(1, len(texts)):
        texts = [text.replace(NUL, " ") for text in texts]
        block = NUL.join(texts).encode("utf-8", "replace")
    if block.isascii():
        return block.translate(_SMALL)
    return _spliced(block, texts).translate(_SMALL)


def _spliced(block: bytes, texts: Sequence[str]) -> bytes:
    """The block with those of the texts lowered that hold other letters."""
    odd = _odd(np.frombuffer(block + b"\0\0", dtype=np.uint8))
    if not odd.size:
        return block
    ends = np.append(np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == 0), len(block))
    pieces, done = [], 0
    for number in np.unique(np.searchsorted(ends, odd)).tolist():
        start = int(ends[number - 1]) + 1 if number else 0
        pieces += [block[done:start], _as_read(texts[number])]
        done = int(ends[number])
    return b"".join([*pieces, block[done:]])


def _odd(letters: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Where characters stand that have a case in another byte, compose, or are not seen inside a word."""
    leads = np.flatnonzero(letters >= _PLAIN)
    first, second, third = letters[leads], letters[leads + 1], letters[leads + 2]
    joiner = (first == 0xE2) & (second == 0x80) & (third >= 0x8B) & (third <= 0x8D)
    hyphens = np.flatnonzero((letters[:-1] == 0xC2) & (letters[1:] == 0xAD))
    return np.concatenate((leads[joiner | ~_EVEN[first, second]], hyphens))


def _as_read(text: str) -> bytes:
    """A text as it stands, and once more as it is seen, when it hides something inside its words."""
    seen = visible(text)
    return _lower(text) if seen == text else _lower(f"{text}\n{seen}")


def _lower(text: str) -> bytes:
    """Composed and in small letters; σ, which `str.lower` writes by its place in the word, always alike."""
    return nfc(text).lower().replace("ς", "σ").encode("utf-8", "replace")


def _even() -> NDArray[np.bool_]:
    """By first and second byte: characters beyond Latin-1 that have no case and compose with nothing."""
    even = np.zeros((256, 256), dtype=bool)
    even[0xE2, [0x80, 0x82, *range(0x87, 0x8C), *range(0x8D, 0x92), *range(0x94, 0xAB)]] = True  # – ” € ∞ ❤
    even[0xF0, 0x9F] = True  # emoji
    return even


# A to Z, and of all other letters a bit of each byte that differs between À and à: two cases come out alike.
_SMALL = bytes(byte | 0x20 if 0x41 <= byte <= 0x5A or 0x80 <= byte <= 0x9F else byte for byte in range(256))
_PLAIN = 0xC4  # the first byte of the first character beyond Latin-1
_EVEN = _even()
