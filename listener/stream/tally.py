"""What one source told while it was listened to: counts, what is wrong, and all of it as a run's result."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from listener.clock import rfc3339
from listener.models import Completeness, Issue, SourceResult
from listener.saved import POSTS, joined
from listener.store.lines import GAP

MOST = 50  # issues of one kind and source that are kept
DOWN = timedelta(minutes=5)  # a line that has been away for longer counts as failed


def silence(place: str, since: datetime, until: datetime) -> str:
    """`jetstream told nothing from … to …`; storms are not looked for in that time (see `listener.storms.coverage`)."""
    return f"{place} told nothing from {rfc3339(since)} to {rfc3339(until)}"


class Tally:
    """One source's counts and troubles in one run, which `began` then. Each is told once, however often it happens."""

    def __init__(self, source: str, began: datetime | None = None) -> None:
        self.source, self.began = source, began
        self.read = 0
        self.matched = 0
        self.changed = 0
        self.odd: OrderedDict[str, int] = OrderedDict()
        self.refused: dict[str, str] = {}
        self._down: dict[str, tuple[str, datetime]] = {}
        self._gaps: OrderedDict[str, bool] = OrderedDict()
        self._polled: SourceResult | None = None

    def afresh(self, now: datetime) -> Tally:
        """A tally for the next run, which begins now with what still is wrong."""
        fresh = Tally(self.source, now)
        fresh.refused, fresh._down, fresh._polled = self.refused, self._down, self._polled
        return fresh

    def connect(self, place: str) -> None:
        self._down.pop(place, None)

    def disconnect(self, place: str, why: str, now: datetime) -> None:
        """The line is down; the first moment of a row of failures is kept, and the last reason."""
        self._down[place] = (why, self._down[place][1] if place in self._down else now)

    def refuse(self, place: str, why: str) -> None:
        """The server does not let us listen: it is asked instead."""
        self._down.pop(place, None)
        self.refused[place] = why

    def leave_out(self, why: str) -> None:
        """A frame could not be read."""
        key = why[:200] if why[:200] in self.odd or len(self.odd) < MOST else "frames of other kinds"
        self.odd[key] = self.odd.get(key, 0) + 1

    def gap(self, told: str, filled: bool) -> None:
        """A time was missed; `filled` says that what was said then has been searched for since."""
        self._gaps[told] = filled
        while len(self._gaps) > MOST:
            self._gaps.popitem(last=False)

    def polled(self, parts: Sequence[SourceResult]) -> None:
        """How the source fared when it was asked."""
        self._polled = joined(self.source, list(parts))

    def waiting(self) -> str:
        """Why a line is down; empty when all are up."""
        return next((why for why, _since in list(self._down.values())), "")

    def result(self, now: datetime) -> SourceResult:
        """How the source has fared so far, streamed and asked; its seconds are those since the run began."""
        lost = [(place, why, since) for place, (why, since) in list(self._down.items()) if now - since > DOWN]
        told = [("failed", why) for _place, why, _since in lost]
        told += [(GAP, silence(place, since, now)) for place, _why, since in lost]
        gaps = list(self._gaps.items())
        told += [(GAP, gap) for gap, filled in gaps if not filled]
        told += [("skipped", f"{gap}: since searched for") for gap, filled in gaps if filled]
        told += [("skipped", f"left out {count} frames: {why}") for why, count in self.odd.items()]
        told += [("skipped", f"{why}; it is asked now and then instead") for why in list(self.refused.values())]
        how = Completeness.TRUNCATED if lost or not all(filled for _gap, filled in gaps) else Completeness.COMPLETE
        name = self.source + POSTS
        issues = tuple(Issue(source=name, kind=kind, detail=detail) for kind, detail in told)
        whole = SourceResult(source=name, completeness=how, posts=self.matched, issues=issues)
        if self._polled is not None:
            whole = joined(self.source, [whole, self._polled])
        seconds = (now - self.began).total_seconds() if self.began else 0.0
        return msgspec.structs.replace(whole, seconds=seconds)
