"""Keeps the spider on our sites and off private networks: a resolver at connect time, a middleware before it."""

from __future__ import annotations

import socket
from collections.abc import Coroutine, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
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


# What getaddrinfo says of a name that does not exist, or has no address. All else (SERVFAIL, no answer) says nothing of
# the name. EAI_NODATA and EAI_ADDRFAMILY are not everywhere.
NO_SUCH_NAME = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY") if hasattr(socket, name)
)


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


def unresolved(wrong: OSError) -> str:
    """The word of Summary.troubles for a look-up without an address; `dns` only when there surely is none."""
    sure = wrong.errno in NO_SUCH_NAME if isinstance(wrong, socket.gaierror) else type(wrong) is OSError
    return "dns" if sure else "resolver"


class GuardMiddleware:
    """Refuses, with a reason, what leaves our sites, leads to a private address or exceeds a site's pages.

    A robots.txt that answers with an error of the server's own counts as "nothing allowed" (RFC 9309, 2.3.1.4).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._allow_loopback = crawler.settings.getbool("ALLOW_LOOPBACK")
        self._judged: dict[str, tuple[str, str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> Coroutine[Any, Any, None] | None:
        """Waits for nothing but the first look at a host: every page would pay for it."""
        spider: Any = self._crawler.spider
        name = urlparse_cached(request).hostname or ""
        if name in spider.slow:
            request.meta["autothrottle_dont_adjust_delay"] = True
        if not spider.frontier.in_site(request.url):
            raise Refused("off_site", f"{request.url} is not on our sites")
        if name not in self._judged:
            return self._judge_first(request, name)
        self._let_in(request, name)
        return None

    async def _judge_first(self, request: Request, name: str) -> None:
        self._judged[name] = await self._judge(name)
        try:
            self._let_in(request, name)
        finally:
            if self._judged[name][0] == "resolver":  # it may answer the next time
                del self._judged[name]

    def _let_in(self, request: Request, name: str) -> None:
        """Refuses a host that is private or has no address, and what lies beyond the limit."""
        why, told = self._judged[name]
        if why:
            raise Refused(why, told)
        spider: Any = self._crawler.spider
        if not FREE.intersection(request.meta) and not spider.frontier.spend(request.url):
            raise Refused("limit", f"{request.url} lies beyond the page limit")

    async def _judge(self, name: str) -> tuple[str, str]:
        """Why a host is not asked, and the words for it; empty when it is."""
        from twisted.internet import reactor  # only once Scrapy has chosen it

        try:
            await maybe_deferred_to_future(
                deferToThreadPool(reactor, reactor.getThreadPool(), resolve_public, name, 0, self._allow_loopback)
            )
        except Blocked as refused:
            return "private", str(refused)
        except OSError as wrong:
            return unresolved(wrong), f"{name[:200]}: {wrong.strerror or wrong}"
        return "", ""

    def process_response(self, request: Request, response: Response) -> Response:
        if urlsplit(request.url).path == "/robots.txt" and response.status in ROBOTS_SILENT:
            return response.replace(status=200, body=b"User-agent: *\nDisallow: /")
        return response
