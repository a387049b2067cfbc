"""A store in a folder of its own, and weekly runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from almby_findings import NOW

from listener.store import Store, open_store
from listener.store.runs import start_run


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "listener.db") as opened:
        yield opened


@pytest.fixture
def next_run(store: Store) -> Callable[[], tuple[int, datetime]]:
    """Start the next week's run: its id and its time."""
    started = 0

    def start() -> tuple[int, datetime]:
        nonlocal started
        now = NOW + timedelta(weeks=started)
        started += 1
        return start_run(store, "audit", now, ["bluesky"]), now

    return start
