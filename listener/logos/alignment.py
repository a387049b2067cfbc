"""A place in a picture laid on a logo, shifted and stretched until their lines lie on one another."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from listener.logos.canonical import Affine, Image, Plane, affine, from_unit
from listener.logos.faces import Face
from listener.logos.gradients import lines
from listener.logos.views import View

COARSE = 0.5  # alignment looks at half size
BLUR = 1.25  # pixels, at half size: how far lines may lie apart and still pull
STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 1e-4)
MOST_STRETCH = 0.3  # beyond it the alignment has run away
MOST_SHIFT = 12.0  # pixels at half size


@dataclass(frozen=True)
class Laid:
    """The picture as seen through the logo's frame: `seen` is 1 where the picture reaches, 0 elsewhere."""

    image: Image
    seen: Plane
    stretch: float  # how much the alignment changed the first guess


def lay(view: View, face: Face, start: Affine) -> Laid:
    """The view on the face; `start` leads from the view's unit square to the face's pixels."""
    better, stretch = _settled(view, face, start @ np.linalg.inv(from_unit(view.box)))
    return Laid(*_warped(view, better, face.size), stretch)


def lay_as_found(view: View, face: Face, way: Affine) -> Laid:
    """The view on the face by `way`, from its image's pixels to the face's, and not moved any further."""
    return Laid(*_warped(view, way, face.size), 0.0)


def _warped(view: View, way: Affine, size: tuple[int, int]) -> tuple[Image, Plane]:
    left, top, right, bottom = view.region
    part = view.image[top:bottom, left:right]
    way = way @ affine(1, 0, left, 0, 1, top)
    scale = float(np.sqrt(abs(np.linalg.det(way[:2, :2]))))
    soft = cv2.GaussianBlur(part, (0, 0), 0.45 / scale) if scale < 0.6 else part
    colour = tuple(float(value) for value in view.ground)
    image = cv2.warpAffine(soft, way[:2], size, borderMode=cv2.BORDER_CONSTANT, borderValue=colour)
    seen = cv2.warpAffine(np.ones(part.shape[:2], np.float32), way[:2], size, flags=cv2.INTER_NEAREST)
    return np.asarray(image, dtype=np.float32), np.asarray(seen, dtype=np.float32)


def _settled(view: View, face: Face, first: Affine) -> tuple[Affine, float]:
    """The first guess bettered by enhanced correlation (Evangelidis and Psarakis 2008), when it is bettered."""
    half = affine(COARSE, 0, 0, 0, COARSE, 0)
    size = (round(face.size[0] * COARSE), round(face.size[1] * COARSE))
    wanted = cv2.GaussianBlur(cv2.resize(face.edges, size, interpolation=cv2.INTER_AREA), (0, 0), BLUR)
    image, seen = _warped(view, half @ first, size)
    edges = cv2.GaussianBlur(lines(image)[0], (0, 0), BLUR)
    unmoved = np.eye(2, 3, dtype=np.float32)
    try:
        _, found = cv2.findTransformECC(
            wanted, edges, unmoved, cv2.MOTION_AFFINE, STEPS, (seen * 255).astype(np.uint8), 1
        )
    except cv2.error:  # it did not settle
        return first, 0.0
    change = np.asarray(found)
    stretch = float(np.abs(change[:, :2] - np.eye(2)).max())
    if stretch > MOST_STRETCH or float(np.abs(change[:, 2]).max()) > MOST_SHIFT:
        return first, 0.0
    better: Affine = np.linalg.inv(half) @ np.linalg.inv(np.vstack([change, [0, 0, 1]])) @ half @ first
    moved, still = _warped(view, half @ better, size)
    bettered = correlation(wanted, cv2.GaussianBlur(lines(moved)[0], (0, 0), BLUR), still)
    return (better, stretch) if bettered > correlation(wanted, edges, seen) else (first, 0.0)


def correlation(one: Plane, other: Plane, weight: Plane) -> float:
    """Weighted correlation, −1 to 1; 0 where one of them is flat."""
    total = float(weight.sum()) + 1e-6
    one = one - float((one * weight).sum()) / total
    other = other - float((other * weight).sum()) / total
    spread = float((one * one * weight).sum()) * float((other * other * weight).sum())
    return float((one * other * weight).sum()) / math.sqrt(spread + 1e-9)
