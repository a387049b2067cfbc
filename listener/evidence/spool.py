"""Every answer of one source's run, in a file without a name, until we know which of them showed a flagged account."""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

import msgspec

from listener.models import Record
from listener.redaction import Secrets, told_headers

if TYPE_CHECKING:
    import requests

RECORD_BYTES = 2_000_000  # of one answer; what is longer is cut, and says so
SPOOL_BYTES = 300_000_000  # of all answers of one source in one run
_LENGTHS = struct.Struct(">II")


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Exchange(Record, frozen=True):
    """One question and its answer, secrets taken out. `size` and `sha256` are of the whole decoded body.

    `kept` bytes of it follow in the spool. `redacted`: our own secrets stood in the body. `asked` and `headers` are
    the headers of the request and of the answer.
    """

    url: str
    status: int
    at: datetime
    size: int
    kept: int
    sha256: str
    method: str = "GET"
    reason: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    redacted: bool = False

    @property
    def content_type(self) -> str:
        """The declared media type, lower case, without parameters."""
        named = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        return named.partition(";")[0].strip().lower()


class Writer:
    """Appends exchanges to an open file until `most` bytes are there; never raises, for it must not end a run."""

    def __init__(
        self, file: IO[bytes], secrets: Secrets, clock: Callable[[], datetime] = now, most: int = SPOOL_BYTES
    ) -> None:
        self.trouble = ""
        self.left_out = 0
        self.secrets = secrets
        self._file, self._now, self._room = file, clock, most

    def add(
        self,
        url: str,
        status: int,
        headers: list[tuple[str, str]],
        body: bytes,
        *,
        reason: str = "",
        asked: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Append one answer to a GET."""
        if self._room <= 0 or self.trouble:
            self.left_out += 1
            return
        clean = self.secrets.clean(body)
        kept = clean[:RECORD_BYTES]
        exchange = Exchange(
            url=self.secrets.clean_url(url),
            status=status,
            reason=self.secrets.clean_text(reason),
            at=self._now(),
            size=len(clean),
            kept=len(kept),
            sha256=hashlib.sha256(clean).hexdigest(),
            asked=asked,
            headers=self.secrets.clean_headers(headers),
            redacted=clean != body,
        )
        head = msgspec.json.encode(exchange)
        try:
            self._file.write(_LENGTHS.pack(len(head), len(kept)) + head + kept)  # in one, for children share a file
        except OSError as full:
            self.trouble = full.strerror or str(full)
        self._room -= len(head) + len(kept)


class Spool:
    """Two nameless files: what this process was answered, and what a child (the spider) was. A kill leaves neither.

    It is what a session calls with every answer (`http.Session.record`).
    """

    def __init__(self, secrets: Secrets | None = None, now: Callable[[], datetime] = now) -> None:
        self._own, self._child = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115  (closed below)
        self._finalizer = weakref.finalize(self, _close, self._own, self._child)
        self.writer = Writer(self._own, secrets or Secrets(), now)

    def __call__(self, request: requests.PreparedRequest, response: requests.Response, body: bytes) -> None:
        asked = {name: str(value) for name, value in (request.headers or {}).items()}
        self.writer.secrets.learn_login(asked)
        if request.method != "GET":  # log-ins are POSTs, and their answers hold new tokens
            return
        headers = [(str(name), str(value)) for name, value in response.headers.items()]
        self.writer.add(
            request.url or "",
            response.status_code,
            headers,
            body,
            reason=str(response.reason or ""),
            asked=told_headers(asked),
        )

    def lend(self) -> str:
        """A path by which a child of ours can append to its file through `Writer`; empty where there is none."""
        path = f"/proc/{os.getpid()}/fd/{self._child.fileno()}"
        return path if os.path.exists(path) else ""

    def __iter__(self) -> Iterator[tuple[Place, Exchange, bytes]]:
        for number, file in enumerate((self._own, self._child)):
            with suppress(OSError):
                file.flush()
            at = 0
            while record := _read(file, at):
                exchange, body, end = record
                yield Place(file=number, at=at), exchange, body
                at = end

    def read(self, place: Place) -> tuple[Exchange, bytes]:
        """The exchange at a place that iterating named."""
        record = _read((self._own, self._child)[place.file], place.at)
        if record is None:
            raise LookupError(f"no exchange at {place}")
        return record[0], record[1]

    def close(self) -> None:
        """Let the files go; they are then nowhere."""
        self._finalizer()


def _close(*files: IO[bytes]) -> None:
    for file in files:
        with suppress(OSError):  # what could not be flushed to a full disk is let go
            file.close()


class Place(Record, frozen=True):
    """Where an exchange stands in the spool."""

    file: int
    at: int


def _read(file: IO[bytes], at: int) -> tuple[Exchange, bytes, int] | None:
    """The record at `at`, and where the next begins; None at the end, or where a killed writer broke off."""
    number = file.fileno()
    lengths = os.pread(number, _LENGTHS.size, at)
    if len(lengths) < _LENGTHS.size:
        return None
    head, body = _LENGTHS.unpack(lengths)
    start = at + _LENGTHS.size
    told, kept = os.pread(number, head, start), os.pread(number, body, start + head)
    if len(told) < head or len(kept) < body:
        return None
    try:
        return msgspec.json.decode(told, type=Exchange), kept, start + head + body
    except msgspec.DecodeError:  # another child wrote on where a full disk had stopped the one before
        return None
