"""How fast a host may be asked, and when one that said "later" may be asked again."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from listener import clock
from listener.errors import SourceError

_EPOCH = 1_000_000_000  # a bigger number is a moment, a smaller one a number of seconds
_LONGEST = timedelta(days=30)  # no answer means a later moment than this


class Throttle:
    """At least `seconds` between two requests to one host; a robots.txt may ask for more."""

    def __init__(self, seconds: float, sleep: Callable[[float], None], timer: Callable[[], float] = time.monotonic):
        self._seconds = seconds
        self._sleep = sleep
        self._timer = timer
        self._free: dict[str, float] = {}
        self._slower: dict[str, float] = {}
        self._lock = threading.Lock()

    def slow_down(self, host: str, seconds: float) -> None:
        """Leave at least `seconds` between requests to this host from now on."""
        self._slower[host] = max(seconds, self._slower.get(host, 0.0))

    def wait(self, host: str) -> None:
        """Sleep until the host may be asked, and book that moment."""
        with self._lock:
            now = self._timer()
            moment = max(now, self._free.get(host, 0.0))
            self._free[host] = moment + max(self._seconds, self._slower.get(host, 0.0))
        if moment > now:
            self._sleep(moment - now)


class Allowance:
    """The seconds all requests of a session may take, counted from the first one; `spent` says that some were cut."""

    def __init__(self, seconds: float, timer: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.spent = False
        self._timer = timer
        self._ends: float | None = None

    def left(self) -> float:
        """Seconds left, more than none. Raises SourceError when there are none."""
        now = self._timer()
        if self._ends is None:
            self._ends = now + self.seconds
        if now >= self._ends:
            self.spent = True
            raise SourceError(f"stopped after {self.seconds:g} seconds")
        return self._ends - now


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the server says to come back (UTC); None when it does not say, or says nothing that can be read.

    Reads Retry-After (RFC 9110: seconds or a date) and the reset times that X, Bluesky and Mastodon send in its stead.
    `headers` finds names whatever their case.
    """
    for name in ("Retry-After", "RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset"):
        when = _read_moment(headers.get(name, "").strip(), now)
        if when is not None:
            return min(max(when, now), now + _LONGEST)
    return None


def _read_moment(text: str, now: datetime) -> datetime | None:
    if not text or len(text) > 64:
        return None
    if re.fullmatch(r"\d{1,12}", text, re.ASCII):
        number = int(text)
        seconds = number - int(now.timestamp()) if number > _EPOCH else number
        return now + min(timedelta(seconds=seconds), _LONGEST)
    try:
        return clock.read_time(text)
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
