"""Input opened as a stream of numbered rows: plain, gzip or zstandard, NDJSON, CSV or bare lines."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, cast

from listener.errors import ListenerError
from listener.screen.candidates import LONGEST_LINE, Row, read_csv


class InputError(ListenerError):
    """The input cannot be opened or read."""


@contextmanager
def open_input(source: str) -> Iterator[IO[bytes]]:
    """The bytes of a file, or of stdin for `-`; `.gz` and `.zst` are unpacked. Raises InputError."""
    if source == "-":
        yield sys.stdin.buffer
        return
    path = Path(source)
    try:
        stream = _opened(path)
    except OSError as wrong:
        raise InputError(f"{path}: {wrong.strerror}: name an existing file, or - for stdin") from wrong
    with stream:
        yield stream


def _opened(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast(IO[bytes], gzip.open(path))
    if path.suffix != ".zst":
        return path.open("rb")
    try:
        import zstandard
    except ImportError as missing:
        raise InputError(f"{path}: reading .zst needs the zstandard package: pip install zstandard") from missing
    opened: IO[bytes] = zstandard.open(path)
    return opened


def numbered(stream: IO[bytes], *, plain: bool = False) -> Iterator[tuple[int, Row]]:
    """Line number and row of each line that is not empty. CSV is told from NDJSON by its first line.

    With `plain` every line is a row as it is. Raises InputError when a packed file is damaged.
    """
    try:
        lines = _lines(stream)
        first = next((line for line in lines if plain or line[1].strip()), None)
        if first is None:
            return
        whole = chain([first], lines)
        if plain or first[1].lstrip(b"\xef\xbb\xbf \t")[:1] == b"{" or b"platform" not in first[1]:
            yield from ((number, line.removeprefix(b"\xef\xbb\xbf")) for number, line in whole if line.strip())
        else:
            text = (line.decode("utf-8-sig" if number == 1 else "utf-8", "replace") for number, line in whole)
            yield from read_csv(text)
    except (OSError, EOFError) as wrong:
        raise InputError(f"the input cannot be unpacked: {wrong}") from wrong


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST_LINE)  # the rest of a line too long is left out, not taken for lines
        yield number, line
