"""Pictures a second of our logo comparison against a perceptual hash, and what each finds, in one run on one core.

    python bench/logos.py            50 drawn references, 400 pictures of 400 pixels that carry one, 400 that carry none

Logos are drawn by `worn_logos`: shields of one outline with different charges, word marks with a symbol, and free
shapes. A picture is opened from its bytes, as `listen logos` does. Recall is the share of carried logos that are named
rightly with a score above that of every foreign picture.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO

import cv2
import imagehash
from PIL import Image
from worn_logos import CHANGES, SIDE, Drawing, draw_logo

from listener.logos.opening import open_picture
from listener.logos.references import References

REFERENCES = 50
PICTURES = 400
FLOOR = 30  # pictures a second on a core


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
