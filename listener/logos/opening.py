"""Pictures of strangers opened with care: bounded bytes, pixels and time, one clear line for each that is refused."""

from __future__ import annotations

import stat
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from listener.logos import LogoError
from listener.logos.drawing import MISSING, in_short, is_drawing, render_drawing

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL.Image import Image

LONGEST = 1024  # pixels of an opened picture's longest side
MOST_BYTES = 20_000_000  # of a file; platforms take 2–8 MB for a profile picture, a printer's logo may be more
MOST_PIXELS = 30_000_000  # decoded: 120 MB in memory, and under a second
MOST_SIDE = 30_000
MOST_SCANS = 100  # of a progressive JPEG, each of which costs a pass over all pixels; encoders write about ten
KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")

_SCAN = b"\xff\xda"
# What Pillow's decoders raise on broken bytes, learnt by feeding them such.
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, ArithmeticError, AttributeError,
    NotImplementedError, AssertionError, RuntimeError, MemoryError, struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """An opened picture; `pixels` is height × width × 4, uint8: red, green, blue, opacity, LONGEST a side at most."""

    pixels: npt.NDArray[np.uint8]


def open_picture(source: Path | bytes, name: str | None = None) -> Picture:
    """The picture in a file or in its bytes, as RGBA of at most LONGEST pixels a side, upright, its first frame.

    What it is, is read from its content: PNG, JPEG, WebP, GIF, BMP or SVG. Raises LogoError with one line that names
    the file (or `name`) when it is broken, too large, of another kind, or the extra `logos` is not installed.
    """
    called = name or (str(source) if isinstance(source, Path) else "the picture")
    content = _content(source, called) if isinstance(source, Path) else source
    if not content:
        raise LogoError(f"{called}: empty, no picture")
    if len(content) > MOST_BYTES:
        raise LogoError(f"{called}: more than {MOST_BYTES:,} bytes; not opened")
    if is_drawing(content):
        content = render_drawing(content, called, LONGEST)
    return _pixels(content, called)


def _content(path: Path, called: str) -> bytes:
    """At most one byte more than is accepted; a pipe or a device, which may never end, is no picture."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise LogoError(f"{called}: not a file")
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise LogoError(f"{called}: {wrong.strerror}: name an existing picture") from wrong
    except ValueError as wrong:  # a NUL or a lone surrogate
        raise LogoError(f"{called!r}: no name of a file") from wrong


def _pixels(content: bytes, called: str) -> Picture:
    try:
        import numpy as np
        from PIL import Image
    except ImportError as missing:
        raise LogoError(MISSING) from missing
    with _refusing(called), Image.open(BytesIO(content), formats=KINDS) as image:
        _check_size(image.size, called)
        if image.format in ("JPEG", "MPO") and content.count(_SCAN) > MOST_SCANS:
            raise LogoError(f"{called}: a JPEG of more than {MOST_SCANS} scans; not opened")
        return Picture(np.array(_upright(_shrunk(image)), dtype=np.uint8))


@contextmanager
def _refusing(called: str) -> Iterator[None]:
    """Every way a decoder fails, as a LogoError; its warnings are for programmers."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Image.DecompressionBombError as bomb:
        raise LogoError(f"{called}: more than {MOST_PIXELS:,} pixels; not opened") from bomb
    except UnidentifiedImageError as unknown:
        raise LogoError(f"{called}: no picture we can read: PNG, JPEG, WebP, GIF, BMP or SVG") from unknown
    except _BROKEN as wrong:
        raise LogoError(f"{called}: a broken picture ({in_short(wrong) or type(wrong).__name__})") from wrong


def _check_size(size: tuple[int, int], called: str) -> None:
    width, height = size
    if width * height > MOST_PIXELS or max(size) > MOST_SIDE:
        raise LogoError(f"{called}: {width} × {height} pixels are too many; at most {MOST_PIXELS:,} are opened")


def _shrunk(image: Image) -> Image:
    """RGBA of at most LONGEST a side; a JPEG is decoded smaller from the start, whichever its colours."""
    image.draft(None, (LONGEST, LONGEST))
    turned = image.getexif().get(_ORIENTATION) if image.format in ("JPEG", "MPO", "PNG", "WEBP") else None
    small: Image = _eight_bits(image).convert("RGBA")
    small.thumbnail((LONGEST, LONGEST))
    small.info = {"turned": turned}
    return small


_ORIENTATION = 0x0112  # the EXIF field that says how the camera was held


def _eight_bits(image: Image) -> Image:
    """Grey of 16 or 32 bits in the 8 that are left of it; Pillow itself would cut it off at white.

    Made small first: as numbers of its own width a large picture would take hundreds of megabytes.
    """
    if not image.mode.startswith(("I", "F")):
        return image
    import numpy as np
    from PIL.Image import Resampling, fromarray

    step = -(-max(image.size) // LONGEST)
    few = image.resize((-(-image.width // step), -(-image.height // step)), Resampling.NEAREST)
    values = np.nan_to_num(np.array(few).astype(np.float32))
    most = max(65535.0 if image.mode.startswith("I") else 1.0, float(values.max(initial=0.0)))
    return fromarray((np.clip(values / most, 0, 1) * 255).astype(np.uint8))


def _upright(image: Image) -> Image:
    from PIL.Image import Transpose

    how: dict[Any, Transpose] = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    turn = how.get(image.info["turned"])
    return image if turn is None else image.transpose(turn)
