"""`listen spikes`: a pure filter from a series of counts to its unusual windows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.answers import Answered, write_answers
from listener.cli.options import OUTPUT, STRICT, form
from listener.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listener.spikes import Spike
    from listener.spikes.rows import Told

COLUMNS = ("start", "end", "peak", "expected", "score", "count")


@click.command(
    help=_("When were there unusually many? INPUT is CSV of timestamp,count in order of time; one line per window.")
)
@click.argument("source", metavar=_("[INPUT]"), default="-")
@click.option(
    "--bucket",
    type=click.Choice(["5m", "1h", "1d"]),
    help=_("How finely to look; as finely as the input when left out."),
)
@click.option(
    "--budget",
    type=click.FloatRange(0.01, 100),
    default=1.0,
    show_default=True,
    metavar="N",
    help=_("At most so many false alarms a week."),
)
@form("ndjson", "json", "csv", "table", told=True)
@OUTPUT
@STRICT
def spikes(source: str, bucket: str | None, budget: float, form: str, output: Path | None, strict: bool) -> int:
    from listener.screen.opening import numbered, open_input
    from listener.spikes.buckets import STEPS
    from listener.spikes.stream import spikes_in

    with open_input(source) as stream:
        lines = ((number, line) for number, line in numbered(stream, plain=True) if isinstance(line, bytes))
        found = spikes_in(_clock_told(lines), STEPS[bucket] if bucket else None, budget)
        answers, header = _answered(found, form), ",".join(COLUMNS).encode() + b"\r\n"
        if output is None:
            return write_answers(sys.stdout.buffer, answers, form, header, strict)
        with output.open("wb") as target:
            return write_answers(target, answers, form, header, strict)


def _clock_told(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """The lines, and on stderr once by which clock times are read that do not say it."""
    from listener.spikes.rows import LOOKED_AT, lacks_offset

    told = False
    for number, line in lines:
        if not told and number <= LOOKED_AT and lacks_offset(line):
            told = True
            said = _("line {number}: a time without an offset, read as UTC; Swedish time is written as {example}")
            click.echo(said.format(number=number, example="2026-11-22T21:00+01:00"), err=True)
        yield number, line


def _answered(found: Iterator[Spike | Told], form: str) -> Iterator[Answered]:
    """Each window as it is over, or why a line is no row."""
    for one in found:
        yield (b"", (one,)) if isinstance(one, tuple) else (_written(one, form), ())


def _written(spike: Spike, form: str) -> bytes:
    import msgspec

    from listener.clock import local, rfc3339
    from listener.spreadsheet import write_csv

    if form == "table":
        times = f"{local(spike.start):%Y-%m-%d %H:%M} – {local(spike.end):%Y-%m-%d %H:%M}"
        counts = _("{count} mentions, usually {expected}; at most {peak}").format(
            count=spike.count, expected=round(spike.expected, 1), peak=spike.peak
        )
        return f"{times}  {counts}  ({spike.score})\n".encode()
    row = {
        "start": rfc3339(spike.start),
        "end": rfc3339(spike.end),
        "peak": spike.peak,
        "expected": spike.expected,
        "score": spike.score,
        "count": spike.count,
    }
    if form == "csv":
        return write_csv([row], COLUMNS, excel=False).partition(b"\r\n")[2]
    return msgspec.json.encode(row) + b"\n"
