"""What a platform's terms let us keep for a time only: its answers, wherever they were written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from listener.clock import rfc3339
from listener.models import Record
from listener.store.barred import bare
from listener.store.database import Store, as_json, storable
from listener.store.disposal import DELETIONS, TOOL, Disposal
from listener.store.snapshots import destroy_snapshots
from listener.store.traits import forget_traits
from listener.store.word_list import learn

_PAST = "a.source = :source AND a.last_seen_at < :before"
_CLOSED = f"""SELECT c.id FROM closed_cases d JOIN cases c ON c.id = d.case_id JOIN accounts a ON a.key = c.account_key
    WHERE {_PAST}"""  # noqa: S608  (our own text)
_OPEN = f"""SELECT c.id, c.account_key, c.finding, a.record FROM cases c JOIN accounts a ON a.key = c.account_key
    WHERE {_PAST} AND c.id NOT IN (SELECT case_id FROM closed_cases)"""  # noqa: S608  (our own text)
_MENTIONS = "FROM mentions WHERE source = :source AND logged_at < :before"
_SNAPSHOTS = f"""SELECT s.id FROM snapshots s JOIN snapshot_details k ON k.snapshot_id = s.id
    LEFT JOIN cases c ON c.id = s.case_id LEFT JOIN accounts a ON a.key = c.account_key
    WHERE s.case_id IN ({_CLOSED}) OR (s.at < :before AND s.kind <> 'timestamp'
        AND (s.source = :source OR (s.kind = 'screenshot' AND a.source = :source)))"""  # noqa: S608  (our own text)
_ERASURE = (
    f"DELETE FROM event_texts WHERE event_id IN (SELECT id FROM events WHERE case_id IN ({_CLOSED}))",  # noqa: S608
    f"UPDATE case_notes SET text = NULL WHERE case_id IN ({_CLOSED})",  # noqa: S608
    f"UPDATE proposals SET text = NULL WHERE case_id IN ({_CLOSED})",  # noqa: S608
    f"""UPDATE cases SET finding = NULL, assignee = NULL, decided_fingerprint = NULL, erased_at = :now
        WHERE id IN ({_CLOSED})""",  # noqa: S608
    "DELETE FROM accounts WHERE key IN (SELECT account_key FROM cases WHERE erased_at IS NOT NULL)",
)


class Expired(Record, frozen=True):
    """What of one source is past the time of its terms: numbers of rows and ids of cases and snapshots."""

    mentions: int
    closed: tuple[int, ...]
    stripped: tuple[int, ...]
    snapshots: tuple[int, ...]

    @property
    def count(self) -> int:
        return self.mentions + len(self.closed) + len(self.stripped) + len(self.snapshots)


def expired(store: Store, source: str, before: datetime) -> Expired:
    """What the source told before then and has not told again since.

    A closed case goes; of an open or watched one the account's address, id and verdict stay: it is still to be dealt
    with, and the source's next answer completes it. Answers kept as evidence go whatever the case: a new snapshot is
    due as soon as the account is seen again.
    """
    given = {"source": source, "before": rfc3339(before)}
    return Expired(
        mentions=int(store.rows(f"SELECT count(*) AS n {_MENTIONS}", given)[0]["n"]),
        closed=tuple(row["id"] for row in store.rows(_CLOSED, given)),
        stripped=tuple(row["id"] for row in store.rows(_OPEN, given) if _stripped(row)),
        snapshots=tuple(row["id"] for row in store.rows(_SNAPSHOTS, given)),
    )


def delete_expired(store: Store, plan: Disposal, source: str, who: str, now: datetime) -> Disposal:
    """Delete it and write the protocol, in one transaction. Remove the files and call `wipe` afterwards."""
    given = {"source": source, "before": rfc3339(plan.before), "now": rfc3339(now)}
    with store.transaction():
        gone = expired(store, source, plan.before)
        destroy_snapshots(store, gone.snapshots, reason="terms", who=who, tool=TOOL, now=now)
        store.db.execute(f"DELETE {_MENTIONS}", given)
        for sql in DELETIONS["mentions"][1:] if gone.mentions else ():
            store.db.execute(sql)
        learn(store.conn)
        for row in store.rows(_OPEN, given):
            if told := _stripped(row):
                sql = "UPDATE accounts SET display_name = NULL, record = ? WHERE key = ?"
                store.db.execute(sql, (told[0], row["account_key"]))
                forget_traits(store, row["account_key"])
                store.db.execute("UPDATE cases SET finding = ? WHERE id = ?", (told[1], row["id"]))
        for sql in _ERASURE:
            store.db.execute(sql, given)
        entry = (rfc3339(now), plan.kind, gone.count, rfc3339(plan.before), storable(plan.decision_ref), storable(who))
        store.db.execute(
            'INSERT INTO retention_log (at, "class", count, before, decision_ref, who) VALUES (?, ?, ?, ?, ?, ?)', entry
        )
    return msgspec.structs.replace(plan, count=gone.count, at=now, who=who)


def _stripped(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Record and finding as they may stay; None when they are that bare already."""
    account, finding = bare(row["record"], row["finding"])
    told = as_json(account), as_json(finding)
    return None if told == (row["record"], row["finding"]) else told
