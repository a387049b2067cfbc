"""One page of the review queue: the cases that fit what was asked, gravest and oldest first, and how many there are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import msgspec

from listener.clock import rfc3339
from listener.models import Case, Record
from listener.store.cases import SELECT, read_case
from listener.store.database import Store
from listener.store.queue_words import as_array, few_cases, sought
from listener.text.fold import fold

OPEN, ALL = "open", "all"
CHOICES = 300  # platforms, units and people that are offered to choose from
MOST_UNITS = 5_000  # that are searched
FAR = 1_000  # cases that are read past one by one


class Asked(Record, frozen=True):
    """What the cases are to be; empty is any. `state` is a state, `open` or `all`; `days` how long at least open."""

    verdict: str = ""
    unit_kind: str = ""
    platform: str = ""
    unit: str = ""
    owner: str = ""
    state: str = OPEN
    days: int = 0
    text: str = ""


# As the indexes have it, word for word: only then are they used.
_GRAVITY = """CASE verdict WHEN 'impostor' THEN 5 WHEN 'lookalike_site' THEN 5 WHEN 'official_changed' THEN 4
     WHEN 'employee_official' THEN 3 WHEN 'unapproved_unit' THEN 2 ELSE 1 END"""
_CASES = "cases INDEXED BY cases_by_severity"
_WAITING = "cases INDEXED BY cases_waiting"
_ORDER = f"{_GRAVITY} DESC, opened_at, id"
# A watched case whose date has come counts as open.
_OPEN = """state IN ('new', 'triage', 'confirmed', 'action', 'regressed', 'watching')
    AND (state <> 'watching' OR snoozed_until <= :now)"""
# Where the index of words knows of very many: all words are read, to count and far down; or those of one case at a
# time, which is quicker while few of the accounts wait, and for a page that is soon full.
_HELD = "instr(words, :text) OR (:text <> :read AND instr(words, :read))"
_IN_WORDS = f"id IN (SELECT id FROM account_words WHERE {_HELD})"  # noqa: S608  (our own text)
_IN_ITS_WORDS = f"(SELECT {_HELD} FROM account_words WHERE account_words.id = cases.id)"  # noqa: S608  (our own text)
_AMONG = "id IN (SELECT value FROM json_each(:few))"
_CONDITIONS = {
    "verdict": "verdict = :verdict",
    "unit_kind": "unit_kind = :unit_kind",
    "platform": "platform = :platform",
    "unit": "unit = :unit",
    "owner": "assignee = :owner",
    "days": "opened_at <= :before",
}
_TEXT = "(id = :number OR unit IN (SELECT value FROM json_each(:units)) OR {in_words})"


def count_cases(store: Store, asked: Asked, now: datetime) -> int:
    """How many cases fit."""
    cases, where, values = _where(store, asked, now, _IN_WORDS)
    return int(store.rows(f"SELECT count(*) AS n FROM {cases} WHERE {where}", values)[0]["n"])  # noqa: S608


def page_of_cases(store: Store, asked: Asked, now: datetime, first: int, most: int) -> list[Case]:
    """At most `most` cases that fit, from the `first` (0) on."""
    cases, where, values = _where(store, asked, now, _IN_ITS_WORDS if first < FAR else _IN_WORDS)
    sql = f"SELECT id FROM {cases} WHERE {where} ORDER BY {_ORDER} LIMIT :most OFFSET :first"  # noqa: S608
    ids = [row["id"] for row in store.rows(sql, values | {"most": most, "first": first})]
    return load_cases(store, ids)


def load_cases(store: Store, ids: Collection[int]) -> list[Case]:
    """These cases in this order; what is not there or was erased is left out."""
    sql = f"{SELECT} WHERE c.id IN (SELECT value FROM json_each(?))"  # noqa: S608  (our own text)
    rows = {row["id"]: row for row in store.rows(sql, (as_array(list(ids)),))}
    return [read_case(rows[number]) for number in ids if number in rows]


def latest_events(store: Store, ids: Collection[int]) -> dict[int, int]:
    """By case, the number of the last thing that happened to it."""
    sql = """SELECT case_id, max(id) AS id FROM events WHERE case_id IN (SELECT value FROM json_each(?))
        GROUP BY case_id"""
    rows = store.rows(sql, (as_array(list(ids)),))
    return {row["case_id"]: row["id"] for row in rows}


def tallies(store: Store, now: datetime) -> dict[str, int]:
    """Open cases by the rows of the weekly report's table: units by kind, the others by verdict."""
    sql = f"""SELECT CASE verdict WHEN 'unapproved_unit' THEN coalesce(unit_kind, 'unit') ELSE verdict END AS row,
        count(*) AS n FROM {_WAITING} WHERE {_OPEN} AND account_key IS NOT NULL GROUP BY 1"""  # noqa: S608  (our own text)
    return {row["row"]: row["n"] for row in store.rows(sql, {"now": rfc3339(now)})}


