"""`listen match`: a pure filter from posts to the saved queries that match each of them."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import click

from listener.cli.answers import Answered, write_answers
from listener.cli.options import OUTPUT, STRICT, form
from listener.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import BufferedIOBase


@click.command(
    help=_("Which of your queries does each post match? INPUT holds a post a line (NDJSON); no network, no database.")
)
@click.argument("source", metavar=_("[INPUT]"), default="-")
@click.option(
    "--queries",
    "queries_path",
    required=True,
    type=click.Path(path_type=Path),
    metavar=_("FILE"),
    help=_("The queries: a TOML file with tables [queries.NAME]; a listener.toml will do."),
)
@form("ndjson", "json", "csv", "table", told=True)
@OUTPUT
@STRICT
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=64),
    default=1,
    show_default=True,
    metavar="N",
    help=_("Work in this many processes."),
)
def match(source: str, queries_path: Path, form: str, output: Path | None, strict: bool, jobs: int) -> int:
    from listener.clock import now
    from listener.query.saved import load_queries
    from listener.screen import matching
    from listener.screen.bulk import kept
    from listener.screen.opening import open_input
    from listener.screen.posts import blocks

    write = {"csv": matching.as_csv, "table": matching.as_table}.get(form, matching.as_ndjson)
    click.get_current_context().call_on_close(gc.unfreeze)
    with kept():
        work = matching.Matching(load_queries(queries_path, now(os.environ)), write, strict=strict)
    header = ",".join(matching.COLUMNS).encode() + b"\r\n"
    with open_input(source) as stream:
        found = matching.answers(blocks(cast("BufferedIOBase", stream)), work, jobs)
        if output is None:
            return write_answers(sys.stdout.buffer, _flushed(sys.stdout.buffer, found), form, header, strict)
        with output.open("wb") as target:
            return write_answers(target, found, form, header, strict)


def _flushed(target: IO[bytes], answers: Iterable[Answered]) -> Iterator[Answered]:
    """The same answers; what was written of one is sent on before the next is waited for."""
    for answer in answers:
        yield answer
        target.flush()
