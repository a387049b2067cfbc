"""Accounts that people sent in: rows of CSV or NDJSON files, for the networks that nobody may search."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from listener.context import Context
from listener.errors import Changed, ConfigError, SourceError
from listener.language import N_
from listener.models import Account, LinkKind, Term
from listener.profiles import read_link
from listener.sources import About
from listener.sources.fields import count_of, distinct, text_of, time_of, url_of
from listener.urls import host

ABOUT = About(
    access="manual",
    finds=("accounts",),
    note=N_("files you keep: CSV or NDJSON with platform, url, handle, display_name, description …; settings: files"),
    per_term=False,
    keys={"files": "texts"},
)
MAX_BYTES = 20_000_000
NO_COLUMN = "no column url, handle or platform_id: name the columns in the first line"
NAMING = frozenset({"url", "handle", "platform_id"})  # columns of which one at least names an account
_VERIFIED = frozenset({"government", "business", "individual", "true", "false"})

Row = Mapping[str, Any]


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which nobody can be asked."""
    names = settings.get("files")
    if not names or not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigError('[sources.tips] files: write it as ["tips.csv"]')


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  files are read whole, once a run
    """The account of every row; a row that cannot be read is noted with its line. Raises SourceError, ConfigError."""
    check(ctx.settings)
    for name in ctx.settings["files"]:
        path = Path(str(ctx.settings.get("folder", "."))) / name
        for line, row in _rows(ctx, path):
            try:
                yield read_account(row)
            except Changed as wrong:
                ctx.broken(f"{path}:{line}: {wrong}")


def read_account(row: Row) -> Account:
    """One row as an account; the address alone is enough. Raises Changed when nothing names an account."""
    url = url_of(row.get("url"))
    link = read_link(url) if url else None
    profile = link if link and link.kind == LinkKind.PROFILE else None
    platform = _said(row, "platform").lower() or (link.platform if link else "")
    handle = _said(row, "handle").lstrip("@") or (profile.handle if profile else "")
    if platform == "web" and not handle:
        handle = host(url or "")
    if not platform:
        raise Changed("no platform, and none in the address: fill in the column platform")
    if not (handle or url or _said(row, "platform_id")):
        raise Changed("no url, handle or platform_id: fill in one of them")
    verified = _said(row, "verified").lower()
    return Account(
        platform=platform,
        platform_id=_said(row, "platform_id") or (profile.platform_id if profile else None) or None,
        handle=handle or None,
        display_name=_said(row, "display_name") or None,
        description=_said(row, "description") or None,
        url=url,
        links=_links(row.get("links")),
        avatar=_said(row, "avatar") or None,
        banner=_said(row, "banner") or None,
        followers=_count(row.get("followers")),
        created_at=time_of(row.get("created_at")),
        verified=verified if verified in _VERIFIED else None,
        location=_said(row, "location") or None,
        source="tips",
    )


def _said(row: Row, name: str) -> str:
    return (text_of(row.get(name)) or "").strip()


def _links(value: object) -> tuple[str, ...] | None:
    """A list, or addresses with spaces between; None when nothing is said."""
    if not value:
        return None
    return distinct(value if isinstance(value, list) else str(value).split())


def _count(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 18:
        return int(value)
    return count_of(value)


def _rows(ctx: Context, path: Path) -> Iterator[tuple[int, Row]]:
    """Line number and fields of each row; the file says itself what it is."""
    text = _read_text(path)
    if not text.strip():
        return
    if text.lstrip().startswith("{") or path.suffix.lower() in (".ndjson", ".jsonl"):
        yield from _ndjson(ctx, path, text)
        return
    if "\x00" in text:
        raise SourceError(f"{path}: not a text file: save it as CSV or NDJSON")
    yield from _csv(ctx, path, text)


def _csv(ctx: Context, path: Path, text: str) -> Iterator[tuple[int, Row]]:
    """The rows down to the first one that cannot be read: an open quotation mark swallows what follows."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    last = 0
    try:
        columns = {(name or "").strip().lower() for name in reader.fieldnames or ()}
        if not columns & NAMING:
            ctx.broken(f"{path}:{1}: {NO_COLUMN}")
            return
        last = reader.line_num
        for row in reader:
            last = reader.line_num
            yield last, {(key or "").strip().lower(): value for key, value in row.items()}
    except csv.Error as wrong:
        ctx.broken(f"{path}:{last + 1}: {wrong}; the rest of the file was not read")


def _ndjson(ctx: Context, path: Path, text: str) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as wrong:
            ctx.broken(f"{path}:{number}: no JSON: {wrong}")
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            ctx.broken(f"{path}:{number}: not an object with named fields")


def _read_text(path: Path) -> str:
    """The file as text: UTF-8, or what Swedish Excel writes. Raises SourceError naming the file."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(f"{path}: larger than {MAX_BYTES:,} bytes: split it")
        content = path.read_bytes()
    except OSError as wrong:
        raise SourceError(f"{path}: {wrong.strerror}: name an existing file in [sources.tips] files") from wrong
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
