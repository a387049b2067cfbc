"""Batches of NDJSON lines decoded at once into what the gate looks at; anything odd is left to `read_candidate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from listener.screen.candidates import LONGEST_LINE


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


_decoder = msgspec.json.Decoder(Line)
_encoder = msgspec.json.Encoder()


def decode(lines: Sequence[bytes]) -> list[Line] | None:
    """Every line, decoded and with its platform and id as `read_candidate` gives them; None when any of them is odd."""
    whole = b"\n".join(lines)
    if len(whole) >= LONGEST_LINE and max(map(len, lines)) >= LONGEST_LINE:
        return None
    try:
        whole.decode()  # what no field of ours holds must be UTF-8 too
        rows = _decoder.decode_lines(whole)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if len(rows) != len(lines):
        return None
    platforms: dict[str, str] = {}
    for row in rows:
        named = row.platform
        if not named or not (row.handle or row.url or row.platform_id or row.platform_id == 0):
            return None
        if (known := platforms.get(named)) is None:
            known = platforms[named] = named.strip().lower()
        row.platform = known
        if row.platform_id.__class__ is int:
            row.platform_id = str(row.platform_id)
    return rows


def write_blanks(rows: Sequence[Line]) -> list[bytes]:
    """The lines that `as_ndjson` writes for candidates that are not about us."""
    blanks = [Blank(row.ref, row.platform, row.platform_id, row.handle, row.url) for row in rows]
    return _encoder.encode_lines(blanks).splitlines(keepends=True)
