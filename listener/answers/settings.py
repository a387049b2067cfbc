"""The [answers] table of listener.toml: when the office is open, how far back questions count, how often we watch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeVar

from listener.config import Config
from listener.errors import ConfigError
from listener.language import _
from listener.models import Record
from listener.office_hours import Hours

T = TypeVar("T")
DAYS = 90  # a question older than this is no longer asked for
SUPERVISION_DAYS = 7  # "inte mer sällan än en gång i veckan" (the Swedish municipalities' reading of BBS-lagen)


class Duties(Record, frozen=True):
    """What we have promised. `days`: how old a question may be; `supervision_days`: between two looks."""

    hours: Hours = Hours()
    days: int = DAYS
    supervision_days: int = SUPERVISION_DAYS


def read_duties(config: Config) -> Duties:
    """The [answers] table. Raises ConfigError for a time or a day that cannot be read, or hours without a length."""
    table = config.table("answers")
    opens = _read(config, "opens", table.get("opens", "08:00"), time.fromisoformat)
    closes = _read(config, "closes", table.get("closes", "17:00"), time.fromisoformat)
    if opens.tzinfo or closes.tzinfo or opens >= closes:
        wrong = _('{path}: [answers] opens, closes: the office closes after it opens, as in opens = "08:00"')
        raise ConfigError(wrong.format(path=config.path))
    closed = [_read(config, "closed_days", text, date.fromisoformat) for text in table.get("closed_days", [])]
    half = [_read(config, "half_days", text, _half_day) for text in table.get("half_days", [])]
    return Duties(
        hours=Hours(opens=opens, closes=closes, closed_days=frozenset(closed), half_days=tuple(half)),
        days=_positive(config, "days", DAYS),
        supervision_days=_positive(config, "supervision_days", SUPERVISION_DAYS),
    )


def _half_day(text: str) -> tuple[date, time]:
    """2026-04-30 12:00: closed from noon on that day."""
    when = datetime.fromisoformat(text)
    return when.date(), when.time()


def _read(config: Config, key: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text.strip())
    except ValueError as unread:
        wrong = _(
            "{path}: [answers] {key} = {text!r}: write a time as 08:00, a day as 2026-12-28, "
            "a half day as 2026-04-30 12:00"
        )
        raise ConfigError(wrong.format(path=config.path, key=key, text=text)) from unread


def _positive(config: Config, key: str, default: int) -> int:
    days = int(config.table("answers").get(key, default))
    if days < 1:
        raise ConfigError(_("{path}: [answers] {key}: write a whole number of days, 1 or more").format(
            path=config.path, key=key))  # fmt: skip
    return days
