"""Logos drawn here, met as people put them into profile pictures: found whatever was done, and not found in others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from drawn_logos import LOGOS, SIDE, opened, shield, waves
from PIL import Image, ImageDraw, ImageFont, ImageOps

from bench import worn_logos
from bench.worn_logos import Drawing, paper, turned
from listener.logos import Likeness, LogoError, load_references
from listener.logos.opening import open_picture
from listener.logos.references import References
from listener.match.logos import CARRIED


@cache
def references() -> References:
    return References(list(LOGOS), [opened(image) for image in LOGOS.values()])


def met(image: Drawing) -> Likeness:
    return references().compare(opened(image))


def as_jpeg(image: Drawing) -> Drawing:
    from io import BytesIO

    buffer = BytesIO()
    image.resize((96, 96)).save(buffer, "JPEG", quality=30)
    return Image.open(buffer)


CHANGES = {
    **worn_logos.CHANGES,
    "jpeg": as_jpeg,
    "grey": lambda image: image.convert("L"),
    "larger": lambda image: ImageOps.expand(image, 90, "white").resize((400, 400)),
}


@pytest.mark.parametrize("logo", LOGOS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_logo_is_known_again(logo: str, change: str) -> None:
    found = met(CHANGES[change](LOGOS[logo]))
    assert found.reference == logo
    assert found.score >= CARRIED


@pytest.mark.parametrize(
    ("change", "how"),
    [
        ("whole", "whole"),
        ("mirrored", "mirrored"),
        ("turned", "rotated"),
        ("zoomed", "part"),
        ("pasted", "pasted"),
        ("inverted", "recoloured"),
    ],
)
def test_it_says_how_the_logo_is_carried(change: str, how: str) -> None:
    assert met(CHANGES[change](LOGOS["fish"])).how == how


def test_shields_of_one_outline_are_told_apart() -> None:
    others = References(["tower", "waves"], [opened(LOGOS["tower"]), opened(LOGOS["waves"])])
    assert others.compare(opened(LOGOS["fish"])).score < CARRIED
    assert others.compare(opened(shield(waves, "#7a1f2b"))).reference == "waves"


def test_the_symbol_of_a_word_mark_is_met_alone() -> None:
    found = met(LOGOS["wordmark"].crop((2, 94, 66, 156)).resize((256, 248)))
    assert found.reference == "wordmark"
    assert found.how == "part"


@pytest.mark.parametrize("seed", range(6))
def test_a_strangers_picture_is_not_taken_for_a_logo(seed: int) -> None:
    random = np.random.default_rng(seed)
    colours = random.integers(0, 255, (5, 5, 3), dtype=np.uint8)
    noise = Image.fromarray(colours).resize((256, 256), Image.Resampling.BICUBIC)
    brush = ImageDraw.Draw(noise)
    for _ in range(seed):
        left, top = random.integers(0, 200, 2)
        brush.ellipse((left, top, left + 50, top + 50), fill=tuple(int(c) for c in random.integers(0, 255, 3)))
    assert met(noise).score < CARRIED


@pytest.mark.parametrize("word", ["Kiosken", "Sven & Co", "Byaliv"])
def test_another_word_in_the_same_letters_is_another_mark(word: str) -> None:
    image = paper(SIDE)
    ImageDraw.Draw(image).text((20, 100), word, fill="#202020", font=ImageFont.load_default(size=48))
    assert met(image).score < CARRIED


@pytest.mark.parametrize("size", [(1, 1), (2, 600), (600, 2), (256, 256)])
def test_an_empty_picture_is_no_logo(size: tuple[int, int]) -> None:
    found = met(Image.new("RGB", size, "white"))
    assert found.score < CARRIED


def test_a_light_logo_without_ground_is_met_on_a_dark_one() -> None:
    image = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    brush = ImageDraw.Draw(image)
    brush.polygon([(30, 220), (128, 30), (226, 220)], fill="white")
    brush.rectangle((96, 130, 160, 230), fill=(0, 0, 0, 0))
    brush.ellipse((170, 40, 230, 100), fill="white")
    known = References(["light"], [opened(image)])
    worn = paper(SIDE, "#223355")
    worn.paste(image, (0, 0), image)
    assert known.compare(opened(worn)).score >= CARRIED


def test_nothing_is_known_without_references() -> None:
    assert load_references([]).compare(opened(LOGOS["fish"])) == Likeness(None, 0.0, None)


def test_references_are_read_from_files_and_keep_their_names(tmp_path: Path) -> None:
    path = tmp_path / "fish.png"
    LOGOS["fish"].save(path)
    known = load_references([path])
    assert known.compare(open_picture(path)).reference == str(path)
    with pytest.raises(LogoError, match=r"gone\.png"):
        load_references([tmp_path / "gone.png"])


def test_the_same_picture_gives_the_same_answer() -> None:
    assert met(turned(LOGOS["tower"])) == met(turned(LOGOS["tower"]))
