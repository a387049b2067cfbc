"""Shapes that anybody draws: a logo (or a part of one) that is hardly more than that proves little when it is met."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from listener.logos.canonical import Image, bounds, cut
from listener.logos.gradients import Vector, describe

Drawing = npt.NDArray[Any]  # uint8

PAPER = 128  # pixels a side
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789&@abdeghkmnqrty"
STROKES = (8, 18, 30)  # pixels
WORDS = ("NAME", "about", "COMPANY", "service", "station", "Nordic", "HELLO", "Kommun", "media", "TODAY")


def commonness(vectors: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """For each description (n × LENGTH) its likeness with the nearest commonplace shape, 0–1."""
    return np.asarray((vectors @ commonplaces().T).max(axis=1), dtype=np.float32)


def nearest(vector: Vector, most: int = 4) -> list[Image]:
    """The commonplace shapes that a description is most like."""
    order = np.argsort(-(commonplaces() @ vector))
    return [shapes()[int(number)] for number in order[:most]]


@cache
def commonplaces() -> npt.NDArray[Any]:
    """Descriptions of about two hundred shapes, letters and words: n × LENGTH, drawn at first need (0.1 s)."""
    return np.array([describe(shape) for shape in shapes()], dtype=np.float32)


@cache
def shapes() -> list[Image]:
    """The commonplace shapes themselves, black on white, without margin."""
    return [cut(drawing.astype(np.float32), bounds(drawing[..., 0] < 250)) for drawing in _drawings()]


def _paper() -> Drawing:
    return np.full((PAPER, PAPER, 3), 255, dtype=np.uint8)


def _drawings() -> Iterator[Drawing]:
    yield from _rounds()
    yield from _polygons()
    yield from _bars()
    yield from _dots()
    yield from _checks()
    yield from _writing()


def _rounds() -> Iterator[Drawing]:
    middle = (PAPER // 2, PAPER // 2)
    for stroke in (*STROKES, cv2.FILLED):
        for axes in ((50, 50), (50, 30), (30, 50)):
            yield cv2.ellipse(_paper(), middle, axes, 0, 0, 360, (0, 0, 0), stroke)
        yield cv2.ellipse(_paper(), middle, (50, 50), 0, 45, 315, (0, 0, 0), stroke)
        yield cv2.ellipse(_paper(), middle, (50, 50), 0, 180, 360, (0, 0, 0), stroke)
    for inner in (10, 18, 26):
        target = cv2.circle(_paper(), middle, 50, (0, 0, 0), 8)
        yield cv2.circle(target, middle, inner, (0, 0, 0), cv2.FILLED)
        yield cv2.circle(target.copy(), middle, (inner + 50) // 2, (0, 0, 0), 6)


def _polygons() -> Iterator[Drawing]:
    for corners in (3, 4, 5, 6, 8):
        for turned in (0.0, 0.5):
            angles = 2 * np.pi * (np.arange(corners) + turned) / corners - np.pi / 2
            points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * 50 + PAPER / 2
            for stroke in STROKES[:2]:
                yield cv2.polylines(_paper(), [points.astype(np.int32)], True, (0, 0, 0), stroke)
            yield cv2.fillPoly(_paper(), [points.astype(np.int32)], (0, 0, 0))
    for corners in (4, 5, 6, 8):
        angles = np.pi * np.arange(2 * corners) / corners - np.pi / 2
        reach = np.where(np.arange(2 * corners) % 2, 22, 54)
        points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach[:, None] + PAPER / 2
        yield cv2.fillPoly(_paper(), [points.astype(np.int32)], (0, 0, 0))
    for zigzag in ([[20, 70], [50, 100], [110, 30]], [[20, 90], [64, 40], [108, 90]], [[40, 20], [90, 64], [40, 108]]):
        for points in (np.array(zigzag), np.array(zigzag)[:, ::-1]):
            for stroke in STROKES:
                yield cv2.polylines(_paper(), [points.astype(np.int32)], False, (0, 0, 0), stroke)


def _bars() -> Iterator[Drawing]:
    for count in (1, 2, 3, 4, 5):
        step = 100 // count
        for lean in (0, 25):
            paper = _paper()
            for number in range(count):
                top = 14 + number * step
                points = np.array([[14 + lean, top], [114, top], [114 - lean, top + step // 2], [14, top + step // 2]])
                cv2.fillPoly(paper, [points.astype(np.int32)], (0, 0, 0))
            yield paper
            yield np.ascontiguousarray(paper.transpose(1, 0, 2))
    for stroke in STROKES:
        crossed = cv2.line(
            cv2.line(_paper(), (64, 10), (64, 118), (0, 0, 0), stroke), (10, 64), (118, 64), (0, 0, 0), stroke
        )
        yield crossed
        yield cv2.line(
            cv2.line(_paper(), (14, 14), (114, 114), (0, 0, 0), stroke), (14, 114), (114, 14), (0, 0, 0), stroke
        )


def _dots() -> Iterator[Drawing]:
    for count in (2, 3, 4):
        step = 100 / count
        places = [int(14 + step * (number + 0.5)) for number in range(count)]
        for grid in ([(x, y) for x in places for y in places], [(x, 64) for x in places], [(64, y) for y in places]):
            round_, square = _paper(), _paper()
            for x, y in grid:
                cv2.circle(round_, (x, y), int(step * 0.4), (0, 0, 0), cv2.FILLED)
                cv2.rectangle(
                    square,
                    (x - int(step * 0.4), y - int(step * 0.4)),
                    (x + int(step * 0.4), y + int(step * 0.4)),
                    (0, 0, 0),
                    cv2.FILLED,
                )
            yield round_
            yield square


def _checks() -> Iterator[Drawing]:
    for count in (2, 3, 4):
        step = 100 // count
        for parity in (0, 1):
            filled = np.add.outer(np.arange(count), np.arange(count)) % 2 == parity
            paper = _paper()
            paper[14 : 14 + count * step, 14 : 14 + count * step][np.kron(filled, np.ones((step, step), bool))] = 0
            yield paper


def _writing() -> Iterator[Drawing]:
    for letter in LETTERS:
        for stroke in (6, 14):
            yield cv2.putText(_paper(), letter, (30, 100), cv2.FONT_HERSHEY_SIMPLEX, 3.4, (0, 0, 0), stroke)
    for word in WORDS:
        for stroke in (2, 5):
            wide = np.full((64, 400, 3), 255, dtype=np.uint8)
            yield cv2.putText(wide, word, (10, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), stroke)
