"""The coat of arms of Almby, drawn in code: an elm above three waves, and what people make of it."""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FIELD, TREE, WATER = "#1f5f3f", "#f2c230", "#2f6fb3"
WIDTH, HEIGHT = 200, 240  # units of the drawing


class Look(NamedTuple):
    """How a picture shows the shield: its colours, what lies behind it, and which part of the drawing is seen."""

    field: str = FIELD
    tree: str = TREE
    water: str = WATER
    ground: str = "#ffffff"
    left: float = -20.0
    top: float = 0.0
    side: float = 240.0


OFFICIAL = Look()
PALE = Look(field="#5f9f7f", tree="#ffe9a0", water="#b9d7f2", left=4, top=8, side=192)


def shield_svg() -> str:
    """The shield as an SVG text of 200 by 240 units."""
    waves = "".join(
        f'<path d="M20 {y} q20 -12 40 0 t40 0 t40 0 t40 0" fill="none" stroke="{WATER}" stroke-width="9"/>'
        for y in WAVES
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        "<title>Almby kommuns vapen</title>"
        '<clipPath id="skold"><path d="M10 10 h180 v110 q0 80 -90 112 q-90 -32 -90 -112 z"/></clipPath>'
        f'<g clip-path="url(#skold)"><rect width="200" height="240" fill="{FIELD}"/>'
        f'<circle cx="100" cy="70" r="42" fill="{TREE}"/>'
        f'<rect x="93" y="100" width="14" height="44" fill="{TREE}"/>{waves}</g></svg>'
    )


WAVES = (158, 178, 198)


def shield_png(look: Look = OFFICIAL, pixels: int = 256) -> bytes:
    """The same shield as a square picture of `pixels` a side, as someone would put it up as theirs."""
    fine = 2 * pixels  # drawn at twice the size, so that edges are soft
    steps = (np.arange(fine) + 0.5) * look.side / fine
    x, y = np.meshgrid(look.left + steps, look.top + steps)
    picture = np.empty((fine, fine, 3))
    picture[:] = _rgb(look.ground)
    within = _in_shield(x, y)
    layers = ((look.field, np.ones_like(within)), (look.tree, _in_tree(x, y)), (look.water, _in_waves(x, y)))
    for colour, shape in layers:
        picture[within & shape] = _rgb(colour)
    soft = picture.reshape(pixels, 2, pixels, 2, 3).mean(axis=(1, 3))
    return _png(soft.round().astype(np.uint8))


Numbers = npt.NDArray[np.float64]
Shape = npt.NDArray[np.bool_]


def _in_shield(x: Numbers, y: Numbers) -> Shape:
    """Inside the clip path above: straight to y = 120, then a quadratic curve to the point."""
    down = np.clip(y, 120, 232) - 120
    t = (-160 + np.sqrt(160**2 - 4 * 48 * down)) / -96  # of 160 t - 48 t² = down
    half = np.where(y <= 120, 90.0, 90 * (1 - t * t))
    return (y >= 10) & (y <= 232) & (np.abs(x - 100) <= half)


def _in_tree(x: Numbers, y: Numbers) -> Shape:
    crown = (x - 100) ** 2 + (y - 70) ** 2 <= 42**2
    return crown | ((np.abs(x - 100) <= 7) & (y >= 100) & (y <= 144))


def _in_waves(x: Numbers, y: Numbers) -> Shape:
    t = ((x - 20) % 40) / 40
    swing = 24 * t * (1 - t) * np.where(((x - 20) // 40) % 2 == 0, -1, 1)
    near: Numbers = np.minimum.reduce([np.abs(y - middle - swing) for middle in WAVES])
    return (near <= 4.5) & (x >= 20) & (x <= 180)  # half of a line of 9


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _png(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Height × width × 3 as a PNG."""
    height, width, _colours = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
