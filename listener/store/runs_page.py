"""The latest runs with what came of each, and one run whole."""

from __future__ import annotations

from datetime import datetime

from listener.clock import read_time
from listener.models import Record
from listener.store.database import Store
from listener.store.runs import RunRow, read_run

MOST_ISSUES = 20  # of one run in the list
ISSUES = 500  # of one run on its own page


class Trouble(Record):
    """What kept a source from being read in full."""

    source: str
    kind: str
    detail: str
    until: datetime | None


class SourceLine(Record):
    """How one source fared in a run; `seconds` it took."""

    source: str
    completeness: str
    accounts: int
    posts: int
    seconds: float


class Told(Record):
    """A run, how its sources fared and what troubles they had; `more` troubles are not shown."""

    run: RunRow
    sources: tuple[SourceLine, ...]
    troubles: tuple[Trouble, ...]
    more: int


def latest_runs(store: Store, below: int | None, most: int) -> list[Told]:
    """The latest runs with numbers below `below`, the newest first."""
    sql = "SELECT * FROM runs WHERE (:below IS NULL OR id < :below) ORDER BY id DESC LIMIT :most"
    return [told(store, read_run(row), MOST_ISSUES) for row in store.rows(sql, {"below": below, "most": most})]


def one_run(store: Store, number: int) -> Told | None:
    """A run with all that is known of it; None when there is none of that number."""
    row = store.row("SELECT * FROM runs WHERE id = ?", (number,))
    return told(store, read_run(row), ISSUES) if row else None


def told(store: Store, run: RunRow, most: int) -> Told:
    sources = store.rows(
        "SELECT source, completeness, accounts, posts, seconds FROM source_results WHERE run_id = ? ORDER BY source",
        (run.id,),
    )
    issues = store.rows("SELECT source, kind, detail, until FROM issues WHERE run_id = ? LIMIT ?", (run.id, most))
    count = store.rows("SELECT count(*) AS n FROM issues WHERE run_id = ?", (run.id,))[0]["n"]
    return Told(
        run=run,
        sources=tuple(SourceLine(**row) for row in sources),
        troubles=tuple(Trouble(**row | {"until": row["until"] and read_time(row["until"])}) for row in issues),
        more=count - len(issues),
    )


def sources_asked(store: Store) -> list[str]:
    """Every source that was ever asked, by name; found by leaps, however many runs there were."""
    sql = """WITH RECURSIVE names(source) AS (
            SELECT min(source) FROM source_results
            UNION ALL SELECT (SELECT min(s.source) FROM source_results s WHERE s.source > names.source) FROM names
                WHERE names.source IS NOT NULL)
        SELECT source FROM names WHERE source IS NOT NULL"""
    return [row["source"] for row in store.rows(sql)]
