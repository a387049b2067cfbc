"""An organisation's logos, reduced once to what a picture is compared with."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from listener.logos import Likeness
from listener.logos.opening import Picture, open_picture

Grid = npt.NDArray[np.float32]

SIDE = 32


def canonical(picture: Picture) -> Grid:
    """Border trimmed, ink dark or light alike, 32 × 32, mean 0 and length 1: (1024,)."""
    rgba = picture.pixels.astype(np.float32)
    alpha = rgba[..., 3:] / 255
    rgb = rgba[..., :3] * alpha + 255 * (1 - alpha)
    border = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])
    ink = np.abs(rgb - np.median(border, axis=0)).max(axis=2)
    rows, columns = np.nonzero(ink > 24)
    if len(rows):
        ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    small = cv2.resize(ink, (SIDE, SIDE), interpolation=cv2.INTER_AREA).ravel()
    small = small - small.mean()
    return np.asarray(small / (np.linalg.norm(small) + 1e-6), dtype=np.float32)


class References:
    """Logos held as one matrix of canonical forms; `names` in the order given."""

    def __init__(self, names: list[str], pictures: list[Picture]) -> None:
        self.names = names
        self.forms = np.array([canonical(picture) for picture in pictures], dtype=np.float32).reshape(-1, SIDE * SIDE)

    @classmethod
    def load(cls, paths: Iterable[str | Path]) -> References:
        named = [str(path) for path in paths]
        return cls(named, [open_picture(Path(name)) for name in named])

    def compare(self, picture: Picture) -> Likeness:
        """The reference this picture resembles most; score 0 without a reference."""
        if not self.names:
            return Likeness(None, 0.0, None)
        scores = self.forms @ canonical(picture)
        best = int(scores.argmax())
        return Likeness(self.names[best], round(float(max(scores[best], 0.0)), 6), "whole")
