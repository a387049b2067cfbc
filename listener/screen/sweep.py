"""A zone file or list of domain names swept for those about us: in order, in constant memory, one finding a domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from listener.match.hosts import plain_host, read_host
from listener.models import FLAGGED, Account, Finding, Verdict
from listener.screen.answers import as_ndjson
from listener.screen.bulk import Screener
from listener.screen.domain_gate import Gate
from listener.screen.stream import Answer, Writer
from listener.screen.zone import Names, read_names
from listener.sites import may_flag
from listener.urls import host

NAMED = 20  # broken lines told by number; the rest are counted
REMEMBERED = 100_000  # registrable domains told; of more, one may be told twice


class Sweep:
    """Reads names block by block; what the gate lets through is judged as a web site known by its name alone."""

    def __init__(self, screener: Screener, write: Writer = as_ndjson) -> None:
        self._screener, self._write = screener, write
        self._sites = screener.index.sites
        self._gate = Gate(self._sites)
        self._flag = screener.organisation.thresholds.flag
        self._told: dict[str, None] = {}
        self._origin = ""

    def answers(self, stream: IO[bytes]) -> Iterator[Answer]:
        """The findings of each block, written, and its broken lines; of more than NAMED only the number is told."""
        before, left, last, more = 0, NAMED, 0, 0
        for names in read_names(stream):
            told = [(before + place + 1, why) for place, why in names.broken[:left]]
            more += len(names.broken) - len(told)
            left -= len(told)
            last = before + names.broken[-1][0] + 1 if names.broken else last
            yield Answer(b"".join(self._write(finding, domain) for domain, finding in self._findings(names)), (*told,))
            before += names.lines.count(b"\n")
        if more:
            yield Answer(b"", ((last, f"the last of {more} more such lines"),))

    def hosts(self, stream: IO[bytes]) -> Iterator[str]:
        """The host that showed each flagged domain first, in the order of the input; broken lines are left out."""
        for names in read_names(stream):
            yield from (finding.account.handle or "" for _domain, finding in self._findings(names))

    def _findings(self, names: Names) -> Iterator[tuple[str, Finding]]:
        for text in self._candidates(names):
            found = self._finding(text)
            if found is not None:
                yield found

    def _candidates(self, names: Names) -> Iterator[str]:
        """The names to read, absolute, in the order of their lines; an origin is a name too."""
        passed = self._gate.lines(names.lines)
        if not passed and not names.origins:
            return
        lines = names.lines.split(b"\n")
        origins, broken = dict(names.origins), {place for place, _why in names.broken}
        before = b""
        for place in sorted({*passed, *origins}):
            if place in origins:
                self._origin = origins[place].strip(".")
                yield self._origin
            elif place not in broken and lines[place] != before:
                before = lines[place]
                name = before.decode("utf-8", "replace")
                yield f"{name}.{self._origin}" if self._origin and not name.endswith(".") else name

    def _finding(self, name: str) -> tuple[str, Finding] | None:
        """The finding on a name that is flagged and whose registrable domain was not told yet, with that domain."""
        text = plain_host(host(name) if "://" in name else name)
        if not text or text.startswith("#") or not may_flag(self._sites.read(text), self._flag):
            return None
        domain = read_host(text, frozenset()).registrable
        if domain in self._told:
            return None
        finding = self._screener.judge(Account(platform="web", handle=text))
        if finding.verdict not in FLAGGED or finding.verdict is Verdict.OFFICIAL:
            return None
        if len(self._told) >= REMEMBERED:
            del self._told[next(iter(self._told))]
        self._told[domain] = None
        return domain, finding
