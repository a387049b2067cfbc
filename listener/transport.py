"""Bytes over checked connections: where to, how fast, how long and how much, whichever client library asks."""

from __future__ import annotations

import math
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BytesIO
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from listener.errors import SourceError, Throttled
from listener.guard import check_url, resolve_public
from listener.throttle import Allowance, Throttle, retry_at
from listener.urls import shown_url

RETRIES = 2  # further tries after a dropped connection or a 5xx
PATIENCE = 30.0  # seconds; a server that asks for a longer wait is left for another run
MAX_ADDRESSES = 4  # of one name that are tried, so that a name with a hundred dead ones cannot hold us
CHUNK = 65_536
_SAFE = ("GET", "HEAD")
_BROKEN = frozenset({500, 502, 504})


Recorder = Callable[[requests.PreparedRequest, requests.Response, bytes], None]  # sees every whole answer; never raises


class Limits(NamedTuple):
    """How long and how much: seconds to connect and between bytes, seconds and decoded bytes an answer may take."""

    timeout: tuple[float, float]
    seconds: float
    max_bytes: int


class Watch:
    """Cuts one connection when its time is up: the only cure for a server that drips a byte at a time."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._line: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def over(self, line: socket.socket) -> None:
        """Watch this line, and not the connection, which lets go of it while the answer is still read.

        Raises TimeoutError when it came too late.
        """
        self._line = line
        if self.expired:
            raise TimeoutError("no time left")

    def stop(self) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.expired = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


class Rule:
    """What the connections of one adapter share: whether loopback is allowed, and the watch of each thread."""

    def __init__(self, allow_loopback: bool) -> None:
        self.allow_loopback = allow_loopback
        self.thread = threading.local()


class _Checked:
    """Connects only to an address that was checked; mixed into urllib3's connections."""

    rule: ClassVar[Rule]

    def _new_conn(self: Any) -> socket.socket:
        try:
            addresses = resolve_public(self._dns_host, self.port, self.rule.allow_loopback)
        except socket.gaierror as unknown:
            raise NameResolutionError(self.host, self, unknown) from unknown
        except OSError as wrong:
            raise NewConnectionError(self, f"{wrong}") from wrong
        trouble: OSError = OSError("no address")
        for address in addresses[:MAX_ADDRESSES]:
            try:
                return create_connection((address, self.port), self.timeout, socket_options=self.socket_options)
            except OSError as failed:
                trouble = failed
        if isinstance(trouble, TimeoutError):
            raise ConnectTimeoutError(self, f"no connection to {self.host}") from trouble
        raise NewConnectionError(self, f"no connection to {self.host}: {trouble}") from trouble

    def request(self: Any, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)  # type: ignore[misc]
        watch: Watch | None = getattr(self.rule.thread, "watch", None)
        if watch is not None:
            watch.over(self.sock)


