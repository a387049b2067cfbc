"""Where what was heard is kept: the store, the run, the counts; all of it used by one thread."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from random import Random

import msgspec

from listener.clock import local
from listener.config import Config
from listener.enrich import OUR_OWN, Enricher
from listener.listen import context
from listener.models import Record, SourceResult
from listener.redaction import Secrets
from listener.renamed import naming
from listener.run import exit_code, failed
from listener.saved import POSTS
from listener.sources import load_sources
from listener.sources.bluesky_handles import handles_of
from listener.store import Store, open_store
from listener.store.lines import STOPPED, keep_small, load_lines, save_beat
from listener.store.runs import finish_run, save_source, start_run
from listener.stream.channel import Channel, Gap, Place
from listener.stream.handles import Handles
from listener.stream.intake import Batch, Intake
from listener.stream.pace import Clock
from listener.stream.plan import Plan
from listener.stream.renewal import Renewal
from listener.stream.tally import Tally

CONNECTING = "connecting"
KIND = "stream"  # of the run: one a day, so that every week has its own


class Status(Record):
    """How a session is doing. `lag` is how far behind the slowest line is; `waiting` says why a line is down."""

    lines: int
    up: int
    read: int
    matched: int
    new: int
    lag: timedelta | None
    waiting: str


class Desk:
    """The store and all that is counted; made and used by one thread. `exit_code` is known once it is closed."""

    def __init__(self, config: Config, plan: Plan, store: Store, clock: Clock, dice: Random) -> None:
        self.config, self.plan, self.store, self._now = config, plan, store, clock.now
        now = clock.now
        self.since = now()
        self.tallies = {name: Tally(name, self.since) for name in plan.sources}
        self.read = self.matched = self.new = self.exit_code = 0
        self.broken: BaseException | None = None
        places = {(row.source, row.place): row for row in load_lines(store)}
        self.channels = []
        for line in plan.lines():
            row = places.get((line.source, line.place))
            place = Place(mark=row.mark, at=row.at, heard_at=row.heard_at) if row else Place()
            self.channels.append(Channel(line, place, self.tallies[line.source], clock=clock, dice=dice))
        self._struck = Secrets(config.secrets)
        self.noter = Enricher(config)
        self._renewal = Renewal(plan)
        self._handles = Handles(partial(ask_handles, config), now)
        last = store.row("SELECT seq FROM sqlite_sequence WHERE name = 'mentions'")
        self._counted = int(last["seq"]) if last else 0  # the last post that is in `new`, or was there before us
        self.run_id, self._day = self._open_run(self.since), local(self.since).date()
        self._runs = [self.run_id]
        asked = plan.asked(now())
        self._handles.seed(asked.values(), self._ours())
        self.intake = Intake(store, asked, self.tallies, self._handles, self.noter)

    @classmethod
    def open(cls, config: Config, plan: Plan, clock: Clock, dice: Random) -> Desk:
        """Open the store and begin a run. Raises StoreError, ConfigError."""
        with ExitStack() as if_refused:
            store = if_refused.enter_context(open_store(config.store))
            keep_small(store)
            desk = cls(config, plan, store, clock, dice)
            if_refused.pop_all()
        return desk

    def _open_run(self, now: datetime) -> int:
        """Begin a run; returns its id."""
        return start_run(self.store, KIND, now, [name + POSTS for name in self.plan.sources])

    def renew(self) -> list[str]:
        """Take over what has changed in listener.toml and the register since; what there is to say of it, and of
        accounts that took another handle.
        """
        noter, told = self._renewal.look()
        told += self._renamed()
        if noter is not None:
            asked = self.plan.asked(self._now())
            self.noter = noter
            self._handles.seed(asked.values(), self._ours())
            self.intake.ask(asked, self.tallies, noter)
        return told

    def _ours(self) -> dict[str, str]:
        """Our own accounts on Bluesky: the handle that the register gives each did."""
        rows = self.noter.registry.entries
        ours = [row for row in rows if row.platform == "bluesky" and row.status in OUR_OWN]
        return {row.platform_id: row.handle for row in ours if row.platform_id and row.handle}

    def _renamed(self) -> list[str]:
        """Who is called otherwise now, where it matters: accounts of ours, and those that queries name."""
        told = []
        ours = {handle.casefold() for handle in self._ours().values()}
        texts = {name: saved.query.text for name, saved in self.plan.queries.items()}
        for old, new in self._handles.news():
            if old.casefold() in ours:
                told.append(f"our account {old} is called {new} now: correct the register")
            if names := naming(old, texts):
                told.append(f"{old} is called {new} now: these queries name the old handle: {', '.join(names)}")
        return told

    def read_frames(self, frames: Sequence[tuple[Channel, bytes]]) -> Batch:
        """What the frames tell."""
        batch = self.intake.read(frames, self._now())
        self.read += batch.posts
        self.matched += sum(map(len, batch.mentions.values()))
        return batch

    def save(self, batch: Batch) -> None:
        """Log it. Raises LockedError, after which it can be saved again."""
        self.intake.save(batch, self.run_id, self._now())
        self._count()

    def _count(self) -> None:
        """Count the posts that were logged since: each once, however many queries it matches."""
        sql = "SELECT count(*) AS new, max(id) AS last FROM mentions WHERE id > ? AND run_id IN (?, ?)"
        row = self.store.rows(sql, (self._counted, self._runs[0], self._runs[-1]))[0]
        self.new += row["new"]
        self._counted = row["last"] or self._counted

    def beat(self) -> Status:
        """Say that the session runs, and how every source fares; at midnight, begin the next day's run."""
        now = self._now()
        with self.store.transaction():
            for channel in self.channels:
                self._save_beat(channel, now)
            for result in self._results(now):
                save_source(self.store, self.run_id, result)
        if local(now).date() != self._day:
            self._next_day(now)
        return self.status(now)

    def _results(self, now: datetime) -> list[SourceResult]:
        """How every source fares, without a secret: a server may repeat our own log-in in what it says."""
        return [told_of(self._struck, tally.result(now)) for tally in self.tallies.values()]

    def _save_beat(self, channel: Channel, now: datetime, state: str = "") -> None:
        tally = self.tallies[channel.line.source]
        if not state and channel.since is None:
            state = tally.refused.get(channel.line.place) or tally.waiting() or CONNECTING
        save_beat(
            self.store,
            channel.line.source,
            channel.line.place,
            since=self.since,
            now=now,
            state=self._struck.strike(state),
            read=tally.read,
            matched=tally.matched,
        )

    def _next_day(self, now: datetime) -> None:
        """End the run and begin the next, both or neither; what is counted and asked changes only when that is done."""
        asked = self.plan.asked(now)
        with self.store.transaction():
            self._close_run(now)
            run_id = self._open_run(now)
        self.run_id, self._day = run_id, local(now).date()
        self._runs = [*self._runs[-1:], run_id]  # what was asked before midnight may be answered after it
        self.tallies = {name: tally.afresh(now) for name, tally in self.tallies.items()}
        for channel in self.channels:
            channel.tally = self.tallies[channel.line.source]
        self.intake.ask(asked, self.tallies)

    def _close_run(self, now: datetime) -> None:
        results = self._results(now)
        self.exit_code = exit_code(results)
        with self.store.transaction():
            for result in results:
                save_source(self.store, self.run_id, result)
            whole = not any(failed(result) for result in results)
            finish_run(self.store, self.run_id, now, self.exit_code, whole)

    def status(self, now: datetime) -> Status:
        """How it is going."""
        lags = [now - channel.place.at for channel in self.channels if channel.since and channel.place.at]
        waiting = next((tally.waiting() for tally in self.tallies.values() if tally.waiting()), "")
        return Status(
            lines=len(self.channels),
            up=sum(channel.since is not None for channel in self.channels),
            read=self.read,
            matched=self.matched,
            new=self.new,
            lag=max(lags, default=None),
            waiting=waiting,
        )

    def refused(self) -> set[str]:
        """The sources of which a server does not let us listen: they are asked instead."""
        return {name for name, tally in self.tallies.items() if tally.refused}

    def polled(self, name: str, parts: Sequence[SourceResult], read: int) -> None:
        """Note how a source fared when it was asked."""
        self.read += read
        self._count()
        if parts:
            self.tallies[name].polled(parts)

    def filled(self, gap: Gap, whole: bool, read: int) -> None:
        """Note a gap, and whether what was said then has been found."""
        self.read += read
        self._count()
        self.tallies[gap.source].gap(gap.told(), whole)

    def close(self) -> None:
        """End the run and close the store."""
        now = self._now()
        try:
            for channel in self.channels:
                self._save_beat(channel, now, STOPPED)
            self._close_run(now)
        finally:
            self.store.close()


def told_of(struck: Secrets, result: SourceResult) -> SourceResult:
    """The result with every secret taken out of its issues."""
    issues = tuple(msgspec.structs.replace(issue, detail=struck.strike(issue.detail)) for issue in result.issues)
    return msgspec.structs.replace(result, issues=issues)


def ask_handles(config: Config, actors: Sequence[str]) -> dict[str, str]:
    """The handles of some dids, asked of Bluesky's public view. Raises SourceError."""
    ctx = context(config, "bluesky", load_sources()["bluesky"], None)
    try:
        return handles_of(ctx, actors)
    finally:
        ctx.http.requests.close()
