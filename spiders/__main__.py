"""One crawl in a process of its own: a Plan on stdin, one JSON line a row on stdout, the Summary as the last line.

Stdin stays open while the parent lives; when it closes, the parent is gone and so are we. `python -m spiders NAME`
joins the crawl of that name in the Redis at SCRAPY_REDIS_URL instead, on any machine.
"""

from __future__ import annotations

import os
import sys
import threading

import msgspec
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess

from spiders.ledger import ADDRESS, connect, published
from spiders.pages import PageSpider
from spiders.plan import Plan
from spiders.settings import settings_for
from spiders.shared import Row, encoded, shared_settings
from spiders.site import SiteSpider
from spiders.threads import ThreadSpider
from spiders.walker import Walker

SPIDERS: dict[str, type[Walker]] = {spider.name: spider for spider in (SiteSpider, PageSpider, ThreadSpider)}

PARENT_GONE = 3


def die_with_parent() -> None:
    """End at once when stdin closes: a killed parent must not leave a crawler behind."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):  # not through the buffer: its lock would be held when we end
            pass
        os._exit(PARENT_GONE)

    threading.Thread(target=wait, daemon=True).start()


def write_line(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def crawl(plan: Plan, redis: str) -> None:
    """Run the spider to its end, writing as it goes; the rows of a shared crawl are kept in the Redis at `redis`."""
    sharing = shared_settings(plan, redis) if plan.shared else {}
    process = AsyncCrawlerProcess({**settings_for(plan), **sharing}, install_root_handler=True)
    crawler = process.create_crawler(SPIDERS[plan.spider])

    def seen(item: Row) -> None:
        if not plan.shared:
            write_line(encoded(item))

    def closed(spider: Walker, reason: str) -> None:
        write_line(msgspec.json.encode({"summary": spider.summary(reason)}))

    crawler.signals.connect(seen, signal=signals.item_scraped)
    crawler.signals.connect(closed, signal=signals.spider_closed)
    process.crawl(crawler, plan=plan)
    process.start()


def main() -> None:
    redis = os.environ.get(ADDRESS, "")
    if len(sys.argv) > 1:
        plan = published(connect(redis), sys.argv[1])
        if plan is None:
            sys.exit(f"no crawl {sys.argv[1]} to join")
    else:
        plan = msgspec.json.decode(sys.stdin.buffer.readline(), type=Plan)
        die_with_parent()
    crawl(plan, redis)


if __name__ == "__main__":
    main()
