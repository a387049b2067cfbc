"""What a filter answers, written as it comes, and the lines that it could not read, told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

import click

from listener.language import _

PARTIAL = 3
Answered = tuple[bytes, Iterable[tuple[int, str]]]  # lines of output, and number and reason of each broken line


def write_answers(target: IO[bytes], answers: Iterable[Answered], form: str, header: bytes, strict: bool) -> int:
    """Write the lines, of CSV behind `header`, of JSON as one list; the exit code.

    It is 3 when a line was broken, and with `strict` 2: then nothing is written after the first of them.
    """
    from listener.terminal import plain
    from listener.troubles import in_language

    code, empty = 0, True
    target.write(header if form == "csv" else b"")
    for written, broken in answers:
        target.write(joined(written, empty) if form == "json" else written)
        empty = empty and not written
        for number, why in broken:
            said = _("line {number}: {why}; skipped").format(number=number, why=in_language(why, _))
            click.echo(plain(said), err=True)
            if strict:
                target.flush()
                return 2
            code = PARTIAL
    if form == "json":
        target.write(b"[]\n" if empty else b"]\n")
    target.flush()
    return code


def joined(lines: bytes, first: bool) -> bytes:
    """Lines of JSON as members of a list that is open."""
    if not lines:
        return b""
    return (b"[" if first else b",") + lines.rstrip(b"\n").replace(b"\n", b",\n") + b"\n"
