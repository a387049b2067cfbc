"""One session to fetch with: says who it is, keeps its pace, obeys robots.txt, and never leaves the public internet."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from listener import __version__
from listener.errors import Blocked, Changed, SourceError
from listener.guard import check_url
from listener.models import Record
from listener.robots import MAX_BYTES as ROBOTS_BYTES
from listener.robots import Robots, read_robots
from listener.throttle import Allowance, Throttle
from listener.transport import GuardedAdapter, Limits, Recorder, header_dict, no_answer
from listener.urls import shown_url
from listener.walls import WALLS, wants_log_in
from listener.walls import is_challenge as asks_for_proof

HOPS = 5  # redirects that are followed
AGENT = "listen"  # our name in a robots.txt
DEADLINE = 60.0  # seconds one answer may take, however steadily it drips

_MOVED = frozenset({301, 302, 303, 307, 308})
_OURS_ALONE = frozenset({"authorization", "cookie", "x-subscription-token"})  # never sent on to another origin


class Response(Record, frozen=True):
    """An answer that was read to its end; `url` is where the redirects led, header names are lower case."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body by its declared charset, UTF-8 without one; bytes that fit no letter become U+FFFD."""
        charset = re.search(r"charset=[\"']?([\w.:-]+)", self.headers.get("content-type", ""), re.IGNORECASE)
        try:
            return self.body.decode(charset[1] if charset else "utf-8-sig", "replace")
        except LookupError:
            return self.body.decode("utf-8-sig", "replace")

    def json(self) -> Any:
        """The body as JSON. Raises Blocked for the page of a log-in, Changed for what else is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as wrong:
            if wants_log_in(self.url, self.status, self.headers, self.body):
                raise Blocked(f"{shown_url(self.url)} asks us to log in: it does not let us look") from wrong
            raise Changed(f"{shown_url(self.url)}: the answer is no JSON ({str(wrong)[:100]})") from wrong


def user_agent(contact: str) -> str:
    """Who we say we are: `listen/0.1.0 (+contact)`."""
    return f"{AGENT}/{__version__} (+{contact or 'no contact configured'})"


class Session:
    """Fetches over http(s). `contact` goes into the user agent; `timeout` is seconds to connect and between bytes.

    `deadline` bounds one whole answer in seconds, `max_bytes` its decoded size, `max_seconds` all that the session
    fetches, counted from its first request. `sleep`, `now` and `timer` can be replaced in tests. `requests` is the same
    session for client libraries: guarded, paced and bounded. They ask for JSON and read the status codes themselves; a
    challenge, a log-in instead of an answer, 407, 451 and 999 are Blocked before they do.
    """

    def __init__(
        self,
        contact: str,
        *,
        allow_loopback: bool = False,
        timeout: tuple[float, float] = (5, 20),
        max_bytes: int = 5_000_000,
        sleep: Callable[[float], None] = time.sleep,
        per_host_seconds: float = 1.0,
        deadline: float = DEADLINE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        max_seconds: float = math.inf,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.user_agent = user_agent(contact)
        self._allow_loopback = allow_loopback
        self._throttle = Throttle(per_host_seconds, sleep)
        limits = Limits(timeout, deadline, max_bytes)
        self._timer = timer
        self.allowance = Allowance(max_seconds, timer)
        self._adapter = GuardedAdapter(
            limits, self._throttle, self.allowance, allow_loopback=allow_loopback, sleep=sleep, now=now
        )
        self._robots: dict[str, Robots] = {}
        self.requests = self._make_requests()

    def _make_requests(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # no proxy that would look names up for us, no .netrc log-ins
        session.max_redirects = HOPS
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.hooks["response"].append(_refuse_walls)
        session.headers.update({"User-Agent": self.user_agent, "Accept-Encoding": "gzip, deflate"})
        for scheme in ("http://", "https://"):
            session.mount(scheme, self._adapter)
        return session

    def record(self, recorder: Recorder | None) -> None:
        """Let `recorder` see every answer from now on, whichever client library asks; None stops it."""
        self._adapter.recorder = recorder

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        robots: bool = False,
        max_bytes: int | None = None,
        seconds: float = math.inf,
    ) -> Response:
        """The answer at `url`, redirects followed: 2xx, 304, 404 and other 4xx that speak of this page alone.

        Raises Blocked (a wall, a challenge, robots.txt when `robots`, an address that is not public), Throttled (429
        or 503 with a wait longer than we have) or SourceError (no connection, 5xx, too large, too slow, a redirect
        loop). `seconds` bounds the whole of it, waits and redirects too, where `deadline` is longer.
        """
        ends = self._timer() + seconds
        seen: set[str] = set()
        asked = requests.Request("GET", url, params=dict(params or {}), headers=dict(headers or {}))
        while len(seen) <= HOPS:
            check_url(asked.url, self._allow_loopback)
            request = self._prepare(asked)
            here = request.url or ""
            if here in seen:
                raise SourceError(f"{shown_url(url)}: redirects go round in a circle at {shown_url(here)}")
            seen.add(here)
            if robots:
                self._obey_robots(here)
            response = self._send(request, max_bytes, ends - self._timer())
            target = response.headers.get("location", "") if response.status in _MOVED else ""
            if not target:
                return _accepted(response)
            asked = _next_hop(here, target, asked.headers)
        raise SourceError(f"{shown_url(url)}: more than {HOPS} redirects")

    def slow_down(self, url: str, seconds: float) -> None:
        """Leave at least `seconds` between requests to the host of `url` from now on."""
        self._throttle.slow_down(urlsplit(url).netloc, seconds)

    def _prepare(self, asked: requests.Request) -> requests.PreparedRequest:
        try:
            return self.requests.prepare_request(asked)
        except (requests.RequestException, ValueError) as wrong:
            raise Blocked(f"{shown_url(str(asked.url))[:200]!r} is no address") from wrong

    def _send(self, request: requests.PreparedRequest, max_bytes: int | None, seconds: float = math.inf) -> Response:
        try:
            answer = self._adapter.send(request, max_bytes=max_bytes, seconds=seconds)
        except requests.RequestException as failed:
            raise SourceError(f"{shown_url(request.url or '')}: {no_answer(failed)}") from failed
        return Response(
            url=answer.url, status=answer.status_code, headers=header_dict(answer.headers), body=answer.content
        )

    def _obey_robots(self, url: str) -> None:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            self._robots[site] = self._get_robots(f"{site}/robots.txt")
            self._throttle.slow_down(parts.netloc, self._robots[site].delay)
        if not self._robots[site].allows(url):
            raise Blocked(f"{shown_url(url)}: robots.txt does not let us in, or cannot be read")

    def _get_robots(self, url: str) -> Robots:
        """Rules of one site; what cannot be fetched allows nothing (RFC 9309, 2.3.1.4)."""
        try:
            answer = self._follow(url)
        except (SourceError, requests.RequestException):
            return read_robots(500, b"", AGENT)
        return read_robots(answer.status, answer.body, AGENT)

    def _follow(self, url: str) -> Response:
        """The answer at `url` whatever its status, redirects followed."""
        for _hop in range(HOPS + 1):
            check_url(url, self._allow_loopback)
            response = self._send(self._prepare(requests.Request("GET", url)), ROBOTS_BYTES)
            target = response.headers.get("location", "") if response.status in _MOVED else ""
            if not target:
                return response
            url = _joined(url, target)
        raise SourceError(f"{shown_url(url)}: more than {HOPS} redirects")


def _next_hop(here: str, target: str, headers: Mapping[str, str | bytes]) -> requests.Request:
    """The request a redirect asks for; what proves who we are never follows to another origin."""
    url = _joined(here, target)
    kept = dict(headers)
    if _origin(url) != _origin(here):
        kept = {name: value for name, value in kept.items() if name.lower() not in _OURS_ALONE}
    return requests.Request("GET", url, headers=kept)


def _joined(here: str, target: str) -> str:
    """Where a redirect leads. Raises Blocked when that is no address."""
    try:
        return urljoin(here, target)
    except ValueError as wrong:
        raise Blocked(f"{shown_url(here)}: redirects to what is no address") from wrong


def _origin(url: str) -> tuple[str, str]:
    """Scheme, host and port; an address that cannot be split is refused before it is asked."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()


def _accepted(response: Response) -> Response:
    """The response, unless it is a wall, a challenge or a failure."""
    if response.status in WALLS:
        raise Blocked(f"{shown_url(response.url)} answers {response.status}: it does not let us look")
    if is_challenge(response):
        raise Blocked(f"{shown_url(response.url)} asks for proof of a person: it does not let us look")
    if response.status >= 500:
        raise SourceError(f"{shown_url(response.url)} answers {response.status}")
    return response


def is_challenge(response: Response) -> bool:
    """True for a page that asks whether we are human instead of answering."""
    return asks_for_proof(response.headers, response.body)


def _refuse_walls(answer: requests.Response, **_sent: object) -> None:
    """Raises Blocked for what no client library knows as a wall; 401 and 403 come with words that they read."""
    place, headers = shown_url(answer.url), header_dict(answer.headers)
    if asks_for_proof(headers, answer.content):
        raise Blocked(f"{place} asks for proof of a person: it does not let us look")
    if wants_log_in(answer.url, answer.status_code, headers, answer.content):
        raise Blocked(f"{place} asks us to log in: it does not let us look")
    if answer.status_code in WALLS - {401, 403}:
        raise Blocked(f"{place} answers {answer.status_code}: it does not let us look")
