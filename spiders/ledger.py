"""A shared crawl in Redis as who began it sees it: its plan, the rows that workers stored, its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from spiders.plan import Plan

ADDRESS = "SCRAPY_REDIS_URL"  # of the environment; it may hold a password
PARTS = ("lent", "requests", "known", "last")  # of the queue, beside what waits
KEPT = 86_400  # seconds until a crawl that nobody finished is forgotten
BATCH = 1_000


def prefix(name: str) -> str:
    """What the keys of one crawl begin with."""
    return f"listener:{name}"


def connect(url: str) -> Any:
    """A client of the Redis at `url`. Raises redis.ConnectionError when it is used and nothing answers."""
    from redis import Redis

    return Redis.from_url(url, socket_timeout=30, socket_connect_timeout=10)


def publish(server: Any, plan: Plan) -> None:
    """Leave the plan where workers on other machines find it; the file that keeps the pages is on this one alone."""
    server.set(f"{prefix(plan.shared)}:plan", msgspec.json.encode(msgspec.structs.replace(plan, keep="")), ex=KEPT)


def published(server: Any, name: str) -> Plan | None:
    """The plan of a crawl that somebody began; None when there is none."""
    found = server.get(f"{prefix(name)}:plan")
    return msgspec.json.decode(found, type=Plan) if found else None


def stored_rows(server: Any, name: str) -> Iterator[bytes]:
    """Every row that any worker stored, each once."""
    start = 0
    while batch := server.lrange(f"{prefix(name)}:rows", start, start + BATCH - 1):
        yield from batch
        start += len(batch)


def forget(server: Any, name: str) -> None:
    """Clear up after a crawl."""
    keys = prefix(name)
    server.delete(*(f"{keys}:{part}" for part in ("plan", "seen", "rows", "queue")))
    server.delete(*(f"{keys}:queue:{part}" for part in PARTS))
