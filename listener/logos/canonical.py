"""A picture made opaque and small, its ground, and what is drawn on it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

# Elements are Any because OpenCV's functions do not say which they return; all of ours are float32 unless said.
Image = npt.NDArray[Any]  # height × width × 3, red, green, blue, 0–255
Plane = npt.NDArray[Any]  # height × width
Mask = npt.NDArray[np.bool_]
Colour = npt.NDArray[Any]  # 3
Box = tuple[int, int, int, int]  # left, top, right, bottom; the last two just outside
Affine = npt.NDArray[np.float64]  # 3 × 3, columns to columns

SIDE = 256  # pixels of the longest side that logos are compared at; more did not help, less lost small ones
LIGHT = 215  # a transparent logo lighter than this throughout is drawn for a dark ground
SAME = 28  # two colours nearer than this in every channel count as one; low-quality JPEG moves them by up to 20
INK = 0.18  # of the strongest contrast with the ground: less than that is noise and shadow
FAINT = 12.0  # contrast that is never ink, of 255


def opaque(pixels: npt.NDArray[np.uint8]) -> Image:
    """RGBA pixels laid on white (on dark grey when the logo itself is white), longest side SIDE."""
    colours: Image = pixels[..., :3].astype(np.float32)
    if pixels[..., 3].min() < 255:
        opacity = pixels[..., 3:].astype(np.float32) / 255
        solid = pixels[..., 3] > 127
        light = bool(solid.any()) and float(colours[solid].min(axis=1).mean()) > LIGHT
        colours = colours * opacity + (30.0 if light else 255.0) * (1 - opacity)
    height, width = colours.shape[:2]
    scale = SIDE / max(height, width)
    if scale != 1:
        size = (max(8, round(width * scale)), max(8, round(height * scale)))
        colours = cv2.resize(colours, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    return np.ascontiguousarray(colours, dtype=np.float32)


def ground_of(image: Image) -> Colour:
    """The colour that most of the border has."""
    edge = (image[:2], image[-2:], image[:, :2], image[:, -2:])
    return commonest(np.concatenate([strip.reshape(-1, 3) for strip in edge]))


def commonest(colours: Image) -> Colour:
    """The commonest of these colours (n × 3), as the mean of its bin of 24 levels a channel."""
    bins = (colours / 24).astype(np.int32).clip(0, 15)
    keys = bins[:, 0] * 256 + bins[:, 1] * 16 + bins[:, 2]
    mean: Colour = colours[keys == np.bincount(keys).argmax()].mean(axis=0)
    return mean


def ink_of(image: Image, ground: Colour) -> Plane:
    """How far each pixel is from the ground, in its farthest channel, 0–255."""
    return strongest(np.abs(image - ground))


def strongest(image: Image) -> Plane:
    """The largest of the three channels, ten times as fast as `max(axis=2)`."""
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.float32)


def drawn(ink: Plane) -> Mask:
    """Where something is drawn, JPEG noise left out."""
    return np.asarray(cv2.blur(ink, (3, 3)) > max(FAINT, INK * float(ink.max())), dtype=np.bool_)


def bounds(mask: Mask) -> Box:
    """The smallest box round what is drawn; the whole when nothing is."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return 0, 0, mask.shape[1], mask.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def cut(image: Image, box: Box) -> Image:
    left, top, right, bottom = box
    return image[top:bottom, left:right]


def affine(a: float, b: float, c: float, d: float, e: float, f: float) -> Affine:
    """x → ax + by + c, y → dx + ey + f."""
    return np.array([[a, b, c], [d, e, f], [0, 0, 1]], dtype=np.float64)


def from_unit(box: Box) -> Affine:
    """The unit square onto this box."""
    left, top, right, bottom = box
    return affine(right - left, 0, left, 0, bottom - top, top)


def shape_of(box: Box) -> float:
    """Natural logarithm of width over height."""
    left, top, right, bottom = box
    return float(np.log((right - left) / (bottom - top)))
