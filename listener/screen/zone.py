"""Blocks of a zone file, or of a bare list, brought to one owner name a line, and the lines that are neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

BLOCK = 1 << 20  # bytes; what numpy makes of a block fits the processor's cache
LONGEST_LINE = 1 << 16  # bytes; a name has 253 characters, and so much of a line is kept
BLANKS = 64  # between two fields; where there are more, the line is read on its own
NO_NAME = "no domain name and no line of a zone"
TOO_LONG = "the line is too long"
INCLUDED = "$INCLUDE: the file that it names is not read; sweep that file too"
NO_DIRECTIVE = "of a zone's directives only $ORIGIN and $TTL are read"
_ORIGIN = re.compile(rb"^\$ORIGIN[ \t]+(\S+)", re.MULTILINE | re.IGNORECASE)
_DIRECTIVE = re.compile(rb"^\$(?!(?:ORIGIN[ \t]+\S|TTL[ \t\r\n])).*", re.MULTILINE | re.IGNORECASE)
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r") + b"\x7f"
_UNFIT = b"{}<>[]\"'`,|^"  # no owner name, web address or comment begins with a field that has one of these
_COMMENT, _NEWLINE, _SPACE = ord(";"), ord("\n"), ord(" ")
# What follows an owner in a zone: a time to live, a class or a type (IANA's list), a bracket or a comment.
_TYPES = (
    "a|a6|aaaa|afsdb|apl|avc|caa|cdnskey|cds|cert|cname|csync|dhcid|dlv|dname|dnskey|ds|eui48|eui64|hinfo|hip|https|"
    "ipseckey|isdn|key|kx|l32|l64|loc|lp|mb|mg|minfo|mr|mx|naptr|nid|ns|nsec|nsec3|nsec3param|nsap|openpgpkey|ptr|px|"
    "rp|rrsig|rt|sig|smimea|soa|spf|srv|sshfp|svcb|ta|talink|tkey|tlsa|tsig|txt|type[0-9]+|uri|wks|x25|zonemd"
)
_RECORD = re.compile(rf"[^\s;]+[ \t]+(?:[0-9()#;]|(?:in|ch|hs|cs|any|class[0-9]+|{_TYPES})(?:[\s;]|$))".encode(), re.I)
_USUAL = np.zeros(256, bool)  # characters that a second field of a zone begins with, and no word does
_USUAL[list(b"0123456789();#\n")] = True


class Names(NamedTuple):
    """The owner names of a block, each ended by a newline; where `$ORIGIN` stands, line and value; broken lines."""

    lines: bytes
    origins: tuple[tuple[int, str], ...]
    broken: tuple[tuple[int, str], ...] = ()


class _Fields(NamedTuple):
    """A block as bytes, where the first field of each line ends, and the line itself."""

    chars: NDArray[np.uint8]
    ends: NDArray[np.int64]
    newlines: NDArray[np.int64]


def read_names(stream: IO[bytes]) -> Iterator[Names]:
    """Blocks of whole lines, in order; every line of the input is a line here, empty when it has no owner."""
    for block in _blocks(stream):
        fields = _fields(block)
        lines = _owners(fields) if fields else block
        newlines = fields.newlines if fields else np.flatnonzero(np.frombuffer(block, np.uint8) == _NEWLINE)
        origins = tuple((place, one[1].decode("latin-1")) for place, one in _found(_ORIGIN, block, newlines))
        yield Names(lines, origins, tuple(sorted(_broken(block, lines, fields, newlines).items())))


def _found(
    pattern: re.Pattern[bytes], block: bytes, newlines: NDArray[np.int64]
) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Directives, with the line of each."""
    if b"$" in block:
        yield from ((int(np.searchsorted(newlines, one.start())), one) for one in pattern.finditer(block))


def owners(block: bytes) -> bytes:
    """The first field of each line, as RFC 1035 5.1 has it: up to white space or a comment."""
    fields = _fields(block)
    return _owners(fields) if fields else block


def _fields(block: bytes) -> _Fields | None:
    """None when each line is one field."""
    if not any(mark in block for mark in (b" ", b"\t", b";", b"\r")):
        return None
    chars = np.frombuffer(block, np.uint8)
    marks = np.flatnonzero((chars <= _SPACE) | (chars == _COMMENT))
    newline = chars[marks] == _NEWLINE
    return _Fields(chars, marks[np.concatenate(([True], newline[:-1]))], marks[newline])


def _owners(fields: _Fields) -> bytes:
    chars, ends, newlines = fields
    edges = np.zeros(len(chars) + 1, np.int8)
    edges[0] += 1
    edges[newlines[:-1] + 1] += 1
    edges[ends] -= 1
    kept = np.cumsum(edges[:-1], dtype=np.int8).astype(bool)
    kept[newlines] = True
    names: bytes = chars[kept].tobytes()
    return names


def _broken(block: bytes, lines: bytes, fields: _Fields | None, newlines: NDArray[np.int64]) -> dict[int, str]:
    """The places of lines that are not read, and why: prose, control characters, too long, a directive; no comment."""
    why = dict.fromkeys(_unfit(block, lines), NO_NAME)
    if fields:
        why.update(dict.fromkeys(_worded(block, fields), NO_NAME))
    if why:
        whole = block.split(b"\n")
        why = {place: said for place, said in why.items() if not whole[place].lstrip().startswith((b"#", b";", b"$"))}
    for place, one in _found(_DIRECTIVE, block, newlines):
        why[place] = INCLUDED if one[0][:8].upper() == b"$INCLUDE" else NO_DIRECTIVE
    why.update(dict.fromkeys(np.flatnonzero(np.diff(newlines, prepend=-1) > LONGEST_LINE + 1).tolist(), TOO_LONG))
    return why


def _unfit(block: bytes, lines: bytes) -> set[int]:
    """Lines that hold control characters, or whose first field has what no name has."""
    found: set[int] = set()
    for text, marks in ((block, _CONTROL), (lines, _UNFIT)):
        if len(text.translate(None, marks)) < len(text):
            chars = np.frombuffer(text, np.uint8)
            places = np.flatnonzero(np.isin(chars, np.frombuffer(marks, np.uint8)))
            found.update(np.searchsorted(np.flatnonzero(chars == _NEWLINE), places).tolist())
    return found


def _worded(block: bytes, fields: _Fields) -> Iterator[int]:
    """Lines of prose: after a first word that is no host with a dot comes something that no record has there."""
    chars, ends, newlines = fields
    seconds = ends.copy()  # where the second field begins; the line's end when it has none
    moving = np.arange(len(seconds))
    for _blank in range(BLANKS):
        moving = moving[(chars[seconds[moving]] <= _SPACE) & (chars[seconds[moving]] != _NEWLINE)]
        if not len(moving):
            break
        seconds[moving] += 1
    begins = np.concatenate(([0], newlines[:-1] + 1))
    for place in np.flatnonzero(~_USUAL[chars[seconds]] & (ends > begins)).tolist():
        line = block[begins[place] : newlines[place]]
        if not _RECORD.match(line) and b"." not in line.split(maxsplit=1)[0].strip(b"."):
            yield place


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := stream.read(BLOCK):
        whole, newline, after = (rest + block).rpartition(b"\n")
        if newline:
            yield whole + newline
        rest = after[: LONGEST_LINE + 1]  # the end of a line too long is left out, and the line is told
    if rest:
        yield rest + b"\n"
