"""Blocks of a zone file, or of a bare list, brought to one owner name a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

import numpy as np

BLOCK = 1 << 20  # bytes; what numpy makes of a block fits the processor's cache
LONGEST_LINE = 1 << 16  # bytes; a name has 253 characters, and a longer record begins with its owner too
_ORIGIN = re.compile(rb"^\$ORIGIN[ \t]+(\S+)", re.MULTILINE | re.IGNORECASE)
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r") + b"\x7f"
_UNFIT = b"{}<>[]\"'`,|^"  # no owner name, web address or comment begins with a field that has one of these
_COMMENT, _NEWLINE, _SPACE = ord(";"), ord("\n"), ord(" ")


class Names(NamedTuple):
    """The owner names of a block, each ended by a newline; where `$ORIGIN` stands, line and value; broken lines."""

    lines: bytes
    origins: tuple[tuple[int, str], ...]
    broken: tuple[int, ...] = ()


def read_names(stream: IO[bytes]) -> Iterator[Names]:
    """Blocks of whole lines, in order; every line of the input is a line here, empty when it has no owner."""
    for block in _blocks(stream):
        found = _ORIGIN.finditer(block) if b"$" in block else ()
        origins = tuple((block.count(b"\n", 0, one.start()), one[1].decode("latin-1")) for one in found)
        lines = owners(block)
        yield Names(lines, origins, broken(block, lines))


def broken(block: bytes, lines: bytes) -> tuple[int, ...]:
    """The places of lines that hold control characters, or whose first field can be no name; comments are none."""
    found: set[int] = set()
    for text, marks in ((block, _CONTROL), (lines, _UNFIT)):
        if len(text.translate(None, marks)) < len(text):
            chars = np.frombuffer(text, np.uint8)
            places = np.flatnonzero(np.isin(chars, np.frombuffer(marks, np.uint8)))
            found.update(np.searchsorted(np.flatnonzero(chars == _NEWLINE), places).tolist())
    if not found:
        return ()
    whole = block.split(b"\n")
    return tuple(sorted(place for place in found if not whole[place].lstrip().startswith((b"#", b";"))))


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := stream.read(BLOCK):
        whole, newline, after = (rest + block).rpartition(b"\n")
        if newline:
            yield whole + newline
        rest = after if len(after) <= LONGEST_LINE else after[:LONGEST_LINE]  # the end of a line too long is left out
    if rest:
        yield rest + b"\n"


def owners(block: bytes) -> bytes:
    """The first field of each line, as RFC 1035 5.1 has it: up to white space or a comment."""
    if not any(mark in block for mark in (b" ", b"\t", b";", b"\r")):
        return block
    chars = np.frombuffer(block, np.uint8)
    marks = np.flatnonzero((chars <= _SPACE) | (chars == _COMMENT))
    newline = chars[marks] == _NEWLINE
    ends = marks[np.concatenate(([True], newline[:-1]))]
    newlines = marks[newline]
    edges = np.zeros(len(chars) + 1, np.int8)
    edges[0] += 1
    edges[newlines[:-1] + 1] += 1
    edges[ends] -= 1
    kept = np.cumsum(edges[:-1], dtype=np.int8).astype(bool)
    kept[newlines] = True
    names: bytes = chars[kept].tobytes()
    return names
