"""Candidate accounts read from NDJSON lines or CSV rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from listener.models import Account

_TEXTS = (
    "platform_id",
    "handle",
    "display_name",
    "description",
    "url",
    "avatar",
    "banner",
    "location",
    "source",
    "term",
)
LONGEST_LINE = 10_000_000  # bytes; a candidate has a few hundred
_decoder = msgspec.json.Decoder()


class Broken(ValueError):
    """A line that is no candidate; the message says why."""


class Candidate(NamedTuple):
    """An account with the `ref` it came with, untouched (any JSON value)."""

    account: Account
    ref: Any


Row = bytes | dict[str, str] | Broken  # a line of NDJSON, a row of CSV, or why there is none


def read_candidate(row: Row) -> Candidate:
    """One line or row as an account. Raises Broken when it is not JSON or lacks `platform` or every name."""
    if isinstance(row, Broken):
        raise row
    fields = read_json(row) if isinstance(row, bytes) else row
    platform = fields.get("platform")
    texts = {key: as_text(fields.get(key)) for key in _TEXTS}
    if not platform:
        raise Broken("no platform")
    if not isinstance(platform, str):
        raise Broken("platform is no text")
    if not (texts["handle"] or texts["url"] or texts["platform_id"]):
        raise Broken("none of handle, url and platform_id")
    account = Account(
        platform=platform.strip().lower(),
        links=as_list(fields.get("links")),
        verified_links=as_list(fields.get("verified_links")),
        official_links=as_list(fields.get("official_links")) or (),
        followers=_count(fields.get("followers")),
        created_at=as_time(fields.get("created_at")),
        verified=_verified(fields.get("verified")),
        platform_id=texts["platform_id"],
        handle=texts["handle"],
        display_name=texts["display_name"],
        description=texts["description"],
        url=texts["url"],
        avatar=texts["avatar"],
        banner=texts["banner"],
        location=texts["location"],
        source=texts["source"],
        term=texts["term"],
    )
    return Candidate(account, fields.get("ref"))


def read_json(line: bytes) -> Mapping[str, Any]:
    """The fields of one NDJSON line. Raises Broken when it is no JSON object."""
    if len(line) >= LONGEST_LINE:
        raise Broken("the line is too long")
    try:
        fields = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        fields = _lenient(line)
    except RecursionError as wrong:
        raise Broken("JSON nested too deep") from wrong
    if not isinstance(fields, dict):
        raise Broken("not a JSON object")
    return fields


def _lenient(line: bytes) -> Any:
    """JSON with lone surrogates, which a strict reader refuses; they become question marks."""
    try:
        fields = json.loads(line)
        return json.loads(json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as wrong:
        raise Broken(f"not JSON: {wrong}") from wrong


def read_csv(lines: Iterable[str]) -> Iterator[tuple[int, Row]]:
    """Line number and fields of each row; the first line holds the names and shows the separator.

    A row that is no CSV, such as one with an open quotation mark, comes as Broken with the line it begins on.
    """
    following = iter(lines)
    header = next(following, "")
    reader = csv.reader(chain([header], following), delimiter=max(",;\t", key=header.count), strict=True)
    names: list[str] = []
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            yield begins, Broken(f"not CSV: {wrong}")
            continue
        if names and cells:
            yield begins, {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
        names = names or [name.strip() for name in cells]


def as_text(value: object) -> str | None:
    """A text, or a number as one; unknown when it is neither."""
    if value is None or isinstance(value, (dict, list)):
        return None
    return value if isinstance(value, str) else str(value)


def as_list(value: object) -> tuple[str, ...] | None:
    """The texts of a list, or of a text the words; unknown when it is neither."""
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else None


def _count(value: object) -> int | None:
    if isinstance(value, str) and value.strip().isdigit() and len(value) < 18:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _verified(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip().lower() if isinstance(value, str) and value.strip() else None


def as_time(value: object) -> datetime | None:
    """RFC 3339 or the mail form that some platforms use; unknown when it is neither."""
    if not isinstance(value, str) or len(value) > 60:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            when = read(value)
        except (ValueError, TypeError, OverflowError):
            continue
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    return None
