"""Rows of a register as people save them, Swedish Excel's included, read into entries; every fault with its line."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from listener.errors import RegistryError
from listener.language import _
from listener.models import Entry, LinkKind, Status, UnitKind
from listener.profiles import PLATFORMS, Link, platform_name, read_link
from listener.registry_quotes import badly_opened
from listener.spreadsheet import restore

REQUIRED = ("platform", "url", "unit", "status", "owner_email")
SHOWN = 200  # faults in one message; a file saved wrongly has one on every line
_SECRET = re.compile(r"pass(?:word|wd|phrase)|pwd|l[öo]sen(?:ord)?", re.IGNORECASE)
_STATUSES, _UNIT_KINDS = frozenset(Status), frozenset(UnitKind)
_MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Flaw(NamedTuple):
    """One fault of a file: where, and what to do about it."""

    line: int
    column: str
    text: str


class Row(NamedTuple):
    """One record of the file; `line` is where it begins."""

    line: int
    cells: list[str]


class Table(NamedTuple):
    """A register as read: its columns in order, its entries, and what is wrong with it."""

    columns: tuple[str, ...]
    entries: tuple[Entry, ...]
    links: tuple[Link, ...]  # what each entry's address was read as
    flaws: tuple[Flaw, ...]


def refuse(name: str, flaws: tuple[Flaw, ...] | list[Flaw]) -> RegistryError:
    """One error that names every fault, in the order of the lines."""
    lines = [f"{name}:{flaw.line}: {flaw.column}: {flaw.text}" for flaw in sorted(flaws)]
    if len(lines) > SHOWN:
        lines[SHOWN:] = [_("… and {count} more faults").format(count=len(lines) - SHOWN)]
    return RegistryError("\n".join(lines))


def read_table(content: bytes, name: str) -> Table:
    """Every row as an Entry. What is wrong with single rows stands in `flaws`; raises RegistryError when the file
    cannot be read at all or lacks its columns. `name` stands in the messages.
    """
    text = _decode(content, name)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refuse(name, [Flaw(line, "-", _("holds a zero byte: save the file as CSV UTF-8"))])
    rows = _rows(text, name)
    header = next(rows, None)
    if header is None:
        raise refuse(
            name,
            [Flaw(1, "-", _("the file is empty: it needs a line with {columns}").format(columns=_listed(REQUIRED)))],
        )
    columns = _columns(header, name)
    compose = not unicodedata.is_normalized("NFC", text)  # else no part of it needs to be
    entries: list[Entry] = []
    links: list[Link] = []
    flaws: list[Flaw] = []
    for row in rows:
        cells = _cells(row, columns, flaws, compose=compose)
        if any(cells.values()) and (read := _entry(cells, row.line, flaws)):
            entries.append(read[0])
            links.append(read[1])
    return Table(columns, tuple(entries), tuple(links), tuple(flaws))


def _decode(content: bytes, name: str) -> str:
    """UTF-8 with or without BOM, UTF-16 with one, else Windows-1252 as Swedish Excel writes it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as wrong:
            line = content.count(b"\n", 0, wrong.start) + 1
    raise refuse(name, [Flaw(line, "-", _("neither UTF-8 nor Windows-1252: save the file as CSV UTF-8"))])


def _rows(text: str, name: str) -> Iterator[Row]:
    """Records with the line each begins on; empty lines and Excel's `sep=;` are left out."""
    mark = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    begins = 1
    header: list[str] = []
    try:
        for cells in reader:
            if any(cells) and not (begins == 1 and cells[0].lower().startswith("sep=")):
                header = header or cells
                yield Row(begins, cells)
            begins = reader.line_num + 1
    except csv.Error as wrong:
        advice = _("{wrong}: check the quotation marks from here on").format(wrong=_(str(wrong)))
        raise refuse(name, [_misquoted(text, begins, mark, header) or Flaw(begins, "-", advice)]) from wrong


def _misquoted(text: str, begins: int, mark: str, header: list[str]) -> Flaw | None:
    """The quotation mark that a record which cannot be read stumbles over, and what to do about it."""
    opened = badly_opened(text, begins, mark)
    if opened is None:
        return None
    if opened.closed is None:
        told = _('a quotation mark opens this cell, and none closes it: write one (") at its end, or delete the first')
    elif opened.closed == opened.line:
        told = _('text goes on behind the quotation mark that closes this cell: write "" for one inside it')
    else:
        told = _(
            'a quotation mark opens this cell, and the next one stands on line {line}: write one (") at its end here, '
            "or delete the first"
        )
    column = _column(header[opened.cell]) if opened.cell < len(header) else ""
    return Flaw(opened.line, column or "-", told.format(line=opened.closed))


