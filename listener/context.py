"""What a source is given: a session to fetch with, its settings, the clock, and ways to say how complete it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, Protocol

import msgspec

from listener.models import Completeness, Issue, Term
from listener.quotas import Quotas
from listener.redaction import Secrets

if TYPE_CHECKING:
    from listener.http import Session


class Sift(Protocol):
    """Finds, among many host names, those about us: sources know neither the organisation nor its register."""

    @property
    def fingerprint(self) -> str:
        """Changes when the same names may be judged otherwise."""

    def hosts(self, stream: IO[bytes]) -> Iterator[str]:
        """Of host names, one a line, or a zone file: one for each registrable domain that would be flagged."""

    def hosts_in(self, path: str) -> Iterator[str]:
        """The same of a file, packed or not. Raises SourceError where it cannot be read."""


class Recording(Protocol):
    """Where every answer of this run goes, until it is known which of them are evidence."""

    def lend(self) -> str:
        """A file that a process of ours may append its own answers to; empty when there is none."""


class Context:
    """One source's view of one run.

    `settings` is its table of listener.toml, `secrets` the LISTEN_* environment, `sites` the organisation's own
    domains, `cursor` what it left behind last time; what it puts into `next_cursor` is saved in the same transaction
    as the rows it covers. `memory` is the source's own until the run ends (log-ins, what it has seen). `terms` are all
    that this run asks for, for a source that asks for many at once; `quotas` what it may still ask. `sift` finds the
    host names about us among many; None where only posts are asked for.
    """

    def __init__(
        self,
        source: str,
        http: Session,
        *,
        now: datetime,
        settings: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
        sites: tuple[str, ...] = (),
        cursor: Mapping[str, str] | None = None,
        allow_loopback: bool = False,
        terms: tuple[Term, ...] = (),
        quotas: Quotas | None = None,
        sift: Sift | None = None,
    ) -> None:
        self.source = source
        self.http = http
        self.now = now
        self.settings = settings or {}
        self.secrets = secrets or {}
        self.sites = sites
        self.cursor = dict(cursor or {})
        self.next_cursor: dict[str, str] = dict(self.cursor)
        self.allow_loopback = allow_loopback
        self.completeness = Completeness.COMPLETE
        self.issues: list[Issue] = []
        self.memory: dict[str, Any] = {}
        self.spool: Recording | None = None
        self.terms = terms
        self.quotas = quotas or Quotas(now=now, settings=self.settings)
        self.sift = sift

    @property
    def keep(self) -> str:
        """The file that a spider writes its pages to, so that those of flagged accounts become evidence."""
        return self.spool.lend() if self.spool else ""

    def incomplete(self, how: Completeness, detail: str) -> None:
        """Say that part of the source could not be seen: kept with the run, printed under coverage."""
        self.completeness = how
        self.issues.append(Issue(source=self.source, kind=how.value, detail=detail))

    def told(self) -> tuple[Issue, ...]:
        """Every issue so far, without a secret: a platform may repeat our own log-in in what it says."""
        struck = Secrets(self.secrets)
        return tuple(msgspec.structs.replace(issue, detail=struck.strike(issue.detail)) for issue in self.issues)

    def afford(self, kind: str, wanted: int = 1) -> int:
        """How many of `wanted` may still be asked for; says once a run and kind when that is not all."""
        left = min(wanted, self.quotas.left(kind))
        told: set[str] = self.memory.setdefault("spent", set())
        if left < wanted and kind not in told:
            told.add(kind)
            self.incomplete(
                Completeness.QUOTA, f"the quota of {kind} is spent: the rest waits, or raise max_{kind} or max_dollars"
            )
        return left

    def spend(self, kind: str, count: int = 1) -> None:
        """Note that `count` were asked for; kept across runs, at once."""
        self.quotas.spend(kind, count)

    def silent(self, detail: str) -> None:
        """Say that the source gave nothing where it used to give: a symptom, so it does not count as seen."""
        self.completeness = Completeness.TRUNCATED
        self.issues.append(Issue(source=self.source, kind="silent", detail=detail))

    def broken(self, detail: str) -> None:
        """Note a row that someone must mend: the source goes on, but the run leaves with 3."""
        self.issues.append(Issue(source=self.source, kind="failed", detail=detail))

    def skipped(self, detail: str) -> None:
        """Note a row that could not be read; the source goes on."""
        self.issues.append(Issue(source=self.source, kind="skipped", detail=detail))
