"""What a source may still ask for: the platform's quotas and our money, counted across runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from listener.models import Record

Window = Literal["run", "day", "week", "month"]
ENDLESS = 1_000_000_000


class Quota(Record, frozen=True):
    """How many of one kind of thing (searches, lookups, users, posts …) a window allows.

    The setting `max_<kind>` replaces `most`. A day, a week or a month begins at midnight in `zone`, as the platform
    counts. `price` is in US dollars each.
    """

    kind: str
    most: int
    window: Window = "run"
    zone: str = "UTC"
    price: float = 0.0

    def begins(self, now: datetime) -> datetime | None:
        """When the window that holds `now` began, in UTC; None for a run's."""
        midnight = now.astimezone(ZoneInfo(self.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        back = {"day": 0, "week": midnight.weekday(), "month": midnight.day - 1}
        if self.window == "run":
            return None
        return (midnight - timedelta(days=back[self.window])).astimezone(UTC)


class Usage(Protocol):
    """Where what was spent is kept, so that a run that is killed still counts."""

    def add(self, kind: str, count: int) -> None:
        """Note that `count` more were asked for, now."""

    def since(self, kind: str, begins: datetime) -> int:
        """How many were asked for since then."""


class Forgotten:
    """Usage of a context without a store: nothing lasts beyond it."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add(self, kind: str, count: int) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + count

    def since(self, kind: str, begins: datetime) -> int:
        return self._counts.get(kind, 0)


class Quotas:
    """One source's quotas in one run. `dollars` is what a calendar month (UTC) may cost; 0 sets no limit.

    `clock` tells the time as the run goes on, past midnight too; without it, it is `now` all the while.
    """

    def __init__(
        self,
        quotas: Sequence[Quota] = (),
        *,
        now: datetime,
        clock: Callable[[], datetime] | None = None,
        settings: Mapping[str, Any] | None = None,
        usage: Usage | None = None,
        dollars: float = 0.0,
    ) -> None:
        own = settings or {}
        self.limits = [(quota, int(own.get(f"max_{quota.kind}", quota.most))) for quota in quotas]
        self.dollars = float(own.get("max_dollars", dollars))
        self._capped = dollars > 0 or "max_dollars" in own
        self._usage = usage or Forgotten()
        self._clock = clock or (lambda: now)
        self._run: dict[str, int] = {}

    def left(self, kind: str) -> int:
        """How many more of `kind` may be asked for now; a kind without a quota is endless."""
        counts = [most - self._used(quota) for quota, most in self.limits if quota.kind == kind]
        price = max((quota.price for quota, _most in self.limits if quota.kind == kind), default=0.0)
        if price and self._capped:
            counts.append(int((self.dollars - self.cost() + 1e-9) / price))
        return max(0, min(counts, default=ENDLESS))

    def spend(self, kind: str, count: int = 1) -> None:
        """Note that `count` were asked for, in the store at once."""
        if count > 0:
            self._run[kind] = self._run.get(kind, 0) + count
            self._usage.add(kind, count)

    def cost(self) -> float:
        """US dollars spent this calendar month."""
        month = Quota(kind="", most=0, window="month").begins(self._clock()) or self._clock()
        prices = {quota.kind: quota.price for quota, _most in self.limits if quota.price}
        return sum(price * self._usage.since(kind, month) for kind, price in prices.items())

    def run_cost(self) -> float:
        """The most that one run may still cost in US dollars: every quota used up, within what the month has left."""
        return self.price_of({quota.kind: self.left(quota.kind) for quota, _most in self.limits})

    def price_of(self, wanted: Mapping[str, int]) -> float:
        """What so many of each kind cost in US dollars, as far as quotas and the month's money reach."""
        prices = {quota.kind: quota.price for quota, _most in self.limits}
        whole = sum(prices.get(kind, 0.0) * min(count, self.left(kind)) for kind, count in wanted.items())
        return max(0.0, min(whole, self.dollars - self.cost())) if self._capped else whole

    def _used(self, quota: Quota) -> int:
        begins = quota.begins(self._clock())
        return self._run.get(quota.kind, 0) if begins is None else self._usage.since(quota.kind, begins)
