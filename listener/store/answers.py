"""Questions to us in the log, the steps people took with them, and the posts of ours that may answer them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.posts import Post
from listener.store.database import Store, explained
from listener.store.mention_rows import name, place, read_post
from listener.store.talk import QUERIES, Logged, read_logged
from listener.store.written import storable

SCANNED = "questions_scanned"


class Row(Record):
    """A question as found: the post, and which sentence asks, how it was told and how it was told to be to us.

    `edited_at` and `gone_at` are when we were told that its writer changed it, or took it away.
    """

    logged: Logged
    sentence: str
    told_by: str
    addressed: str
    edited_at: datetime | None
    gone_at: datetime | None


class StepRow(Record):
    """One step that a person took with a post; `text` None when there is none, or it went with the post."""

    id: int
    mention_id: int
    at: datetime
    who: str
    step: str
    answer: str
    text: str | None


class Reply(Record):
    """A post of ours, as far as it may answer another."""

    platform: str
    post_id: str
    reply_to: str | None
    thread: str | None
    text: str
    at: datetime


def scanned(store: Store, mark: str) -> int:
    """The last id that was looked through under `mark`; 0 when other rules looked."""
    row = store.row("SELECT value FROM settings WHERE key = ?", (SCANNED,))
    known, last = json.loads(row["value"]) if row else ("", 0)
    return int(last) if known == mark else 0


def unscanned(store: Store, after: int, since: datetime, most: int) -> list[tuple[int, Post]]:
    """Posts of others with higher ids, said since then, by id; at most so many."""
    sql = """SELECT * FROM mentions WHERE id > ? AND place >= ? AND direction <> 'out' ORDER BY id LIMIT ?"""
    return [(row["id"], read_post(row)) for row in store.rows(sql, (after, place(since), most))]


def is_ours(store: Store, platform: str, post_id: str | None) -> bool:
    """Whether the log knows this post as one of ours."""
    sql = "SELECT 1 FROM mentions WHERE name = ? AND direction = 'out'"
    return post_id is not None and store.row(sql, (name(platform, post_id, store.salt),)) is not None


def save_questions(
    store: Store, found: Iterable[tuple[int, str, str, str]], mark: str, last: int, afresh: bool
) -> None:
    """Enter questions (id, sentence, told by, addressed) and how far was looked; `afresh`: forget the old ones."""
    with store.transaction():
        if afresh:
            store.db.execute("DELETE FROM questions")
        rows = [(number, storable(sentence), *how) for number, sentence, *how in found]
        store.db.conn.executemany("INSERT OR REPLACE INTO questions VALUES (?, ?, ?, ?)", rows)
        store.db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (SCANNED, json.dumps([mark, last])))


def load_questions(store: Store, since: datetime, until: datetime) -> Iterator[Row]:
    """The questions said in [since, until), and the posts that somebody took a step with; oldest first."""
    sql = f"""SELECT m.*, {QUERIES}, q.sentence, q.told_by, q.addressed FROM mentions m
              LEFT JOIN questions q ON q.mention_id = m.id
              WHERE m.id IN (SELECT mention_id FROM questions UNION SELECT mention_id FROM answer_steps)
              AND m.place >= ? AND m.place < ? ORDER BY m.place"""  # noqa: S608  (our own text)
    with explained(store.path):
        for row in store.db.query(sql, (place(since), place(until))):
            yield read_row(row)


def load_question(store: Store, mention_id: int) -> Row | None:
    """One post, question or not; None when the log has none by that number."""
    sql = f"""SELECT m.*, {QUERIES}, q.sentence, q.told_by, q.addressed FROM mentions m
              LEFT JOIN questions q ON q.mention_id = m.id WHERE m.id = ?"""  # noqa: S608  (our own text)
    row = store.row(sql, (mention_id,))
    return None if row is None else read_row(row)


def read_row(row: Mapping[str, Any]) -> Row:
    return Row(
        logged=read_logged(row),
        sentence=row["sentence"] or "",
        told_by=row["told_by"] or "",
        addressed=row["addressed"] or "",
        edited_at=row["edited_at"] and read_time(row["edited_at"]),
        gone_at=row["gone_at"] and read_time(row["gone_at"]),
    )


def own_posts(store: Store, since: datetime, until: datetime) -> list[Reply]:
    """Our own posts of [since, until), oldest first."""
    sql = """SELECT platform, post_id, reply_to, thread, text, at FROM mentions INDEXED BY mentions_of_ours
             WHERE direction = 'out' AND place >= ? AND place < ? ORDER BY place"""
    return [Reply(**row | {"at": read_time(row["at"])}) for row in store.rows(sql, (place(since), place(until)))]


def load_steps(store: Store, until: datetime, mention_id: int | None = None) -> list[StepRow]:
    """The steps taken before `until`, with one post or with all, oldest first."""
    sql = f"""SELECT s.*, t.text FROM answer_steps s LEFT JOIN answer_texts t ON t.step_id = s.id
             WHERE s.at < ? {"" if mention_id is None else "AND s.mention_id = ?"} ORDER BY s.id"""  # noqa: S608  (ours)
    given = (rfc3339(until),) if mention_id is None else (rfc3339(until), mention_id)
    return [StepRow(**row | {"at": read_time(row["at"])}) for row in store.rows(sql, given)]


def add_step(store: Store, mention_id: int, step: str, answer: str, who: str, now: datetime, text: str = "") -> int:
    """Append one step; returns its number. Words that may tell of a person belong into `text`: it goes with the post.

    Must run inside the transaction in which the caller saw that the step may come.
    """
    values = (mention_id, rfc3339(now), storable(who), step, storable(answer))
    sql = "INSERT INTO answer_steps (mention_id, at, who, step, answer) VALUES (?, ?, ?, ?, ?)"
    number = int(store.db.execute(sql, values).lastrowid or 0)
    if text:
        store.db.execute("INSERT INTO answer_texts VALUES (?, ?)", (number, storable(text)))
    return number
