"""The log of mentions: a post once, however it was found, with the queries that it matched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from listener.clock import rfc3339
from listener.posts import Mention, Post
from listener.store.clusters import Clusters
from listener.store.database import Store, as_json, explained, storable
from listener.store.mention_rows import INDEXED, MENTION, PAIR, Entry, Notes, mention_row, names_of
from listener.store.mention_search import Found, read_found, search_mentions
from listener.store.runs import save_cursor
from listener.store.same_post import Met, Names, giver
from listener.store.word_list import PORTION, PORTIONS, learn

__all__ = ["Noter", "Notes", "beside", "save_mentions", "search_mentions"]

Noter = Callable[[Mention], Notes]
STAND = """SELECT m.id, m.place, m.name, m.address, m.platform, m.source
        FROM json_each(?) k CROSS JOIN mentions m ON m.name = k.value
    UNION ALL SELECT m.id, m.place, m.name, m.address, m.platform, m.source
        FROM json_each(?) k CROSS JOIN mentions m ON m.address = k.value"""
AT_ONCE = 1_000  # rows that are compared with those before them, and written, together


class Told(NamedTuple):
    """A mention with what was found out about it."""

    mention: Mention
    notes: Notes


class Known(NamedTuple):
    """Where a logged post stands."""

    id: int
    place: int


def save_mentions(
    store: Store,
    run_id: int | None,
    query_name: str,
    source: str,
    mentions: Iterable[Mention],
    now: datetime,
    cursor: Mapping[str, str] | None = None,
    notes: Noter | None = None,
) -> int:
    """Log what matched a query, with where the source left off, in one transaction.

    Returns how many were new for this query. A post stands once (see `listener.store.same_post`);
    one that is logged already stays as it was and is only noted for the query, with its tags and unit. `run_id` is
    None for a search made by hand; `notes` finds out what stands beside a post (see `listener.enrich`).
    """
    listed = list(mentions)
    known = logged_for(store, query_name, source, [one.post for one in listed]) if notes else set()
    told = [
        Told(mention, notes(mention) if notes and number not in known else Notes())
        for number, mention in enumerate(listed)
    ]
    with store.transaction():
        places = log_posts(store, run_id, source, told, now)
        query_id = query_number(store, query_name)
        logged_at = rfc3339(now)
        rows = [
            (query_id, where.place, where.id, as_json(one.mention.spans), logged_at, run_id)
            for one, where in zip(told, places, strict=True)
        ]
        new = store.conn.executemany(PAIR, rows).rowcount if rows else 0
        if cursor is not None:
            save_cursor(store, source, cursor, query_name)
        learn(store.conn, least=PORTION, portions=PORTIONS)
    return new


def log_posts(store: Store, run_id: int | None, source: str, told: Sequence[Told], now: datetime) -> list[Known]:
    """Log the posts that are not logged yet; where each of `told` stands. Within the caller's transaction."""
    last = store.row("SELECT seq FROM sqlite_sequence WHERE name = 'mentions'")
    first = number = (int(last["seq"]) if last else 0) + 1
    rows: list[dict[str, Any]] = []
    places = []
    every = [names_of(one.mention.post, source, store.salt) for one in told]
    met = stand(store, every)
    for one, names in zip(told, every, strict=True):
        known = met.find(names)
        if known is None:
            post = msgspec.structs.replace(one.mention.post, source=source)
            row = mention_row(Entry(id=number, post=post, salt=store.salt, notes=one.notes), now, run_id)
            rows.append(row if not met.holds(names.address) else row | {"address": None})
            known = Known(number, row["place"])
            number += 1
        elif known.id < first:
            add_notes(store, known.id, one.notes)
        met.add(names, known)
        places.append(known)
    write_rows(store, rows, Clusters(store))
    return places


def write_rows(store: Store, rows: Sequence[dict[str, Any]], clusters: Clusters | None = None) -> None:
    """Write rows of `mentions` (see `mention_row`) with ascending ids, then their words into the index, all at once.

    With `clusters` each is put with those that it is a copy of.
    """
    for at in range(0, len(rows), AT_ONCE):
        part = rows[at : at + AT_ONCE]
        if clusters is not None:
            clusters.place(part)
        store.conn.executemany(MENTION, [tuple(row.values()) for row in part])
    if rows:
        store.conn.execute(INDEXED, (rows[0]["id"],))
    if rows and clusters is not None:
        clusters.prune(rows[0]["id"], rows[-1]["id"])


def query_number(store: Store, name: str) -> int:
    """The number of a query, given to it the first time."""
    store.conn.execute("INSERT OR IGNORE INTO query_names (query) VALUES (?)", (storable(name),))
    return int(store.rows("SELECT id FROM query_names WHERE query = ?", (storable(name),))[0]["id"])


def beside(store: Store, mention: Mention) -> Found | None:
    """The mention with what the log holds beside its post; None when the post is not logged."""
    names = names_of(mention.post, mention.post.source, store.salt)
    known = stand(store, [names]).find(names)
    row = None if known is None else store.row("SELECT * FROM mentions WHERE id = ?", (known.id,))
    if row is None:
        return None
    post = msgspec.structs.replace(mention.post, lang=mention.post.lang or row["lang"])
    return read_found(row, msgspec.structs.replace(mention, post=post))


def stand(store: Store, every: Sequence[Names]) -> Met[Known]:
    """Where the logged posts stand that bear any of these names, all looked up at once."""
    met: Met[Known] = Met()
    asked = (
        as_json([names.name for names in every]),
        as_json([names.address for names in every if names.address is not None]),
    )
    for number, place, name, address, platform, source in store.conn.execute(STAND, asked):
        met.add(Names(name, address, giver(platform, source)), Known(number, place))
    return met


def logged_for(store: Store, query_name: str, source: str, posts: Sequence[Post]) -> set[int]:
    """Which of the posts (their numbers in the list) are logged, and noted for this query."""
    with explained(store.path):
        every = [names_of(post, source, store.salt) for post in posts]
        met = stand(store, every)
        stands = [met.find(names) for names in every]
        places = [where.place for where in stands if where is not None]
        sql = """SELECT q.place FROM json_each(?) k CROSS JOIN mention_queries q ON q.place = k.value
            WHERE q.query_id = (SELECT id FROM query_names WHERE query = ?)"""
        noted = {place for (place,) in store.conn.execute(sql, (as_json(places), storable(query_name)))}
    return {number for number, where in enumerate(stands) if where is not None and where.place in noted}


def add_notes(store: Store, mention_id: int, notes: Notes) -> None:
    """Add tags, and the unit where none is known, to a post that is logged already."""
    if not notes.tags and not notes.unit:
        return
    row = store.rows("SELECT tags FROM mentions WHERE id = ?", (mention_id,))[0]
    tags = dict.fromkeys([*msgspec.json.decode(row["tags"], type=list[str]), *notes.tags])
    sql = "UPDATE mentions SET tags = ?, unit = coalesce(unit, ?) WHERE id = ?"
    store.conn.execute(sql, (as_json(list(tags)), storable(notes.unit), mention_id))