def _pools(rule: Rule) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    """urllib3's pools, making connections that follow `rule`."""
    plain = type("CheckedConnection", (_Checked, HTTPConnection), {"rule": rule})
    secure = type("CheckedSecureConnection", (_Checked, HTTPSConnection), {"rule": rule})
    return {
        "http": type("CheckedPool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("CheckedSecurePool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


class GuardedAdapter(HTTPAdapter):
    """A requests adapter that every request of a session passes, each hop of a redirect too.

    It checks where to (Blocked), waits its turn, tries again after a dropped connection or a 5xx, waits once when told
    to come back soon and raises Throttled when told to come back later, and reads the whole body within `limits`.
    """

    def __init__(
        self,
        limits: Limits,
        throttle: Throttle,
        allowance: Allowance,
        *,
        allow_loopback: bool,
        sleep: Callable[[float], None],
        now: Callable[[], datetime],
    ) -> None:
        self.limits = limits
        self.recorder: Recorder | None = None
        self._throttle = throttle
        self._allowance = allowance
        self._rule = Rule(allow_loopback)
        self._sleep = sleep
        self._now = now
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._rule)

    def send(self, request: requests.PreparedRequest, *_args: Any, **kwargs: Any) -> requests.Response:
        """One request and its whole answer; `max_bytes` and `seconds` may set other limits for it."""
        url = request.url or ""
        check_url(url, self._rule.allow_loopback)
        max_bytes = kwargs.pop("max_bytes", None) or self.limits.max_bytes
        most = min(self.limits.seconds, kwargs.pop("seconds", math.inf))
        tries = RETRIES if request.method in _SAFE else 0
        for attempt in range(tries + 1):
            self._throttle.wait(urlsplit(url).netloc)
            last = attempt == tries
            try:
                response = self._once(request, max_bytes, most, kwargs.get("verify", True))
            except requests.ConnectionError as dropped:
                if last or isinstance(dropped, requests.Timeout):
                    raise
                self._sleep(0.5 * 2**attempt)
                continue
            pause = self._pause(response, attempt)
            if pause is None:
                return response
            if last or pause > min(PATIENCE, most):
                return self._refused(response)
            self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _pause(self, response: requests.Response, attempt: int) -> float | None:
        """Seconds to wait before asking again; None when the answer stands."""
        if response.status_code in _BROKEN:
            return 0.5 * 2.0**attempt
        if response.status_code not in (429, 503):
            return None
        until = retry_at(response.headers, self._now())
        if until is not None:
            return (until - self._now()).total_seconds()
        return PATIENCE + 1 if response.status_code == 429 else 0.5 * 2**attempt

    def _refused(self, response: requests.Response) -> requests.Response:
        """The answer after the last try; raises Throttled when it was "later"."""
        if response.status_code in (429, 503):
            until = retry_at(response.headers, self._now())
            raise Throttled(
                f"{shown_url(response.url)} answers {response.status_code}: asked too often or overloaded", until
            )
        return response

    def _once(
        self, request: requests.PreparedRequest, max_bytes: int, most: float, verify: bool | str
    ) -> requests.Response:
        with self._watched(request.url or "", most) as watch:
            response = super().send(request, stream=True, timeout=self.limits.timeout, verify=verify)
            body = _read_body(response, max_bytes)
            if watch.expired:  # a cut connection ends a body of unknown length like its own end
                raise TimeoutError("no time left")
        response.raw = BytesIO(body)
        if self.recorder is not None:
            self.recorder(request, response, body)
        return response

    @contextmanager
    def _watched(self, url: str, most: float) -> Any:
        """A watch over one request of this thread; what its cutting raises becomes a SourceError that says so."""
        left = self._allowance.left()
        seconds = min(most, left)
        watch = Watch(max(seconds, 0.0))
        self._rule.thread.watch = watch
        try:
            yield watch
        except (OSError, HTTPError) as trouble:
            if watch.expired:
                self._allowance.spent |= left <= most
                raise SourceError(
                    f"{shown_url(url)}: no whole answer within {max(seconds, 0.0):.3g} seconds"
                ) from trouble
            if isinstance(trouble, HTTPError):
                raise requests.ConnectionError(trouble) from trouble
            raise
        finally:
            watch.stop()
            self._rule.thread.watch = None


def beneath(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those it was made of, outermost first."""
    for _layer in range(12):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def ours(error: BaseException) -> SourceError | None:
    """Our own error beneath one that a client library made of it."""
    return next((layer for layer in beneath(error) if isinstance(layer, SourceError)), None)


def no_answer(error: BaseException) -> str:
    """Why there was no answer: the layers of client libraries name our classes and the address again."""
    layers = tuple(beneath(error))
    for classes, told in _TOLD:
        if any(isinstance(layer, classes) for layer in layers):
            return told
    root = layers[-1]
    return f"no connection ({(getattr(root, 'strerror', None) or str(root))[:200]})"


# Narrow ones first: a name that is not found is an OSError of many kinds further up.
_TOLD: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((requests.exceptions.SSLError, ssl.SSLError), "its certificate is not to be trusted"),
    ((socket.gaierror, NameResolutionError), "the name is not found"),
    ((ConnectionRefusedError,), "connection refused"),
    ((requests.Timeout, TimeoutError), "no answer in time"),
)


def _read_body(response: requests.Response, max_bytes: int) -> bytes:
    """The decoded body; SourceError when it is longer than `max_bytes`, however small it was sent."""
    raw = response.raw
    body = bytearray()
    try:
        while chunk := raw.read(CHUNK, decode_content=True):
            body += chunk
            if len(body) > max_bytes:
                raise SourceError(f"{shown_url(response.url)}: more than {max_bytes:,} bytes; not read")
    except (SourceError, OSError, HTTPError):
        raw.close()
        raise
    raw.release_conn()
    return bytes(body)


def header_dict(headers: Mapping[str, str]) -> dict[str, str]:
    """Header names in lower case."""
    return {name.lower(): value for name, value in headers.items()}
