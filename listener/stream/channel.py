"""One line kept open: connected again when it breaks or falls silent, taken up where it was left, its gaps told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, datetime, timedelta
from random import Random

from listener.errors import Blocked, SourceError, Throttled
from listener.models import Record
from listener.sources.live import Line, Told
from listener.stream.basket import Basket
from listener.stream.pace import Backoff, Clock
from listener.stream.tally import Tally, silence
from listener.stream.wire import TooLarge

Frames = AsyncIterator[bytes]
Connect = Callable[[Line, str], AbstractAsyncContextManager[Frames]]

AHEAD = 300.0  # seconds; a server's clock may be so far before ours; what claims more does not move our place
SHORT = timedelta(seconds=30)  # a line that cannot go back is not told to have missed anything in so short a time
STEADY = timedelta(seconds=30)  # a connection that lasted so long counts as one that worked
LEAP = (2, 2_000_000)  # how far a mark is moved to get past a frame too large to read: a number, or microseconds


class Place(Record):
    """How far a line has been read: its mark, the server's time there, and when we last heard anything of it."""

    mark: int = 0
    at: datetime | None = None
    heard_at: datetime | None = None


class Gap(Record):
    """A time in which something may have been said that a line did not tell us."""

    source: str
    place: str
    since: datetime
    until: datetime

    def told(self) -> str:
        """`jetstream: silent from … to …`."""
        return silence(self.place, self.since, self.until)


class Channel:
    """One line and its state. `place` is what has been saved; `on_gap` is called when something was missed."""

    def __init__(
        self,
        line: Line,
        place: Place,
        tally: Tally,
        *,
        clock: Clock,
        dice: Random,
        on_gap: Callable[[Gap], None] | None = None,
    ) -> None:
        self.line, self.place, self.tally = line, place, tally
        self._clock = clock
        self.on_gap: Callable[[Gap], None] = on_gap or (lambda _gap: None)
        self._backoff = Backoff(dice)
        self._attempt = 0
        self._leaps = 0
        self._frames = 0
        self._taken = 0
        self._resumed_at = 0  # the mark that the server was asked to begin again at; 0 once it has
        self.since: datetime | None = None  # connected since

    async def run(self, connect: Connect, basket: Basket[Channel]) -> None:
        """Listen until cancelled, or until the server refuses for good."""
        while True:
            while self._taken < self._frames:  # where to begin again is known when all has been read
                await self._clock.sleep(0.1)
            frames = self._frames
            try:
                await self._once(connect, basket)
                trouble = SourceError(f"{self.line.place}: the server closed the line")
            except Blocked as refused:
                self.tally.refuse(self.line.place, str(refused))
                return
            except TooLarge as large:
                self._leaps += 1
                trouble = large
            except SourceError as failed:
                trouble = failed
            self._settle(trouble, self._frames > frames)
            await self._clock.sleep(self._wait(trouble))

    async def _once(self, connect: Connect, basket: Basket[Channel]) -> None:
        mark = self._begin()
        async with connect(self.line, self.line.address(mark, self._attempt)) as frames:
            self.since = self._clock.now()
            self.tally.connect(self.line.place)
            self._check_silence()
            await self._watch(asyncio.ensure_future(self._pump(frames, basket)), basket)

    def _begin(self) -> int:
        """Where to begin again, past what was too large to read."""
        mark = self.place.mark if self.line.resumes else 0
        self._resumed_at = mark
        if mark and self._leaps:
            mark += LEAP[mark > 10**14] * 2 ** min(self._leaps, 24)  # past every overlap, twice as far each time
        return mark

    async def _pump(self, frames: Frames, basket: Basket[Channel]) -> None:
        async for frame in frames:
            self._frames += 1
            await basket.add(self, frame)

    async def _watch(self, pump: asyncio.Future[None], basket: Basket[Channel]) -> None:
        """Let it run until it ends. Raises SourceError when nothing was heard for too long, though we had room."""
        try:
            while True:
                heard = self._frames
                if await self._clock.until(pump, self.line.quiet):
                    return pump.result()
                if self._frames == heard and not basket.full:
                    raise SourceError(f"{self.line.place}: silent for {self.line.quiet:g} seconds")
        finally:
            pump.cancel()
            with suppress(asyncio.CancelledError, SourceError):
                await pump

    def _settle(self, trouble: SourceError, heard: bool) -> None:
        """Note that the line is down; a connection that worked for a while begins the waiting anew."""
        now = self._clock.now()
        if heard and self.since and now - self.since > STEADY:
            self._backoff.over()
        self.since = None
        self._attempt += 1
        self.tally.disconnect(self.line.place, str(trouble), now)

    def _wait(self, trouble: SourceError) -> float:
        wait = self._backoff.wait()
        if isinstance(trouble, Throttled) and trouble.until:
            asked = (trouble.until - self._clock.now()).total_seconds()
            return max(wait, min(asked, 3600.0))
        return wait

    def _check_silence(self) -> None:
        """A line that cannot go back has missed the time since it was last heard."""
        last, now = self.place.heard_at, self._clock.now()
        if not self.line.resumes and last and now - last > SHORT:
            self.on_gap(Gap(source=self.line.source, place=self.line.place, since=last, until=now))

    def read(self, told: Told, now: datetime) -> None:
        """Move on to where this was told; called in the order of the frames, when they are read."""
        if told.mark < 0:
            self._missed(now)
            self.place = Place(heard_at=now)
            return
        if told.at > now.timestamp() + AHEAD:
            return
        at = datetime.fromtimestamp(told.at, UTC) if told.at > 0 else None
        if self._resumed_at and told.mark:
            if told.mark > self._resumed_at:
                self._missed(at or now)
            self._resumed_at = 0
            self._leaps = 0
        if told.mark > self.place.mark or (not told.mark and at is not None):
            self.place = Place(mark=told.mark or self.place.mark, at=at or self.place.at, heard_at=self.place.heard_at)

    def _missed(self, until: datetime) -> None:
        since = self.place.at or self.place.heard_at
        if since and until > since:
            self.on_gap(Gap(source=self.line.source, place=self.line.place, since=since, until=until))

    def heard(self, now: datetime) -> None:
        """Note that one more frame has been read."""
        self._taken += 1
        if self.place.heard_at is None or now > self.place.heard_at:
            self.place = Place(mark=self.place.mark, at=self.place.at, heard_at=now)
