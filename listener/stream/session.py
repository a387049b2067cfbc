"""One session of listening: every line kept open, every other source asked in turn, all of it into the log."""

from __future__ import annotations

import asyncio
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, suppress
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar

import msgspec

from listener.alerts import look_and_tell
from listener.config import Config
from listener.crisis import factor
from listener.errors import LockedError
from listener.http import user_agent
from listener.run import Progress
from listener.sources.live import Line
from listener.stream.apart import apart
from listener.stream.basket import Basket
from listener.stream.channel import Channel, Gap
from listener.stream.desk import Desk, Status
from listener.stream.pace import Clock
from listener.stream.plan import Plan
from listener.stream.polling import Rota, fill, pace, poll
from listener.stream.wire import connected

Made = TypeVar("Made")

A_BATCH = 0.5  # seconds that frames are gathered for when there are few
FEW = 200
BEAT = 5.0  # seconds between two signs of life
AGAIN = 2.0  # seconds before the log is written to again when another process holds it
LOOK = 30.0  # seconds between two looks for what cannot wait, when there is something new
QUIETLY = timedelta(minutes=10)  # the same, when there is not: a storm ends, a letter that did not go out is waiting
PATIENCE = 10.0  # seconds that questions under way are waited for at the end


class Limits(msgspec.Struct, frozen=True):
    """When a session ends by itself: after so many seconds, or when so many posts have been read. None: never."""

    seconds: float | None = None
    posts: int | None = None


