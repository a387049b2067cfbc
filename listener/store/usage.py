"""What was asked of each source, by the hour: quotas that outlast a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from listener.clock import rfc3339
from listener.store.database import Store

KEPT = timedelta(days=62)  # the longest window is a month


class StoredUsage:
    """`quotas.Usage` of one source, in the store; each addition is a transaction of its own. `clock` tells the time."""

    def __init__(self, store: Store, source: str, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._source = source
        self._clock = clock

    def add(self, kind: str, count: int) -> None:
        now = self._clock()
        hour = rfc3339(now.replace(minute=0, second=0, microsecond=0))
        with self._store.transaction():
            self._store.db.execute(
                "INSERT INTO source_usage (source, kind, hour, count) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (source, kind, hour) DO UPDATE SET count = count + excluded.count",
                (self._source, kind, hour, count),
            )
            self._store.db.execute("DELETE FROM source_usage WHERE hour < ?", (rfc3339(now - KEPT),))

    def since(self, kind: str, begins: datetime) -> int:
        row = self._store.row(
            "SELECT coalesce(sum(count), 0) AS spent FROM source_usage WHERE source = ? AND kind = ? AND hour >= ?",
            (self._source, kind, rfc3339(begins)),
        )
        return int(row["spent"]) if row else 0
