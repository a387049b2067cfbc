"""Pictures of strangers: what is opened looks right, what is refused gets one line, and neither takes long."""

from __future__ import annotations

import os
import random
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import corner, png, png_chunk, saved, svg
from PIL import Image

from listener.logos import LogoError
from listener.logos.opening import LONGEST, open_picture

RED, WHITE = (255, 0, 0), (255, 255, 255)


def seen(content: bytes, x: float, y: float) -> tuple[int, ...]:
    """The colour at a share of width and height."""
    pixels = open_picture(content).pixels
    return tuple(int(v) for v in pixels[int(y * pixels.shape[0]), int(x * pixels.shape[1])])


def near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(colour, wanted, strict=False))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_kind_is_opened_by_its_content(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "called.txt"
    path.write_bytes(saved(corner(), kind))
    picture = open_picture(path)
    assert picture.pixels.shape == (40, 80, 4)
    assert picture.pixels.dtype == np.uint8
    assert near(seen(path.read_bytes(), 0.2, 0.2), (*RED, 255))
    assert near(seen(path.read_bytes(), 0.8, 0.8), (*WHITE, 255))


def test_a_drawing_is_rendered_with_clear_ground_and_its_own_shape() -> None:
    drawing = svg('<rect width="100" height="50" fill="#f00"/>')
    assert open_picture(drawing).pixels.shape == (512, LONGEST, 4)
    assert near(seen(drawing, 0.2, 0.2), (*RED, 255))
    assert seen(drawing, 0.8, 0.8)[3] == 0


@pytest.mark.parametrize(
    ("attributes", "shape"),
    [
        ('width="30mm" height="60mm"', (LONGEST, 512, 4)),
        ('viewBox="0,0,400,100" width="100%" height="100%"', (256, LONGEST, 4)),
        ('viewBox="0 0 1 300000"', (LONGEST, 1, 4)),
    ],
)
def test_a_drawing_takes_the_size_it_is_given(attributes: str, shape: tuple[int, ...]) -> None:
    assert open_picture(svg("<rect width='9' height='9'/>", attributes)).pixels.shape == shape


def test_large_pictures_shrink_and_keep_their_shape() -> None:
    assert open_picture(saved(corner((4096, 1024)), "PNG")).pixels.shape == (256, LONGEST, 4)
    assert open_picture(saved(corner((4096, 2048)), "JPEG")).pixels.shape == (512, LONGEST, 4)


@pytest.mark.parametrize(
    ("turn", "x", "y"), [(1, 0.2, 0.2), (3, 0.8, 0.8), (6, 0.8, 0.2), (8, 0.2, 0.8), (2, 0.8, 0.2)]
)
def test_a_photograph_stands_upright(turn: int, x: float, y: float) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    turned = saved(corner(), "JPEG", exif=exif, quality=95)
    assert near(seen(turned, x, y), RED)


@pytest.mark.parametrize("mode", ["CMYK", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_comes_out_in_its_own_brightness(mode: str) -> None:
    image = Image.new("L", (20, 20), 128)
    image = Image.fromarray(np.full((20, 20), 128 * 257, np.uint16)) if mode == "I;16" else image.convert(mode)
    pixels = open_picture(saved(image, "JPEG" if mode == "CMYK" else "PNG")).pixels
    assert abs(float(pixels[..., :3].mean()) - 128) < 4
    assert pixels[..., 3].min() == 255


def test_grey_of_many_bits_takes_little_memory() -> None:
    content = saved(Image.fromarray(np.full((4_000, 5_000), 128 * 257, np.uint16)), "PNG")
    tracemalloc.start()
    try:
        picture = open_picture(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50_000_000
    assert max(picture.pixels.shape) <= LONGEST
    assert abs(float(picture.pixels[..., 0].mean()) - 128) < 4


def test_of_a_moving_picture_only_the_first_frame_is_opened() -> None:
    still = saved(Image.new("L", (4, 4), 30), "GIF")
    frame = still[still.index(b"\x2c\0\0\0\0") : -1]
    assert seen(still[:-1] + frame * 10_000 + b";", 0.5, 0.5)[0] == 30


def test_broken_exif_is_no_reason_to_refuse() -> None:
    assert near(seen(saved(corner(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"), 0.2, 0.2), RED)


LINES = {
    "a header of 60,000 × 60,000": (png(60_000, 60_000), "pixels"),
    "a header of 9,000 × 9,000": (png(9_000, 9_000), "9000 × 9000 pixels are too many; at most 30,000,000 are opened"),
    "a header as wide as can be": (png(2**31 - 1, 1), "pixels"),
    "a packed nothing that grows": (png(100, 100, zlib.compress(bytes(50_000_000))), None),
    "a picture cut off": (saved(corner((300, 300)), "PNG")[:-40], "a broken picture"),
    "a photograph cut off": (saved(corner((300, 300)), "JPEG")[:400], "a broken picture"),
    "text that calls itself a picture": (b"Hello, I am a logo.\n" * 20, "no picture we can read"),
    "a page": (b"<!doctype html><html><svg></svg></html>", "no picture we can read"),
    "nothing": (b"", "empty, no picture"),
    "one byte": (b"\x89", "no picture we can read"),
    "another kind": (saved(corner(), "TIFF"), "no picture we can read"),
    "more bytes than a picture has": (bytes(20_000_001), "more than 20,000,000 bytes"),
    "more scans than a photograph has": (
        saved(corner(), "JPEG")[:-2] + b"\xff\xda\x00\x02" * 200 + b"\xff\xd9",
        "a JPEG of more than 100 scans",
    ),
    "a comment that unpacks to much": (
        png(2, 2, before=png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(100_000_000), 9))),
        "a broken picture",
    ),
    "entities that grow": (
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + svg("<text>&b;</text>"),
        "defines entities",
    ),
    "an entity from outside": (
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("<text>&a;</text>"),
        "defines entities",
    ),
    "elements without end": (svg("<g/>" * 60_000), "more than 50,000 elements"),
    "a drawing cut off": (svg("<g>"), "a broken drawing"),
    "a drawing with a NUL": (svg("<g>\0</g>"), "a broken drawing"),
    "a drawing without an end": (svg("<rect width='9e8' height='9e8'/>", ""), "cannot be rendered"),
    "a drawing of much": (svg("<!--" + "x" * 5_000_000 + "-->"), "a drawing of more than 5,000,000 bytes"),
    "a drawing that uses itself over and over": (
        svg(
            '<g id="a0"><rect width="9" height="9"/></g>'
            + "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 9))
        ),
        "cannot be rendered",
    ),
}


@pytest.mark.parametrize("case", LINES)
def test_what_is_refused_gets_one_line_that_names_it(case: str) -> None:
    content, why = LINES[case]
    if why is None:
        assert open_picture(content).pixels.shape[2] == 4
        return
    with pytest.raises(LogoError) as refused:
        open_picture(content, "avatars/7.png")
    said = str(refused.value)
    assert said.startswith("avatars/7.png: ")
    assert why in said
    assert "\n" not in said


@pytest.mark.parametrize("name", ["nowhere.png", "a\0b", "\ud800.png", ".", "pipe", "x" * 300])
def test_a_path_that_leads_to_no_file_gets_a_line(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with pytest.raises(LogoError):
        open_picture(Path(name))


def test_a_drawing_shows_nothing_from_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(saved(Image.new("RGB", (50, 50), "red"), "PNG"))
    links = [f"{tmp_path}/secret.png", f"file://{tmp_path}/secret.png", "http://127.0.0.1:9/x.png", "secret.png"]
    inside = "".join(f'<image width="200" height="100" href="{link}"/>' for link in links)
    path = tmp_path / "logo.svg"
    path.write_bytes(svg(inside + '<rect width="1" height="1"/>'))
    assert open_picture(path).pixels[200:, 200:, 3].max() == 0


def test_a_doctype_of_the_standard_is_no_reason_to_refuse() -> None:
    doctype = b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">\n'
    assert near(seen(doctype + svg('<rect width="100" height="50" fill="#f00"/>'), 0.2, 0.2), RED)


def test_a_drawing_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("listener.logos.drawing.SECONDS", 0.3)
    blur = '<filter id="f"><feTurbulence numOctaves="1000"/></filter><rect filter="url(#f)" width="200" height="100"/>'
    with pytest.raises(LogoError, match=r"takes more than 0.3 seconds"):
        open_picture(svg(blur))


def outcome(content: bytes) -> str:
    """One line, whichever way it went; anything but a LogoError is a bug."""
    try:
        return f"opened: {open_picture(content).pixels.shape}"
    except LogoError as refused:
        return str(refused).replace("\n", "")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_picture_broken_anywhere_is_opened_or_refused(kind: str) -> None:
    dice = random.Random(kind)
    whole = saved(corner(), kind)
    for _round in range(150):
        broken = bytearray(whole)
        for _byte in range(dice.randint(1, 6)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        assert outcome(bytes(broken[: dice.randint(8, len(broken))]))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_opened(content: bytes) -> None:
    for start in (
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"GIF89a",
        b"BM",
        b"<svg ",
    ):
        assert outcome(start + content)
