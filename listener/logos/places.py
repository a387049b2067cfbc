"""Where logos lie in a picture: points alike in both vote for a turn and a size, and then agree on a place."""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from listener.logos.canonical import Affine
from listener.logos.keypoints import LENGTH, MOST_OF_PICTURE, Points

Numbers = npt.NDArray[Any]

KEPT = 48  # of the descriptions' LENGTH dimensions, those in which the logos' points differ most
ROWS = 16  # points multiplied at a time: larger products are spread over threads, which cost more than they do
BLOCK = 128  # such groups, so that what is between stays in the processor's cache
RATIO = 0.85  # Lowe 2004: the nearest point must be that much nearer than the next
TURN = 15.0  # degrees; votes are counted in windows of two steps
STEP = 0.5  # binary logarithm of a size, likewise
STEPS = 16  # of size, the middle one for the same size
FEWEST = 5  # points that agree: two fix a turn and a size, three more by chance are rare
LEAST_VOTES = 4  # some points stand for two
VOTED = 20  # logos with the most votes for one turn and size, whose points are asked to agree on a place
LOOKED_AT = 2  # of these, those that are laid on the picture: of 548 copies the right one always came first
OFF = 5.0  # pixels between where a point is and where it should be
SCALES = (0.2, 5.0)  # a picture's size to the logo's
SPREAD = 0.08  # of the logo's longest side: points that agree lie at least that far apart
SEED = 7
_NUMBER = 0xFF  # of a picture's point, written over the last bits of a likeness


class Placed(NamedTuple):
    """A logo met at a place: the way from the picture's pixels to the logo's, and how many points agree on it."""

    logo: int
    way: Affine
    agreeing: int


class Places:
    """The points of all logos in one table, to be met in pictures: some 270 points and 70 kB a logo."""

    def __init__(self, logos: list[Points]) -> None:
        self._frames = np.concatenate([np.empty((0, 4), np.float32), *(logo.frames for logo in logos)])
        self._owners = np.repeat(np.arange(len(logos)), [len(logo.frames) for logo in logos])
        self._logos = len(logos)
        self._extents = [float(np.ptp(logo.frames[:, :2])) if len(logo.frames) else 0.0 for logo in logos]
        known = np.concatenate([np.empty((0, LENGTH), np.float32), *(logo.descriptions for logo in logos)])
        self._basis = _widest(known)
        groups = -(-len(known) // ROWS)
        self._groups = np.zeros((groups, ROWS, KEPT), dtype=np.float32)
        self._groups.reshape(-1, KEPT)[: len(known)] = _reduced(known, self._basis)

    def met(self, picture: Points) -> list[Placed]:
        """The logos whose points agree on one place in the picture, those with most such points first."""
        if min(len(picture.frames), len(self._frames)) < FEWEST:
            return []
        theirs, ours = self._alike(picture.descriptions[:MOST_OF_PICTURE])
        found = [self._agreed(picture, *votes) for votes in self._voted(picture, theirs, ours)]
        agreed = [one for one in found if one is not None]
        return sorted(agreed, key=lambda one: -one.agreeing)[:LOOKED_AT]

    def _alike(self, described: Numbers) -> tuple[Numbers, Numbers]:
        """Points of the picture and of the logos that are alike: each of a logo's with its nearest, if that stands out.

        The number of the picture's point replaces the last bits of each likeness, so that one pass finds both.
        """
        wanted = np.ascontiguousarray(_reduced(described, self._basis).T)
        numbers = np.arange(len(described), dtype=np.int32)
        best = np.empty(self._groups.shape[:2], np.int32)
        next_best = np.empty_like(best)
        for start in range(0, len(self._groups), BLOCK):
            likeness = np.maximum(np.matmul(self._groups[start : start + BLOCK], wanted), 0).view(np.int32)
            likeness &= ~_NUMBER
            likeness |= numbers
            block = best[start : start + BLOCK]
            likeness.max(axis=2, out=block)
            np.put_along_axis(likeness, (block & _NUMBER)[..., None], 0, axis=2)
            likeness.max(axis=2, out=next_best[start : start + BLOCK])
        nearest, following = (one.reshape(-1)[: len(self._frames)] for one in (best, next_best))
        # Descriptions have length 1, so twice what is lacking in likeness is the distance squared.
        stands_out = 1 - nearest.view(np.float32) < RATIO**2 * (1 - following.view(np.float32))
        ours = np.flatnonzero(stands_out)
        return nearest[ours] & _NUMBER, ours

    def _voted(self, picture: Points, theirs: Numbers, ours: Numbers) -> list[tuple[int, Numbers, Numbers]]:
        """The logos most of whose alike points are turned and sized the same, and those points (Lowe 2004)."""
        apart = self._frames[ours, 2:] - picture.frames[theirs, 2:]
        sizes = (apart[:, 0] / STEP + STEPS / 2).clip(0, STEPS - 1).astype(np.int64)
        turns = ((apart[:, 1] % 360) / TURN).astype(np.int64) % _TURNS
        owners = self._owners[ours]
        cells = (owners * _TURNS + turns) * STEPS + sizes
        votes = np.bincount(cells, minlength=self._logos * _TURNS * STEPS).reshape(self._logos, _TURNS, STEPS)
        votes = votes + np.roll(votes, -1, axis=1)
        votes[:, :, :-1] += votes[:, :, 1:].copy()
        most = votes.reshape(self._logos, -1).max(axis=1)
        found = []
        for logo in np.argsort(-most, kind="stable")[:VOTED]:
            if most[logo] < LEAST_VOTES:
                break
            turn, size = divmod(int(votes[logo].argmax()), STEPS)
            mine = (owners == logo) & ((turns - turn) % _TURNS < 2) & (sizes >= size) & (sizes < size + 2)
            found.append((int(logo), theirs[mine], ours[mine]))
        return found

    def _agreed(self, picture: Points, logo: int, theirs: Numbers, ours: Numbers) -> Placed | None:
        """The place that most of these points agree on (RANSAC, Fischler and Bolles 1981); None when too few do."""
        there, here = picture.frames[theirs, :2], self._frames[ours, :2]
        cv2.setRNGSeed(SEED)
        way, inside = cv2.estimateAffinePartial2D(there, here, method=cv2.RANSAC, ransacReprojThreshold=OFF)
        if way is None:
            return None
        kept = inside.ravel() > 0
        agreeing = len({tuple(place) for place in there[kept].round().astype(int).tolist()})
        scale = float(np.hypot(way[0, 0], way[1, 0]))
        if agreeing < FEWEST or not SCALES[0] < scale < SCALES[1]:
            return None
        if float(np.ptp(here[kept], axis=0).min()) < SPREAD * self._extents[logo]:
            return None
        return Placed(logo, np.vstack([way, [0, 0, 1]]), agreeing)


_TURNS = round(360 / TURN)


def _widest(known: Numbers) -> Numbers:
    """LENGTH × KEPT: the directions in which these descriptions are longest (Jolliffe 2002, not centred)."""
    return np.ascontiguousarray(np.linalg.eigh(known.T @ known)[1][:, -KEPT:], dtype=np.float32)


def _reduced(descriptions: Numbers, basis: Numbers) -> Numbers:
    """n × KEPT, in products of so few rows that no threads are woken for them."""
    starts = range(0, len(descriptions), ROWS)
    return np.concatenate(
        [descriptions[start : start + ROWS] @ basis for start in starts] or [np.empty((0, KEPT), np.float32)]
    )
