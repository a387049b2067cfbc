"""Deleting what is past its time so that no byte of it is left, and the protocol of what was deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from listener import __version__
from listener.clock import read_time, rfc3339
from listener.errors import LockedError
from listener.language import _
from listener.models import Record
from listener.store.database import Store, explained, storable
from listener.store.queue_words import index_anew
from listener.store.snapshots import destroy_snapshots
from listener.store.word_list import learn

TOOL = f"listen {__version__}"

# class -> how many things are past their time. A finding's time starts when its case is closed and its account no
# longer seen: a dismissed account that is still there must stay dismissed. What is open or watched is never too old.
COUNTS = {
    "mentions": "SELECT count(*) AS n FROM mentions WHERE logged_at < :before",
    "findings": "SELECT count(*) AS n FROM closed_cases WHERE idle_since < :before",
    "snapshots": """SELECT count(*) AS n FROM snapshots s JOIN snapshot_details d ON d.snapshot_id = s.id
        WHERE s.at < :before AND s.kind <> 'timestamp'
            AND (s.case_id IS NULL OR s.case_id IN (SELECT case_id FROM closed_cases))""",
    "skipped": "SELECT count(*) AS n FROM skipped WHERE last_seen_at < :before",
    "searches": "SELECT count(*) AS n FROM searches WHERE at < :before",
    "logs": """WITH old AS (SELECT id FROM runs WHERE started_at < :before)
        SELECT (SELECT count(*) FROM issues WHERE run_id IN old) + (SELECT count(*) FROM faults WHERE run_id IN old)
            + (SELECT count(*) FROM observations WHERE run_id IN old) AS n""",
    "supervision": "SELECT count(*) AS n FROM supervision WHERE at < :before",
    "looks": "SELECT count(*) AS n FROM mention_looks WHERE at < :before",
    "tips": "SELECT count(*) AS n FROM tips WHERE closed_at < :before",
}
# What gives the index its words anew: it keeps every word it ever had, else.
REINDEXED = (
    "INSERT INTO mentions_fts (mentions_fts) VALUES ('rebuild')",
    "DELETE FROM mention_words",
    "UPDATE mention_words_upto SET upto = 0",
)
# class -> what deletes them, in this order
DELETIONS = {
    "mentions": (
        "DELETE FROM mentions WHERE logged_at < :before",  # what it matched goes with it
        "DELETE FROM mention_bands WHERE mention_id NOT IN (SELECT id FROM mentions)",
        "DELETE FROM query_names WHERE id NOT IN (SELECT query_id FROM mention_queries)",  # a search may name somebody
        *REINDEXED,
    ),
    "findings": (
        """DELETE FROM event_texts WHERE event_id IN (SELECT id FROM events
            WHERE case_id IN (SELECT case_id FROM closed_cases WHERE idle_since < :before))""",
        """UPDATE case_notes SET text = NULL
            WHERE case_id IN (SELECT case_id FROM closed_cases WHERE idle_since < :before)""",
        """UPDATE proposals SET text = NULL
            WHERE case_id IN (SELECT case_id FROM closed_cases WHERE idle_since < :before)""",
        """UPDATE cases SET finding = NULL, assignee = NULL, decided_fingerprint = NULL, erased_at = :now
            WHERE id IN (SELECT case_id FROM closed_cases WHERE idle_since < :before)""",
        "DELETE FROM accounts WHERE key IN (SELECT account_key FROM cases WHERE erased_at IS NOT NULL)",
    ),
    "snapshots": (),
    "skipped": ("DELETE FROM skipped WHERE last_seen_at < :before",),
    "searches": ("DELETE FROM searches WHERE at < :before",),
    "logs": (
        "DELETE FROM issues WHERE run_id IN (SELECT id FROM runs WHERE started_at < :before)",
        "DELETE FROM faults WHERE run_id IN (SELECT id FROM runs WHERE started_at < :before)",
        "DELETE FROM observations WHERE run_id IN (SELECT id FROM runs WHERE started_at < :before)",
    ),
    "supervision": (
        "INSERT INTO disposing VALUES ('supervision', :before)",
        "DELETE FROM supervision WHERE at < :before",
        "DELETE FROM disposing",
    ),
    "looks": (
        "INSERT INTO disposing VALUES ('looks', :before)",
        "DELETE FROM mention_look_texts WHERE look_id IN (SELECT id FROM mention_looks WHERE at < :before)",
        "DELETE FROM mention_looks WHERE at < :before",
        "DELETE FROM disposing",
    ),
    "tips": ("DELETE FROM tips WHERE closed_at < :before",),
}
# class -> the snapshots that go with it: their rows stay and say so, their files go when the caller removes them
DESTRUCTIONS = {
    "findings": """SELECT id FROM snapshots
        WHERE case_id IN (SELECT case_id FROM closed_cases WHERE idle_since < :before)""",
    "snapshots": """SELECT id FROM snapshots WHERE at < :before AND kind <> 'timestamp'
        AND (case_id IS NULL OR case_id IN (SELECT case_id FROM closed_cases))""",
}
CLASSES = tuple(COUNTS)


class Disposal(Record, frozen=True):
    """What goes of one class: everything older than `before`, by which decision. `count` things."""

    kind: str
    before: datetime
    count: int
    decision_ref: str
    at: datetime | None = None
    who: str | None = None


def count_old(store: Store, kind: str, before: datetime) -> int:
    """How many things of a class are past their time."""
    return int(store.rows(COUNTS[kind], {"before": rfc3339(before)})[0]["n"])


def delete_old(store: Store, planned: Iterable[Disposal], who: str, now: datetime) -> list[Disposal]:
    """Delete what is past its time and write the protocol, in one transaction; returns what was deleted.

    Events stay: who, when and why remain after the words and the account are gone; so do the rows of snapshots.
    Remove the files of those that were destroyed and call `wipe` afterwards.
    """
    done = []
    with store.transaction():
        for plan in planned:
            count = count_old(store, plan.kind, plan.before)
            if plan.kind in DESTRUCTIONS:
                ids = [row["id"] for row in store.rows(DESTRUCTIONS[plan.kind], {"before": rfc3339(plan.before)})]
                destroy_snapshots(store, ids, reason="retention", who=who, tool=TOOL, now=now)
            for sql in DELETIONS[plan.kind]:
                store.db.execute(sql, {"before": rfc3339(plan.before), "now": rfc3339(now)})
            if plan.kind == "mentions":
                learn(store.conn)
            row = (rfc3339(now), plan.kind, count, rfc3339(plan.before), storable(plan.decision_ref), storable(who))
            store.db.execute(
                'INSERT INTO retention_log (at, "class", count, before, decision_ref, who) VALUES (?, ?, ?, ?, ?, ?)',
                row,
            )
            done.append(
                Disposal(
                    kind=plan.kind,
                    before=plan.before,
                    count=count,
                    decision_ref=plan.decision_ref,
                    at=now,
                    who=who,
                )
            )
    return done


def wipe(store: Store) -> None:
    """Write the file anew without its free pages and empty the write-ahead log, so that no deleted byte is left.

    The index of accounts is made anew first: it else keeps the letters of those that went.

    Raises LockedError while somebody else has the store open; deleting again finishes the work.
    """
    with store.transaction():
        index_anew(store.conn)
    with explained(store.path):
        store.db.execute("VACUUM")
        busy = store.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0]["busy"]
    if busy:
        hint = _("{path}: deleted, but somebody has the store open: run again to remove the last traces")
        raise LockedError(hint.format(path=store.path))


def load_protocol(store: Store) -> list[Disposal]:
    """Everything that was ever deleted by retention, oldest first."""
    return [
        Disposal(
            kind=row["class"],
            before=read_time(row["before"]),
            count=row["count"],
            decision_ref=row["decision_ref"],
            at=read_time(row["at"]),
            who=row["who"],
        )
        for row in store.rows("SELECT * FROM retention_log ORDER BY id")
    ]
