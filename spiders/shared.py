"""A crawl that several processes and machines share through Redis: its settings, and its rows stored once."""

from __future__ import annotations

from typing import Any, Self

import msgspec
from scrapy.crawler import Crawler

from spiders.ledger import KEPT, connect, prefix
from spiders.plan import Plan, Reached, Sight, SiteLink, ThreadPost

Row = SiteLink | Sight | ThreadPost | Reached

# KEYS: seen, rows. A page that was fetched twice gives the same rows twice.
STORE = """
if redis.call('SADD', KEYS[1], ARGV[1]) == 1 then redis.call('RPUSH', KEYS[2], ARGV[2]) end
redis.call('EXPIRE', KEYS[1], ARGV[3]) redis.call('EXPIRE', KEYS[2], ARGV[3])
"""


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
