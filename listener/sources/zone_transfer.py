"""A zone asked for by transfer (AXFR, RFC 5936) and read as a stream of its delegated names, in constant memory.

dnspython asks, and reads what stands at the ends; the records between are walked here, for their owners alone: on one
core dnspython reads 20,000 records a second, this walk 3,000,000, and .se has about ten million.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Generator
from typing import Any

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode

from listener.errors import Blocked, Changed, SourceError
from listener.guard import resolve_public

PATIENCE = 30.0  # seconds between two parts of a transfer
HEADER, LONGEST_MESSAGE = 12, 65_535  # bytes
MOST_RECORDS = 16_384  # in one message: each has at least eleven bytes, and shares 65,535
NS, SOA = 2, 6
_POINTER, _MASK = 0xC0, 0x3F
_REFUSED = (dns.rcode.REFUSED, dns.rcode.NOTAUTH)


def server_address(host: str, port: int, allow_loopback: bool) -> str:
    """The address of a name server, checked. Raises Blocked, or SourceError when it is not found."""
    if port != 53 and not allow_loopback:
        raise Blocked(f"{host[:200]}:{port}: only port 53 is asked for a zone")
    try:
        return resolve_public(host, 0, allow_loopback)[0]
    except OSError as unknown:
        raise SourceError(f"{host[:200]}: the name is not found") from unknown


def zone_serial(address: str, port: int, zone: str, seconds: float = PATIENCE) -> int:
    """The serial number of a zone, as its server has it now. Raises Blocked, Changed, SourceError."""
    question = dns.message.make_query(f"{zone}.", "SOA")
    try:
        answer = dns.query.tcp(question, address, timeout=seconds, port=port)
    except (OSError, EOFError, dns.exception.DNSException) as failed:
        raise SourceError(f"zone {zone}: {_told(failed)}") from failed
    if answer.rcode() != dns.rcode.NOERROR:
        raise _refusal(zone, answer.rcode())
    for records in answer.answer:
        if records.rdtype == SOA:
            return int(records[0].serial)
    raise Changed(f"zone {zone}: the server tells no serial number")


class Transfer(io.RawIOBase):
    """The owner names of a zone's delegations, one a line, as they arrive.

    It ends where the transfer ends: whole, when `trouble` is None; else broken off, and `trouble` says why. `names`
    counts lines. Never raises for what the server sends.
    """

    def __init__(self, address: str, port: int, zone: str, ends: float, patience: float = PATIENCE) -> None:
        """`ends` is the moment of time.monotonic() when it is broken off."""
        super().__init__()
        self.trouble: SourceError | None = None
        self.names = 0
        self._zone, self._ends, self._patience = zone, ends, patience
        self._chunks = self._lines(address, port)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        """The next bytes; 0 at the end."""
        while not self._rest and self.trouble is None:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        size = min(len(into), len(self._rest))
        into[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def close(self) -> None:
        self._chunks.close()
        super().close()

    def _lines(self, address: str, port: int) -> Generator[bytes, None, None]:
        try:
            with socket.create_connection((address, port), timeout=self._patience) as line:
                yield from self._received(line)
        except (OSError, EOFError) as failed:
            self.trouble = SourceError(f"zone {self._zone}: {_told(failed)}")
        except (IndexError, ValueError, dns.exception.DNSException) as odd:
            self.trouble = Changed(f"zone {self._zone}: the transfer cannot be read ({type(odd).__name__})")
        except SourceError as refused:
            self.trouble = refused

    def _received(self, line: socket.socket) -> Generator[bytes, None, None]:
        """The lines of each message, up to the second SOA record, which ends a transfer."""
        question = dns.message.make_query(f"{self._zone}.", "AXFR")
        wire = question.to_wire()
        line.sendall(len(wire).to_bytes(2, "big") + wire)
        marks, last = 0, b""
        while marks < 2:
            message = self._message(line)
            if message[:2] != wire[:2]:
                raise ValueError("an answer to another question")
            if code := message[3] & 0x0F:
                raise _refusal(self._zone, dns.rcode.Rcode(code))
            found, owners = read_owners(message)
            if not found and not marks:
                raise ValueError("it does not begin with a SOA record")
            marks += found
            fresh = [owner for owner, before in zip(owners, [last, *owners], strict=False) if owner != before]
            last = owners[-1] if owners else last
            self.names += len(fresh)
            if fresh:
                yield b"\n".join(fresh) + b"\n"

    def _message(self, line: socket.socket) -> bytes:
        size = int.from_bytes(self._exactly(line, 2), "big")
        return self._exactly(line, size)

    def _exactly(self, line: socket.socket, size: int) -> bytes:
        read = bytearray()
        while len(read) < size:
            if time.monotonic() > self._ends:
                raise TimeoutError
            chunk = line.recv(size - len(read))
            if not chunk:
                raise EOFError
            read += chunk
        return bytes(read)


def read_owners(message: bytes) -> tuple[int, list[bytes]]:
    """How many SOA records a message holds, and the owners of its NS records, neighbours alike told once.

    Raises IndexError or ValueError for a message that is cut short or points in circles.
    """
    place = HEADER
    for _question in range(int.from_bytes(message[4:6], "big")):
        place = _behind_name(message, place) + 4
    marks, owners, before = 0, [], -1
    for _record in range(min(int.from_bytes(message[6:8], "big"), MOST_RECORDS)):
        start, place = place, _behind_name(message, place)
        kind, size = message[place] << 8 | message[place + 1], message[place + 8] << 8 | message[place + 9]
        place += 10 + size
        marks += kind == SOA
        if kind == NS:
            first = message[start]
            at = (first & _MASK) << 8 | message[start + 1] if first >= _POINTER else start
            if at != before:
                before = at
                owners.append(_name(message, at))
    return marks, owners


def _behind_name(message: bytes, place: int) -> int:
    while size := message[place]:
        if size >= _POINTER:
            return place + 2
        place += size + 1
    return place + 1


def _name(message: bytes, place: int) -> bytes:
    """A name in lower case without the final dot. Raises ValueError for pointers in a circle and odd bytes."""
    labels: list[bytes] = []
    for _step in range(130):
        size = message[place]
        if size >= _POINTER:
            place = (size & _MASK) << 8 | message[place + 1]
            continue
        if not size:
            return b".".join(labels).lower()
        labels.append(message[place + 1 : place + 1 + size].replace(b"\n", b"?"))
        place += size + 1
    raise ValueError("a name without end")


def _refusal(zone: str, code: dns.rcode.Rcode) -> SourceError:
    told = dns.rcode.to_text(code)
    if code in _REFUSED:
        return Blocked(f"zone {zone}: the server does not let us transfer it ({told})")
    return SourceError(f"zone {zone}: the server answers {told}")


def _told(failed: BaseException) -> str:
    if isinstance(failed, EOFError):
        return "the server closed the connection"
    if isinstance(failed, ConnectionRefusedError):
        return "connection refused"
    if isinstance(failed, TimeoutError | dns.exception.Timeout):
        return "no answer in time"
    return f"no connection ({(getattr(failed, 'strerror', None) or type(failed).__name__)[:200]})"
