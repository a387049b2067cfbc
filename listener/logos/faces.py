"""A reference logo as it may be met: whole, mirrored, turned, zoomed, cut off, coarse, or only a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from listener.logos.canonical import (
    Affine,
    Box,
    Colour,
    Image,
    Plane,
    affine,
    bounds,
    cut,
    drawn,
    from_unit,
    ground_of,
    ink_of,
    shape_of,
)
from listener.logos.commonplace import commonness, nearest
from listener.logos.gradients import LINE, Planes, Vector, celled, describe, likeness, lines
from listener.logos.views import View, views_of

AREA = 96 * 96  # pixels a logo is compared at closely, whatever its shape
LONGEST = 7.0  # times as wide as high, or as high as wide, that are kept apart
MARGIN = 0.06  # of a side, of ground round a logo: what stands close to it in a picture counts against it
FRAME = 256  # pixels a side of the square in which variants are made
ROOM = 1.08  # a frame's side over the logo's longest
TURNS = (-8, 8)  # degrees; alignment reaches about 8 more
ZOOMS = (0.08, 0.15, 0.22)  # of the frame, cut off on every side
CUTS = (0.18, 0.26)  # of the frame, covered from below
COARSE = 80  # pixels a side of a much reduced copy
PARTS = 4  # of a logo that are compared on their own
SMALLEST_PART = 0.1  # of the whole logo's box
COMMON = 0.78  # a part that is this like a letter or a plain shape proves nothing


@dataclass(frozen=True)
class Face:
    """One thing to be found: a logo or a part of it, at its own size, with what close comparison needs."""

    reference: int
    part: bool
    colours: Image  # float16, as are `directions`: 400 logos have 800 faces of some 180 kB
    ground: Colour
    directions: Planes
    common: float  # likeness, looked at closely, with the nearest shape that anybody draws

    @property
    def image(self) -> Image:
        """The face itself, height × width × 3."""
        return np.asarray(self.colours, dtype=np.float32)

    @property
    def lines(self) -> Planes:
        """Its lines and their directions."""
        return np.asarray(self.directions, dtype=np.float32)

    @property
    def edges(self) -> Plane:
        """How much of a line each pixel lies on, 0–1."""
        return np.asarray(self.directions[0], dtype=np.float32) / LINE

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.colours.shape[1], self.colours.shape[0]


@dataclass(frozen=True)
class Variant:
    """How a face may look: its description, its shape (logarithm) and where its unit square lies on the face."""

    how: str
    vector: Vector
    shape: float
    place: Affine


def faces_of(reference: int, image: Image) -> Iterator[tuple[Face, list[Variant]]]:
    """The logo whole, then its parts; `image` as `canonical.opaque` gives it."""
    views = views_of(image, depth=1)
    whole = views[0]
    yield _face(reference, whole, part=False)
    parts = [view for view in views[1:] if _area(view.box) > SMALLEST_PART * _area(whole.box)]
    for face, variants in [_face(reference, view, part=True) for view in parts[:PARTS]]:
        if commonness(variants[0].vector[None])[0] < COMMON:
            yield face, variants


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _face(reference: int, view: View, part: bool) -> tuple[Face, list[Variant]]:
    crop = cut(view.image, view.box)
    height, width = crop.shape[:2]
    shape = min(max(width / height, 1 / LONGEST), LONGEST)
    high = round((AREA / shape) ** 0.5)
    wide = round(high * shape)
    across, down = max(4, round(wide * MARGIN)), max(4, round(high * MARGIN))
    image = _laid(crop, (across, down, across + wide, down + high), (wide + 2 * across, high + 2 * down), view.ground)
    planes = lines(image)
    placed = (across, down, across + wide, down + high)
    common = max(_likeness(planes, shape, placed) for shape in nearest(describe(crop)))
    face = Face(reference, part, image.astype(np.float16), view.ground, planes.astype(np.float16), common)
    frame, box = _framed(crop, view.ground)
    to_face = from_unit((across, down, across + wide, down + high)) @ np.linalg.inv(from_unit(box))
    made = _parted(frame) if part else _altered(frame, view.ground)
    return face, [_variant(how, changed, to_face @ back) for how, changed, back in made]


def _likeness(planes: Planes, shape: Image, box: Box) -> float:
    white = np.full(3, 255, dtype=np.float32)
    drawn_there = lines(_laid(shape, box, (planes.shape[2], planes.shape[1]), white))
    return likeness(celled(planes), celled(drawn_there))


def _laid(crop: Image, box: Box, size: tuple[int, int], ground: Colour) -> Image:
    """A crop fitted into a box on plain ground."""
    left, top, right, bottom = box
    shrinks = (right - left) * (bottom - top) < crop.shape[0] * crop.shape[1]
    image = np.empty((size[1], size[0], 3), dtype=np.float32)
    image[:] = ground
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    image[top:bottom, left:right] = cv2.resize(crop, (right - left, bottom - top), interpolation=way)
    return image


def _framed(crop: Image, ground: Colour) -> tuple[Image, Box]:
    height, width = crop.shape[:2]
    scale = FRAME / (ROOM * max(height, width))
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (FRAME - wide) // 2, (FRAME - high) // 2
    box = (left, top, left + wide, top + high)
    return _laid(crop, box, (FRAME, FRAME), ground), box


def _parted(frame: Image) -> Iterator[tuple[str, Image, Affine]]:
    yield "part", frame, np.eye(3)
    yield "part", _coarse(frame), np.eye(3)


def _altered(frame: Image, ground: Colour) -> Iterator[tuple[str, Image, Affine]]:
    """What people do to a logo, each with the way from the altered frame back to the frame."""
    same = np.eye(3)
    yield "whole", frame, same
    yield "whole", _coarse(frame), same
    yield "mirrored", np.ascontiguousarray(frame[:, ::-1]), affine(-1, 0, FRAME, 0, 1, 0)
    colour = tuple(float(value) for value in ground)
    for degrees in TURNS:
        turn = cv2.getRotationMatrix2D((FRAME / 2, FRAME / 2), degrees, 1)
        turned = cv2.warpAffine(frame, turn, (FRAME, FRAME), borderValue=colour)
        yield "rotated", np.asarray(turned, dtype=np.float32), np.linalg.inv(np.vstack([turn, [0, 0, 1]]))
    for share in ZOOMS:
        edge = int(FRAME * share)
        yield "part", frame[edge : FRAME - edge, edge : FRAME - edge], affine(1, 0, edge, 0, 1, edge)
    for share in CUTS:
        yield "part", frame[: int(FRAME * (1 - share))], same


def _coarse(frame: Image) -> Image:
    small = cv2.resize(frame, (COARSE, COARSE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (FRAME, FRAME), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _variant(how: str, frame: Image, to_face: Affine) -> Variant:
    """An altered frame as a picture would be seen: on the ground that its own border shows."""
    box = bounds(drawn(ink_of(frame, ground_of(frame))))
    return Variant(how, describe(cut(frame, box)), shape_of(box), to_face @ from_unit(box))
