"""Cases that were put aside until a date, and what becomes of accounts that a run did not see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from listener.clock import rfc3339
from listener.models import Observation, State
from listener.store.barred import barred_accounts
from listener.store.database import Store
from listener.store.events import add_event

WATCH_OVER = "due"  # the reason key of a case that woke up by its date
RUNS_UNTIL_GONE = 2  # one complete run may miss an account by chance; two in a row hardly do
NOWHERE: Mapping[str, str] = MappingProxyType({})
MISSING = "missing"  # in the run's own notes only: looked for in full and not found, for the first time


def wake_cases(store: Store, run_id: int | None, now: datetime) -> int:
    """Put cases whose watch is over back into triage; returns how many."""
    return bring_back(store, State.WATCHING, "snooze", State.TRIAGE, WATCH_OVER, run_id, now)


def bring_back(store: Store, state: State, kind: str, to: State, reason: str, run_id: int | None, now: datetime) -> int:
    """Put cases that were in `state` until a date that has come into `to`, by an event of `kind`; returns how many."""
    sql = """SELECT c.id, c.state, c.verdict, c.unit_kind, a.fingerprint FROM cases c
             JOIN accounts a ON a.key = c.account_key WHERE c.state = ? AND c.snoozed_until <= ?"""
    with store.transaction():
        due = store.rows(sql, (state.value, rfc3339(now)))
        for case in due:
            add_event(store, case, kind, to, now, reason=reason, run_id=run_id)
            store.conn.execute(
                "UPDATE cases SET state = ?, snoozed_until = NULL, changed_at = ? WHERE id = ?",
                (to.value, rfc3339(now), case["id"]),
            )
    return len(due)


def mark_missing(
    store: Store,
    run_id: int,
    now: datetime,
    complete_sources: Collection[str],
    homes: Mapping[str, str] = NOWHERE,
    scopes: Mapping[str, str] = NOWHERE,
) -> int:
    """Note every known account this run did not see; returns how many became `gone`. Repeating it changes nothing.

    `complete_sources` are those seen in full; `homes` the platform of a source that bears another name. Missing from
    its source in two complete runs in a row is `gone`; an account whose source failed, was truncated or was not asked
    is `not_checked`, and so is one that only a tip or a page of ours spoke of: nobody looked on its own platform; and
    one that was last seen under other settings than its source was asked under now (`scopes`, as `asking.scope_of`).
    No review state ever changes here: "could not look" is never "not there".
    """
    sql = """SELECT key, platform, source, observation, missed, scope FROM accounts
             WHERE key NOT IN (SELECT account_key FROM observations WHERE run_id = ?)"""
    gone, barred = 0, barred_accounts(store)
    with store.transaction():
        for account in store.rows(sql, (run_id,)):
            source = account["source"]
            may_look = account["key"] not in barred
            at_home = homes.get(source, source) == account["platform"] and account["scope"] == scopes.get(source)
            looked = may_look and at_home and source in complete_sources
            missed = account["missed"] + looked
            known, noted = observe(account["observation"], looked, missed)
            gone += known == Observation.GONE != account["observation"]
            store.db.execute(
                "UPDATE accounts SET observation = ?, missed = ? WHERE key = ?", (known, missed, account["key"])
            )
            row = (account["key"], run_id, noted, rfc3339(now))
            store.db.execute("INSERT INTO observations VALUES (?, ?, ?, ?)", row)
    return gone


def observe(before: str, looked: bool, missed: int) -> tuple[str, str]:
    """What is now known of an account that was not seen, and what to note for this run.

    What is `gone` stays so until it is seen again; missed once is noted, but changes nothing yet.
    """
    if before == Observation.GONE:
        return before, before
    if not looked:
        return Observation.NOT_CHECKED.value, Observation.NOT_CHECKED.value
    if missed >= RUNS_UNTIL_GONE:
        return Observation.GONE.value, Observation.GONE.value
    return before, MISSING
