"""Mentions as a table for people, and as JSON, NDJSON, CSV and Markdown."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click
import msgspec

from listener.clock import local, rfc3339
from listener.language import _, ngettext
from listener.mentions import Count
from listener.posts import Mention
from listener.spreadsheet import neutralise, write_csv
from listener.store.mention_search import Found
from listener.terminal import columns, padded, plain
from listener.text.pseudonyms import spoken

COLUMNS = (
    "published_at", "source", "platform", "author", "text", "url", "lang", "id", "reply_to", "links", "query", "spans",
    "direction", "cluster", "reach", "copies",
)  # fmt: skip
PIPED = (160, 24)  # columns of a table that goes to no terminal
WIDEST_AUTHOR = 32
SHORTEST_TEXT = 20


def show_mentions(mentions: Sequence[Found], form: str) -> None:
    """Print mentions; times end in Z in data and are Swedish time in the table and in Markdown.

    Who wrote is a pseudonym everywhere.
    """
    if form == "table":
        _lines(mention_table(mentions))
    elif form == "md":
        cells = [
            (
                _clock(found),
                _escaped(found.mention.post.source or ""),
                _escaped(named(found.writer)),
                _linked(found.mention) + _escaped(more(found)),
            )
            for found in mentions
        ]
        _lines(markdown([_("Time"), _("Source"), _("Author"), _("Text")], cells))
    else:
        show_rows([row(found) for found in mentions], COLUMNS, form)


def show_counts(counts: Sequence[Count], field: str, form: str) -> None:
    """Print how many mentions there are by one field."""
    cells = [(count.value or "–", str(count.mentions)) for count in counts]
    if form == "table":
        width = max((columns(plain(value)) for value, _total in cells), default=0)
        _lines(f"{padded(plain(value), width)}  {total:>6}" for value, total in cells)
    elif form == "md":
        _lines(markdown([field, _("Mentions")], [(_escaped(value), total) for value, total in cells]))
    else:
        rows = [{field: count.value or None, "mentions": count.mentions} for count in counts]
        show_rows(rows, (field, "mentions"), form)


def show_rows(rows: Sequence[dict[str, Any]], names: Sequence[str], form: str) -> None:
    """Print rows as json (one array), ndjson (a row a line) or csv (RFC 4180).

    On a terminal, what would move its cursor or turn the line round is written out in csv as in tables.
    """
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2))
    elif form == "ndjson":
        for line in rows:
            click.echo(msgspec.json.encode(line))
    else:
        seen = sys.stdout.isatty()
        cells = [{name: _cell(line[name], seen) for name in names} for line in rows]
        click.echo(write_csv(cells, names, excel=False), nl=False)


def row(found: Found) -> dict[str, Any]:
    """A mention as data, its columns in order."""
    mention = found.mention
    post = msgspec.to_builtins(mention.post)
    published = mention.post.published_at
    reach = mention.post.reach and {name: count for name, count in post["reach"].items() if count is not None}
    more = {
        "published_at": published and rfc3339(published),
        "author": found.writer or None,
        "query": mention.query,
        "spans": mention.spans,
        "direction": found.direction,
        "cluster": found.cluster,
        "reach": reach or None,
        "copies": found.copies,
    }
    return {name: (post | more)[name] for name in COLUMNS}


def named(writer: str) -> str:
    """A pseudonym in the reader's language."""
    return spoken(writer, _)


def more(found: Found) -> str:
    """That there are copies of it, when they were folded into it."""
    if not found.copies:
        return ""
    return " " + ngettext("and {count} more like it", "and {count} more like it", found.copies).format(
        count=found.copies
    )


def mention_table(mentions: Sequence[Found]) -> Iterator[str]:
    """A line for each mention, as wide as the terminal, its address on a second line."""
    if not mentions:
        return
    width = shutil.get_terminal_size(PIPED).columns
    sources = [plain(found.mention.post.source or found.mention.post.platform) for found in mentions]
    authors = [plain(named(found.writer) or "–", WIDEST_AUTHOR) for found in mentions]
    wide = len("2026-11-22 07:00"), _widest(sources, _("Source")), _widest(authors, _("Author"))
    room = max(SHORTEST_TEXT, width - sum(wide) - 2 * len(wide))
    yield _line((_("Time"), _("Source"), _("Author"), _("Text")), wide)
    for found, source, author in zip(mentions, sources, authors, strict=True):
        yield _line((_clock(found), source, author, plain(excerpt(found.mention, room), room)), wide)
        second = plain(found.mention.post.url or "") + more(found)
        if second:
            yield " " * (wide[0] + 2) + second.strip()


def excerpt(mention: Mention, room: int) -> str:
    """The text from a little before the first place where it matches, on one line, cut between words."""
    text, first = mention.post.text, mention.spans[0][0] if mention.spans else 0
    start = max(0, first - room // 3) if len(text) > room else 0
    if start:
        start = min(first, text.find(" ", start, first) + 1 or first)
    return ("… " if start else "") + " ".join(text[start : start + 4 * room].split())


def markdown(head: Sequence[str], cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """A Markdown table of cells that are escaped already."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for line in cells:
        yield f"| {' | '.join(line)} |"


def _linked(mention: Mention) -> str:
    """The text, and the address as a link when it can stand in one."""
    address = plain(mention.post.url or "")
    link = f" <{address}>" if address and not set(address) & set(" <>|`") else ""
    return _escaped(" ".join(mention.post.text.split())) + link


def _escaped(text: str) -> str:
    """Text that stays one cell and brings no markup of its own."""
    return re.sub(r"([\\|*_`\[\]<>#~])", r"\\\1", plain(text))


def _clock(found: Found) -> str:
    """When it counts as said; nothing for a post that bears no time."""
    return local(found.at).strftime("%Y-%m-%d %H:%M") if found.mention.post.published_at else "–"


def _line(cells: Sequence[str], wide: Sequence[int]) -> str:
    *rest, last = cells
    return "  ".join([*(padded(cell, width) for cell, width in zip(rest, wide, strict=True)), last]).rstrip()


def _widest(cells: Sequence[str], head: str) -> int:
    return max(columns(cell) for cell in [*cells, head])


def _cell(value: object, seen: bool) -> object:
    """Lists as one cell: links by spaces, spans as 0-6 14-20, reach as likes=3 replies=1."""
    if isinstance(value, dict):
        value = [f"{name}={count}" for name, count in value.items()]
    if isinstance(value, tuple | list):
        value = " ".join("-".join(map(str, part)) if isinstance(part, tuple | list) else str(part) for part in value)
    if not isinstance(value, str):
        return value
    return neutralise(plain(value) if seen else value)


def _lines(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)
