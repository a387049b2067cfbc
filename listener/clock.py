"""Times: aware and UTC inside, Europe/Stockholm for people, ISO weeks; LISTEN_NOW freezes the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from listener.errors import ConfigError

FIRST_YEAR, LAST_YEAR = 1970, 9000  # weeks and offsets can be reckoned on both sides
HOME = ZoneInfo("Europe/Stockholm")


def read_time(text: str) -> datetime:
    """RFC 3339 text as an aware UTC time. Raises ValueError when it is not a time or has no offset."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    try:
        return when.astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError(f"{text!r} is beyond the calendar") from beyond


def now(environ: Mapping[str, str]) -> datetime:
    """The time, or the frozen one of LISTEN_NOW."""
    frozen = environ.get("LISTEN_NOW")
    if not frozen:
        return datetime.now(UTC)
    try:
        when = read_time(frozen)
        if not FIRST_YEAR <= when.year <= LAST_YEAR:
            raise ValueError(f"{frozen!r} is not between {FIRST_YEAR} and {LAST_YEAR}")
        return when
    except ValueError as wrong:
        raise ConfigError(f"LISTEN_NOW={frozen!r}: write it as 2026-11-22T07:00:00+01:00") from wrong


def rfc3339(when: datetime) -> str:
    """UTC with seconds, as stored and printed in data: 2026-11-22T06:00:00Z. Sorts as text."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def local(when: datetime) -> datetime:
    """The same moment as people in Sweden see it."""
    return when.astimezone(HOME)


class Week(NamedTuple):
    """An ISO week as people in Sweden live it: Monday 00:00 local to the next Monday 00:00 local."""

    year: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.year}-W{self.number:02d}"

    @property
    def start(self) -> datetime:
        return datetime.fromisocalendar(self.year, self.number, 1).replace(tzinfo=HOME).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """Exclusive. 167 or 169 hours after the start when the clocks change."""
        sunday = datetime.fromisocalendar(self.year, self.number, 7)
        return (sunday + timedelta(days=1)).replace(tzinfo=HOME).astimezone(UTC)


def week_of(when: datetime) -> Week:
    """The ISO week a moment falls in, by Swedish time."""
    year, number, _ = local(when).isocalendar()
    return Week(year, number)
