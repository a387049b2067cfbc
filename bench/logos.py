"""Pictures a second of our logo comparison against a perceptual hash, and what each finds, in one run on one core.

    python bench/logos.py            50 drawn references, 400 pictures of 400 pixels that carry one, 400 that carry none

Logos are drawn here: shields of one outline with different charges, word marks with a symbol, and free shapes. A
picture is opened from its bytes, as `listen logos` does. Recall is the share of carried logos that are named rightly
with a score above that of every foreign picture.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO

import cv2
import imagehash
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from listener.logos.opening import open_picture
from listener.logos.references import References

REFERENCES = 50
PICTURES = 400
SIDE = 400
FLOOR = 30  # pictures a second on a core
COLOURS = ("#0a5aa8", "#b3202c", "#1c7c54", "#202020", "#6b3fa0", "#d07010")
SHIELD = [(44, 16), (356, 16), (356, 203), (306, 306), (200, 384), (94, 306), (44, 203)]
SYLLABLES = (
    "al",
    "ber",
    "co",
    "da",
    "en",
    "fo",
    "gra",
    "hu",
    "io",
    "ka",
    "lum",
    "mo",
    "nor",
    "pe",
    "ri",
    "sta",
    "to",
    "vi",
)
Drawing = Image.Image


def paper(colour: str = "white") -> Drawing:
    return Image.new("RGB", (SIDE, SIDE), colour)


def charge(brush: ImageDraw.ImageDraw, chance: random.Random, colour: str, middle: tuple[int, int], reach: int) -> None:
    """A shape that no other seed draws: a polygon of random rays, perhaps with a hole and a bar."""
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
    chance = random.Random(seed)
    image = paper()
    brush = ImageDraw.Draw(image)
    colour = chance.choice(COLOURS)
    if seed % 3 == 0:
        brush.polygon(SHIELD, fill=colour)
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
    ImageDraw.Draw(mask).ellipse((0, 0, SIDE - 1, SIDE - 1), fill=255)
    return Image.composite(image, paper("#e8e8e8"), mask)


def zoomed(image: Drawing) -> Drawing:
    edge = int(0.15 * SIDE)
    return image.crop((edge, edge, SIDE - edge, SIDE - edge)).resize((SIDE, SIDE))


def turned(image: Drawing) -> Drawing:
    return image.rotate(8, fillcolor="white").filter(ImageFilter.GaussianBlur(1.5))


def bannered(image: Drawing) -> Drawing:
    image = image.copy()
    brush = ImageDraw.Draw(image)
    brush.rectangle((0, 310, SIDE, SIDE), fill="#c81e2b")
    brush.text((60, 330), "HELP DESK", fill="white", font=ImageFont.load_default(size=48))
    return image


def pasted(image: Drawing) -> Drawing:
    banner = paper("#e9eef4")
    banner.paste(image.resize((160, 160)), (30, 30))
    ImageDraw.Draw(banner).text((40, 280), "Information", fill="#202020", font=ImageFont.load_default(size=54))
    return banner


CHANGES: dict[str, Callable[[Drawing], Drawing]] = {
    "whole": lambda image: image,
    "circle": in_circle,
    "zoomed": zoomed,
    "turned": turned,
    "bannered": bannered,
    "pasted": pasted,
    "inverted": ImageOps.invert,
    "mirrored": ImageOps.mirror,
}


def written(image: Drawing) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


Carried = tuple[str, str, bytes]  # reference, kind, picture
Named = Callable[[bytes], tuple[str | None, float]]


def ours(logos: dict[str, Drawing]) -> Named:
    known = References(list(logos), [open_picture(written(image)) for image in logos.values()])

    def compare(picture: bytes) -> tuple[str | None, float]:
        found = known.compare(open_picture(picture))
        return found.reference, found.score

    return compare


def hashed(logos: dict[str, Drawing]) -> Named:
    """What one writes first: a 64-bit perceptual hash, the nearest reference by Hamming distance."""
    known = {name: imagehash.phash(image) for name, image in logos.items()}

    def compare(picture: bytes) -> tuple[str | None, float]:
        mine = imagehash.phash(Image.open(BytesIO(picture)))
        name = min(known, key=lambda other: known[other] - mine)
        return name, 1 - (known[name] - mine) / 64

    return compare


def measure(
    compare: Named, carried: list[tuple[str, str, bytes]], foreign: list[bytes]
) -> tuple[float, dict[str, float]]:
    """Pictures a second, and recall by kind above the highest score of a foreign picture."""
    started = time.process_time()
    noise = [compare(picture)[1] for picture in foreign]
    answers = [compare(picture) for _, _, picture in carried]
    rate = (len(noise) + len(answers)) / (time.process_time() - started)
    cut = max(noise)
    recalls = {}
    for kind in CHANGES:
        hits = [
            name == wanted and score > cut
            for (wanted, change, _), (name, score) in zip(carried, answers, strict=True)
            if change == kind
        ]
        recalls[kind] = sum(hits) / len(hits)
    return rate, recalls


def main() -> int:
    cv2.setNumThreads(1)
    logos = {f"logo {number}": draw_logo(number) for number in range(REFERENCES)}
    kinds = list(CHANGES)
    carried = []
    for number in range(PICTURES):
        name, kind = f"logo {number // len(kinds) % REFERENCES}", kinds[number % len(kinds)]
        carried.append((name, kind, written(CHANGES[kind](logos[name]))))
    foreign = [written(draw_logo(10_000 + number)) for number in range(PICTURES)]
    rates = {}
    for name, engine in (("ours", ours), ("pHash", hashed)):
        rates[name], recalls = measure(engine(logos), carried, foreign)
        told = ", ".join(f"{kind} {recall:.2f}" for kind, recall in recalls.items())
        print(f"{name:6} {rates[name]:7.1f} pictures/s   recall {statistics.mean(recalls.values()):.2f} ({told})")
    said = "reached" if rates["ours"] >= FLOOR else "MISSED"
    print(f"{said}: {FLOOR} pictures/s of {SIDE} px against {REFERENCES} references")
    return rates["ours"] < FLOOR


if __name__ == "__main__":
    sys.exit(main())
