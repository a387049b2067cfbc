"""Texts and structures reduced to a few hundred numbers, so that copies are found without keeping the pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from zlib import crc32

from lxml import etree

SIZE = 512  # numbers kept of one page; the share below is then right to some 0.03
WORDS = 6  # a run of so many words is hardly ever written twice by chance
ELEMENTS = 5
MOST = 50_000  # words or elements of one page that are read
STEPS = 100  # elements that first_words looks into
MUTE = frozenset({"head", "script", "style", "noscript", "template", "svg"})


def sketch(parts: Sequence[str], run: int) -> tuple[int, ...]:
    """The SIZE smallest hashes of all runs of `run` parts (bottom-k sketch, Broder 1997)."""
    runs = zip(*(islice(parts, start, MOST) for start in range(run)), strict=False)
    return tuple(sorted({crc32("\x1f".join(each).encode("utf-8", "replace")) for each in runs})[:SIZE])


def share(part: Iterable[int], whole: Iterable[int]) -> float:
    """Which share, 0..1, of what the first sketch stands for is in the second; 0 when the first is of nothing."""
    here, there = set(part), set(whole)
    if len(there) >= SIZE:  # beyond its largest number the second sketch knows nothing
        here = {number for number in here if number <= max(there)}
    return len(here & there) / len(here) if here else 0.0


def text_sketch(text: str) -> tuple[int, ...]:
    """The sketch of a text, in runs of six words, whatever their case and the signs between them."""
    words = "".join(char if char.isalnum() else " " for char in text.casefold()).split()
    return sketch(words[:MOST], WORDS)


def shape_sketch(root: etree._Element) -> tuple[int, ...]:
    """The sketch of a page's structure: runs of five elements in the order of the page, each with its first class."""
    named = []
    for element in islice(root.iter(etree.Element), MOST):
        first = (element.get("class") or "").split()[:1]
        named.append(".".join([str(element.tag), *(word[:40] for word in first)]))
    return sketch(named, ELEMENTS)


def visible_text(root: etree._Element, most: int = 200_000) -> str:
    """The text that a visitor sees, with single spaces; at most `most` characters of it."""
    pieces: list[str] = []
    size = 0
    skipped: set[etree._Element] = set()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        piece = None
        if event == "start":
            if element.tag in MUTE or not isinstance(element.tag, str) or element.getparent() in skipped:
                skipped.add(element)
            else:
                piece = element.text
        elif element is not root and element.getparent() not in skipped:
            piece = element.tail
        if piece and (words := " ".join(piece.split())):
            pieces.append(words)
            size += len(words)
        if size > most:
            break
    return " ".join(pieces)[:most]


def first_words(element: etree._Element, most: int) -> str:
    """At most `most` characters of the text in an element, from its first STEPS elements, as it stands."""
    pieces: list[str] = []
    for event, each in islice(etree.iterwalk(element, events=("start", "end")), 2 * STEPS):
        piece = each.text if event == "start" else each.tail if each is not element else None
        if piece and isinstance(each.tag, str):
            pieces.append(piece[:most])
            if sum(map(len, pieces)) >= most:
                break
    return "".join(pieces)[:most]
