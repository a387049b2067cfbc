"""The log of mentions: each post once a query, searchable by words, newest first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from listener.clock import local, read_time, rfc3339
from listener.posts import Mention, Post
from listener.query import Query
from listener.store.database import Store, as_json, explained, storable
from listener.store.runs import save_cursor

INSERT = """INSERT OR IGNORE INTO mentions (platform, post_id, query, url, author, text, lang, published_at, day,
    source, spans, reply_to, links, logged_at, run_id)
    VALUES (:platform, :post_id, :query, :url, :author, :text, :lang, :published_at, :day, :source, :spans,
    :reply_to, :links, :logged_at, :run_id)"""


def save_mentions(
    store: Store,
    run_id: int | None,
    query_name: str,
    source: str,
    mentions: Iterable[Mention],
    now: datetime,
    cursor: Mapping[str, str] | None = None,
) -> int:
    """Log what matched a query, with where the source left off, in one transaction; returns how many were new.

    `run_id` is None for a search made by hand. A post already logged for this query stays as it was.
    """
    shared = {"query": query_name, "source": source, "logged_at": rfc3339(now), "run_id": run_id}
    rows = [columns(mention, now) | shared for mention in mentions]
    with store.transaction():
        last = store.rows("SELECT coalesce(max(id), 0) AS id FROM mentions")[0]["id"]
        store.db.conn.executemany(INSERT, rows)
        store.db.execute("INSERT INTO mentions_fts (rowid, text) SELECT id, text FROM mentions WHERE id > ?", (last,))
        new = store.rows("SELECT count(*) AS new FROM mentions WHERE id > ?", (last,))[0]["new"]
        if cursor is not None:
            save_cursor(store, source, cursor, query_name)
    return int(new)


def columns(mention: Mention, now: datetime) -> dict[str, Any]:
    """A mention as a row. `day` is the day in Sweden; a post without a time counts on the day it was logged."""
    post = mention.post
    return {
        "platform": storable(post.platform),
        "post_id": storable(post.id),
        "url": storable(post.url),
        "author": storable(post.author),
        "text": storable(unicodedata.normalize("NFC", post.text)),
        "lang": storable(post.lang),
        "published_at": post.published_at and rfc3339(post.published_at),
        "day": local(post.published_at or now).date().isoformat(),
        "spans": as_json(mention.spans),
        "reply_to": storable(post.reply_to),
        "links": as_json(post.links),
    }


def search_mentions(
    store: Store,
    query: Query,
    since: datetime | None = None,
    until: datetime | None = None,
    source: str | Sequence[str] | None = None,
    lang: str | None = None,
    limit: int | None = None,
) -> Iterator[Mention]:
    """Logged posts that match, newest first, each once whichever saved query logged it.

    `since` is inclusive, `until` exclusive, and neither leaves out a post without a time; `source` is a source or a
    platform. The index only narrows: `query.matches` decides, so that the log answers just as the live search does.
    """
    wanted = [source] if isinstance(source, str) else list(source or ())
    values = {
        "words": query.to_fts(),
        "since": since and rfc3339(since),
        "until": until and rfc3339(until),
        "sources": as_json(wanted),
        "lang": lang and lang.casefold(),
    }
    seen: set[tuple[str, str]] = set()
    with explained(store.path):
        for row in store.db.query(search_sql(values), values):
            mention = read_mention(row)
            post = (mention.post.platform, mention.post.id)
            spans = None if post in seen else query.matches(mention.post)
            if spans is None:
                continue
            seen.add(post)
            yield msgspec.structs.replace(mention, spans=spans)
            if len(seen) == limit:
                return


def search_sql(values: Mapping[str, Any]) -> str:
    """The SELECT with only the conditions that are asked for; every value stays a parameter."""
    conditions = {
        "words": "id IN (SELECT rowid FROM mentions_fts WHERE mentions_fts MATCH :words)",
        "since": "(published_at >= :since OR published_at IS NULL)",
        "until": "(published_at < :until OR published_at IS NULL)",
        "sources": "(SELECT count(*) FROM json_each(:sources) WHERE value IN (source, platform)) > 0",
        "lang": "lower(substr(lang, 1, instr(lang || '-', '-') - 1)) = :lang",
    }
    asked = [text for name, text in conditions.items() if values[name] not in (None, "", "[]")]
    where = f" WHERE {' AND '.join(asked)}" if asked else ""
    return f"SELECT * FROM mentions{where} ORDER BY coalesce(published_at, logged_at) DESC, id DESC"  # noqa: S608  (ours)


def read_mention(row: Mapping[str, Any]) -> Mention:
    """A row as a mention."""
    post = Post(
        platform=row["platform"],
        id=row["post_id"],
        text=row["text"],
        url=row["url"],
        author=row["author"],
        lang=row["lang"],
        published_at=read_time(row["published_at"]) if row["published_at"] else None,
        reply_to=row["reply_to"],
        links=tuple(msgspec.json.decode(row["links"])),
        source=row["source"],
    )
    spans = msgspec.json.decode(row["spans"], type=tuple[tuple[int, int], ...])
    return Mention(post=post, query=row["query"], spans=spans)
