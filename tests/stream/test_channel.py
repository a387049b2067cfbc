"""A line kept open, by a clock that never waits: silence, refusals, waits that grow, gaps that are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from listener.errors import Blocked, SourceError, Throttled
from listener.sources.live import Told
from listener.stream.basket import Basket
from listener.stream.channel import Channel, Gap, Place
from listener.stream.pace import Backoff, Clock
from listener.stream.tally import Tally
from listener.stream.wire import TooLarge

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)


class Hurried(Clock):
    """Time passes only when somebody waits for it, and then at once."""

    def __init__(self) -> None:
        super().__init__(lambda: self.at)
        self.at = NOW
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    async def until(self, awaited: asyncio.Future[Any], seconds: float) -> bool:
        for _turn in range(20):
            await asyncio.sleep(0)
        if not awaited.done():
            self.at += timedelta(seconds=seconds)
        return awaited.done()


class Line:
    """A line told by a script: what happens at each connection."""

    source, place, framed, quiet = "bluesky", "almby.example", True, 60.0
    headers: dict[str, str] = {}

    def __init__(self, *script: list[bytes] | SourceError | None, resumes: bool = True) -> None:
        self.script = list(script)
        self.resumes = resumes
        self.marks: list[int] = []

    def address(self, mark: int, attempt: int) -> str:
        self.marks.append(mark)
        return "wss://almby.example/"

    def read(self, frame: bytes) -> tuple[Told, ...]:
        return (Told("other", mark=int(frame), at=int(frame) / 1e6),)

    @asynccontextmanager
    async def connect(self, _line: Any, _url: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """A list: those frames, then the end. An error: that. None: silence for ever."""
        step = self.script.pop(0) if self.script else Blocked("almby.example answers 403: it does not let us listen")
        if isinstance(step, SourceError):
            raise step

        async def frames() -> AsyncIterator[bytes]:
            for frame in step or ():
                yield frame
            if step is None:
                await asyncio.Event().wait()

        yield frames()


def run(line: Line, place: Place | None = None, read: bool = True) -> tuple[Channel, Hurried, list[Gap]]:
    """Keep the line open until its script is over, reading what it tells."""
    clock, gaps = Hurried(), []
    channel = Channel(line, place or Place(), Tally("bluesky"), clock=clock, dice=Random(1), on_gap=gaps.append)

    async def both() -> None:
        basket: Basket[Channel] = Basket()

        async def take() -> None:
            while True:
                await basket.some()
                for of, frame in basket.take():
                    for told in line.read(frame):
                        of.read(told, clock.now())
                    of.heard(clock.now())

        reader = asyncio.create_task(take())
        await asyncio.wait_for(channel.run(line.connect, basket), 10)
        reader.cancel()

    asyncio.run(both())
    return channel, clock, gaps


def mark(seconds: float) -> int:
    """A mark so many seconds after NOW."""
    return int((NOW.timestamp() + seconds) * 1e6)


def frames(*seconds: float) -> list[bytes]:
    return [str(mark(one)).encode() for one in seconds]


def test_a_line_that_falls_silent_is_connected_again_where_it_was() -> None:
    line = Line(frames(1, 2), None, frames(2, 3))
    channel, clock, gaps = run(line)
    assert line.marks == [0, mark(2), mark(2), mark(3)]
    assert clock.at - NOW >= timedelta(seconds=60)
    assert channel.place.mark == mark(3)
    assert not gaps


def test_waits_grow_with_every_failure_and_are_never_in_step() -> None:
    line = Line(*[SourceError("no connection")] * 10)
    _channel, clock, _gaps = run(line)
    waits = clock.slept
    assert len(waits) == 10
    assert all(0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits[:7]))
    assert all(60 <= wait <= 120 for wait in waits[7:])
    dice = [Backoff(Random(seed)) for seed in range(20)]
    assert len({one.wait() for one in dice}) == 20


def test_a_server_that_names_a_time_is_left_alone_until_then() -> None:
    line = Line(Throttled("answers 429", NOW + timedelta(minutes=10)))
    _channel, clock, _gaps = run(line)
    assert clock.slept == [600.0]


def test_a_refusal_ends_the_line_and_is_told_once() -> None:
    channel, clock, _gaps = run(Line())
    assert clock.slept == []
    (issue,) = channel.tally.result(NOW).issues
    assert issue.kind == "skipped"
    assert issue.detail.endswith("it is asked now and then instead")


def test_what_a_server_no_longer_has_is_a_gap_from_where_we_were() -> None:
    _channel, _clock, gaps = run(Line(frames(-900, -800), frames(-300, -200)))
    assert [(gap.since - NOW, gap.until - NOW) for gap in gaps] == [(timedelta(seconds=-800), timedelta(seconds=-300))]


def test_a_line_that_cannot_go_back_has_missed_the_time_since_it_was_last_heard() -> None:
    place = Place(heard_at=NOW - timedelta(hours=2))
    _channel, _clock, gaps = run(Line(frames(1), resumes=False), place)
    assert [(gap.since, gap.until) for gap in gaps] == [(NOW - timedelta(hours=2), NOW)]
    assert gaps[0].told() == "almby.example told nothing from 2026-11-22T05:00:00Z to 2026-11-22T07:00:00Z"


def test_a_frame_too_large_to_read_is_passed_by_and_told_as_a_gap() -> None:
    line = Line(frames(-900, -800), TooLarge("x"), TooLarge("x"), frames(-700))
    _channel, _clock, gaps = run(line)
    assert line.marks[1] == mark(-800) < line.marks[2] < line.marks[3]
    assert [(gap.since - NOW, gap.until - NOW) for gap in gaps] == [(timedelta(seconds=-800), timedelta(seconds=-700))]


def test_a_full_basket_holds_the_line_back() -> None:
    async def flood() -> tuple[int, int]:
        basket: Basket[str] = Basket(frames=3)
        added = 0

        async def add() -> None:
            nonlocal added
            while True:
                await basket.add("line", b"frame")
                added += 1

        task = asyncio.create_task(add())
        for _turn in range(50):
            await asyncio.sleep(0)
        before = added
        basket.take()
        for _turn in range(50):
            await asyncio.sleep(0)
        task.cancel()
        return before, added

    assert asyncio.run(flood()) == (3, 6)


@pytest.mark.parametrize("times", [1, 3])
def test_a_down_line_counts_as_failed_only_after_a_while(times: int) -> None:
    tally = Tally("bluesky")
    for _time in range(times):
        tally.disconnect("almby.example", "almby.example: the server closed the line", NOW)
    assert tally.result(NOW + timedelta(minutes=1)).issues == ()
    lost, missed = tally.result(NOW + timedelta(minutes=10)).issues
    assert lost.kind == "failed"
    assert missed.detail == "almby.example told nothing from 2026-11-22T07:00:00Z to 2026-11-22T07:10:00Z"
    tally.connect("almby.example")
    assert tally.result(NOW + timedelta(minutes=20)).issues == ()
