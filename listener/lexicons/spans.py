"""Spans of a text, [start, end): joined, and whether one touches any of many."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def joined(spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans made one, in order."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def touches(span: Span, others: Sequence[Span]) -> bool:
    """Whether `span` shares a place with one of `others`, which are joined."""
    at = bisect_left(others, span[1], key=lambda other: other[0])  # the first that begins behind it
    return at > 0 and others[at - 1][1] > span[0]
