"""Which lines of a block of host names may be about us: an automaton and sets of letters, before Python reads one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, Implementation
from rapidfuzz.distance import OSA

from listener.match.beside import DISTINCT
from listener.match.domains import TWO_BESIDE, Sites
from listener.match.hosts import SHORTEST, Own, as_seen
from listener.match.slips import read_slips
from listener.text.skeleton import visual

# Look-alikes written as one byte, as `visual` does; writing them so brings no two names further apart.
_FROM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_" + "01i|34578"
_TO = "abcdefghljklmnopqrstuvwxyz-" + "olll" + "eastb"
_ALIKE = bytes.maketrans(_FROM.encode(), _TO.encode())
_ALPHABET = sorted({*"abcdefghijklmnopqrstuvwxyz0123456789".translate(str.maketrans(_FROM, _TO))})
_BITS = np.array([1 << _ALPHABET.index(chr(n)) if chr(n) in _ALPHABET else 0 for n in range(256)], np.uint32)
_NEWLINE, _DOT = ord("\n"), ord(".")
_ANY_LATIN = re.compile(rb"[^\x00-\x7f]+")
_SHORT_COST = 0.46  # what a name of four letters bears at most and is still told


class Gate:
    """Lets through every name that `Sites.read` finds something firm in, and few others. Built once."""

    def __init__(self, sites: Sites) -> None:
        patterns = {text for own in sites.names for text in _patterns(own)} | set(map(_alike, sites.units))
        wanted = sorted(text.encode() for text in patterns)
        self._automaton = BytesAhoCorasick(wanted, implementation=Implementation.DFA) if wanted else None
        self._whole = tuple(
            (_alike(own.label), _reach(own)) for own in sites.names if not own.joined and len(own.core) >= DISTINCT
        )

    def lines(self, names: bytes) -> list[int]:
        """The places of the lines to read, in order; `names` are lines, each ended by a newline."""
        foreign = _foreign(names)
        found = self._among(names)
        if foreign:
            places = list(foreign)
            seen = self._among("".join(f"{foreign[place]}\n" for place in places).encode("ascii", "replace"))
            found |= {places[n] for n in seen}
        return sorted(found)

    def _among(self, names: bytes) -> set[int]:
        labels = names.translate(_ALIKE, b"-_")
        found = set(self._held(labels.replace(b".", b"")))
        return found | set(self._near(labels)) if self._whole else found

    def _held(self, names: bytes) -> list[int]:
        """Lines that hold one of the patterns, with hyphens and dots gone."""
        if self._automaton is None:
            return []
        starts = [start for _pattern, start, _end in self._automaton.find_matches_as_indexes(names)]
        newlines = np.flatnonzero(np.frombuffer(names, np.uint8) == _NEWLINE)
        lines: list[int] = np.unique(np.searchsorted(newlines, np.array(starts, np.int64))).tolist()
        return lines

    def _near(self, names: bytes) -> Iterator[int]:
        """Lines with a whole label within reach of a name, by its letters first: an edit changes one of the set."""
        chars = np.frombuffer(names, np.uint8)
        ends = np.flatnonzero((chars == _NEWLINE) | (chars == _DOT))
        starts = np.concatenate(([0], ends[:-1] + 1))
        sizes = ends - starts
        sets = np.bitwise_or.reduceat(_BITS[chars], starts) if len(starts) else np.zeros(0, np.uint32)
        newlines = ends[chars[ends] == _NEWLINE]
        for label, far in self._whole:
            ours = np.bitwise_or.reduce(_BITS[np.frombuffer(label.encode(), np.uint8)])
            near = np.flatnonzero(np.abs(sizes - len(label)) <= far)
            near = near[np.bitwise_count(ours & ~sets[near]) <= far]
            near = near[np.bitwise_count(sets[near] & ~ours) <= far]
            for start, end in zip(starts[near].tolist(), ends[near].tolist(), strict=True):
                if OSA.distance(names[start:end].decode("latin-1"), label, score_cutoff=far) <= far:
                    yield int(np.searchsorted(newlines, start))


def _foreign(names: bytes) -> dict[int, str]:
    """The lines with letters beyond ASCII, in Punycode or as they are, as these letters look."""
    finds = list(_encoded(names.lower()))
    if not names.isascii():
        finds += [one.start() for one in _ANY_LATIN.finditer(names)]
    if not finds:
        return {}
    newlines = np.flatnonzero(np.frombuffer(names, np.uint8) == _NEWLINE)
    places = np.unique(np.searchsorted(newlines, np.array(finds, np.int64))).tolist()
    begins = np.concatenate(([-1], newlines))
    lines = {n: names[begins[n] + 1 : newlines[n]] for n in places}
    known = {line: _seen(line) for line in set(lines.values())}  # in a zone file a name has several lines
    return {n: known[line] for n, line in lines.items()}


def _encoded(names: bytes) -> Iterator[int]:
    """Where labels in Punycode are, in lower case."""
    found = names.find(b"xn--")
    while found >= 0:
        if names[found - 1 : found] in (b"", b"\n", b"."):
            yield found
        found = names.find(b"xn--", found + 4)


def _seen(name: bytes) -> str:
    text = name.decode("utf-8", "replace").lower()
    foreign = not text.isascii()
    return ".".join(as_seen(label) if foreign or label[:4] == "xn--" else label for label in text.split("."))


def _alike(text: str) -> str:
    return text.translate(str.maketrans(_FROM, _TO))


def _reach(own: Own) -> int:
    return 2 if len(own.core) >= DISTINCT else 1


def _patterns(own: Own) -> Iterator[str]:
    """What a line holds when the name stands in it: as it is, to the eye, or with the slips read beside words."""
    yield from _to_the_eye(visual(own.label))
    label = _alike(own.label)
    yield label
    if own.joined:
        return
    if len(label) == SHORTEST:
        yield from (text for text in _slipped(label) if read_slips(text, label).cost <= _SHORT_COST)
        return
    yield from _slipped(label)
    if len(own.core) >= TWO_BESIDE:  # of two slips, one half has at most one
        half = len(label) // 2
        yield from _slipped(label[:half])
        yield from _slipped(label[half:])


def _to_the_eye(seen: str) -> Iterator[str]:
    """Every text that `visual` makes `seen` of, in the gate's letters: `m` may be `rn`, `w` two v, `d` cl."""
    choices = [{"m": ("m", "rn"), "w": ("w", "vv"), "d": ("d", "cl")}.get(char, (char,)) for char in seen[:40]]
    if sum(len(choice) > 1 for choice in choices) > 8:
        choices = [(char,) for char in seen[:40]]
    yield from map("".join, product(*choices))


def _slipped(label: str) -> Iterator[str]:
    """Every text at one letter put in, left out, changed or swapped with the next."""
    for n in range(len(label) + 1):
        yield from (label[:n] + char + label[n:] for char in _ALPHABET)
        if n < len(label):
            yield label[:n] + label[n + 1 :]
            yield from (label[:n] + char + label[n + 1 :] for char in _ALPHABET)
            yield label[:n] + label[n + 1 : n + 2] + label[n] + label[n + 2 :]
