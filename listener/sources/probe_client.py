"""Many sites asked at once for pages that may not be there: aiohttp behind our guard, bounded in time and size."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from listener.errors import Blocked
from listener.guard import check_url
from listener.http import AGENT, HOPS, Response, is_challenge
from listener.robots import MAX_BYTES as ROBOTS_BYTES
from listener.robots import Robots, read_robots
from listener.sources.guarded_lines import LOOKUPS, checked_socket, resolver
from listener.sources.probe_rules import Page

if TYPE_CHECKING:
    import aiohttp

MOST_BYTES = 400_000  # of a page; what tells "there" from "not there" stands near its head
CHUNK = 65_536
_MOVED = frozenset({301, 302, 303, 307, 308})


class Bounds(NamedTuple):
    """How the sites are asked: seconds between requests to one of them, seconds for one answer, how many at once."""

    pause: float = 1.0
    seconds: float = 20.0
    concurrency: int = 10


class Client:
    """Asks for pages; made by `opened`, within a running loop."""

    def __init__(self, session: aiohttp.ClientSession, bounds: Bounds, allow_loopback: bool) -> None:
        self._session, self._bounds, self._allow_loopback = session, bounds, allow_loopback
        self._robots: dict[str, Robots] = {}
        self._free: dict[str, float] = {}
        self._slower: dict[str, float] = {}

    async def page(self, url: str) -> Page | None:
        """The page at `url`, redirects followed; None when it could not be looked at, for whatever reason.

        Raises Blocked for an address that we may not ask, and for one that robots.txt closes.
        """
        for _hop in range(HOPS + 1):
            check_url(url, self._allow_loopback)
            if not (await self._rules(url)).allows(url):
                raise Blocked(f"{urlsplit(url).netloc[:200]}: robots.txt does not let us in, or cannot be read")
            answer = await self._answer(url, MOST_BYTES)
            if answer is None or is_challenge(answer):
                return None
            target = answer.headers.get("location", "") if answer.status in _MOVED else ""
            if not target:
                return Page(url, answer.status, answer.body, len(answer.body) < MOST_BYTES)
            url = _joined(url, target)
        return None

    async def _rules(self, url: str) -> Robots:
        """What robots.txt lets us fetch; one that cannot be read allows nothing (RFC 9309, 2.3.1.4)."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            answer = await self._robots_txt(f"{site}/robots.txt")
            rules = read_robots(answer.status, answer.body, AGENT) if answer else read_robots(500, b"", AGENT)
            self._robots[site] = rules
            self._slower[parts.netloc] = rules.delay
        return self._robots[site]

    async def _robots_txt(self, url: str) -> Response | None:
        for _hop in range(HOPS + 1):
            check_url(url, self._allow_loopback)
            answer = await self._answer(url, ROBOTS_BYTES)
            target = answer.headers.get("location", "") if answer and answer.status in _MOVED else ""
            if not target:
                return answer
            url = _joined(url, target)
        return None

    async def _answer(self, url: str, most: int) -> Response | None:
        """One answer, its body to `most` bytes; None when there was none."""
        import aiohttp

        await self._turn(urlsplit(url).netloc)
        try:
            async with self._session.get(url, allow_redirects=False) as answer:
                body = await _head_of(answer.content, most)
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Response(url=url, status=answer.status, headers=headers, body=body)
        except (
            aiohttp.ClientError,
            OSError,
            TimeoutError,
            ValueError,
        ):  # ValueError: headers and addresses beyond reading
            return None

    async def _turn(self, place: str) -> None:
        """Wait until the host may be asked, and book that moment."""
        loop = asyncio.get_running_loop()
        moment = max(loop.time(), self._free.get(place, 0.0))
        self._free[place] = moment + max(self._bounds.pause, self._slower.get(place, 0.0))
        if moment > loop.time():
            await asyncio.sleep(moment - loop.time())


async def _head_of(content: aiohttp.StreamReader, most: int) -> bytes:
    """The first bytes of a body, unpacked as they come."""
    body = bytearray()
    async for chunk in content.iter_chunked(CHUNK):
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])


@asynccontextmanager
async def opened(user_agent: str, bounds: Bounds, allow_loopback: bool) -> AsyncIterator[Client]:
    """A client with connections of its own: one TLS context for all, no proxy, no cookies, names looked up by us."""
    import aiohttp

    with ThreadPoolExecutor(LOOKUPS, thread_name_prefix="look-up") as threads:
        connector = aiohttp.TCPConnector(
            resolver=resolver(threads, allow_loopback),
            limit=bounds.concurrency,
            limit_per_host=2,
            ssl=ssl.create_default_context(),
            socket_factory=partial(checked_socket, allow_loopback),
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(total=bounds.seconds, sock_connect=min(5.0, bounds.seconds)),
            trust_env=False,
        )
        async with session:
            yield Client(session, bounds, allow_loopback)


def _joined(here: str, target: str) -> str:
    """Where a redirect leads. Raises Blocked when that is no address."""
    try:
        return urljoin(here, target)
    except ValueError as wrong:
        raise Blocked(f"{here[:200]!r} is no address") from wrong
