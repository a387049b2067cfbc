"""Input opened as a stream of numbered rows: plain, gzip or zstandard, NDJSON, CSV or bare lines."""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path
from typing import IO, Any, Protocol

from listener.errors import ListenerError
from listener.screen.candidates import LONGEST_LINE, Row, read_csv

BUFFER = 1 << 18  # bytes
BLOCK = 1 << 20  # bytes of NDJSON read at a time
_BOM = b"\xef\xbb\xbf"
PACKED = 1 << 10  # bytes unpacked in one go: a bomb of 32,000 : 1 is 32 MB at a time


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
    file = path.open("rb")
    if path.suffix not in (".gz", ".zst"):
        return file
    return io.BufferedReader(_Unpacked(file, path), BUFFER)


class _Unpacker(Protocol):
    """What zlib and zstandard unpack one member of a packed file with."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


class _Unpacked(io.RawIOBase):
    """A packed file as its plain bytes; raises InputError where it is empty, cut short or damaged, which
    `zstandard.open` reads over."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file, self._path = file, path
        self._chunks = self._unpacked()
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        """The next bytes; 0 at the end."""
        if not self._rest:
            try:
                self._rest = next(self._chunks, b"")
            except _damage() as wrong:
                what = str(wrong) or type(wrong).__name__
                text = f"{self._path}: damaged, or not packed as its name says ({what}): fetch or pack it again"
                raise InputError(text) from wrong
        size = min(len(into), len(self._rest))
        into[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def close(self) -> None:
        self._file.close()
        super().close()

    def _unpacked(self) -> Iterator[bytes]:
        """The plain bytes; a file may hold several members, and gzip files end in zeros at times."""
        member: _Unpacker | None = None
        while packed := self._file.read(PACKED):
            while packed and not (member and member.eof and not packed.strip(b"\0")):
                if member is None or member.eof:
                    member = self._member()
                if plain := member.decompress(packed):
                    yield plain
                packed = member.unused_data if member.eof else b""
        if member is None:
            raise InputError(f"{self._path}: the packed file is empty: fetch or pack it again")
        if not member.eof:
            raise InputError(f"{self._path}: the packed file is cut short: fetch or pack it again")

    def _member(self) -> _Unpacker:
        if self._path.suffix == ".gz":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        import zstandard

        member: _Unpacker = zstandard.ZstdDecompressor().decompressobj()
        return member


def _damage() -> tuple[type[Exception], ...]:
    """What the libraries raise on damaged bytes; zstandard's own only when it was needed and so is there."""
    zstandard = sys.modules.get("zstandard")
    return (zlib.error, zstandard.ZstdError) if zstandard else (zlib.error,)


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
        if plain:
            yield from ((number, line.removeprefix(_BOM)) for number, line in whole if line.strip())
        elif first[1].lstrip(_BOM + b" \t")[:1] == b"{" or b"platform" not in first[1]:
            yield first[0], first[1].removeprefix(_BOM)
            yield from chain.from_iterable(_blocks(stream, first[0] + 1))
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


def _blocks(stream: IO[bytes], number: int) -> Iterator[Iterable[tuple[int, bytes]]]:
    """The lines that follow, block by block and numbered on from `number`; of a line too long only the beginning."""
    rest = b""
    while block := stream.read(BLOCK):
        whole, newline, rest = (rest + block).rpartition(b"\n")
        rest = rest[:LONGEST_LINE]
        if newline:
            lines = io.BytesIO(whole + newline).readlines()
            yield _full(number, lines)
            number += len(lines)
    yield _full(number, [rest])


def _full(number: int, lines: list[bytes]) -> Iterable[tuple[int, bytes]]:
    """The lines that hold something, numbered from `number`."""
    numbered = enumerate(map(bytes.removeprefix, lines, repeat(_BOM)), number)
    return numbered if all(map(bytes.strip, lines)) else ((number, line) for number, line in numbered if line.strip())
