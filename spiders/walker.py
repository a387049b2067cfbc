"""What our spiders have in common: how they start, keep a site's pace, tell why a page failed, and sum up."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from spiders.deadline import READING, TooLong, within
from spiders.frontier import Frontier
from spiders.guarded import Refused
from spiders.plan import UNREACHED, Plan, Reached, Summary
from spiders.settings import ROBOTSTXT_USER_AGENT

Read = TypeVar("Read")
SLOWEST = 30.0  # seconds between requests that we accept from a Crawl-delay; a longer one would stall the crawl
WORTH_ANOTHER_TRY = frozenset({"dns", "resolver", "refused", "connection", "certificate", "timeout"})
ABSENT = frozenset({"dns", "refused", "gone"})  # there is nothing; every other reason says only that we did not see it


class Walker(Spider):
    """Asks for the start pages of its Plan, and keeps count of what could not be read and why."""

    def __init__(self, start: str = "", plan: Plan | None = None, **words: Any) -> None:
        super().__init__(**words)
        starts = tuple(start.split())
        sites = tuple(urlsplit(address).hostname or "" for address in starts)
        self.plan = plan or Plan(starts=starts, sites=sites, user_agent="")
        self.frontier = Frontier(self.plan.sites, -(-self.plan.pages // self.plan.workers))
        self.pages = 0
        self.reached: dict[str, str] = dict.fromkeys(self.plan.starts, UNREACHED)
        self.troubles: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.retry_after = ""
        self.slow: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **words: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **words)
        crawler.signals.connect(spider.robots_read, signal=signals.robots_parsed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Each start page, tried in other spellings when nothing answers there."""
        for address in self.plan.starts:
            self.frontier.rank(address)
            request = self._start(address, spellings(address))
            request.meta["start"] = True
            yield request

    def _start(self, address: str, others: list[str], unseen: str = "") -> Request:
        """The request for a start page; `unseen` is why another spelling of it could not be looked at."""
        kept = {"address": address, "others": others[1:]}
        meta = {} if others[0] == address else {"respelled": True, "unseen": unseen}
        return Request(
            others[0],
            self.parse_start,
            errback=self.start_failed,
            priority=100,
            dont_filter=True,
            cb_kwargs=kept,
            meta=meta,
        )

    def parse_start(self, response: Response, address: str, others: list[str]) -> Iterator[Any]:
        yield from self._reached(address, "ok")
        yield from self.parse(response, start=address)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        """What one page gives: records, and requests for more pages."""
        raise NotImplementedError

    def start_failed(self, failure: Failure) -> Iterator[Any]:
        """Another spelling when nothing answered, else the reason is kept: that one could not be looked at first."""
        request: Request = failure.request  # type: ignore[attr-defined]
        address, others = request.cb_kwargs["address"], request.cb_kwargs["others"]
        why = self._why(failure)
        unseen = request.meta.get("unseen", "")
        if others and why in WORTH_ANOTHER_TRY:
            yield self._start(address, others, unseen or ("" if why in ABSENT else why))
            return
        why = unseen if unseen and why in ABSENT else why
        yield from self._reached(address, why)
        self._note(why, request.url)

    def _reached(self, address: str, why: str) -> Iterator[Reached]:
        self.reached[address] = why
        if self.plan.shared:
            yield Reached(start=address, why=why)

    def robots_read(self, robotparser: Any, request: Request) -> None:
        """Scrapy has read a robots.txt: keep the pace it asks for."""
        pace = min(robotparser.crawl_delay(ROBOTSTXT_USER_AGENT) or 0.0, SLOWEST)
        if pace > self.plan.delay:
            self._slow_down(urlparse_cached(request).hostname or "", pace)

    def _slow_down(self, host: str, pace: float) -> None:
        """At least half of `pace` seconds between two requests to a host, `pace` on average."""
        self.slow.add(host)
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": pace, "concurrency": 1}
        if slot := downloader.slots.get(host):
            slot.delay, slot.concurrency = pace, 1

    def page_failed(self, failure: Failure) -> Iterator[Any]:
        """The reason is kept."""
        request: Request = failure.request  # type: ignore[attr-defined]
        why = self._why(failure)
        if not (request.meta.get("sitemap") and why == "gone"):
            self._note(why, request.url)
        return iter(())

    def read(self, url: str, reader: Callable[..., Read], *words: Any) -> Read | None:
        """What the reader makes of these words; None, and the reason is kept, when that takes too long."""
        try:
            with within(READING):
                return reader(*words)
        except TooLong:
            self._note("unread", url)
            return None

    def _note(self, why: str, url: str) -> None:
        if why != "limit":
            self.troubles[why] += 1
            self.examples.setdefault(why, url)

    def _why(self, failure: Failure) -> str:
        wrong = failure.value
        if isinstance(wrong, HttpError):
            return self._status(wrong.response)
        return reason(wrong)

    def _status(self, response: Response) -> str:
        if response.status == 429:
            self.retry_after = (response.headers.get("Retry-After") or b"").decode("latin-1")
            self.frontier.close(urlparse_cached(response).hostname or "")
            return "throttled"
        known = {401: "blocked", 403: "blocked", 451: "blocked", 999: "blocked", 404: "gone", 410: "gone"}
        return known.get(response.status, "server")

    def summary(self, finished: str) -> Summary:
        """How it went, once it is over."""
        return Summary(
            pages=self.pages,
            finished=finished,
            starts=self.reached,
            troubles=dict(self.troubles),
            examples=self.examples,
            left=self.frontier.left,
            retry_after=self.retry_after,
        )


REASONS = {
    "CannotResolveHostError": "resolver",  # the guard found it: a name that is not there is told by the guard
    "DownloadTimeoutError": "timeout",
    "DownloadCancelledError": "too_large",
    "DownloadConnectionRefusedError": "refused",
    "DownloadFailedError": "connection",
    "ResponseDataLossError": "connection",
}


def reason(wrong: BaseException | None) -> str:
    """The word of Summary.troubles for what Scrapy raised; `broken` for what is no fault of the site's."""
    if isinstance(wrong, Refused):
        return wrong.why
    if isinstance(wrong, IgnoreRequest):
        return "robots" if "robots.txt" in str(wrong) else "redirects"
    if "certificate" in repr(wrong).casefold():
        return "certificate"
    return REASONS.get(type(wrong).__name__, "connection" if isinstance(wrong, OSError) else "broken")


def spellings(address: str) -> list[str]:
    """The address, then with www., then without TLS: a bare domain is not always served."""
    parts = urlsplit(address)
    tries = [address]
    if parts.scheme == "https" and parts.path in ("", "/") and parts.port is None:
        if not parts.netloc.startswith("www."):
            tries.append(urlunsplit(parts._replace(netloc=f"www.{parts.netloc}")))
        tries.append(urlunsplit(parts._replace(scheme="http")))
    return tries
