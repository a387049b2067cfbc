"""What the store knows of our own accounts: faults in the last runs and before, who looked at them and when."""

from __future__ import annotations

from datetime import datetime

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.store.database import Store
from listener.store.runs import RunRow, read_run
from listener.store.supervision import Look

AUDITS = 20  # runs back in which a platform is looked for


class Broken(Record):
    """One fault of an account: in how many runs it was seen, and the times of the first and the last of them."""

    rule: str
    detail: str
    hint: str
    runs: int
    first_at: datetime
    last_at: datetime


def last_audits(store: Store, most: int = AUDITS) -> list[RunRow]:
    """The last audits that were finished, oldest first."""
    sql = "SELECT * FROM runs WHERE kind = 'audit' AND finished_at IS NOT NULL ORDER BY id DESC LIMIT ?"
    return [read_run(row) for row in store.rows(sql, (most,))][::-1]


def faults_of(store: Store, url: str, most: int) -> list[Broken]:
    """What was ever wrong with the account at this address, the latest first."""
    sql = """SELECT f.rule, f.detail, f.hint, count(*) AS runs, min(r.started_at) AS first_at,
            max(r.started_at) AS last_at
        FROM faults f JOIN runs r ON r.id = f.run_id WHERE f.url = ?
        GROUP BY f.rule, f.detail, f.hint ORDER BY last_at DESC, f.rule LIMIT ?"""
    times = ("first_at", "last_at")
    return [Broken(**row | {name: read_time(row[name]) for name in times}) for row in store.rows(sql, (url, most))]


def looked_at(store: Store, since: datetime) -> list[tuple[str, str | None, str]]:
    """Platform, id and address of every account that somebody looked at since then."""
    sql = "SELECT DISTINCT platform, platform_id, url FROM supervision WHERE at >= ?"
    return [(row["platform"], row["platform_id"], row["url"]) for row in store.rows(sql, (rfc3339(since),))]


def looks_of(store: Store, platform: str, platform_id: str | None, url: str, most: int) -> list[Look]:
    """The latest notes of those who looked at one account."""
    sql = """SELECT * FROM supervision WHERE platform = ? AND (url = ? OR platform_id = ?) ORDER BY id DESC LIMIT ?"""
    rows = store.rows(sql, (platform, url, platform_id, most))
    return [Look(**row | {"at": read_time(row["at"])}) for row in rows]
