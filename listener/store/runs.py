"""Runs, how each source fared in them, where each source left off, and which weekly reports were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from listener import __version__
from listener.clock import read_time, rfc3339
from listener.models import Completeness, Issue, Record, SourceResult
from listener.store.allowed import return_expired
from listener.store.database import Store, as_json, storable
from listener.store.watching import wake_cases


class RunRow(Record, frozen=True):
    """One run as stored. `complete` is None until it is finished; `planned` names the sources it set out to ask."""

    id: int
    kind: str
    started_at: datetime
    finished_at: datetime | None
    exit_code: int | None
    complete: bool | None
    version: str
    planned: tuple[str, ...]


def start_run(store: Store, kind: str, now: datetime, planned: Iterable[str]) -> int:
    """A new run; returns its id. Cases whose watch or time on the allow-list is over come back."""
    with store.transaction():
        cursor = store.db.execute(
            "INSERT INTO runs (kind, started_at, version, planned) VALUES (?, ?, ?, ?)",
            (kind, rfc3339(now), __version__, as_json(list(planned))),
        )
        run_id = cursor.lastrowid or 0
        wake_cases(store, run_id, now)
        return_expired(store, run_id, now)
    return run_id


def save_source(store: Store, run_id: int, result: SourceResult) -> None:
    """How one source fared in this run, with its issues; saving it again replaces what was said before."""
    row = (run_id, result.source, result.completeness.value, result.accounts, result.posts, result.seconds)
    with store.transaction():
        store.db.execute("INSERT OR REPLACE INTO source_results VALUES (?, ?, ?, ?, ?, ?)", row)
        store.db.execute("DELETE FROM issues WHERE run_id = ? AND source = ?", (run_id, result.source))
        store.db.conn.executemany(
            "INSERT INTO issues (run_id, source, kind, detail, until) VALUES (?, ?, ?, ?, ?)",
            [
                (run_id, result.source, issue.kind, storable(issue.detail), issue.until and rfc3339(issue.until))
                for issue in result.issues
            ],
        )


def finish_run(store: Store, run_id: int, now: datetime, exit_code: int, complete: bool) -> None:
    """Close the run. `complete` says whether every planned source could be seen in full."""
    with store.transaction():
        store.db.execute(
            "UPDATE runs SET finished_at = ?, exit_code = ?, complete = ? WHERE id = ?",
            (rfc3339(now), exit_code, int(complete), run_id),
        )


def load_runs(store: Store, since: datetime, until: datetime) -> list[RunRow]:
    """The runs that started in [since, until), oldest first."""
    span = (rfc3339(since), rfc3339(until))
    return [
        read_run(row)
        for row in store.rows("SELECT * FROM runs WHERE started_at >= ? AND started_at < ? ORDER BY id", span)
    ]


def read_run(row: Mapping[str, Any]) -> RunRow:
    return RunRow(
        id=row["id"],
        kind=row["kind"],
        started_at=read_time(row["started_at"]),
        finished_at=read_time(row["finished_at"]) if row["finished_at"] else None,
        exit_code=row["exit_code"],
        complete=None if row["complete"] is None else bool(row["complete"]),
        version=row["version"],
        planned=tuple(msgspec.json.decode(row["planned"])),
    )


def load_sources(store: Store, run_id: int) -> tuple[SourceResult, ...]:
    """How every source fared in a run, by name; a planned source that is absent was never reached."""
    issues: dict[str, list[Issue]] = {}
    for row in store.rows("SELECT * FROM issues WHERE run_id = ? ORDER BY id", (run_id,)):
        until = read_time(row["until"]) if row["until"] else None
        issue = Issue(source=row["source"], kind=row["kind"], detail=row["detail"], until=until)
        issues.setdefault(row["source"], []).append(issue)
    return tuple(
        SourceResult(
            source=row["source"],
            completeness=Completeness(row["completeness"]),
            accounts=row["accounts"],
            posts=row["posts"],
            issues=tuple(issues.get(row["source"], ())),
            seconds=row["seconds"],
        )
        for row in store.rows("SELECT * FROM source_results WHERE run_id = ? ORDER BY source", (run_id,))
    )


def used_to_bring(store: Store, source: str) -> int:
    """How many accounts the source brought when it last brought any; 0 when it never did."""
    sql = "SELECT accounts FROM source_results WHERE source = ? AND accounts > 0 ORDER BY run_id DESC LIMIT 1"
    row = store.row(sql, (source,))
    return int(row["accounts"]) if row else 0


def save_cursor(store: Store, source: str, cursor: Mapping[str, str], query: str = "") -> None:
    """Where a source left off (for a saved query, or for accounts), whole: keys no longer there are forgotten."""
    with store.transaction():
        store.db.execute("DELETE FROM cursors WHERE source = ? AND query = ?", (source, query))
        store.db.conn.executemany(
            "INSERT INTO cursors VALUES (?, ?, ?, ?)",
            [(source, query, storable(key), storable(value)) for key, value in cursor.items()],
        )


def load_cursor(store: Store, source: str, query: str = "") -> dict[str, str]:
    """Where a source left off (for a saved query, or for accounts); empty the first time."""
    sql = "SELECT key, value FROM cursors WHERE source = ? AND query = ?"
    return {row["key"]: row["value"] for row in store.rows(sql, (source, query))}


def save_report(store: Store, week: str, now: datetime, complete: bool) -> None:
    """Note that the report of an ISO week (`2026-W47`) was made, and whether its runs were complete."""
    with store.transaction():
        store.db.execute("INSERT OR REPLACE INTO reports VALUES (?, ?, ?)", (week, rfc3339(now), int(complete)))


def load_reports(store: Store) -> dict[str, bool]:
    """The weeks that have a report, and whether each was complete."""
    return {row["week"]: bool(row["complete"]) for row in store.rows("SELECT * FROM reports ORDER BY week")}
