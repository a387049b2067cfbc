"""Crises as they went: who began and ended one, and what was looked at meanwhile; rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from listener.clock import read_time, rfc3339
from listener.errors import ListenerError
from listener.language import _
from listener.models import Record
from listener.store.database import Store, as_json, storable

START, POINTERS, PICTURE, STOP = "start", "pointers", "picture", "stop"
NONE = 0  # the number under which pictures are kept that were drawn while no crisis was on


class CrisisError(ListenerError):
    """A crisis cannot be begun or ended as asked; the message says what to do."""


class Step(Record):
    """One row of a crisis. `kind` = start | pointers | picture | stop; `told` is what that step left, by name."""

    id: int
    crisis: int
    at: datetime
    kind: str
    who: str
    told: dict[str, Any] = {}


class Crisis(Record):
    """A crisis from its first step; `queries` are the texts of the queries it is about (none: all saved ones)."""

    id: int
    name: str
    who: str
    started_at: datetime
    factor: float
    queries: tuple[str, ...] = ()
    stopped_at: datetime | None = None
    stopped_by: str = ""


def begin_crisis(store: Store, name: str, queries: tuple[str, ...], factor: float, who: str, now: datetime) -> Crisis:
    """A new crisis. Raises CrisisError while another one is on."""
    with store.transaction():
        if running := open_crisis(store):
            text = _("the crisis {name} is on since {time}: end it with `listen crisis stop` first")
            raise CrisisError(text.format(name=repr(running.name), time=rfc3339(running.started_at)))
        last = store.row("SELECT max(crisis) AS number FROM crisis_steps")
        number = int((last or {}).get("number") or 0) + 1
        _add(store, number, START, who, now, {"name": name, "queries": list(queries), "factor": factor})
    return load_crisis(store, number)


def add_step(store: Store, crisis: int, kind: str, who: str, now: datetime, told: dict[str, Any]) -> None:
    """Note a step of a crisis that is on."""
    with store.transaction():
        _add(store, crisis, kind, who, now, told)


def end_crisis(store: Store, who: str, now: datetime) -> Crisis:
    """End the crisis that is on. Raises CrisisError when none is."""
    with store.transaction():
        running = open_crisis(store)
        if running is None:
            raise CrisisError(_("no crisis is on: begin one with `listen crisis start --name …`"))
        _add(store, running.id, STOP, who, now, {})
    return load_crisis(store, running.id)


def _add(store: Store, crisis: int, kind: str, who: str, now: datetime, told: dict[str, Any]) -> None:
    store.db.execute(
        "INSERT INTO crisis_steps (crisis, at, kind, who, told) VALUES (?, ?, ?, ?, ?)",
        (crisis, rfc3339(now), kind, storable(who), as_json(told)),
    )


def open_crisis(store: Store) -> Crisis | None:
    """The crisis that is on, if any."""
    sql = """SELECT crisis FROM crisis_steps WHERE crisis > 0 GROUP BY crisis
             HAVING sum(kind = 'stop') = 0 ORDER BY crisis DESC LIMIT 1"""
    row = store.row(sql)
    return load_crisis(store, int(row["crisis"])) if row else None


def last_crisis(store: Store) -> Crisis | None:
    """The latest crisis, on or over."""
    row = store.row("SELECT max(crisis) AS crisis FROM crisis_steps WHERE crisis > 0")
    return load_crisis(store, int(row["crisis"])) if row and row["crisis"] else None


def load_crisis(store: Store, number: int) -> Crisis:
    """A crisis as its steps tell it."""
    steps = load_steps(store, number)
    first = steps[0]
    last = next((step for step in steps if step.kind == STOP), None)
    return Crisis(
        id=number,
        name=first.told["name"],
        who=first.who,
        started_at=first.at,
        factor=first.told["factor"],
        queries=tuple(first.told["queries"]),
        stopped_at=last.at if last else None,
        stopped_by=last.who if last else "",
    )


def load_steps(store: Store, crisis: int) -> list[Step]:
    """Every step of a crisis, oldest first."""
    rows = store.rows("SELECT * FROM crisis_steps WHERE crisis = ? ORDER BY id", (crisis,))
    return [
        Step(
            id=row["id"], crisis=row["crisis"], at=read_time(row["at"]), kind=row["kind"], who=row["who"],
            told=msgspec.json.decode(row["told"]),
        )
        for row in rows
    ]  # fmt: skip


def last_step(store: Store, crisis: int, kind: str) -> Step | None:
    """The latest step of one kind."""
    return next((step for step in reversed(load_steps(store, crisis)) if step.kind == kind), None)
