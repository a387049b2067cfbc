"""Logos drawn in code, and what people make of one when they put it up as their picture: for benchmark and tests."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

Drawing = Image.Image

SIDE = 400  # pixels of a logo of `draw_logo`
COLOURS = ("#0a5aa8", "#b3202c", "#1c7c54", "#202020", "#6b3fa0", "#d07010")
SYLLABLES = (
    "al", "ber", "co", "da", "en", "fo", "gra", "hu", "io", "ka", "lum", "mo", "nor", "pe", "ri", "sta", "to", "vi",
)  # fmt: skip
SHIELD = [(0.11, 0.04), (0.89, 0.04), (0.89, 0.51), (0.765, 0.765), (0.5, 0.96), (0.235, 0.765), (0.11, 0.51)]


def paper(side: int, ground: str = "white") -> Drawing:
    return Image.new("RGB", (side, side), ground)


def shield(side: int, field: str) -> Drawing:
    """A shield without a charge, on white."""
    image = paper(side)
    ImageDraw.Draw(image).polygon([(side * x, side * y) for x, y in SHIELD], fill=field)
    return image


def charge(brush: ImageDraw.ImageDraw, chance: random.Random, colour: str, middle: tuple[int, int], reach: int) -> None:
    """A shape that no other seed draws: a polygon of random rays, perhaps with a hole."""
    corners = chance.randint(5, 11)
    x, y = middle
    points = []
    for number in range(corners):
        angle = 2 * np.pi * number / corners + chance.uniform(-0.2, 0.2)
        far = reach * chance.uniform(0.3, 1.0)
        points.append((x + far * np.cos(angle), y + far * np.sin(angle)))
    brush.polygon(points, fill=colour)
    if chance.random() < 0.6:
        side = reach * 0.16
        left, top = x + chance.uniform(-0.2, 0.2) * reach, y + chance.uniform(-0.2, 0.2) * reach
        brush.ellipse((left - side, top - side, left + side, top + side), fill="white")


def draw_logo(seed: int) -> Drawing:
    """By turns a shield, a word mark with a symbol, and free shapes; SIDE pixels."""
    chance = random.Random(seed)
    colour = chance.choice(COLOURS)
    image = shield(SIDE, colour) if seed % 3 == 0 else paper(SIDE)
    brush = ImageDraw.Draw(image)
    if seed % 3 == 0:
        charge(brush, chance, "#f2c230" if chance.random() < 0.5 else "white", (200, 170), 120)
    elif seed % 3 == 1:
        charge(brush, chance, colour, (70, 200), 56)
        word = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 3))).capitalize()
        brush.text((136, 168), word, fill="#202020", font=ImageFont.load_default(size=56))
    else:
        for _ in range(chance.randint(2, 4)):
            middle = (chance.randint(120, 280), chance.randint(120, 280))
            charge(brush, chance, chance.choice(COLOURS), middle, chance.randint(60, 140))
    return image


def in_circle(image: Drawing) -> Drawing:
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).ellipse((0, 0, image.width - 1, image.height - 1), fill=255)
    return Image.composite(image, paper(image.width, "#e8e8e8"), mask)


def zoomed(image: Drawing) -> Drawing:
    edge = int(0.15 * image.width)
    return image.crop((edge, edge, image.width - edge, image.width - edge)).resize(image.size)


def in_corner(image: Drawing) -> Drawing:
    """Cut off on two sides only."""
    edge = int(0.22 * image.width)
    return image.crop((edge, edge // 4, image.width, image.width - 3 * edge // 4)).resize(image.size)


def turned(image: Drawing) -> Drawing:
    return image.rotate(8, fillcolor="white").filter(ImageFilter.GaussianBlur(image.width / 256))


def upended(image: Drawing) -> Drawing:
    return image.rotate(77, fillcolor="white", expand=True)


def bannered(image: Drawing) -> Drawing:
    image, side = image.copy(), image.width
    brush = ImageDraw.Draw(image)
    brush.rectangle((0, 0.78 * side, side, side), fill="#c81e2b")
    brush.text((0.12 * side, 0.83 * side), "HELP DESK", fill="white", font=ImageFont.load_default(size=0.12 * side))
    return image


def pasted(image: Drawing) -> Drawing:
    side = image.width
    banner = paper(side, "#e9eef4")
    banner.paste(image.resize((round(0.42 * side),) * 2), (round(0.08 * side),) * 2)
    font = ImageFont.load_default(size=0.13 * side)
    ImageDraw.Draw(banner).text((0.1 * side, 0.7 * side), "Information", fill="#202020", font=font)
    return banner


def photograph(seed: int, side: int) -> Drawing:
    """Light and dark without lines, grain and all: what stands behind things."""
    random = np.random.default_rng(seed)
    mixed = np.zeros((side, side, 3))
    for fine, share in ((4, 0.5), (16, 0.3), (96, 0.2)):
        layer = Image.fromarray(random.integers(0, 255, (fine, fine, 3), dtype=np.uint8))
        mixed += share * np.array(layer.resize((side, side), Image.Resampling.BICUBIC))
    return Image.fromarray(mixed.clip(0, 255).astype(np.uint8))


def on_photograph(image: Drawing) -> Drawing:
    side = image.width
    picture = photograph(3, side)
    picture.paste(image.resize((side // 2, side // 2)), (side // 4, 3 * side // 10))
    return picture


CHANGES: dict[str, Callable[[Drawing], Drawing]] = {
    "whole": lambda image: image,
    "circle": in_circle,
    "zoomed": zoomed,
    "turned": turned,
    "bannered": bannered,
    "pasted": pasted,
    "inverted": ImageOps.invert,
    "mirrored": ImageOps.mirror,
    "upended": upended,
    "in corner": in_corner,
    "on photograph": on_photograph,
}
