"""The tables of listening: every matched post once, which queries it matched, and an index that runs by time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

import msgspec

from listener.clock import read_time
from listener.posts import Post
from listener.store.mention_rows import MENTION, PAIR, Entry, mention_row, names_of
from listener.store.same_post import Met
from listener.store.schema.steps import build, migrations
from listener.store.written import as_json
from listener.text.words import TOKENISER, nfc, visible

if TYPE_CHECKING:
    import sqlite_utils

# A post stands once. `at` is when it was published; when it bears no time, or one later than when it was logged, when
# it was logged. `place` is `at` in seconds and the id in one number: the full-text index is filled under it, so that
# what it finds comes newest first without being sorted. `name` and `address` are keyed hashes of platform and id and of
# the canonical URL: an index of eight bytes instead of a hundred. `facets` are words
# of ours, beside the post's, for the index to narrow by source, platform and language.
# The index knows only words: folding away å, ä, ö would make "får" and "far" one (FTS5's default does).
MENTIONS = """
DROP VIEW mention_counts;
DROP TABLE mentions_fts;
ALTER TABLE mentions RENAME TO mentions_before;
DROP INDEX mentions_by_day;
DROP INDEX mentions_by_time;
DROP INDEX mentions_by_logged;
CREATE TABLE query_names (id INTEGER PRIMARY KEY, query TEXT NOT NULL UNIQUE);
CREATE TABLE mentions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL UNIQUE, name INTEGER NOT NULL UNIQUE,
    address INTEGER UNIQUE, platform TEXT NOT NULL, post_id TEXT NOT NULL, url TEXT, author TEXT, writer TEXT NOT NULL,
    title TEXT, text TEXT NOT NULL, lang TEXT,
    published_at TEXT, at TEXT NOT NULL, day TEXT NOT NULL, source TEXT, reply_to TEXT, thread TEXT,
    links TEXT NOT NULL DEFAULT '[]', reach TEXT, direction TEXT NOT NULL DEFAULT 'in', unit TEXT,
    tags TEXT NOT NULL DEFAULT '[]', cluster INTEGER NOT NULL, facets TEXT NOT NULL, logged_at TEXT NOT NULL,
    run_id INTEGER REFERENCES runs(id));
CREATE INDEX mentions_undated ON mentions (place) WHERE published_at IS NOT at;
CREATE TABLE mention_queries (
    query_id INTEGER NOT NULL REFERENCES query_names(id), place INTEGER NOT NULL,
    mention_id INTEGER NOT NULL REFERENCES mentions(id) ON DELETE CASCADE, spans TEXT NOT NULL, logged_at TEXT NOT NULL,
    run_id INTEGER REFERENCES runs(id), PRIMARY KEY (query_id, place)) WITHOUT ROWID;
CREATE INDEX mention_queries_by_mention ON mention_queries (mention_id);
CREATE TABLE mention_bands (
    band INTEGER NOT NULL, mention_id INTEGER NOT NULL, PRIMARY KEY (band, mention_id)) WITHOUT ROWID;
"""
INDEX = """
DROP TABLE mentions_before;
CREATE VIRTUAL TABLE mentions_fts USING fts5(
    text, facets, content='mentions', content_rowid='place', tokenize="@TOKENISER@");
INSERT INTO mentions_fts (mentions_fts) VALUES ('rebuild');
CREATE VIEW mention_counts AS
SELECT n.query, m.source, m.day, count(*) AS mentions
FROM mention_queries q JOIN mentions m ON m.id = q.mention_id JOIN query_names n ON n.id = q.query_id
GROUP BY n.query, m.source, m.day;
""".replace("@TOKENISER@", TOKENISER)


@migrations()
def m008_each_post_once(db: sqlite_utils.Database) -> None:
    """A post that was logged under two queries, or an article that two sources told of, becomes one row."""
    build(db, MENTIONS)
    salt = str(db.execute("SELECT value FROM settings WHERE key = 'salt'").fetchone()[0])
    queries: dict[str, int] = {}
    kept: Met[tuple[int, int]] = Met()  # the id and place of a post
    for old in db.query("SELECT * FROM mentions_before ORDER BY id"):
        query = queries.setdefault(old["query"], len(queries) + 1)
        if query == len(queries):
            db.execute("INSERT OR IGNORE INTO query_names VALUES (?, ?)", (query, old["query"]))
        post = _post(old)
        row = mention_row(Entry(id=old["id"], post=post, salt=salt), read_time(old["logged_at"]), old["run_id"])
        names = names_of(post, post.source, salt)
        found = kept.find(names)
        if found is None:
            row |= {"address": None} if kept.holds(names.address) else {}
            db.execute(MENTION, tuple(row.values()))
            found = row["id"], row["place"]
        kept.add(names, found)
        pair = (query, found[1], found[0], _spans(old), old["logged_at"], old["run_id"])
        db.execute(PAIR, pair)
    build(db, INDEX)


def _post(row: Mapping[str, Any]) -> Post:
    """A row of the log as it was, its text as posts are matched and stored now."""
    return Post(
        platform=row["platform"],
        id=row["post_id"],
        text=_read(row["text"]),
        url=row["url"],
        author=row["author"],
        lang=row["lang"],
        published_at=read_time(row["published_at"]).astimezone(UTC) if row["published_at"] else None,
        reply_to=row["reply_to"],
        links=tuple(msgspec.json.decode(row["links"])),
        source=row["source"],
    )


def _read(text: str) -> str:
    """A text without what nobody sees inside a word."""
    return nfc(visible(text))


def _spans(row: Mapping[str, Any]) -> str:
    """Where the words stand in the text as it is now."""
    text = row["text"]
    if _read(text) == text:
        return str(row["spans"])
    spans = msgspec.json.decode(row["spans"], type=list[tuple[int, int]])
    return as_json([[len(_read(text[:place])) for place in span] for span in spans])
