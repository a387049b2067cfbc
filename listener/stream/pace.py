"""Waiting: the clock that everything here goes by, and how long to stay away from a server that failed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

FIRST = 1.0  # seconds after the first failure
LONGEST = 120.0


class Clock:
    """The time, and waiting for it; tests bring one of their own."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now

    async def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        await asyncio.sleep(seconds)

    async def until(self, awaited: asyncio.Future[Any], seconds: float) -> bool:
        """Wait until it is done, but no longer than so many seconds; returns whether it is."""
        await asyncio.wait({awaited}, timeout=seconds)
        return awaited.done()


class Backoff:
    """Twice as long after every failure, to a limit, and never in step with others: half of each wait is chance."""

    def __init__(self, dice: Random, first: float = FIRST, longest: float = LONGEST) -> None:
        self._dice, self._first, self._longest = dice, first, longest
        self.failures = 0

    def wait(self) -> float:
        """Seconds to wait now that it has failed once more."""
        whole = min(self._longest, self._first * 2.0 ** min(self.failures, 30))
        self.failures += 1
        return whole * (0.5 + self._dice.random() / 2)

    def over(self) -> None:
        """It works again."""
        self.failures = 0
