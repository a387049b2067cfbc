"""What pictures look like: copies are met in other sizes, encodings and colours; what anybody draws is not."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from bench.worn_logos import draw_logo
from listener.logos import Look
from listener.logos.looks import look_of
from listener.logos.opening import open_picture
from listener.store.looks import APART, OTHER_COLOURS, colours_apart, differing

LOGO = draw_logo(3).convert("RGB")


def look(image: Image.Image, kind: str = "PNG", **options: int) -> Look | None:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return look_of(open_picture(buffer.getvalue()))


def turned(image: Image.Image) -> Image.Image:
    """The same in other hues."""
    colours = np.asarray(image.convert("HSV")).copy()
    colours[..., 0] += 90
    return Image.fromarray(colours, "HSV").convert("RGB")


@pytest.mark.parametrize(
    ("copy", "recoloured"),
    [
        (look(LOGO.resize((48, 48))), False),
        (look(LOGO, "JPEG", quality=30), False),
        (look(LOGO.resize((96, 96)), "WEBP", quality=60), False),
        (look(turned(LOGO)), True),
        (look(Image.eval(LOGO, lambda value: 255 - value)), True),
    ],
)
def test_a_copy_is_met_and_its_colours_are_told_apart(copy: Look | None, recoloured: bool) -> None:
    first = look(LOGO)
    assert first is not None
    assert copy is not None
    assert differing(first.lines, copy.lines) <= APART
    assert (colours_apart(first.colours, copy.colours) > OTHER_COLOURS) is recoloured


def test_other_pictures_are_far_from_it() -> None:
    looks = [made for seed in range(12) if (made := look(draw_logo(seed).convert("RGB"))) is not None]
    assert len(looks) >= 7
    assert all(
        differing(one.lines, other.lines) > APART for number, one in enumerate(looks) for other in looks[:number]
    )


def test_a_plain_picture_and_a_letter_are_not_known_by_their_look() -> None:
    letter = Image.new("RGB", (200, 200), "#205080")
    ImageDraw.Draw(letter).text((100, 100), "A", fill="white", font=ImageFont.load_default(size=120), anchor="mm")
    assert look(letter) is None
    assert look(Image.new("RGB", (64, 64), "#a02020")) is None
