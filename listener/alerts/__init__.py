"""Alerts: what cannot wait for Monday goes out at once, by mail and webhook; all else waits for the weekly report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from listener.alerts.alert import Alert, Outcome
from listener.alerts.rules import CURSOR, noticed
from listener.alerts.send import keep, send, send_waiting
from listener.alerts.settings import load_settings
from listener.config import Config
from listener.store import Store, open_store
from listener.store.runs import save_cursor
from listener.store.storms import Storm
from listener.storms import watch

__all__ = ["Alert", "Outcome", "load_settings", "look_and_tell", "raise_and_send", "send"]


def raise_and_send(config: Config, store: Store, storms: Iterable[Storm], now: datetime) -> list[Outcome]:
    """Tell of what cannot wait; called after every listening run and every batch of the stream.

    `storms` are those that are new or changed (`storms.watch`). Raises ConfigError for wrong settings, and nothing for
    a channel that fails: what it did not take goes out the next time.
    """
    settings = load_settings(config)
    found = noticed(config, store, settings, storms, now)  # while others may write: who else tells uses the same keys
    with store.transaction():
        keep(store, settings, found.alerts, now)
        save_cursor(store, CURSOR, found.read_to)
    return send_waiting(config, store, settings, now)


def look_and_tell(config: Config, now: datetime) -> list[Outcome]:
    """Watch for storms and tell of what cannot wait, with a store of its own: for who listens without end."""
    with open_store(config.store) as store:
        return raise_and_send(config, store, watch(config, store, now), now)
