"""A store as a large municipality has it after years: accounts with their cases and trails, posts, runs, reviewers."""

from __future__ import annotations

import itertools
import json
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crowd import FIRST, LAST, STEMS, TRADES
from log import BATCH, COMMON, NOW, SEED, rows

from listener import __version__
from listener.clock import rfc3339
from listener.models import Account, Asks, Finding, Nearest, Signal, State, UnitKind, Verdict
from listener.store import Store, open_store
from listener.store.answers import add_step
from listener.store.cases import REASONS
from listener.store.events import BEGINNING, MACHINE, SEALED, seal
from listener.store.mention_rows import PAIR
from listener.store.mentions import query_number, write_rows
from listener.store.people import add_person
from listener.store.queue_words import words_of
from listener.store.traits import traits_of
from listener.store.written import as_json

PEOPLE = tuple(f"reviewer{number:02d}" for number in range(20))
UNITS = ("Badhuset", "Biblioteket", "Kulturskolan", "Brandstationen", "Almby torg", "Miljöförvaltningen")
PLATFORMS = ("bluesky", "mastodon", "x", "youtube", "facebook", "instagram", "web")
VERDICTS = ("impostor", "lookalike_site", "unapproved_unit", "unapproved_unit", "employee_official", "unclear")
QUERIES = ("almby", "badhus", "skola")
RUNS = 300
CLOSED_POSTS = 1_000  # to readers, a fifth of them to all
OPEN = (State.NEW, State.NEW, State.NEW, State.TRIAGE, State.CONFIRMED, State.ACTION, State.REGRESSED, State.WATCHING)
CLOSED = (State.DISMISSED, State.DISMISSED, State.DISMISSED, State.RESOLVED)
WHY = (
    Signal(
        feature="name", asks=Asks.CLAIMS, score=0.97, detail="display name 'Almby kommun' equals our 'Almby kommun'"
    ),
    Signal(
        feature="handle", asks=Asks.POSES, score=0.91, detail="handle 'almbykomnun' is one letter from 'almbykommun'"
    ),
    Signal(feature="avatar", asks=Asks.POSES, score=0.88, detail="avatar is 3 of 64 bits from ours"),
    Signal(feature="young", asks=Asks.POSES, score=0.4, detail="created 12 days before it was seen"),
    Signal(feature="parody", asks=Asks.SPARES, score=0.3, detail="says 'parodi'"),
)
COLUMNS: dict[str, tuple[str, ...]] = {
    "accounts": (
        "key", "platform", "platform_id", "handle", "handle_key", "display_name", "url", "record", "fingerprint",
        "first_seen_at", "last_seen_at", "observation", "source",
    ),
    "cases": (
        "id", "account_key", "platform", "verdict", "unit", "unit_kind", "score", "state", "finding", "opened_at",
        "changed_at", "assignee", "snoozed_until", "decided_fingerprint",
    ),
    "events": (*SEALED, "hash"),
    "handles": ("platform", "handle_key", "account_key", "seen_at"),
    "account_traits": ("trait", "account_key"),
    "account_words": ("id", "account_key", "words"),
}  # fmt: skip


def build_town(path: Path, accounts: int, waiting: int, mentions: int) -> None:
    """The store at `path`: every account with its case, `waiting` of which wait for a decision."""
    start = time.perf_counter()
    with open_store(path) as store:
        store.conn.execute("PRAGMA synchronous = OFF")  # what is lost in a power cut is built anew
        add_runs(store)
        add_accounts(store, accounts, waiting)
        add_posts(store, mentions)
        for name in PEOPLE:
            add_person(store, name, "decider", "", NOW)
        store.conn.execute("ANALYZE")
    said = f"{accounts:,} accounts, {waiting:,} waiting cases, {mentions:,} mentions"
    print(f"built {said} in {time.perf_counter() - start:.0f} s, {path.stat().st_size / 1e6:.0f} MB")


