"""How far a logo and what is laid on it are the same drawing: plain measures, and what each is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from listener.logos.alignment import Laid, correlation
from listener.logos.canonical import ink_of, shape_of, strongest
from listener.logos.faces import Face, Variant
from listener.logos.gradients import celled, likeness, lines
from listener.logos.views import View


@dataclass(frozen=True)
class Evidence:
    """What speaks for a picture carrying a logo."""

    glance: float  # likeness of the descriptions, 0–1
    shape: float  # difference of width over height, logarithm
    lines: float  # likeness of line directions, cell by cell, after alignment, 0–1
    edges: float  # correlation of edges, −1 to 1
    ink: float  # correlation of what is drawn, −1 to 1
    tone: float  # correlation of light and dark, 0–1: inverted counts as alike
    colour: float  # colours alike, 0–1
    seen: float  # share of the logo's lines that the picture shows
    stretch: float  # how much alignment had to change the first guess
    common: float  # likeness of the logo (or its part) with a shape that anybody draws
    part: bool  # only a part of the logo is compared
    altered: bool  # mirrored or turned, zoomed or cut off


def weigh(face: Face, variant: Variant, view: View, laid: Laid, glance: float) -> Evidence:
    """Everything measured of a face and the view laid on it; `glance` is the likeness that shortlisted it."""
    seen = cv2.erode(laid.seen, np.ones((3, 3), np.uint8))
    planes = lines(laid.image)
    soft, their_soft = (cv2.GaussianBlur(edges, (0, 0), 1.2) for edges in (face.edges, planes[0] / 0.8))
    grey, their_grey = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in (face.image, laid.image))
    apart = strongest(cv2.absdiff(laid.image, face.image))
    return Evidence(
        glance=glance,
        shape=abs(shape_of(view.box) - variant.shape),
        lines=likeness(celled(face.lines * seen), celled(planes * seen)),
        edges=correlation(soft, their_soft, seen),
        ink=correlation(face.ink, ink_of(laid.image, view.ground), seen),
        tone=abs(correlation(grey, their_grey, seen)),
        colour=float((np.exp(-apart / 40) * seen).sum()) / (float(seen.sum()) + 1e-6),
        seen=float((face.edges * seen).sum()) / (float(face.edges.sum()) + 1e-6),
        stretch=laid.stretch,
        common=face.common,
        part=face.part,
        altered=not face.part and variant.how != "whole",
    )


def score_of(evidence: Evidence) -> float:
    """0–1, fine-grained; from 0.5 on, it is the logo."""
    total = (
        2.3 * _nearness(evidence.glance)
        + 3.3 * _nearness(evidence.lines)
        + 1.2 * _nearness(evidence.edges)
        + 3.0 * evidence.colour
        + 4.4 * evidence.seen
    )
    return 1 / (1 + math.exp(-(total - 24.0) / 2.5))


def _nearness(likeness_: float) -> float:
    """0 for nothing alike, 3.9 for the same: how near to one, in logarithms."""
    return -math.log(1.02 - min(likeness_, 1.0))
