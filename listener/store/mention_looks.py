"""Whose text was shown in clear, to whom and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.store.database import Store, storable

PAGE, REFUSED = "page", "refused"  # beside the reasons that people give: opened the page; was not let in


class Look(Record, frozen=True):
    """One time that a text was shown in clear. `text` is None when there were no words, or they went with the post."""

    id: int
    at: datetime
    who: str
    mention_id: int
    reason: str
    text: str | None


def save_look(store: Store, mention_id: int, who: str, reason: str, text: str, now: datetime) -> None:
    """Keep that somebody had a text shown; nothing is shown before this is kept."""
    sql = "INSERT INTO mention_looks (at, who, mention_id, reason) VALUES (?, ?, ?, ?) RETURNING id"
    with store.transaction():
        number = store.rows(sql, (rfc3339(now), storable(who), mention_id, reason))[0]["id"]
        if text:
            store.conn.execute("INSERT INTO mention_look_texts VALUES (?, ?)", (number, storable(text)))


def save_refusal(store: Store, mention_id: int, who: str, now: datetime) -> None:
    """Keep that somebody who may not wanted to open a post: once of each, however often they try."""
    sql = """INSERT INTO mention_looks (at, who, mention_id, reason) SELECT :at, :who, :id, :reason WHERE NOT EXISTS
        (SELECT 1 FROM mention_looks WHERE mention_id = :id AND who = :who AND reason = :reason)"""
    with store.transaction():
        given = {"at": rfc3339(now), "who": storable(who), "id": mention_id, "reason": REFUSED}
        store.conn.execute(sql, given)


def looks(store: Store, who: str, below: int | None, most: int) -> list[Look]:
    """The latest looks, of one person if named, with numbers below `below`."""
    sql = """SELECT l.*, t.text FROM mention_looks l LEFT JOIN mention_look_texts t ON t.look_id = l.id
        WHERE (:who = '' OR l.who = :who) AND (:below IS NULL OR l.id < :below) ORDER BY l.id DESC LIMIT :most"""
    rows = store.rows(sql, {"who": who, "below": below, "most": most})
    return [read_look(row) for row in rows]


def looks_at(store: Store, mention_id: int, most: int) -> list[Look]:
    """The latest looks at one post."""
    sql = """SELECT l.*, t.text FROM mention_looks l LEFT JOIN mention_look_texts t ON t.look_id = l.id
        WHERE l.mention_id = ? ORDER BY l.id DESC LIMIT ?"""
    return [read_look(row) for row in store.rows(sql, (mention_id, most))]


def read_look(row: Mapping[str, Any]) -> Look:
    return Look(**dict(row) | {"at": read_time(row["at"])})
