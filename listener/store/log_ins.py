"""Who logged in to the review page, when, from where and how, and who was refused; kept for as long as was decided."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.store.database import Store

LONGEST = 200  # letters of a name, a place
STATE_LIVES = timedelta(minutes=10)  # how long a log-in may take at its provider
A_WHILE = timedelta(hours=1)  # one place's headers are noted once in it, however often it sends them
FLOOD = 1_000  # lines of an hour, after which what costs a stranger nothing is noted no more


class Outcome(StrEnum):
    """What came of it."""

    LOGGED_IN = "logged_in"
    REFUSED = "refused"  # wrong name or password, a token of the provider that does not hold
    WAITS = "waits"  # refused unread, after too many
    NO_ROLE = "no_role"  # known to the provider, and nobody here
    CLOSED = "closed"
    UNHEEDED = "unheeded"  # a header that says who asks, from elsewhere than a trusted proxy
    LOGGED_OUT = "logged_out"


class LogIn(Record, frozen=True):
    """One line. `how` is local, oidc, proxy or token; `place` the address it came from."""

    at: datetime
    person: str
    how: str
    place: str
    outcome: Outcome


def note_log_in(store: Store, told: LogIn, days: int) -> None:
    """Keep a line, and those alone that are younger than `days` days."""
    row = (rfc3339(told.at), told.person[:LONGEST], told.how, told.place[:LONGEST], told.outcome.value)
    with store.transaction():
        store.db.execute("DELETE FROM log_ins WHERE at <= ?", (rfc3339(told.at - timedelta(days=days)),))
        store.db.execute("INSERT INTO log_ins (at, person, how, place, outcome) VALUES (?, ?, ?, ?, ?)", row)


def lately(store: Store, place: str, outcome: Outcome, now: datetime) -> bool:
    """Whether such a line of this place was kept within the last hour."""
    sql = "SELECT 1 FROM log_ins WHERE at > ? AND place = ? AND outcome = ?"
    return store.row(sql, (rfc3339(now - A_WHILE), place[:LONGEST], outcome.value)) is not None


def flooded(store: Store, now: datetime) -> bool:
    """Whether so many came within the last hour that one more line tells nobody anything."""
    sql = "SELECT count(*) AS n FROM (SELECT 1 FROM log_ins WHERE at > ? LIMIT ?)"
    return bool(store.rows(sql, (rfc3339(now - A_WHILE), FLOOD))[0]["n"] >= FLOOD)


def log_ins(store: Store, most: int) -> list[LogIn]:
    """The last `most` lines, the newest first."""
    sql = "SELECT at, person, how, place, outcome FROM log_ins ORDER BY id DESC LIMIT ?"
    return [
        LogIn(
            at=read_time(row["at"]), person=row["person"], how=row["how"], place=row["place"],
            outcome=Outcome(row["outcome"]),
        )
        for row in store.rows(sql, (most,))
    ]  # fmt: skip


def use_state(store: Store, state: str, now: datetime) -> bool:
    """Use up the mark of one log-in at a provider; False when it was used before."""
    with store.transaction():
        store.db.execute("DELETE FROM used_states WHERE at <= ?", (rfc3339(now - 2 * STATE_LIVES),))
        if store.row("SELECT 1 FROM used_states WHERE state = ?", (state,)):
            return False
        store.db.execute("INSERT INTO used_states (state, at) VALUES (?, ?)", (state, rfc3339(now)))
    return True
