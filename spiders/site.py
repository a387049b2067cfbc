"""The spider over the organisation's own sites: start pages and sitemaps, then what tells most first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from spiders.plan import SiteLink
from spiders.reading import read_page, read_sitemap
from spiders.walker import Walker

SITEMAPS = 20
FROM_SITEMAP = -20  # a sitemap lists everything: behind what a person would click on, except where it tells more


class SiteSpider(Walker):
    """`scrapy crawl site -a start=https://www.almby.example/`, or through `python -m spiders` with a whole Plan."""

    name = "site"

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.sitemaps: set[str] = set()

    def parse_start(self, response: Response, address: str, others: list[str]) -> Iterator[Request | SiteLink]:
        """The page, and the sitemap that a site has where robots.txt names none."""
        yield from self._sitemaps([response.urljoin("/sitemap.xml")])
        yield from super().parse_start(response, address, others)

    def robots_read(self, robotparser: Any, request: Request) -> None:
        """Its pace, and the sitemaps that it names."""
        super().robots_read(robotparser, request)
        named = getattr(getattr(robotparser, "rp", None), "sitemaps", ())
        for request in self._sitemaps([str(url) for url in named]):
            self.crawler.engine.crawl(request)

    def _sitemaps(self, addresses: list[str]) -> Iterator[Request]:
        for address in addresses:
            if address in self.sitemaps or len(self.sitemaps) >= SITEMAPS or not self.frontier.in_site(address):
                continue
            self.sitemaps.add(address)
            yield Request(address, self.parse_sitemap, errback=self.page_failed, priority=50, meta={"sitemap": True})

    def parse_sitemap(self, response: Response) -> Iterator[Request]:
        deeper: list[str] = []
        pages: list[tuple[str, int]] = []
        self.read(response.url, self._sort, response.body, deeper, pages)  # what came before it took too long counts
        yield from self._pages(pages)
        yield from self._sitemaps(deeper)

    def _sort(self, body: bytes, deeper: list[str], pages: list[tuple[str, int]]) -> None:
        """The places of a sitemap, those that are sitemaps apart; pages only when they are to be read."""
        for place in read_sitemap(body):
            if place.is_sitemap:
                deeper.append(place.url)
            elif (rank := self.frontier.rank(place.url)) is not None:
                pages.append((place.url, rank + FROM_SITEMAP))

    def _pages(self, found: Iterable[tuple[str, int]]) -> Iterator[Request]:
        """Requests for pages found, as many as Scrapy is to hold; those of a shared crawl all wait in Redis."""
        chosen = found if self.plan.shared else self.frontier.next_pages(found, self._waiting())
        for url, rank in chosen:
            yield Request(url, self.parse, errback=self.page_failed, priority=rank)

    def _waiting(self) -> int:
        """How many requests Scrapy holds; none outside a crawl."""
        engine = self.crawler.engine if hasattr(self, "crawler") else None
        scheduler = engine.scheduler if engine is not None else None
        return len(scheduler) if isinstance(scheduler, Sized) else 0

    def page_failed(self, failure: Failure) -> Iterator[Request]:
        """As every spider; what waits behind a page that failed need not wait longer."""
        super().page_failed(failure)
        return self._pages(())

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request | SiteLink]:
        """Links to profiles as SiteLink; pages of ours as requests."""
        if not isinstance(response, TextResponse):
            return
        self.pages += 1
        page = self.read(response.url, read_page, response.text, response.url)
        if page is None:
            return
        yield from page.links
        yield from self._pages(self.frontier.ranked(page.onward))
