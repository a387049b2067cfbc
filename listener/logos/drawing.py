"""Drawings (SVG) made harmless and rendered in a process of their own, with bounded time and memory."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from listener.logos import LogoError
from listener.logos.renderer import NOT_INSTALLED

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_BYTES = 5_000_000
MOST_ELEMENTS = 50_000  # a coat of arms with every feather drawn has some thousand
SECONDS = 10.0  # to render one
MISSING = "comparing pictures needs more parts: pip install 'listener[logos]'"
RENDERER = Path(__file__).with_name("renderer.py")

_SVG = "{http://www.w3.org/2000/svg}"
_LINKS = ("href", "{http://www.w3.org/1999/xlink}href")
_INSIDE = re.compile(r"\s*(?:#|data:image/(?:png|jpe?g|gif|webp)[;,])", re.IGNORECASE)
_STARTS = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!doctype\s+svg|(?:\w+:)?svg)", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:\w+:)?svg[\s>]")
_WITHIN = 20_000  # bytes in which the root must open, after comments and the like
_LENGTH = re.compile(r"\s*(\d{1,9}(?:\.\d*)?|\.\d+)\s*(?:px|pt|pc|mm|cm|in)?\s*")


def is_drawing(content: bytes) -> bool:
    """True for what begins as an SVG, whatever its file is called."""
    return _STARTS.match(content) is not None and _ROOT.search(content[:_WITHIN]) is not None


def render_drawing(content: bytes, called: str, longest: int) -> bytes:
    """The drawing as a PNG whose longest side is `longest` pixels.

    Doctypes, scripts and whatever lies outside of the file are left out of it; nothing is fetched. Raises LogoError
    naming `called` when it is no SVG, defines entities, or cannot be rendered in SECONDS.
    """
    harmless = clean_drawing(content, called, longest)
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(RENDERER), str(longest)],
            input=harmless,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise LogoError(f"{called}: a drawing that takes more than {SECONDS:g} seconds; not opened") from late
    if done.returncode == NOT_INSTALLED:
        raise LogoError(MISSING)
    if done.returncode or not done.stdout:
        why = in_short(done.stderr.decode("utf-8", "replace")) or "too large to render"
        raise LogoError(f"{called}: a drawing that cannot be rendered ({why})")
    return done.stdout


def clean_drawing(content: bytes, called: str, longest: int) -> bytes:
    """The drawing alone: no doctype, no link out of the file, `longest` units along its longer side."""
    root = _parse(content, called)
    for count, element in enumerate(list(root.iter()), 1):
        if count > MOST_ELEMENTS:
            raise LogoError(f"{called}: a drawing of more than {MOST_ELEMENTS:,} elements; not opened")
        _cut_links(element)
    _set_size(root, longest)
    from lxml import etree

    return etree.tostring(root, encoding="utf-8", with_tail=False)


def in_short(why: object) -> str:
    """What a library says of a failure, on one line."""
    return " ".join(str(why).split())[:100]


def _parse(content: bytes, called: str) -> _Element:
    from lxml import etree

    if len(content) > MOST_BYTES:
        raise LogoError(f"{called}: a drawing of more than {MOST_BYTES:,} bytes; not opened")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True)  # fmt: skip
    try:
        tree = etree.parse(BytesIO(content), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as wrong:
        raise LogoError(f"{called}: a broken drawing ({in_short(wrong)})") from wrong
    doctype: Any = tree.docinfo.internalDTD  # the stubs know a DTD without its entities
    if doctype is not None and doctype.entities():
        raise LogoError(f"{called}: a drawing that defines entities; save it as plain SVG")
    return tree.getroot()


def _cut_links(element: _Element) -> None:
    """Take away what leads out of the file."""
    for link in _LINKS:
        if link in element.attrib and not _INSIDE.match(str(element.attrib[link])):
            del element.attrib[link]


def _set_size(root: _Element, longest: int) -> None:
    """Give the root the size it is to be rendered in; without a size of its own it keeps what resvg makes of it."""
    width, height = _length(root.get("width")), _length(root.get("height"))
    box = [_length(part) for part in re.split(r"[\s,]+", (root.get("viewBox") or "").strip())[2:4]]
    if not (width and height):
        width, height = (box[0], box[1]) if len(box) == 2 else (None, None)
    if not (width and height):
        return
    if not root.get("viewBox"):
        root.set("viewBox", f"0 0 {width} {height}")
    scale = longest / max(width, height)
    root.set("width", str(max(1.0, width * scale)))
    root.set("height", str(max(1.0, height * scale)))


def _length(text: str | None) -> float | None:
    """A length as a number; None for a share of nobody knows what, and for none."""
    found = _LENGTH.fullmatch(text or "")
    return float(found[1]) if found else None
