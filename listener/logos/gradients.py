"""What a logo's lines look like, whatever its colours: directions of contrast, light or dark alike.

Orientation histograms (Dalal and Triggs 2005), each written as its first two harmonics: five planes rather than eight
bins, and no arc tangent. Measured on 2,422 pictures: the same recall at two thirds of the time.
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from listener.logos.canonical import Image, Plane

Planes = npt.NDArray[Any]  # 5 × height × width
Vector = npt.NDArray[Any]

LOOK = 64  # pixels a side that a view is squeezed to
CELLS = 16  # cells a side of the descriptor
LINE = 0.8  # what a line itself weighs beside its direction
CELL = 4  # pixels, in close comparison
LENGTH = 5 * CELLS * CELLS
HALF = 0.3  # of the strongest contrast counts half: beyond it a line is a line, far below it is noise
LEAST = 4.0  # contrast (of 255) added to that, so that a plain surface has no lines


def _pooling(pixels: int, cells: int) -> Plane:
    """cells × pixels: Gaussian weights that gather pixels into overlapping cells."""
    middles = (np.arange(cells) + 0.5) * pixels / cells
    away = (np.arange(pixels) + 0.5 - middles[:, None]) / (0.75 * pixels / cells)
    weights = np.exp(-0.5 * away**2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


_POOL = _pooling(LOOK, CELLS)
_POOL_TURNED = np.ascontiguousarray(_POOL.T)


def slopes(image: Image) -> tuple[Plane, Plane]:
    """Contrast to the right and downwards, in the channel where it is strongest."""
    soft = cv2.GaussianBlur(image, (0, 0), 0.8)
    right = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=1)
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=1)
    strength = right * right + down * down
    x, y, best = right[..., 0], down[..., 0], strength[..., 0]
    for channel in (1, 2):
        stronger = strength[..., channel] > best
        x = np.where(stronger, right[..., channel], x)
        y = np.where(stronger, down[..., channel], y)
        best = np.where(stronger, strength[..., channel], best)
    return np.asarray(x, dtype=np.float32), np.asarray(y, dtype=np.float32)


def lines(image: Image) -> Planes:
    """Five planes: how much of a line there is; its direction as cosine and sine of two and four times the angle."""
    x, y = slopes(image)
    squared = x * x + y * y + 1e-6
    weight = np.sqrt(squared)
    weight = weight / (weight + HALF * float(weight.max()) + LEAST)
    cosine, sine = (x * x - y * y) / squared, 2 * x * y / squared
    planes = np.empty((5, *x.shape), dtype=np.float32)
    planes[0] = LINE * weight
    planes[1] = weight * cosine
    planes[2] = weight * sine
    planes[3] = weight * (2 * cosine * cosine - 1)
    planes[4] = weight * 2 * cosine * sine
    return planes


def celled(planes: Planes) -> Planes:
    """Lines gathered in overlapping cells of CELL pixels."""
    height, width = planes.shape[1:]
    size = (max(2, width // CELL), max(2, height // CELL))
    soft = [cv2.GaussianBlur(plane, (0, 0), 0.6 * CELL) for plane in planes]
    return np.stack([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in soft])


def likeness(one: Planes, other: Planes) -> float:
    """How alike two sets of cells are: the cosine between them, 0–1."""
    lengths = float((one * one).sum()) * float((other * other).sum())
    return float((one * other).sum()) / math.sqrt(lengths + 1e-9)


def describe(crop: Image) -> Vector:
    """A view squeezed to a square and described by its lines: LENGTH numbers of length 1."""
    small = np.asarray(cv2.resize(crop, (LOOK, LOOK), interpolation=cv2.INTER_AREA), dtype=np.float32)
    pooled = np.matmul(np.matmul(_POOL, lines(small)), _POOL_TURNED).reshape(-1)
    return np.asarray(pooled / (np.linalg.norm(pooled) + 1e-6), dtype=np.float32)
