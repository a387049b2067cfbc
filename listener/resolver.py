"""Names looked up in the DNS: found, there without such a record, not there, or not to be known just now."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from ipaddress import ip_address
from typing import NamedTuple

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from listener.errors import SourceError
from listener.guard import is_public

SECONDS = 5.0  # for one question, however many name servers are tried
MOST_RECORDS = 50
LONGEST_TEXT = 4096  # characters of one TXT record


class Outcome(StrEnum):
    """What a look-up came to. UNKNOWN is neither a hit nor an absence: the server failed, or was silent."""

    FOUND = "found"
    EMPTY = "empty"  # the name is there, without a record of this kind (NODATA)
    ABSENT = "absent"  # NXDOMAIN
    UNKNOWN = "unknown"


class Answer(NamedTuple):
    """The records of one kind as text: addresses, `10 mail.almby.example`, names without a final dot, TXT joined."""

    outcome: Outcome
    records: tuple[str, ...] = ()
    why: str = ""  # of UNKNOWN

    @property
    def public(self) -> tuple[str, ...]:
        """The records that are addresses anyone on the internet can reach."""
        return tuple(text for text in self.records if is_public(ip_address(text)))


class Resolver:
    """Asks the system's name servers, or those given by address. Safe to share between threads.

    What it answers is not to be connected to: every fetch looks a name up again, behind the guard.
    """

    def __init__(self, nameservers: Sequence[str] = (), port: int = 53, seconds: float = SECONDS) -> None:
        """Raises SourceError when a name server is no address, or the system has none."""
        try:
            self._resolver = dns.resolver.Resolver(configure=not nameservers)
            if nameservers:
                self._resolver.nameservers = [str(ip_address(text)) for text in nameservers]
        except (ValueError, dns.exception.DNSException) as wrong:
            raise SourceError(f"no name server to ask: {str(wrong)[:200]}") from wrong
        self._resolver.port = port
        self._resolver.lifetime = seconds
        self._resolver.timeout = min(2.0, seconds)

    def ask(self, name: str, kind: str = "A") -> Answer:
        """The records of `kind` (A, AAAA, MX, NS, TXT …) that `name`, in ASCII letters, has. Never raises."""
        try:
            found = self._resolver.resolve(_absolute(name), kind, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN:
            return Answer(Outcome.ABSENT)
        except dns.exception.Timeout:
            return Answer(Outcome.UNKNOWN, why="no answer in time")
        except (dns.exception.DNSException, OSError, ValueError) as failed:
            return Answer(Outcome.UNKNOWN, why=_told(failed))
        if found.rrset is None:
            return Answer(Outcome.EMPTY)
        return Answer(Outcome.FOUND, tuple(_text(record) for record in list(found.rrset)[:MOST_RECORDS]))

    def texts(self, name: str) -> Answer:
        """The TXT records of a name: `did=did:plc:…` below `_atproto`."""
        return self.ask(name, "TXT")


def _absolute(name: str) -> dns.name.Name:
    return dns.name.from_text(name.rstrip(".") + ".")


def _told(failed: Exception) -> str:
    """Why there was no answer, without the question and the server, which the caller knows."""
    if isinstance(failed, dns.resolver.NoNameservers):
        codes = sorted({str(error[-2]) for error in failed.kwargs.get("errors", ()) if error[-2]})
        return f"the name servers fail ({', '.join(codes)[:100]})"
    return f"cannot be asked ({type(failed).__name__})"


def _text(record: object) -> str:
    strings = getattr(record, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "replace")[:LONGEST_TEXT]
    return str(record).rstrip(".").lower()
