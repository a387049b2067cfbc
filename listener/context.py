"""What a source is given: a session to fetch with, its settings, the clock, and ways to say how complete it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from listener.models import Completeness, Issue

if TYPE_CHECKING:
    from listener.http import Session


class Context:
    """One source's view of one run.

    `settings` is its table of listener.toml, `secrets` the LISTEN_* environment, `sites` the organisation's own
    domains, `cursor` what it left behind last time; what it puts into `next_cursor` is saved in the same transaction
    as the rows it covers. `memory` is the source's own until the run ends (log-ins, what it has seen).
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

    def incomplete(self, how: Completeness, detail: str) -> None:
        """Say that part of the source could not be seen: kept with the run, printed under coverage."""
        self.completeness = how
        self.issues.append(Issue(source=self.source, kind=how.value, detail=detail))

    def broken(self, detail: str) -> None:
        """Note a row that someone must mend: the source goes on, but the run leaves with 3."""
        self.issues.append(Issue(source=self.source, kind="failed", detail=detail))

    def skipped(self, detail: str) -> None:
        """Note a row that could not be read; the source goes on."""
        self.issues.append(Issue(source=self.source, kind="skipped", detail=detail))