def next_case(store: Store, asked: Asked, now: datetime, after: int) -> int | None:
    """The case that follows `after` in the queue as it was asked for, or its first; None when it is empty."""
    cases, where, values = _where(store, asked, now)
    own = store.row(f"SELECT {_GRAVITY} AS gravity, opened_at FROM cases WHERE id = ?", (after,))  # noqa: S608
    values |= {"after": after, "gravity": own and own["gravity"], "opened": own and own["opened_at"]}
    later = f"({_GRAVITY} < :gravity OR ({_GRAVITY} = :gravity AND (opened_at, id) > (:opened, :after)))"
    for place in (later, "id <> :after"):
        sql = f"SELECT id FROM {cases} WHERE {where} AND {place} ORDER BY {_ORDER} LIMIT 1"  # noqa: S608  (our own text)
        if found := store.row(sql, values):
            return int(found["id"])
    still = store.row(f"SELECT id FROM cases WHERE {where} AND id = :after", values)  # noqa: S608  (our own text)
    return int(still["id"]) if still else None


def offered(store: Store) -> dict[str, list[str]]:
    """What the cases have, to choose from: platforms, units and who has them."""
    columns = {"platform": "platform", "unit": "unit", "owner": "assignee"}
    return {
        name: [row["value"] for row in store.rows(_DISTINCT.format(column=column), (CHOICES,))]
        for name, column in columns.items()
    }


# From one value in the column's index to the next, never past the rows that share it.
_DISTINCT = """WITH RECURSIVE each(value) AS (SELECT min({column}) FROM cases WHERE {column} > ''
    UNION ALL SELECT (SELECT min({column}) FROM cases WHERE {column} > value) FROM each WHERE value IS NOT NULL)
    SELECT value FROM each WHERE value IS NOT NULL LIMIT ?"""


def _where(store: Store, asked: Asked, now: datetime, in_words: str = _IN_ITS_WORDS) -> tuple[str, str, dict[str, Any]]:
    """What to read the cases from, which of them, and what that is asked with; `in_words` where very many are meant."""
    conditions = ["account_key IS NOT NULL", *(text for name, text in _CONDITIONS.items() if getattr(asked, name))]
    values = _values(asked, now)
    waiting = asked.state == OPEN
    if waiting:
        conditions.append(_OPEN)
    elif asked.state != ALL:
        conditions.append("state = :state")
    cases = _WAITING if waiting else _CASES
    if asked.text:
        few, condition, told = _meant(store, asked.text, _IN_ITS_WORDS if waiting else in_words)
        cases = "cases NOT INDEXED" if few and not waiting else cases
        conditions.append(condition)
        values |= told
    return cases, " AND ".join(conditions), values


def _meant(store: Store, text: str, in_words: str) -> tuple[bool, str, dict[str, Any]]:
    """The cases that a text means: whether they are few and so told by number, which they are, and what that is asked
    with.
    """
    asked = sought(text)
    units = _units(store, asked.text)
    few = few_cases(store, asked, units)
    if few is not None:
        return True, _AMONG, {"few": as_array(few)}
    return False, _TEXT.format(in_words=in_words), {**asked._asdict(), "units": as_array(units)}


def _units(store: Store, said: str) -> list[str]:
    """The units of the cases whose name holds the folded text; SQLite knows no capitals beyond A to Z."""
    rows = store.rows(_DISTINCT.format(column="unit"), (MOST_UNITS,)) if said else []
    return [row["value"] for row in rows if said in fold(row["value"])]


def _values(asked: Asked, now: datetime) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(asked),
        "now": rfc3339(now),
        "before": rfc3339(now - timedelta(days=asked.days)),
    }
