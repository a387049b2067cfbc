"""Where a logo lies in a picture, told by points that are alike in both and by the one turn and size they agree on."""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from listener.logos.canonical import Affine, Image
from listener.logos.gradients import LINE, lines

MOST_OF_LOGO = 250  # points kept of a logo
MOST_OF_PICTURE = 150
FEWEST = 5  # points that agree: two fix a turn and a size, three more by chance are rare
RATIO = 0.85  # Lowe 2004: the nearest point must be that much nearer than the next
OFF = 5.0  # pixels between where a point is and where it should be
SCALES = (0.2, 5.0)  # a picture's size to the logo's
SPREAD = 0.08  # of the logo's longest side: points that agree lie at least that far apart
LOOKED_AT = 2  # logos with the most alike points, whose points are asked to agree
SEED = 7


class Points(NamedTuple):
    """Points of an image: n × 2 columns and rows, and n × 128 descriptions (RootSIFT, Arandjelović, Zisserman 2012)."""

    places: npt.NDArray[Any]
    descriptions: npt.NDArray[Any]


class Placed(NamedTuple):
    """A logo met at a place: the way from the picture's pixels to the logo's, and how many points agree on it."""

    logo: int
    way: Affine
    agreeing: int


def points_of(image: Image, most: int) -> Points:
    """SIFT points (Lowe 2004) of the lines of an image, which stay when its colours change."""
    strength = (lines(image)[0] * (255 / LINE)).clip(0, 255).astype(np.uint8)
    found, described = cv2.SIFT.create(nfeatures=most, contrastThreshold=0.015).detectAndCompute(strength, None)
    if described is None:
        return Points(np.empty((0, 2), np.float32), np.empty((0, 128), np.float32))
    share = described / (described.sum(axis=1, keepdims=True) + 1e-6)
    places = np.array([point.pt for point in found], dtype=np.float32)
    return Points(places, np.sqrt(share).astype(np.float32))


def placed(picture: Points, logos: list[Points]) -> list[Placed]:
    """The logos whose points agree on one place in the picture, those with most alike points only."""
    if len(picture.places) < FEWEST:
        return []
    alike = [(number, pairs) for number, logo in enumerate(logos) if len(pairs := _alike(picture, logo)) >= FEWEST]
    alike.sort(key=lambda one: -len(one[1]))
    found = [_agreed(number, picture, logos[number], pairs) for number, pairs in alike[:LOOKED_AT]]
    return [one for one in found if one is not None]


def _alike(picture: Points, logo: Points) -> npt.NDArray[Any]:
    """Pairs (point of the picture, point of the logo): each point of the logo once, the nearest."""
    if len(logo.places) < FEWEST:
        return np.empty((0, 2), np.int64)
    apart, nearest = cv2.batchDistance(logo.descriptions, picture.descriptions, cv2.CV_32F, K=2, normType=cv2.NORM_L2)
    chosen = np.flatnonzero(apart[:, 0] < RATIO * apart[:, 1])
    return np.stack([nearest[chosen, 0], chosen], axis=1).astype(np.int64)


def _agreed(number: int, picture: Points, logo: Points, pairs: npt.NDArray[Any]) -> Placed | None:
    theirs, ours = picture.places[pairs[:, 0]], logo.places[pairs[:, 1]]
    cv2.setRNGSeed(SEED)
    way, inside = cv2.estimateAffinePartial2D(theirs, ours, method=cv2.RANSAC, ransacReprojThreshold=OFF)
    if way is None:
        return None
    kept = inside.ravel() > 0
    agreeing = len({tuple(place) for place in theirs[kept].round().astype(int).tolist()})
    scale = float(np.hypot(way[0, 0], way[1, 0]))
    spread = float(np.ptp(ours[kept], axis=0).min()) if kept.any() else 0.0
    if agreeing < FEWEST or not SCALES[0] < scale < SCALES[1] or spread < SPREAD * float(np.ptp(logo.places)):
        return None
    return Placed(number, np.vstack([way, [0, 0, 1]]), agreeing)
