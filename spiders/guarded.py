"""Keeps the spider on our sites and off private networks: a resolver at connect time, a middleware before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from zope.interface import implementer  # type: ignore[import-untyped]

from listener.errors import Blocked
from listener.guard import resolve_public

# no new page of the budget
FREE = frozenset({"dont_obey_robotstxt", "sitemap", "redirect_times", "retry_times", "respelled"})
ROBOTS_SILENT = frozenset({429, *range(500, 600)})


class Refused(IgnoreRequest):
    """A request we do not make; `why` is a word of Summary.troubles."""

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(detail)
        self.why = why


@implementer(IHostResolution)
class Resolution:
    """Twisted's record of one look-up under way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves names to public addresses only, so that a name cannot turn private between the check and the connect.

    Every connection passes here, redirects and bare addresses too. What was found is kept for the whole crawl.
    """

    def __init__(self, reactor: Any, allow_loopback: bool) -> None:
        self._reactor = reactor
        self._allow_loopback = allow_loopback
        self._found: dict[str, list[str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        return cls(reactor, crawler.settings.getbool("ALLOW_LOOPBACK"))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802  Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Resolution:
        resolution = Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        def deliver(addresses: list[str]) -> None:
            self._found[hostName] = addresses
            if not resolution.cancelled:
                for address in addresses:
                    kind = IPv6Address if ":" in address else IPv4Address
                    resolutionReceiver.addressResolved(kind("TCP", address, portNumber))
                resolutionReceiver.resolutionComplete()

        def refuse(_failure: Failure) -> None:
            if not resolution.cancelled:
                resolutionReceiver.resolutionComplete()

        if hostName in self._found:
            deliver(self._found[hostName])
        else:
            pool = self._reactor.getThreadPool()
            looking = deferToThreadPool(self._reactor, pool, resolve_public, hostName, portNumber, self._allow_loopback)
            looking.addCallbacks(deliver, refuse)
        return resolution


class GuardMiddleware:
    """Refuses, with a reason, what leaves our sites, leads to a private address or exceeds a site's pages.

    A robots.txt that answers with an error of the server's own counts as "nothing allowed" (RFC 9309, 2.3.1.4).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._allow_loopback = crawler.settings.getbool("ALLOW_LOOPBACK")
        self._judged: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        spider: Any = self._crawler.spider
        frontier = spider.frontier
        if urlsplit(request.url).hostname in spider.slow:
            request.meta["autothrottle_dont_adjust_delay"] = True
        if not frontier.in_site(request.url):
            raise Refused("off_site", f"{request.url} is not on our sites")
        if why := await self._private(request.url):
            raise Refused("private", why)
        if not FREE.intersection(request.meta) and not frontier.spend(request.url):
            raise Refused("limit", f"{request.url} lies beyond the page limit")

    async def _private(self, url: str) -> str:
        """Why this host is refused; empty when it is public, or unknown (the connection will say so)."""
        name = urlsplit(url).hostname or ""
        if name not in self._judged:
            self._judged[name] = await self._judge(name)
        return self._judged[name]

    async def _judge(self, name: str) -> str:
        from twisted.internet import reactor  # only once Scrapy has chosen it

        try:
            await maybe_deferred_to_future(
                deferToThreadPool(reactor, reactor.getThreadPool(), resolve_public, name, 0, self._allow_loopback)
            )
        except Blocked as refused:
            return str(refused)
        except OSError:
            return ""
        return ""

    def process_response(self, request: Request, response: Response) -> Response:
        if urlsplit(request.url).path == "/robots.txt" and response.status in ROBOTS_SILENT:
            return response.replace(status=200, body=b"User-agent: *\nDisallow: /")
        return response
