"""Addresses that wait for their turn in a file, so that a site of a million pages fits into a small process."""

from __future__ import annotations

import tempfile
import weakref
from collections import deque
from typing import IO

import msgspec

BATCH = 500  # addresses read and written at once
Page = tuple[str, int]  # address and priority


class Held:
    """First in, first out; a few addresses in memory, the rest in a file without a name."""

    def __init__(self) -> None:
        self._opened: IO[bytes] | None = None
        self._read_to = 0
        self._first: deque[Page] = deque()
        self._in_file = 0
        self._last: deque[Page] = deque()

    def __len__(self) -> int:
        return len(self._first) + self._in_file + len(self._last)

    @property
    def _file(self) -> IO[bytes]:
        """Opened when it is needed; closed with us."""
        if self._opened is None:
            self._opened = tempfile.TemporaryFile()  # noqa: SIM115
            weakref.finalize(self, self._opened.close)
        return self._opened

    def append(self, page: Page) -> None:
        """Hold one more."""
        self._last.append(page)
        if len(self._last) >= BATCH:
            self._file.seek(0, 2)
            self._file.write(b"".join(msgspec.json.encode(each) + b"\n" for each in self._last))
            self._in_file += len(self._last)
            self._last.clear()

    def popleft(self) -> Page:
        """The one held longest. Raises IndexError when there is none."""
        if not self._first and self._in_file:
            self._file.seek(self._read_to)
            for _number in range(min(BATCH, self._in_file)):
                self._first.append(msgspec.json.decode(self._file.readline(), type=Page))
                self._in_file -= 1
            self._read_to = self._file.tell()
        return (self._first or self._last).popleft()
