"""Where in a picture a logo may stand: all of it, a panel, a piece with space round it, inside a coloured shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from listener.logos.canonical import (
    SAME,
    Box,
    Colour,
    Image,
    Mask,
    bounds,
    commonest,
    cut,
    drawn,
    ground_of,
    ink_of,
    strongest,
)

MOST = 8  # views of one picture: each costs about a millisecond
SMALLEST = 0.004  # of the picture's area
SPLIT = 10.0  # contrast (of 255) of a straight edge that divides a picture from side to side
SPAN = 0.93  # of the side that such an edge must run
GAP = 0.15  # of a piece's shorter side: empty space that wide divides it
ALIKE = 0.6  # of the widest such space: narrower ones divide nothing


@dataclass(frozen=True)
class View:
    """A place where a logo may stand: `box` fits what is drawn, `region` is all around it; `ground` lies behind."""

    image: Image
    box: Box
    region: Box
    ground: Colour
    kind: str  # whole, panel, piece, inside


def views_of(image: Image, most: int = MOST, depth: int = 2) -> list[View]:
    """The whole first, then the others, larger first, near-equal ones once; pieces are cut again `depth` times."""
    height, width = image.shape[:2]
    ground = ground_of(image)
    mask = drawn(ink_of(image, ground))
    whole = View(image, bounds(mask), (0, 0, width, height), ground, "whole")
    found = [whole]
    inside = _inside(whole)
    pieces = sorted(_pieces(mask, whole.box, depth), key=lambda box: -_area(box))
    more = [View(image, box, _widened(box, width, height), ground, "piece") for box in pieces]
    for view in (*_panels(image), *([inside] if inside else []), *more):
        if len(found) < most and _new(view, found, SMALLEST * height * width):
            found.append(view)
    return found


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _widened(box: Box, width: int, height: int, by: int = 4) -> Box:
    return max(0, box[0] - by), max(0, box[1] - by), min(width, box[2] + by), min(height, box[3] + by)


def _new(view: View, found: list[View], least: float) -> bool:
    left, top, right, bottom = view.box
    if right - left < 10 or bottom - top < 6 or _area(view.box) < least:
        return False
    return all(
        other.kind != view.kind == "inside" or max(abs(a - b) for a, b in zip(other.box, view.box, strict=True)) > 3
        for other in found
    )


def _panels(image: Image) -> Iterator[View]:
    """Parts above and below (left and right of) straight edges that run from side to side: banners and frames."""
    height, width = image.shape[:2]
    soft = cv2.blur(image, (3, 3))
    rows = _edges((strongest(cv2.absdiff(soft[3:], soft[:-3])) > SPLIT).mean(axis=1), height)
    columns = _edges((strongest(cv2.absdiff(soft[:, 3:], soft[:, :-3])) > SPLIT).mean(axis=0), width)
    if not 0 < len(rows) + len(columns) <= 4:
        return
    for top, bottom in _between(rows, height):
        yield _panel(image, (0, top, width, bottom))
    for left, right in _between(columns, width):
        yield _panel(image, (left, 0, right, height))


def _edges(spans: npt.NDArray[np.float64], length: int) -> list[int]:
    found: list[int] = []
    for place in np.flatnonzero(spans > SPAN):
        if 12 < place < length - 12 and (not found or place - found[-1] > 10):
            found.append(int(place) + 1)
    return found


def _between(edges: list[int], length: int) -> Iterator[tuple[int, int]]:
    if not edges:
        return
    for start, end in zip([0, *(edge + 2 for edge in edges)], [*(edge - 2 for edge in edges), length], strict=True):
        if end - start > 0.3 * length:
            yield start, end


def _panel(image: Image, region: Box) -> View:
    part = cut(image, region)
    ground = ground_of(part)
    left, top, right, bottom = bounds(drawn(ink_of(part, ground)))
    x, y = region[:2]
    return View(image, (left + x, top + y, right + x, bottom + y), region, ground, "panel")


def _pieces(mask: Mask, box: Box, depth: int) -> Iterator[Box]:
    """Pieces with empty space between them, each cut again `depth` times (an XY cut)."""
    left, top, right, bottom = box
    inside = mask[top:bottom, left:right]
    gap = max(3.0, GAP * min(right - left, bottom - top))
    boxes = [(left, top + a, right, top + b) for a, b in _runs(np.asarray(inside.any(axis=1)), gap)]
    boxes += [(left + a, top, left + b, bottom) for a, b in _runs(np.asarray(inside.any(axis=0)), gap)]
    for x0, y0, x1, y1 in boxes:
        tight = bounds(mask[y0:y1, x0:x1])
        piece = (x0 + tight[0], y0 + tight[1], x0 + tight[2], y0 + tight[3])
        yield piece
        if depth > 1:
            yield from _pieces(mask, piece, depth - 1)


def _runs(filled: npt.NDArray[np.bool_], gap: float) -> list[tuple[int, int]]:
    """Two or three stretches, divided by the widest empty places of at least `gap`; more are letters of a word."""
    places = np.flatnonzero(filled)
    breaks = np.flatnonzero(np.diff(places) - 1 >= gap)
    if not len(breaks):
        return []
    widths = np.diff(places)[breaks]
    breaks = breaks[widths >= ALIKE * widths.max()]
    if len(breaks) > 2:
        return []
    starts = [places[0], *places[breaks + 1]]
    ends = [*places[breaks], places[-1]]
    return [(int(start), int(end) + 1) for start, end in zip(starts, ends, strict=True)]


def _inside(whole: View) -> View | None:
    """What is drawn inside a shape of one colour, when that shape is most of the picture's drawing."""
    part = cut(whole.image, whole.box)
    ink = drawn(ink_of(part, whole.ground))
    if ink.mean() < 0.4:
        return None
    colour = commonest(part[ink])
    same = np.asarray(ink_of(part, colour) < SAME, dtype=np.uint8)
    contours, _ = cv2.findContours(same, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outer = max(contours, key=cv2.contourArea, default=None)
    if outer is None or cv2.contourArea(outer) < 0.4 * same.size:
        return None
    filled = cv2.drawContours(np.zeros_like(same), [outer], 0, 1, cv2.FILLED)
    inner = cv2.erode(filled, np.ones((5, 5), np.uint8)) > 0
    painted = np.broadcast_to(colour, whole.image.shape).astype(np.float32)
    cut(painted, whole.box)[inner] = part[inner]
    box = bounds(drawn(ink_of(painted, colour)))
    if _area(box) < 0.08 * part.shape[0] * part.shape[1] or box == (0, 0, painted.shape[1], painted.shape[0]):
        return None
    return View(painted, box, whole.box, colour, "inside")
