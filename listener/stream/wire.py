"""A line's frames as they come: WebSocket or server-sent events, over checked connections, each bounded in size."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from listener.errors import Blocked, SourceError, Throttled
from listener.guard import check_url
from listener.sources.guarded_lines import checked_socket, resolver
from listener.sources.live import Line
from listener.throttle import retry_at

if TYPE_CHECKING:
    import aiohttp

LARGEST = 8_000_000  # bytes of one frame: the firehose's own limit is 5 million
CONNECT = 20.0  # seconds
PING = 30.0  # seconds between our signs of life on a WebSocket
REFUSALS = frozenset({400, 401, 403, 404, 405, 406, 410, 422, 451, 501})  # asking again brings the same


class TooLarge(SourceError):
    """A frame that is larger than any we read: what comes after it can only be had by leaving it out."""


@asynccontextmanager
async def connected(
    line: Line, url: str, agent: str, threads: ThreadPoolExecutor, allow_loopback: bool
) -> AsyncIterator[AsyncIterator[bytes]]:
    """The line's frames, once it answers. Raises Blocked (refused for good), Throttled, TooLarge, SourceError.

    Each connection has a session of its own, which is dropped at the end without a farewell: a server that floods us
    would never come to read one.
    """
    import aiohttp

    check(url, allow_loopback)
    connector = _connector(threads, allow_loopback)
    session = _session(agent, connector)
    try:
        if line.framed:
            socket = await session.ws_connect(
                url, headers=line.headers, max_msg_size=LARGEST, heartbeat=PING, decode_text=False, autoclose=False
            )
            try:
                yield _frames(socket, line.place)
            finally:
                await connector.close()
                await socket.close()
        else:
            async with session.get(url, headers=line.headers, allow_redirects=False) as answer:
                _accept(answer, line.place)
                yield _events(answer.content, line.place)
    except aiohttp.WSServerHandshakeError as refused:
        raise _refusal(line.place, refused.status, refused.headers) from refused
    except (aiohttp.ClientError, OSError, ValueError) as failed:
        raise SourceError(f"{line.place}: {_why(failed)}") from failed
    finally:
        await session.close()


def _connector(threads: ThreadPoolExecutor, allow_loopback: bool) -> aiohttp.TCPConnector:
    """Connections that pass our guard."""
    import aiohttp

    return aiohttp.TCPConnector(
        resolver=resolver(threads, allow_loopback),
        ssl=ssl.create_default_context(),
        socket_factory=partial(checked_socket, allow_loopback),
    )


def _session(agent: str, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    """A session that follows no redirect, knows no proxy and keeps no cookie."""
    import aiohttp

    async def refuse(_session: Any, _context: Any, asked: aiohttp.TraceRequestRedirectParams) -> None:
        raise Blocked(f"{asked.url.host}: redirects; name the address it leads to")

    trace = aiohttp.TraceConfig()
    trace.on_request_redirect.append(refuse)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": agent},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, connect=CONNECT),
        trace_configs=[trace],
        trust_env=False,
    )


def check(url: str, allow_loopback: bool) -> None:
    """Raises Blocked for an address that is not public, or not encrypted unless it is this machine's own."""
    parts = urlsplit(url)
    plain = parts.scheme in ("ws", "http")
    check_url(f"http{'' if plain else 's'}://{parts.netloc}/", allow_loopback)
    if parts.scheme not in ("ws", "wss", "http", "https") or (plain and not allow_loopback):
        raise Blocked(f"{parts.netloc}: only encrypted lines are listened to: write wss:// or https://")


async def _frames(socket: aiohttp.ClientWebSocketResponse[Any], place: str) -> AsyncIterator[bytes]:
    """What a WebSocket tells, until it closes."""
    import aiohttp

    async for message in socket:
        if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            content = message.data
            yield content if isinstance(content, bytes) else bytes(content)
    if socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
        raise TooLarge(f"{place}: a frame larger than {LARGEST:,} bytes was left out")


async def _events(content: aiohttp.StreamReader, place: str) -> AsyncIterator[bytes]:
    """What server-sent events tell: name and content, a line apart; an empty frame for a sign of life."""
    events = Events(place)
    async for chunk in content.iter_any():
        for event in events.feed(chunk):
            yield event


class Events:
    """Server-sent events put together from pieces of any size (WHATWG HTML, 9.2.6); signs of life are empty ones."""

    def __init__(self, place: str = "") -> None:
        self._place = place
        self._rest = bytearray()  # the beginning of a line
        self._name = b""
        self._content = bytearray()  # the lines so far, a line break before each

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The events that end in this piece. Raises TooLarge."""
        *lines, rest = chunk.split(b"\n")
        for line in lines:
            self._rest += line
            whole = bytes(self._rest)
            self._rest.clear()
            yield from self._line(whole.rstrip(b"\r"))
        self._rest += rest
        if len(self._rest) + len(self._content) > LARGEST:
            raise TooLarge(f"{self._place}: a frame larger than {LARGEST:,} bytes was left out")

    def _line(self, line: bytes) -> Iterator[bytes]:
        if not line:
            if self._content:
                yield self._name + bytes(self._content)
            self._name = b""
            self._content = bytearray()
        elif line.startswith(b":"):
            yield b""
        else:
            field, _colon, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if field == b"event":
                self._name = value[:100]
            elif field == b"data":
                self._content += b"\n" + value


def _accept(answer: aiohttp.ClientResponse, place: str) -> None:
    """Raises unless the answer is a stream of events."""
    if answer.status != 200:
        raise _refusal(place, answer.status, answer.headers)
    if answer.content_type != "text/event-stream":
        raise Blocked(f"{place}: answers {answer.content_type[:100]!r} where events were asked for")


def _refusal(place: str, status: int, headers: Any) -> SourceError:
    if status in (429, 503):
        until = retry_at(headers or {}, datetime.now(UTC))
        return Throttled(f"{place} answers {status}: asked too often or overloaded", until)
    if status in REFUSALS:
        return Blocked(f"{place} answers {status}: it does not let us listen")
    return SourceError(f"{place}: it answers {status}")


def _why(failed: BaseException) -> str:
    """Why there is no connection, without our own classes' names."""
    import aiohttp

    if isinstance(failed, TimeoutError):
        return "no answer in time"
    if isinstance(failed, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return "its certificate is not to be trusted"
    if isinstance(failed, aiohttp.ClientConnectorDNSError):
        return "the name is not found"
    return f"no connection ({str(getattr(failed, 'strerror', None) or failed)[:200]})"
