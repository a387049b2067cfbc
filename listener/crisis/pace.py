"""How much oftener is listened while a crisis is on."""

from __future__ import annotations

from listener.store import Store
from listener.store.crises import open_crisis

CALM = 1.0


def factor(store: Store) -> float:
    """What a poll interval is multiplied by now: 1.0 in calm times, as in 0.25 while a crisis is on."""
    running = open_crisis(store)
    return running.factor if running else CALM
