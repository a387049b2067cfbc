"""A crawl that several processes and machines share through Redis: its settings, its rows stored once, its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import msgspec
from scrapy.crawler import Crawler

from spiders.plan import Plan, Reached, Sight, SiteLink, ThreadPost

Row = SiteLink | Sight | ThreadPost | Reached

ADDRESS = "SCRAPY_REDIS_URL"  # of the environment
PARTS = ("lent", "requests", "known", "last")  # of the queue, beside what waits
KEPT = 86_400  # seconds until a crawl that nobody finished is forgotten
BATCH = 1_000
# KEYS: seen, rows. A page that was fetched twice gives the same rows twice.
STORE = """
if redis.call('SADD', KEYS[1], ARGV[1]) == 1 then redis.call('RPUSH', KEYS[2], ARGV[2]) end
redis.call('EXPIRE', KEYS[1], ARGV[3]) redis.call('EXPIRE', KEYS[2], ARGV[3])
"""


def prefix(name: str) -> str:
    """What the keys of one crawl begin with."""
    return f"listener:{name}"


def shared_settings(plan: Plan, url: str) -> dict[str, Any]:
    """Scrapy's settings for a worker on the frontier at `url`: the spiders stay as they are."""
    keys = prefix(plan.shared)
    return {
        "SCHEDULER": "spiders.sharing.SharedScheduler",
        "SCHEDULER_QUEUE_CLASS": "spiders.leases.LeaseQueue",
        "SCHEDULER_QUEUE_KEY": f"{keys}:queue",
        "SCHEDULER_SERIALIZER": "spiders.wire",
        "SCHEDULER_PERSIST": True,  # the others may still be at work; who began the crawl clears up
        "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
        "ITEM_PIPELINES": {"spiders.shared.StorePipeline": 100},
        "REDIS_URL": url,
        "LEASE_SECONDS": plan.lease,
        "SHARED_ROWS": keys,
    }


def connect(url: str) -> Any:
    """A client of the Redis at `url`. Raises redis.ConnectionError when it is used and nothing answers."""
    from redis import Redis

    return Redis.from_url(url, socket_timeout=30, socket_connect_timeout=10)


class StorePipeline:
    """Puts every row into Redis, once for each page and what it is about."""

    def __init__(self, server: Any, keys: str) -> None:
        self._store = server.register_script(STORE)
        self._keys = [f"{keys}:seen", f"{keys}:rows"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(connect(crawler.settings["REDIS_URL"]), crawler.settings["SHARED_ROWS"])

    def process_item(self, row: Row) -> Row:
        self._store(keys=self._keys, args=[key_of(row), encoded(row), KEPT])
        return row


def key_of(row: Row) -> str:
    """What makes a row the same as another, though the page may have changed in between."""
    match row:
        case SiteLink():
            return f"{row.page_url}\n{row.link}"
        case Sight():
            return f"{row.start}\n{row.url}"
        case ThreadPost():
            return row.url
        case Reached():
            return row.start


def encoded(row: Row) -> bytes:
    """The row as a line of the spider's output."""
    names = {Sight: "sight", ThreadPost: "post", Reached: "reached"}
    return msgspec.json.encode(row if isinstance(row, SiteLink) else {names[type(row)]: row})


def publish(server: Any, plan: Plan) -> None:
    """Leave the plan where workers on other machines find it."""
    server.set(f"{prefix(plan.shared)}:plan", msgspec.json.encode(plan), ex=KEPT)


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
