"""Asks each stranger's host for its tdmrep.json before anything else, and leaves alone what that reserves."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotConfigured,
    ResponseDataLossError,
)
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred

from spiders.guarded import Refused
from spiders.optouts import RESERVATIONS, Reservations

UNREADABLE = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    OSError,
    ResponseDataLossError,
)


class ReservationMiddleware:
    """Refuses, as `reserved`, what a host's tdmrep.json reserves against text and data mining.

    Our own sites are ours to mine: there it is not at work. A file that cannot be read reserves nothing; headers and
    the page itself may still say so.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._known: dict[str, Deferred[None] | Reservations] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("ASK_RESERVATIONS"):
            raise NotConfigured
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if "dont_obey_robotstxt" in request.meta:
            return
        if (await self._of(request)).reserve(request.url):
            raise Refused("reserved", f"{request.url} is reserved against text and data mining")

    async def _of(self, request: Request) -> Reservations:
        """The reservations of a host, asked for once."""
        parts = urlsplit(request.url)
        known = self._known.get(parts.netloc)
        if isinstance(known, Reservations):
            return known
        if known is not None:
            await maybe_deferred_to_future(known)
            found = self._known[parts.netloc]
            return found if isinstance(found, Reservations) else Reservations(b"")
        waiting: Deferred[None] = Deferred()
        self._known[parts.netloc] = waiting
        reservations = Reservations(b"")
        try:
            reservations = await self._ask(f"{parts.scheme}://{parts.netloc}{RESERVATIONS}")
        finally:  # those who wait must not wait for ever
            self._known[parts.netloc] = reservations
            waiting.callback(None)
        return reservations

    async def _ask(self, url: str) -> Reservations:
        asked = Request(url, callback=NO_CALLBACK, meta={"dont_obey_robotstxt": True, "dont_retry": True})
        try:
            answer = await self._crawler.engine.download_async(asked)
        except UNREADABLE:
            return Reservations(b"")
        return Reservations(answer.body if answer.status == 200 else b"")