class Session:
    """Listens until it is stopped; `stopped_by` is the signal that did it."""

    def __init__(
        self,
        config: Config,
        plan: Plan,
        *,
        clock: Clock,
        dice: Random,
        limits: Limits,
        show: Callable[[Status], None],
        progress: Progress,
    ) -> None:
        self.config, self.plan, self.clock, self.limits = config, plan, clock, limits
        self._dice, self._show, self._progress = dice, show, progress
        self._basket: Basket[Channel] = Basket()
        self._stop = asyncio.Event()
        self._gaps: deque[Gap] = deque(maxlen=200)
        self._polls: set[asyncio.Future[Any]] = set()
        self._saving: set[asyncio.Future[None]] = set()  # the batch in hand: finished even when everything else stops
        self.stopped_by: int | None = None

    async def run(self) -> int:
        """Listen; returns the exit code of the run, which is 0 or 3. Raises what ends a session before its time."""
        with ThreadPoolExecutor(1, thread_name_prefix="log") as self._log:
            self.desk: Desk = await self._at_desk(partial(Desk.open, self.config, self.plan, self.clock, self._dice))
            for channel in self.desk.channels:
                channel.on_gap = self._miss
            try:
                await self._listen()
            finally:
                await self._at_desk(self.desk.close)
        if self.desk.broken is not None:
            raise self.desk.broken
        return self.desk.exit_code

    async def _listen(self) -> None:
        restore = self._catch_signals()
        with ThreadPoolExecutor(4, thread_name_prefix="look-up") as threads:
            agent, loopback = user_agent(self.config.contact), self.config.allow_loopback

            def connect(line: Line, url: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
                return connected(line, url, agent, threads, loopback)

            work: list[Coroutine[Any, Any, None]] = [self._take(), self._beat(), self._ask(), self._tell(), self._end()]
            lines = [asyncio.create_task(channel.run(connect, self._basket)) for channel in self.desk.channels]
            tasks = [asyncio.create_task(one) for one in work]
            try:
                await self._until_stopped([*tasks, *lines])
            finally:
                for task in (*lines, *tasks):
                    task.cancel()
                await asyncio.gather(*lines, *tasks, *self._saving, return_exceptions=True)
                restore()
        await self._finish()

    async def _until_stopped(self, tasks: list[asyncio.Task[None]]) -> None:
        """Wait for the stop, or for what breaks: a line that was refused just ends."""
        stop = asyncio.create_task(self._stop.wait())
        watched: set[asyncio.Task[Any]] = {stop, *tasks}
        try:
            while not self._stop.is_set():
                done, watched = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            stop.cancel()

    def _miss(self, gap: Gap) -> None:
        """Note a gap as open, until what was said in it has been searched for."""
        self._log.submit(self.desk.filled, gap, False, 0)  # a line calls from the loop, or while its frames are read
        self._gaps.append(gap)

    async def _finish(self) -> None:
        """Save what was received, and wait a moment for the questions under way."""
        for saved in self._saving:
            saved.result()
        while len(self._basket):
            await self._save(self._basket.take())
        while self._gaps:
            self._start(self._fill(self._gaps.popleft()))
        if self._polls:
            await asyncio.wait(self._polls, timeout=PATIENCE)
        self._show(await self._patiently(self.desk.beat))

    async def _take(self) -> None:
        while True:
            await self._basket.some()
            frames = self._basket.take()
            self._saving = {asyncio.ensure_future(self._save(frames))}
            await asyncio.shield(*self._saving)
            if self.limits.posts is not None and self.desk.read >= self.limits.posts:
                self._stop.set()
            if len(frames) < FEW:
                await self.clock.sleep(A_BATCH)

    async def _save(self, frames: list[tuple[Channel, bytes]]) -> None:
        await self._renew()
        batch = await self._at_desk(partial(self.desk.read_frames, frames))
        await self._patiently(partial(self.desk.save, batch))

    async def _renew(self) -> None:
        """Go by settings and register as they stand now."""
        for line in await self._at_desk(self.desk.renew):
            self._progress(line)

    async def _beat(self) -> None:
        while True:
            await self._renew()
            status = await self._patiently(self.desk.beat)
            self._show(status)
            await self.clock.sleep(BEAT)

    async def _tell(self) -> None:
        """Look for storms and tell of what cannot wait: soon after something new, and now and then all the same."""
        told, looked_at = 0, self.clock.now()
        while True:
            await self.clock.sleep(LOOK)
            now = self.clock.now()
            if self.desk.new == told and now - looked_at < QUIETLY:
                continue
            told, looked_at = self.desk.new, now
            with suppress(LockedError):  # another process keeps writing: the next time
                await apart(partial(look_and_tell, msgspec.structs.replace(self.plan.config, now=now), now))

    async def _end(self) -> None:
        if self.limits.seconds is None:
            await self._stop.wait()
        else:
            await self.clock.until(asyncio.ensure_future(self._stop.wait()), self.limits.seconds)
            self._stop.set()

    async def _ask(self) -> None:
        """Ask each source in its turn, and search for what a line missed."""
        streamed = {channel.line.source for channel in self.desk.channels}
        rota = Rota(self._paces(streamed), self.clock.now())
        while True:
            streamed -= self.desk.refused()
            rota.paces = self._paces(streamed)  # their quotas last for as many queries as there are now
            speed = await self._at_desk(lambda: factor(self.desk.store))
            for name in rota.due(self.clock.now(), speed):
                rota.begin(name, self.clock.now())
                self._start(self._poll(name, rota))
            while self._gaps:
                self._start(self._fill(self._gaps.popleft()))
            await self.clock.sleep(1.0)

    def _paces(self, streamed: set[str]) -> dict[str, timedelta]:
        """How long each source rests between two questions."""
        config, queries = self.plan.config, len(self.plan.queries)
        every = self.plan.sources.items()
        return {name: pace(config, name, module.ABOUT, queries, name in streamed) for name, module in every}

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._polls.add(task)
        task.add_done_callback(self._settle)

    def _settle(self, task: asyncio.Task[None]) -> None:
        self._polls.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._stop.set()
            self.desk.broken = task.exception()

    async def _poll(self, name: str, rota: Rota) -> None:
        now = self.clock.now()
        config = msgspec.structs.replace(self.plan.config, now=now)
        queries = self.plan.asked_of(name, now)
        work = partial(poll, config, name, self.plan.sources[name], queries, self.desk.run_id, self.desk.noter)
        try:
            parts, read = await apart(work)
        except LockedError:
            return  # another process keeps writing: at its next turn
        finally:
            rota.end(name)
        await self._at_desk(partial(self.desk.polled, name, parts, read))

    async def _fill(self, gap: Gap) -> None:
        self._progress(gap.told())
        now = self.clock.now()
        config = msgspec.structs.replace(self.plan.config, now=now)
        module, queries = self.plan.sources[gap.source], self.plan.asked_of(gap.source, now)
        work = partial(fill, config, gap, module, queries, self.desk.run_id, self.desk.noter)
        try:
            whole, read = await apart(work)
        except LockedError:
            whole, read = False, 0
        await self._at_desk(partial(self.desk.filled, gap, whole, read))

    async def _at_desk(self, work: Callable[[], Made]) -> Made:
        """Do it in the one thread that holds the log."""
        return await asyncio.get_running_loop().run_in_executor(self._log, work)

    async def _patiently(self, work: Callable[[], Made]) -> Made:
        """The same, again and again while another process holds the log: what was received waits, nothing is lost."""
        while True:
            try:
                return await self._at_desk(work)
            except LockedError:
                self._progress("another run is writing to the log: waiting")
                await self.clock.sleep(AGAIN)

    def _catch_signals(self) -> Callable[[], None]:
        """End cleanly when told to; told twice, at once."""
        loop = asyncio.get_running_loop()
        caught = (signal.SIGINT, signal.SIGTERM)

        def stop(number: int) -> None:
            self.stopped_by = number
            self._stop.set()
            for one in caught:
                loop.remove_signal_handler(one)

        with suppress(ValueError, RuntimeError):  # not the main thread: whoever runs us there stops us otherwise
            for number in caught:
                loop.add_signal_handler(number, stop, number)

        def restore() -> None:
            with suppress(ValueError, RuntimeError):
                for number in caught:
                    loop.remove_signal_handler(number)

        return restore