def add_runs(store: Store) -> None:
    """A run a day, each of seven sources, some of them in trouble."""
    with store.transaction():
        for number in range(1, RUNS + 1):
            at = rfc3339(NOW - timedelta(days=RUNS - number))
            store.conn.execute(
                "INSERT INTO runs (id, kind, started_at, finished_at, exit_code, complete, version, planned) "
                "VALUES (?, 'audit', ?, ?, 0, 1, ?, ?)",
                (number, at, at, __version__, json.dumps(PLATFORMS)),
            )
            for source in PLATFORMS:
                told = (number, source, "complete" if number % 7 else "unavailable", 400, 3_000, 12.5)
                store.conn.execute("INSERT INTO source_results VALUES (?, ?, ?, ?, ?, ?)", told)
                if number % 7 == 0:
                    sql = "INSERT INTO issues (run_id, source, kind, detail) VALUES (?, ?, 'failed', ?)"
                    store.conn.execute(sql, (number, source, f"{source}: no answer in 20 s"))


def add_accounts(store: Store, count: int, waiting: int) -> None:
    """Accounts with their cases and whole trails, in batches."""
    chance = random.Random(SEED)
    trail = Trail()
    numbers = iter(range(1, count + 1))
    while batch := list(itertools.islice(numbers, BATCH)):
        tables: dict[str, list[Any]] = {name: [] for name in COLUMNS}
        for number in batch:
            add_case(tables, trail, chance, number, is_open=number % (count // waiting) == 0)
        with store.transaction():
            for name, columns in COLUMNS.items():
                marks = ", ".join("?" * len(columns))
                sql = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  (our own names)
                store.conn.executemany(sql, tables[name])
    with store.transaction():
        head = json.dumps([trail.last, trail.before])
        store.conn.execute("INSERT OR REPLACE INTO settings VALUES ('chain_head', ?)", (head,))


class Trail:
    """The chain of events as it grows."""

    def __init__(self) -> None:
        self.last, self.before = 0, BEGINNING

    def step(self, case: dict[str, Any], kind: str, at: str, who: str, to: str, reason: str) -> tuple[Any, ...]:
        self.last += 1
        row = dict.fromkeys(SEALED) | {
            "id": self.last, "case_id": case["id"], "at": at, "kind": kind, "who": who,
            "from_state": None if kind == "opened" else "new", "to_state": to, "reason": reason,
            "verdict": case["verdict"], "unit_kind": case["unit_kind"], "rules_version": __version__,
            "fingerprint": case["decided_fingerprint"] or "", "prev_hash": self.before,
        }  # fmt: skip
        self.before = seal(row)
        return (*row.values(), self.before)


def add_case(tables: dict[str, list[Any]], trail: Trail, chance: random.Random, number: int, is_open: bool) -> None:
    """One account: its row, its case, what happened to it, what it shares with others."""
    account = stranger(chance, number)
    verdict = Verdict(chance.choice(VERDICTS))
    unit = chance.choice(UNITS) if verdict is Verdict.UNAPPROVED_UNIT else None
    kind = chance.choice(list(UnitKind)) if unit else None
    state = chance.choice(OPEN if is_open else CLOSED)
    opened = NOW - timedelta(minutes=chance.randrange(60 * 24 * (120 if is_open else 1_000)))
    near = Nearest(platform="x", handle="almbykommun", url="https://x.com/almbykommun", unit=unit or "Almby kommun")
    finding = Finding(
        account=account, verdict=verdict, score=chance.random(), signals=tuple(chance.sample(WHY, 4)),
        unit=unit, unit_kind=kind, nearest=near,
    )  # fmt: skip
    at, print_ = rfc3339(opened), account.fingerprint
    tables["accounts"].append(
        (
            account.id, account.platform, account.platform_id, account.handle, account.handle, account.display_name,
            account.url, as_json(account), print_, at, rfc3339(NOW), "seen", account.platform,
        )
    )  # fmt: skip
    case = {
        "id": number, "account_key": account.id, "platform": account.platform, "verdict": verdict.value, "unit": unit,
        "unit_kind": kind and kind.value, "score": finding.score, "state": state.value, "finding": as_json(finding),
        "opened_at": at, "changed_at": at, "assignee": chance.choice(PEOPLE) if chance.random() < 0.2 else None,
        "snoozed_until": rfc3339(NOW + timedelta(days=chance.randrange(-5, 30))) if state is State.WATCHING else None,
        "decided_fingerprint": None if is_open else print_,
    }  # fmt: skip
    tables["cases"].append(tuple(case.values()))
    tables["events"].append(trail.step(case, "opened", at, MACHINE, "new", ""))
    if state not in (State.NEW, State.REGRESSED):
        kind_ = "snooze" if state is State.WATCHING else "decision"
        tables["events"].append(trail.step(case, kind_, at, chance.choice(PEOPLE), state.value, REASONS[state][0]))
    tables["handles"].append((account.platform, account.handle, account.id, at))
    tables["account_traits"] += [(trait, account.id) for trait in dict.fromkeys(traits_of(account))]
    tables["account_words"].append((number, account.id, words_of(account)))


def stranger(chance: random.Random, number: int) -> Account:
    """Somebody who bears our name, or something like it; a few with very much of it."""
    first, last, trade = chance.choice(FIRST), chance.choice(LAST), chance.choice(TRADES)
    name = chance.choice((f"Almby {trade}", f"{first} {last} Almby", f"Almby kommun {chance.choice(STEMS)}"))
    handle = f"almby_{trade}{number}" if chance.random() < 0.9 else f"{'almby' * 30}{number}"
    platform = chance.choice(PLATFORMS)
    return Account(
        platform=platform, platform_id=str(number), handle=f"{handle}.example" if platform == "web" else handle,
        display_name=name * (200 if number % 500 == 0 else 1), url=f"https://{platform}.example/{handle}",
        description=" ".join(chance.choices(COMMON, k=20)), links=(f"https://{last}{number % 900}.example/sida",),
        followers=chance.randrange(5_000), avatar=f"https://{platform}.example/{number % 2_000:032x}.png",
        source=platform,
    )  # fmt: skip


def add_posts(store: Store, count: int) -> None:
    """Posts over three years, some of them copies, answers in a thread, or about a unit."""
    ready = rows(count)
    with store.transaction():
        queries = [query_number(store, name) for name in QUERIES]
    for _batch in range(0, count, BATCH):
        part = list(itertools.islice(told_of(ready), BATCH))
        with store.transaction():
            write_rows(store, part)
            pairs = [
                (queries[row["id"] % 7 % 3], row["place"], row["id"], "[[0, 5]]", row["logged_at"], None)
                for row in part
            ]
            store.conn.executemany(PAIR, pairs)
    with store.transaction():
        add_storms(store, NOW)
        for number in range(1, CLOSED_POSTS + 1):
            ground = "secrecy" if number % 5 else "child_abuse"
            add_step(store, number * (count // CLOSED_POSTS), "remove", ground, PEOPLE[0], NOW)


def told_of(ready: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of the log's own measure, with what the pages about posts ask of them besides."""
    for row in ready:
        number = row["id"]
        if number % 40 == 1:
            row["cluster"] = max(1, number - 40)
        if number % 10 == 0:
            row["thread"] = f"thread-{number // 200}"
        if number % 15 == 0:
            row["unit"] = UNITS[number % len(UNITS)]
        yield row


def add_storms(store: Store, now: datetime) -> None:
    """A storm every other week."""
    sql = """INSERT INTO storms (query, started_at, raised_at, last_at, ended_at, peak, expected, count, writers,
        new_writers, threats, score, reasons) VALUES (?, ?, ?, ?, ?, 90, 3.5, 400, 120, 30, 1, 8.0, '[]')"""
    for week in range(0, 150, 2):
        at = now - timedelta(weeks=week)
        times = [rfc3339(at + timedelta(hours=hours)) for hours in (0, 1, 6, 6)]
        store.conn.execute(sql, (QUERIES[week % 3], *times))
