"""The allow-list: cases dismissed until a date, each with its owner and reason; when the date comes they return."""

from __future__ import annotations

from datetime import datetime

from listener.clock import read_time
from listener.models import Case, Record, State
from listener.store.cases import SELECT, read_case
from listener.store.database import Store
from listener.store.watching import bring_back

EXPIRED = "expired"  # the reason key of a case whose place on the allow-list is over


class Allowed(Record, frozen=True):
    """One entry: a case, until when, and by whose decision."""

    case: Case
    until: datetime
    who: str
    reason: str
    at: datetime


def allowed(store: Store, first: int = 0, most: int = 100) -> list[Allowed]:
    """The entries whose time runs out next, first."""
    sql = f"""{SELECT} WHERE c.state = 'dismissed' AND c.snoozed_until IS NOT NULL
        ORDER BY c.snoozed_until, c.id LIMIT ? OFFSET ?"""
    return [_entry(store, read_case(row)) for row in store.rows(sql, (most, first))]


def count_allowed(store: Store) -> int:
    """How many entries there are."""
    sql = (
        "SELECT count(*) AS n FROM cases WHERE state = 'dismissed' AND snoozed_until IS NOT NULL AND erased_at IS NULL"
    )
    return int(store.rows(sql)[0]["n"])


def _entry(store: Store, case: Case) -> Allowed:
    sql = """SELECT who, reason, at FROM events WHERE case_id = ? AND to_state = 'dismissed' AND kind = 'decision'
        ORDER BY id DESC LIMIT 1"""
    row = store.rows(sql, (case.id,))[0]
    until = case.snoozed_until or case.changed_at
    return Allowed(case=case, until=until, who=row["who"], reason=row["reason"], at=read_time(row["at"]))


def return_expired(store: Store, run_id: int | None, now: datetime) -> int:
    """Put cases whose place on the allow-list is over back into the queue; returns how many."""
    return bring_back(store, State.DISMISSED, "regressed", State.REGRESSED, EXPIRED, run_id, now)
