"""`listen logos`: a pure filter from paths of pictures to the logo that each of them carries."""

from __future__ import annotations

import os
import sys
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from listener.cli.answers import Answered, write_answers
from listener.cli.options import OUTPUT, STRICT, form
from listener.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from listener.logos import Likeness
    from listener.logos.stream import Answer, Numbered

COLUMNS = ("image", "reference", "score", "how")
# How files of pictures begin; BMP and WebP, whose `BM` and `RIFF` a path may begin with too, hold NULs.
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"<svg", b"<?xml", b"<!DOCTYPE")


@click.command(
    help=_("Which of your logos does each picture carry? INPUT holds the path of a picture a line; nothing is fetched.")
)
@click.argument("source", metavar=_("[INPUT]"), default="-")
@click.option(
    "--reference",
    "references",
    multiple=True,
    required=True,
    metavar=_("FILE"),
    help=_("A logo to compare with (SVG, PNG, JPEG, WebP, GIF or BMP); may be repeated."),
)
@form("ndjson", "json", "csv", "table", told=True)
@OUTPUT
@STRICT
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=64),
    metavar="N",
    help=_("Work in this many processes; as many as there are cores when left out."),
)
def logos(source: str, references: tuple[str, ...], form: str, output: Path | None, strict: bool,
          jobs: int | None) -> int:  # fmt: skip
    from listener.logos.stream import compare_lines
    from listener.screen.opening import open_input

    with open_input(source) as stream:
        found = compare_lines(_paths(source, stream), references, jobs or os.cpu_count() or 1)
        answers, header = _answered(found, form), ",".join(COLUMNS).encode() + b"\r\n"
        if output is None:
            shown = _shown(answers) if form == "csv" and sys.stdout.isatty() else answers
            return write_answers(sys.stdout.buffer, shown, form, header, strict)
        with output.open("wb") as target:
            return write_answers(target, answers, form, header, strict)


def _paths(source: str, stream: IO[bytes]) -> Iterator[Numbered]:
    """The lines, numbered. Raises InputError when the first shows that INPUT is a picture or holds no text."""
    from listener.screen.opening import InputError, numbered

    lines = ((number, line) for number, line in numbered(stream, plain=True) if isinstance(line, bytes))
    first = next(lines, None)
    if first is None:
        return lines
    if first[1].lstrip().startswith(PICTURES) or b"\0" in first[1]:
        name = "logo.jpg" if source == "-" else source
        raise InputError(f"{source}: not a list of paths, one a line: write `echo {name!r} | listen logos …`")
    return chain([first], lines)


def _answered(found: Iterator[Answer], form: str) -> Iterator[Answered]:
    """Each answer as it comes, or why there is none."""
    for number, image, likeness, why in found:
        yield (b"", ((number, why),)) if likeness is None else (_written(image, likeness, form), ())


def _shown(answers: Iterable[Answered]) -> Iterator[Answered]:
    """Lines of CSV as a terminal may show them."""
    from listener.terminal import seen

    for written, broken in answers:
        yield seen(written, on_terminal=True), broken


def _written(image: str, likeness: Likeness, form: str) -> bytes:
    import msgspec

    from listener.spreadsheet import write_csv

    named = likeness.reference.encode("utf-8", "replace").decode() if likeness.reference is not None else None
    row = {"image": image, "reference": named, "score": likeness.score, "how": likeness.how}
    if form in ("ndjson", "json"):
        return msgspec.json.encode(row) + b"\n"
    if form == "csv":
        return write_csv([row], COLUMNS, excel=False).partition(b"\r\n")[2]
    from listener.terminal import plain

    line = f"{likeness.score:5.2f}  {likeness.how or '–':12} {named or '–':30}  {image}"
    return f"{plain(line)}\n".encode("utf-8", "replace")
