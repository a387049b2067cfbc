"""`listen links`: the links to social profiles on a saved page, as a pure filter."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import OUTPUT, form
from listener.language import _
from listener.troubles import in_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from listener.profiles import Link

COLUMNS = ("url", "platform", "handle", "kind", "canonical")
LONGEST = 2_000  # characters of an address


def _whole(url: str) -> str:
    """The address, when links can be relative to it."""
    from listener.urls import read_address

    if len(url) > LONGEST or not url.casefold().startswith(("http://", "https://")) or read_address(url) is None:
        raise click.BadParameter(_("write a whole web address, such as https://www.example.org/contact"))
    return url


@click.command(help=_("List the links to social platforms on a saved page: profiles, posts, share buttons."))
@click.argument("file", type=click.Path(path_type=Path), metavar=_("FILE"))
@click.option(
    "--base-url",
    required=True,
    metavar="URL",
    callback=lambda _context, _option, url: _whole(url),
    help=_("The address the page was saved from."),
)
@form("ndjson", "json", "csv", "table", told=True)
@OUTPUT
def links(file: Path, base_url: str, form: str, output: Path | None) -> int:
    from listener.harvest import page_links
    from listener.terminal import seen

    content = _read(file)
    written = _written(page_links(content, base_url), form)
    if output is not None:
        output.write_bytes(written)
    else:
        click.echo(seen(written, on_terminal=form == "csv" and sys.stdout.isatty()), nl=False)
    return 0


def _read(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as wrong:
        advice = f"{file}: {wrong.strerror}: name an existing file, or - for stdin"
        raise click.UsageError(in_language(advice, _)) from wrong


def _written(found: Iterable[Link], form: str) -> bytes:
    import msgspec

    from listener.spreadsheet import write_csv

    rows = [{column: str(getattr(link, column)) for column in COLUMNS} for link in found]
    if form == "ndjson":
        return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n"
    if form == "csv":
        return write_csv(rows, COLUMNS, excel=False)
    from listener.terminal import plain

    lines = [f"{row['kind']:8} {row['platform']:10} {row['handle']:30} {row['canonical']}" for row in rows]
    return "".join(plain(line) + "\n" for line in lines).encode("utf-8", "replace")
