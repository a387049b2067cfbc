"""Pictures drawn for the tests, the hostile ones byte by byte."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw

SVG = '<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, body: bytes = b"", before: bytes = b"") -> bytes:
    """A PNG whose header says `width` by `height`, whatever stands in its body."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = png_chunk(b"IHDR", header) + before + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def svg(inside: str, attributes: str = 'viewBox="0 0 200 100"') -> bytes:
    return SVG.format(attributes=attributes, inside=inside).encode()


def corner(size: tuple[int, int] = (80, 40)) -> Image.Image:
    """White with a red quarter in the upper left: which way is up can be told."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill="red")
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
