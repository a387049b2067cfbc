"""Points of an image's lines that are known again when it is turned, made larger or smaller, or laid on another."""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from listener.logos.canonical import Image
from listener.logos.gradients import LINE, lines

MOST_OF_LOGO = 250  # points kept of a logo at each of its sizes
MOST_OF_PICTURE = 150  # twice as many found no more logos
# Of a logo's side in a picture. A drawn edge is as wide in a small copy as in a large one, so its points look
# otherwise there: of logos at half their size on photographs a third was found by points of the full size, nine tenths
# with these.
SIZES = (1.0, 0.6, 0.36)
FEW = 50  # points of a picture: arms cut by a fifth on each side have thirty, too few to agree on a place
CONTRAST = 0.015  # of a point, by OpenCV's measure
LENGTH = 128


class Points(NamedTuple):
    """Points of an image: one row each of `frames` and `descriptions`.

    `frames` is n × 4: column, row, binary logarithm of the size in pixels, direction in degrees. `descriptions` is
    n × LENGTH, each of length 1 (RootSIFT, Arandjelović, Zisserman 2012).
    """

    frames: npt.NDArray[Any]
    descriptions: npt.NDArray[Any]


def points_of(image: Image) -> Points:
    """The strongest points of a picture; where that are few, those of its smaller copies too."""
    found = _sized(image, 1.0, MOST_OF_PICTURE)
    if len(found.frames) < FEW:
        found = _joined([found, *(_sized(image, size, MOST_OF_PICTURE) for size in SIZES[1:])])
    return Points(found.frames[:MOST_OF_PICTURE], found.descriptions[:MOST_OF_PICTURE])


def points_of_logo(image: Image) -> Points:
    """Those of a logo as it looks at each of SIZES, placed in the full one."""
    return _joined([_sized(image, size, MOST_OF_LOGO) for size in SIZES])


def _sized(image: Image, size: float, most: int) -> Points:
    """Points of an image made smaller, as frames of the full one."""
    way = cv2.INTER_AREA if size < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(image, None, fx=size, fy=size, interpolation=way), dtype=np.float32)
    frames, descriptions = _detected(small, most)
    frames[:, :2] /= size
    frames[:, 2] -= np.log2(size)
    return Points(frames, descriptions)


def _joined(each: list[Points]) -> Points:
    return Points(*(np.concatenate(column) for column in zip(*each, strict=True)))


def _detected(image: Image, most: int) -> Points:
    """SIFT points (Lowe 2004) of the lines of an image, which stay when its colours change; the strongest `most`."""
    strength = (lines(image)[0] * (255 / LINE)).clip(0, 255).astype(np.uint8)
    found, described = cv2.SIFT.create(nfeatures=most, contrastThreshold=CONTRAST).detectAndCompute(strength, None)
    if described is None or not len(found):
        return Points(np.empty((0, 4), np.float32), np.empty((0, LENGTH), np.float32))
    share = described[:most] / (described[:most].sum(axis=1, keepdims=True) + 1e-6)
    frames = [(*point.pt, np.log2(max(point.size, 1e-3)), point.angle) for point in found[:most]]
    return Points(np.array(frames, dtype=np.float32), np.sqrt(share).astype(np.float32))
