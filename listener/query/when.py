"""When people mean: 7d, 24h, 2026-11-01 or an RFC 3339 time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from listener.clock import HOME
from listener.language import _

_AGO = re.compile(r"(\d{1,4})([hdw])", re.IGNORECASE)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def read_when(text: str, now: datetime, *, end: bool = False) -> datetime:
    """The moment meant, in UTC. A bare date begins at midnight in Sweden, or with `end` lasts until the next midnight.

    Raises ValueError, with the forms to choose from, when it is no time.
    """
    ago = _AGO.fullmatch(text.strip())
    try:
        if ago:
            return now - int(ago[1]) * _UNITS[ago[2].lower()]
        if len(text.strip()) == len("2026-11-01"):
            day = date.fromisoformat(text.strip()) + timedelta(days=int(end))
            return datetime.combine(day, time(), HOME).astimezone(UTC)
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=HOME)).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        forms = _("{text!r} is no time: write 24h, 7d, 2w, 2026-11-01 or 2026-11-01T08:00+01:00")
        raise ValueError(forms.format(text=text)) from wrong
