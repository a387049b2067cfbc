"""An organisation's logos, reduced once to what a picture is compared with."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from listener.logos import Likeness
from listener.logos.alignment import lay, lay_as_found
from listener.logos.canonical import Affine, Image, cut, from_unit, ground_of, opaque, shape_of
from listener.logos.commonplace import commonness
from listener.logos.evidence import Evidence, score_of, weigh, weigh_placed
from listener.logos.faces import Face, Variant, faces_of
from listener.logos.gradients import LENGTH, describe
from listener.logos.keypoints import points_of, points_of_logo
from listener.logos.opening import Picture, open_picture
from listener.logos.places import Placed, Places
from listener.logos.views import View, views_of

Vectors = npt.NDArray[np.float32]

CLOSELY = 2  # references that are laid on the picture and compared closely: the right one is the likeliest in 99 of 100
STANDING = 0.8  # a reference that stands out less than this from what anybody draws is not the one: no copy did
SHAPE_FREE = 0.1  # difference of shape (logarithm) that costs nothing at a glance
SHAPE_COST = 0.15  # likeness lost for each further unit
SURE = 0.9  # a picture of less is looked at once more, by its points
WORTH_MOVING = 0.2  # where points lay a logo: of 548 copies none that came to 0.8 by moving it had less than 0.48
TURNED = 15.0  # degrees
WHOLE = 0.9  # of a logo's lines: of less only a part is seen
BLOCK = 8  # references multiplied at a time: larger products are spread over threads, which cost more than they do
RECOLOURED = 0.5  # colours less alike than this are other colours


class Match(NamedTuple):
    """One reference laid on the picture."""

    face: Face
    variant: Variant
    view: View
    evidence: Evidence


class References:
    """Logos as faces (whole and parts) and, in one matrix, as the variants that they may be met in."""

    def __init__(self, names: Sequence[str], pictures: Iterable[Picture]) -> None:
        self.names = list(names)
        self.faces: list[Face] = []
        self.variants: list[tuple[int, Variant]] = []
        self.wholes: list[tuple[Face, Affine]] = []  # a logo's face, and the way to it from the opened logo's pixels
        points = []
        for number, picture in enumerate(pictures):
            image = opaque(picture.pixels)
            points.append(points_of_logo(image))
            for face, variants in faces_of(number, image):
                if not face.part:
                    box = views_of(image, most=1)[0].box
                    self.wholes.append((face, variants[0].place @ np.linalg.inv(from_unit(box))))
                self.variants += [(len(self.faces), variant) for variant in variants]
                self.faces.append(face)
        self.places = Places(points)
        self.vectors = _stacked([variant.vector for _, variant in self.variants])
        self.shapes = np.array([variant.shape for _, variant in self.variants], dtype=np.float32)
        self.owners = np.array([self.faces[face].reference for face, _ in self.variants], dtype=np.int64)
        # Halved, in logarithms: text resembles text at a glance, and may still be the very word mark.
        self.odds = 0.5 * np.log(1.03 - commonness(self.vectors))

    @classmethod
    def load(cls, paths: Iterable[str | Path]) -> References:
        """The logos in these files; LogoError names one that cannot be read."""
        named = [str(path) for path in paths]
        return cls(named, (open_picture(Path(name)) for name in named))

    def compare(self, picture: Picture) -> Likeness:
        """The reference that this picture resembles most; None and 0 when none comes into question."""
        matches = self.matches(picture)
        best = max(matches, key=lambda match: score_of(match.evidence), default=None)
        score = round(score_of(best.evidence), 6) if best else 0.0
        placed = self._by_points(picture) if score < SURE else None
        if placed is not None and placed.score > score:
            return placed
        return Likeness(self.names[best.face.reference], score, _how(best)) if best else Likeness(None, 0.0, None)

    def _by_points(self, picture: Picture) -> Likeness | None:
        """The logo whose points agree on a place in the picture, laid there and compared as closely as the others."""
        image = opaque(picture.pixels)
        found = [self._laid(image, one) for one in self.places.met(points_of(image))]
        return max(found, key=lambda likeness: likeness.score, default=None)

    def _laid(self, image: Image, found: Placed) -> Likeness:
        """Compared where its points lay it, and moved a little: that betters a rough place and may spoil a good one."""
        face, to_face = self.wholes[found.logo]
        box = (0, 0, image.shape[1], image.shape[0])
        view = View(image, box, box, ground_of(image), "whole")
        way = to_face @ found.way
        evidence = weigh_placed(face, lay_as_found(view, face, way))
        score = score_of(evidence)
        if WORTH_MOVING < score < SURE:
            moved = weigh_placed(face, lay(view, face, way @ from_unit(box)))
            evidence, score = max((evidence, score), (moved, score_of(moved)), key=lambda one: one[1])
        turned = abs(math.degrees(math.atan2(found.way[1, 0], found.way[0, 0]))) > TURNED
        how = "rotated" if turned else "part" if evidence.seen < WHOLE else "pasted"
        return Likeness(self.names[face.reference], round(score, 6), how)

    def matches(self, picture: Picture) -> list[Match]:
        """The most promising references, each laid on the picture where it fits best."""
        if not self.variants:
            return []
        views = views_of(opaque(picture.pixels))
        return [self._match(views[view], variant) for view, variant in self._shortlist(views)]

    def _shortlist(self, views: list[View]) -> list[tuple[int, int]]:
        """(view, variant) of the CLOSELY references that look likest at a glance, by how far they stand out."""
        seen = _stacked([describe(cut(view.image, view.box)) for view in views])
        blocks = range(0, len(self.vectors), BLOCK)
        glances = np.concatenate([seen @ self.vectors[start : start + BLOCK].T for start in blocks], axis=1)
        shapes = np.array([shape_of(view.box) for view in views], dtype=np.float32)
        apart = np.abs(shapes[:, None] - self.shapes)
        likeness = glances - SHAPE_COST * np.maximum(apart - SHAPE_FREE, 0)
        standing = self.odds - np.log(1.03 - likeness)
        best: dict[int, tuple[int, int]] = {}
        most = standing.max(axis=0)
        for variant in np.argsort(-most, kind="stable"):
            if most[variant] < STANDING:
                break
            best.setdefault(int(self.owners[variant]), (int(standing[:, variant].argmax()), int(variant)))
            if len(best) == CLOSELY:
                break
        return list(best.values())

    def _match(self, view: View, number: int) -> Match:
        face_number, variant = self.variants[number]
        face = self.faces[face_number]
        glance = float(describe(cut(view.image, view.box)) @ variant.vector)
        laid = lay(view, face, variant.place)
        return Match(face, variant, view, weigh(face, variant, view, laid, glance))


def _stacked(vectors: list[npt.NDArray[np.float32]]) -> Vectors:
    return np.array(vectors, dtype=np.float32).reshape(-1, LENGTH)


def _how(match: Match) -> str:
    """In one word how the logo is carried."""
    if match.face.part or match.variant.how != "whole":
        return "part" if match.face.part else match.variant.how
    if match.view.kind != "whole":
        return "pasted"
    return "whole" if match.evidence.colour >= RECOLOURED else "recoloured"
