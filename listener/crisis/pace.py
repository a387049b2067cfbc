"""How much faster is listened while a crisis is on."""

from __future__ import annotations

from datetime import timedelta

from listener.store import Store
from listener.store.crises import open_crisis

CALM = 1.0
SHORTEST = timedelta(seconds=30)  # between two questions to one source, however grave the crisis


def factor(store: Store) -> float:
    """What a poll interval is multiplied by now: 1.0 in calm times, as in 0.25 while a crisis is on."""
    running = open_crisis(store)
    return running.factor if running else CALM


def interval(store: Store, usual: timedelta) -> timedelta:
    """How long to wait between two questions now, where `usual` is the wait in calm times."""
    return min(usual, max(usual * factor(store), SHORTEST))
