"""Thousands of descriptions asked at once whether they can name us: a quick no for almost all of them.

The questions are those that `verdict` puts to an account whose names say nothing: does it tell our name, our place, a
telling word of ours, an address or a number? A text that holds the rarest word of one is passed on to the features.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
from ahocorasick_rs import BytesAhoCorasick

from listener.match.wording import own_numbers, stems
from listener.organisation import Organisation
from listener.screen.hashes import Bytes
from listener.text.fold import compact, fold
from listener.words.claims import AUTHORITY, GENERIC

_END, _OTHER, _GONE, _HARD, _NEW = 0, 1, 2, 254, 255  # a zero ends a text
_TOP = 0x20000
_SHORTEST_NAME = 4  # letters; a shorter name is not looked for in texts
_SHORTEST_NUMBER = 6  # digits


class Sayings:
    """What a text must hold to be about us, as an automaton over folded bytes."""

    def __init__(self, organisation: Organisation) -> None:
        self._needles = tuple(dict.fromkeys(filter(None, _needles(organisation))))
        self._numbers = own_numbers(organisation)
        letters = sorted(set("".join(self._needles)) - set(map(chr, range(33, 127))))
        plain = {chr(code): code for code in range(32, 127)}
        self._bytes = plain | {char: 128 + number for number, char in enumerate(letters[:120])}
        known = [needle for needle in self._needles if all(char in self._bytes for char in needle)]
        self._rest = len(known) < len(self._needles)  # more scripts than bytes: every such text is looked at
        patterns = [bytes(self._bytes[char] for char in needle) for needle in known]
        self._automaton = BytesAhoCorasick(patterns) if patterns else None
        self._table = np.full(_TOP, _NEW, dtype=np.uint8)
        self._table[_END] = _END

    def held(self, texts: Sequence[str]) -> set[int]:
        """The numbers of the texts that may name us."""
        if not texts or not (self._needles or self._numbers):
            return set()
        seen = self._seen("\0".join([*texts, ""]))
        ends = np.flatnonzero(seen == _END)
        if len(ends) > len(texts):  # a zero in a text shows nothing
            return self.held([text.replace("\0", "\1") for text in texts])
        found = {number for number in _owners(np.flatnonzero(seen == _HARD), ends) if self._says(texts[number])}
        if self._numbers:
            digits = np.append(0, np.cumsum((seen >= ord("0")) & (seen <= ord("9"))))
            many = np.flatnonzero(np.diff(digits[ends], prepend=0) >= _SHORTEST_NUMBER)
            found.update(number for number in many.tolist() if self._gives_number(texts[number]))
        if self._automaton is not None:
            kept = seen != _GONE
            seen = seen if kept.all() else seen[kept]
            matches = self._automaton.find_matches_as_indexes(seen.tobytes())
            lasts = np.array([end - 1 for _needle, _start, end in matches], dtype=np.int64)
            found.update(_owners(lasts, np.flatnonzero(seen == _END)))
        return found

    @property
    def counts_digits(self) -> bool:
        """Whether the digits of a text are looked at all together, so that it must be asked about whole."""
        return bool(self._numbers)

    def _seen(self, text: str) -> Bytes:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        if codes.max() >= _TOP:
            codes = np.minimum(codes, _TOP - 1)
        seen = self._table.take(codes.view(np.int32))
        new = seen == _NEW
        if new.any():
            for code in np.unique(codes[new]):
                self._table[code] = self._reads(int(code))
            seen = self._table.take(codes.view(np.int32))
        return seen

    def _reads(self, code: int) -> int:
        """The byte a code point is folded to; _GONE, _OTHER, or _HARD when its neighbours matter."""
        char = chr(code)
        if code >= _TOP - 1 or unicodedata.combining(char) or (self._rest and char.isalpha() and not char.isascii()):
            return _HARD
        if char.isspace():
            return ord(" ")
        folded = fold(char)
        if not folded:
            return _GONE
        if len(folded) == 1:
            return self._bytes.get(folded, _OTHER)
        return _HARD if any(char in self._bytes for char in folded) else _OTHER

    def _says(self, text: str) -> bool:
        folded = fold(text)
        return any(needle in folded for needle in self._needles) or self._gives_number(text)

    def _gives_number(self, text: str) -> bool:
        digits = "".join(filter(str.isdigit, fold(text)))
        return any(number in digits for number in self._numbers)


def _owners(places: np.ndarray[tuple[int], np.dtype[np.int64]], ends: np.ndarray[tuple[int], np.dtype[np.int64]]
            ) -> set[int]:  # fmt: skip
    """The numbers of the texts that these places lie in, given where each text ends."""
    return set(np.searchsorted(ends, places, side="right").tolist())


def _needles(organisation: Organisation) -> Iterator[str]:
    for name in organisation.folded_names:
        if len(name) >= _SHORTEST_NAME:
            yield _longest(max(name.split(), key=_rare))
    for place in organisation.folded_places:
        yield _longest(max(place.split(), key=len))
    yield from stems(organisation.folded_names)
    for domain in organisation.domains:
        yield domain
        if "xn--" in domain:
            yield fold(_unicode(domain))


def _longest(word: str) -> str:
    """The longest piece of a word: a `*` in it may stand for anything."""
    return max(word.split("*"), key=len)


def _rare(word: str) -> tuple[bool, int]:
    return compact(word) not in AUTHORITY and word not in GENERIC, len(word)


def _unicode(domain: str) -> str:
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain
