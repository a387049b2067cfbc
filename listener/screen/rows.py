"""Batches of NDJSON lines decoded at once into what the gate looks at; anything odd is left to `read_candidate`."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np

from listener.screen.candidates import LONGEST_LINE
from listener.screen.hashes import Places


class Line(msgspec.Struct, gc=False):
    """The fields of a candidate that decide whether it is judged, as a line of JSON holds them.

    What has another type than here makes the whole batch odd, so that `read_candidate` alone says how it is read.
    """

    platform: str
    ref: Any = None
    platform_id: str | int | None = None
    handle: str | None = None
    display_name: str | None = None
    description: str | None = None
    location: str | None = None
    url: str | None = None
    avatar: str | None = None
    links: tuple[str, ...] | None = None
    verified_links: tuple[str, ...] | None = None
    official_links: tuple[str, ...] | None = None


class Blank(msgspec.Struct, gc=False):
    """The finding on a candidate that is not about us, in the order of `answers.as_fields`."""

    ref: Any
    platform: str
    platform_id: str | int | None
    handle: str | None
    url: str | None
    verdict: str = "unrelated"
    unit_kind: None = None
    unit: None = None
    score: float = 0.0
    nearest: None = None
    signals: tuple[()] = ()


class _Known(Line, gc=False, forbid_unknown_fields=True):
    """A line that holds no other fields: nothing of it is skipped unread."""


_decoder = msgspec.json.Decoder(Line)
_known = msgspec.json.Decoder(_Known)
_encoder = msgspec.json.Encoder()
_fields = [attrgetter(name) for name in Blank.__struct_fields__[:5]]
_NEWLINE = ord("\n")


def decode(lines: Sequence[bytes]) -> list[Line] | None:
    """Every line, decoded and with its platform and id as `read_candidate` gives them; None when any of them is odd."""
    whole = b"\n".join(lines)
    if len(whole) >= LONGEST_LINE and max(map(len, lines)) >= LONGEST_LINE:
        return None
    try:
        rows = _decoded(whole)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if len(rows) != len(lines):
        return None
    _ref, platforms, ids, handles, urls = (list(map(field, rows)) for field in _fields)
    if not all(handles) and not all(
        handle or url or identity or identity == 0 for handle, url, identity in zip(handles, urls, ids, strict=True)
    ):
        return None
    spelt = {named: named.strip().lower() for named in set(platforms)}
    if not all(spelt):
        return None
    if any(named != known for named, known in spelt.items()):
        for row in rows:
            row.platform = spelt[row.platform]
    if int in set(map(type, ids)):
        for row in rows:
            if row.platform_id.__class__ is int:
                row.platform_id = str(row.platform_id)
    return rows


def _decoded(whole: bytes) -> list[Line]:
    """The lines; what no field of ours holds must be UTF-8 too."""
    try:
        return [*_known.decode_lines(whole)]
    except msgspec.ValidationError:
        whole.decode()
        return _decoder.decode_lines(whole)


def write_blanks(rows: Sequence[Line]) -> tuple[bytes, Places]:
    """What `as_ndjson` writes for candidates that are not about us, and where each one's line ends."""
    written = _encoder.encode_lines(list(map(Blank, *(map(field, rows) for field in _fields))))
    return written, np.flatnonzero(np.frombuffer(written, dtype=np.uint8) == _NEWLINE) + 1
