"""Five logos drawn in code: three shields of one outline and two word marks with a symbol."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import ImageDraw, ImageFont

from bench.worn_logos import Drawing, paper
from bench.worn_logos import shield as empty_shield
from listener.logos.opening import Picture

SIDE = 256  # pixels


def shield(charge: Callable[[ImageDraw.ImageDraw], object], field: str = "#0a5aa8") -> Drawing:
    image = empty_shield(SIDE, field)
    charge(ImageDraw.Draw(image))
    return image


def tower(brush: ImageDraw.ImageDraw) -> None:
    brush.rectangle((96, 80, 160, 190), fill="#f2c230")
    for left in (88, 118, 148):
        brush.rectangle((left, 50, left + 20, 82), fill="#f2c230")
    brush.pieslice((112, 140, 144, 240), 180, 360, fill="#0a5aa8")


def waves(brush: ImageDraw.ImageDraw) -> None:
    for top in (60, 105, 150):
        points = [(48 + x, top + (14 if x // 20 % 2 else -14)) for x in range(0, 161, 20)]
        brush.line(points, fill="white", width=14, joint="curve")


def fish(brush: ImageDraw.ImageDraw) -> None:
    brush.ellipse((60, 90, 160, 150), fill="#f2c230")
    brush.polygon([(150, 120), (196, 84), (196, 156)], fill="#f2c230")
    brush.ellipse((80, 108, 92, 120), fill="black")


BIRD = [(8, 146), (14, 104), (28, 124), (46, 100), (62, 120), (50, 130), (60, 150), (36, 140)]
BOAT = [(8, 128), (30, 128), (30, 98), (52, 122), (36, 124), (36, 130), (62, 130), (50, 148), (18, 148)]


def mark(word: str, symbol: list[tuple[int, int]], colour: str) -> Drawing:
    image = paper(SIDE)
    brush = ImageDraw.Draw(image)
    brush.polygon(symbol, fill=colour)
    brush.text((72, 100), word, fill="#202020", font=ImageFont.load_default(size=40))
    return image


LOGOS = {
    "tower": shield(tower),
    "waves": shield(waves),
    "fish": shield(fish),
    "wordmark": mark("Almby kn", BIRD, "#1c7c54"),
    "company": mark("Bolaget", BOAT, "#b03060"),
}


def opened(image: Drawing) -> Picture:
    return Picture(np.array(image.convert("RGBA")))
