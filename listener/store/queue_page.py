"""One page of the review queue: the cases that fit what was asked, gravest and oldest first, and how many there are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from listener.clock import rfc3339
from listener.models import OPEN_STATES, Case, Record
from listener.store.cases import SELECT, SEVERITY, read_case
from listener.store.database import Store

OPEN, ALL = "open", "all"


class Asked(Record, frozen=True):
    """What the cases are to be; empty is any. `state` is a state, `open` or `all`; `days` how long at least open."""

    verdict: str = ""
    unit_kind: str = ""
    platform: str = ""
    unit: str = ""
    owner: str = ""
    state: str = OPEN
    days: int = 0
    text: str = ""


# A watched case whose date has come counts as open.
_OPEN = """(c.state IN (SELECT value FROM json_each(:open)) OR (c.state = 'watching' AND c.snoozed_until <= :now))"""
_CONDITIONS = {
    "verdict": "c.verdict = :verdict",
    "unit_kind": "c.unit_kind = :unit_kind",
    "platform": "c.platform = :platform",
    "unit": "c.unit = :unit",
    "owner": "c.assignee = :owner",
    "days": "c.opened_at <= :before",
    "text": """(instr(lower(coalesce(a.handle, '')), :text) OR instr(lower(coalesce(a.url, '')), :text)
        OR instr(lower(coalesce(a.display_name, '')), :text) OR instr(lower(coalesce(c.unit, '')), :text))""",
}


def count_cases(store: Store, asked: Asked, now: datetime) -> int:
    """How many cases fit."""
    where, values = _where(asked, now)
    sql = f"SELECT count(*) AS n FROM cases c JOIN accounts a ON a.key = c.account_key WHERE {where}"  # noqa: S608
    return int(store.rows(sql, values)[0]["n"])


def page_of_cases(store: Store, asked: Asked, now: datetime, first: int, most: int) -> list[Case]:
    """At most `most` cases that fit, from the `first` (0) on."""
    where, values = _where(asked, now)
    order = f"ORDER BY {SEVERITY} DESC, c.opened_at, c.id LIMIT :most OFFSET :first"
    rows = store.rows(f"{SELECT} WHERE {where} {order}", values | {"most": most, "first": first})
    return [read_case(row) for row in rows]


def tallies(store: Store, now: datetime) -> dict[str, int]:
    """Open cases by the rows of the weekly report's table: units by kind, the others by verdict."""
    sql = f"""SELECT CASE c.verdict WHEN 'unapproved_unit' THEN coalesce(c.unit_kind, 'unit') ELSE c.verdict END AS row,
        count(*) AS n FROM cases c WHERE {_OPEN} GROUP BY 1"""  # noqa: S608  (our own text)
    return {row["row"]: row["n"] for row in store.rows(sql, _values(Asked(), now))}


def next_case(store: Store, asked: Asked, now: datetime, after: int) -> int | None:
    """The case that follows `after` in the queue as it was asked for, or its first; None when it is empty."""
    where, values = _where(asked, now)
    sql = f"""SELECT c.id FROM cases c JOIN accounts a ON a.key = c.account_key WHERE {where}
        ORDER BY {SEVERITY} DESC, c.opened_at, c.id"""  # noqa: S608  (our own text)
    ids = [row["id"] for row in store.rows(sql, values)]
    if after in ids:
        ids = ids[ids.index(after) + 1 :] + ids[: ids.index(after)]
    return ids[0] if ids else None


def _where(asked: Asked, now: datetime) -> tuple[str, dict[str, Any]]:
    conditions = [text for name, text in _CONDITIONS.items() if getattr(asked, name)]
    if asked.state == OPEN:
        conditions.append(_OPEN)
    elif asked.state != ALL:
        conditions.append("c.state = :state")
    return " AND ".join(conditions) or "1", _values(asked, now)


def _values(asked: Asked, now: datetime) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(asked),
        "text": asked.text.lower(),
        "open": msgspec.json.encode([state.value for state in OPEN_STATES]).decode(),
        "now": rfc3339(now),
        "before": rfc3339(now - timedelta(days=asked.days)),
    }