def _delimiter(text: str) -> str:
    """The separator that finds most of the required columns in the first lines."""
    head = text[:20_000].splitlines()[:2]
    if head and (named := re.fullmatch(r'"?sep=(.)"?', head[0].strip(), re.IGNORECASE)):
        return named[1]

    def found(mark: str) -> int:
        names = {_column(cell) for cell in chain.from_iterable(line.split(mark) for line in head[:1])}
        return len(names & set(REQUIRED))

    return max(",;\t", key=found)


def _column(cell: str) -> str:
    """A header as we name columns: `"Owner email"` -> `owner_email`."""
    return re.sub(r"[\s-]+", "_", unicodedata.normalize("NFC", cell).strip().strip('"').strip().casefold())


def _columns(header: Row, name: str) -> tuple[str, ...]:
    columns = tuple(_column(restore(cell)) for cell in header.cells)
    flaws = [
        Flaw(header.line, column, _("the column is missing: add it to the first line"))
        for column in REQUIRED
        if column not in columns
    ]
    flaws += [
        Flaw(header.line, column, _("passwords have no place in the register: delete the column, keep them in a vault"))
        for column in columns
        if _SECRET.search(column)
    ]
    flaws += [
        Flaw(header.line, column, _("the column stands twice: delete or rename one"))
        for place, column in enumerate(columns)
        if column and column in columns[:place]
    ]
    if flaws:
        raise refuse(name, flaws)
    return columns


def _cells(row: Row, columns: tuple[str, ...], flaws: list[Flaw], *, compose: bool) -> dict[str, str]:
    """The row by column. Missing cells at the end are empty; too many mean that a value holds the separator."""
    if any(cell.strip() for cell in row.cells[len(columns) :]):
        text = _("{cells} values for {columns} columns: put quotation marks around a value that holds the separator")
        flaws.append(Flaw(row.line, "-", text.format(cells=len(row.cells), columns=len(columns))))
    values = [restore(cell).strip() if cell else "" for cell in row.cells]
    if compose:
        values = [unicodedata.normalize("NFC", value).strip() for value in values]
    values += [""] * (len(columns) - len(values))
    return {column: value for column, value in zip(columns, values, strict=False) if column}


def _entry(cells: dict[str, str], line: int, flaws: list[Flaw]) -> tuple[Entry, Link] | None:
    platform = platform_name(cells["platform"])
    link = read_link(cells["url"])
    if found := [Flaw(line, *fault) for fault in _wrong(cells, platform, link)]:
        flaws.extend(found)
    if found or platform is None:
        return None
    ours = is_profile_of(link, platform)
    entry = Entry(
        platform=platform,
        url=link.canonical or cells["url"],
        unit=cells["unit"],
        status=Status(cells["status"].casefold()),
        owner_email=cells["owner_email"],
        platform_id=cells.get("platform_id") or (link.platform_id if ours else None),
        handle=cells.get("handle", "").strip("@ ") or (link.handle if ours else None) or None,
        display_name=cells.get("display_name") or None,
        unit_kind=UnitKind(cells["unit_kind"].casefold()) if cells.get("unit_kind") else None,
        columns=cells,
        line=line,
    )
    return entry, link


def is_profile_of(link: Link, platform: str) -> bool:
    """True when the address is a profile's on that platform; a web site is its own profile."""
    return link.platform == platform and (link.kind is LinkKind.PROFILE or (platform == "web" and bool(link.canonical)))


def _wrong(cells: dict[str, str], platform: str | None, link: Link) -> Iterator[tuple[str, str]]:
    """Column and advice for every value of a row that we cannot take."""
    for column in REQUIRED:
        if not cells[column]:
            yield column, _("is empty: fill it in")
    if cells["platform"] and platform is None:
        yield "platform", _unknown(cells["platform"], PLATFORMS)
    if cells["status"] and cells["status"].casefold() not in _STATUSES:
        yield "status", _unknown(cells["status"], Status)
    if (kind := cells.get("unit_kind", "")) and kind.casefold() not in _UNIT_KINDS:
        yield "unit_kind", _unknown(kind, UnitKind)
    if cells["url"] and not link.canonical:
        yield "url", _("{value!r} is no web address: copy it from the browser").format(value=cells["url"][:80])
    if cells["owner_email"] and not _MAILBOX.fullmatch(cells["owner_email"]):
        yield "owner_email", _("{value!r} is no e-mail address").format(value=cells["owner_email"][:80])


def _unknown(value: str, known: object) -> str:
    names = _listed(tuple(str(name) for name in known))  # type: ignore[attr-defined]
    return _("{value!r} is unknown: choose among {names}").format(value=value[:80], names=names)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)
