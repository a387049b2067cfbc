"""Frames received and not yet read: bounded, so that a flood waits at its server and not in our memory."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

Of = TypeVar("Of")

FRAMES = 4_000
BYTES = 16_000_000


class Basket(Generic[Of]):
    """Who adds waits while it is full; who takes gets all there is."""

    def __init__(self, frames: int = FRAMES, size: int = BYTES) -> None:
        self._most, self._size = frames, size
        self._held: list[tuple[Of, bytes]] = []
        self._bytes = 0
        self._room, self._some = asyncio.Event(), asyncio.Event()
        self._room.set()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def full(self) -> bool:
        return not self._room.is_set()

    async def add(self, of: Of, frame: bytes) -> None:
        """Put in one frame, once there is room."""
        if not self._room.is_set():
            await self._room.wait()
        self._held.append((of, frame))
        self._bytes += len(frame)
        self._some.set()
        if len(self._held) >= self._most or self._bytes >= self._size:
            self._room.clear()

    async def some(self) -> None:
        """Wait until there is something to take."""
        await self._some.wait()

    def take(self) -> list[tuple[Of, bytes]]:
        """All there is, in the order it came."""
        held, self._held, self._bytes = self._held, [], 0
        self._some.clear()
        self._room.set()
        return held
