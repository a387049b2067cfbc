"""A run killed at any moment leaves a whole store, and the next run finishes the job: nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

from almby_findings import NOW, finding

from listener.models import Completeness, Decision, Fault, SourceResult, State, Verdict
from listener.posts import Mention, Post
from listener.store import Store, open_store
from listener.store.accounts import mark_missing, save_findings
from listener.store.cases import list_cases, save_decision, verify_chain
from listener.store.faults import save_faults
from listener.store.mentions import save_mentions
from listener.store.runs import finish_run, load_cursor, save_source, start_run

KILLS = 30
ACCOUNTS = 12
SOURCES = ("bluesky", "mastodon")


def weekly(store: Store) -> None:
    """One whole run: two sources, a decision, mentions, faults."""
    run_id = start_run(store, "audit", NOW, SOURCES)
    for source in SOURCES:
        found = [
            finding(Verdict.IMPOSTOR, platform=source, platform_id=f"{source}-{n}", handle=f"almby{n}", source=source)
            for n in range(ACCOUNTS)
        ]
        seen = len(found) * (int(load_cursor(store, source).get("seen", "0")) // len(found) + 1)
        result = SourceResult(source=source, completeness=Completeness.COMPLETE, accounts=len(found))
        save_findings(store, run_id, source, found, NOW, cursor={"seen": str(seen)}, result=result)
    decision = Decision(case_id=1, who="sara", to=State.DISMISSED, reason="other", text="en hund")
    save_decision(store, decision, NOW)
    posts = [Post(platform="mastodon", id=str(n), text=f"Almby badhus {n}", published_at=NOW) for n in range(50)]
    save_mentions(store, run_id, "almby", "mastodon", [Mention(post=post, query="almby") for post in posts], NOW)
    save_faults(store, run_id, [Fault(rule="P1", url="https://x.example/a", unit="Almby", detail="no name")])
    mark_missing(store, run_id, NOW, SOURCES)
    save_source(store, run_id, SourceResult(source="feeds", completeness=Completeness.COMPLETE))
    finish_run(store, run_id, NOW, 0, complete=True)


def in_child(work: Callable[[], None]) -> int:
    """Do the work in a process of its own; returns the signal that ended it, 0 when it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) * -1


def killed_at(path: Path, statement: int) -> Callable[[], None]:
    """A run that gets kill -9 at its n-th SQL statement, opening the store included in the count."""

    def work() -> None:
        left = statement

        def count(_sql: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        store = open_store(path)
        store.db.conn.set_trace_callback(count)
        weekly(store)

    return work


def check(store: Store) -> None:
    """What must hold at any moment, whatever was cut short."""
    assert store.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    assert store.rows("PRAGMA foreign_key_check") == []
    assert verify_chain(store) is None
    cases = list_cases(store)
    assert len({case.account.id for case in cases}) == len(cases) == store.db["accounts"].count
    opened = store.rows("SELECT case_id, count(*) AS n FROM events WHERE kind = 'opened' GROUP BY case_id")
    assert [row["n"] for row in opened] == [1] * len(cases)
    states = store.rows("""SELECT c.id FROM cases c WHERE c.state <> (
        SELECT to_state FROM events e WHERE e.case_id = c.id ORDER BY e.id DESC LIMIT 1)""")
    assert states == []
    for source in SOURCES:
        times = store.rows("SELECT count(*) AS n FROM source_results WHERE source = ?", (source,))[0]["n"]
        sightings = store.rows(
            """SELECT count(*) AS n FROM observations o JOIN accounts a ON a.key = o.account_key
               WHERE a.source = ? AND o.observation = 'seen'""",
            (source,),
        )[0]["n"]
        assert sightings == times * ACCOUNTS == int(load_cursor(store, source).get("seen", "0")), (
            "rows and cursor agree"
        )
    mentions = store.db["mentions"].count
    found = store.rows("SELECT count(*) AS n FROM mentions_fts WHERE mentions_fts MATCH 'badhus'")[0]["n"]
    assert mentions == found
    assert mentions in (0, 50)


def test_a_run_killed_at_random_moments_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    path = tmp_path / "listener.db"
    chance = random.Random(20261116)
    statements = 0

    def count(_sql: str) -> None:
        nonlocal statements
        statements += 1

    with open_store(tmp_path / "never-killed.db") as store:
        weekly(store)
        store.db.conn.set_trace_callback(count)
        weekly(store)
    for _kill in range(KILLS):
        assert in_child(killed_at(path, chance.randrange(statements))) == signal.SIGKILL
        with open_store(path) as store:
            check(store)
    assert in_child(killed_at(path, statements * 10)) == 0, "the next run comes to its end"
    with open_store(path) as store:
        check(store)
        assert len(list_cases(store)) == ACCOUNTS * len(SOURCES)
        assert store.db["mentions"].count == 50


def test_a_store_whose_first_opening_was_killed_opens(tmp_path: Path) -> None:
    path = tmp_path / "listener.db"

    def killed() -> None:
        from listener.store import database

        def die(_db: object) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        whole = database.migrations.apply
        database.migrations.apply = lambda db: (whole(db), die(db))  # type: ignore[method-assign, func-returns-value]
        open_store(path)

    assert in_child(killed) == signal.SIGKILL
    with open_store(path) as store:
        assert store.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert "cases" in store.db.table_names()
