"""A mention as a row of the log and back: what stands in it, and where in time it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Literal

import msgspec

from listener.clock import local, read_time, rfc3339
from listener.models import Record
from listener.posts import Post, Reach
from listener.query.found import is_all_intro
from listener.store.capitals import capitals
from listener.store.field_words import AUTHOR, LANG, REPLY, SOURCE
from listener.store.outlets import outlets
from listener.store.own_words import LONGER, ODD, spelled
from listener.store.same_post import Names, giver, page_of
from listener.store.written import as_json, storable
from listener.text.pseudonyms import writer_of
from listener.text.words import alike_everywhere, nfc

COLUMNS = (
    "id", "place", "name", "address", "platform", "post_id", "url", "author", "writer", "title", "text", "lang",
    "published_at", "at", "day", "source", "reply_to", "thread", "links", "reach", "direction", "unit", "tags",
    "cluster", "facets", "logged_at", "run_id",
)  # fmt: skip
MENTION = f"INSERT OR IGNORE INTO mentions ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608  (ours)
PAIR = """INSERT OR IGNORE INTO mention_queries (query_id, place, mention_id, spans, logged_at, run_id)
    VALUES (?, ?, ?, ?, ?, ?)"""
# Sorted, for the index writes a segment whenever a place is not greater than the last. Without the + SQLite would go
# through the places of the whole log to find the new ones in order.
INDEXED = """INSERT INTO mentions_fts (rowid, text, facets, title)
    SELECT place, text, facets, title FROM mentions WHERE id >= ? ORDER BY +place"""
ID_BITS = 30  # of a place: two posts of one second lie apart as long as their ids are no billion apart
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = 200_000  # characters of a text that are kept


class Notes(Record):
    """What was found out about a post beside what it says: `lang` where it states none, the unit it is about."""

    direction: Literal["in", "out"] = "in"
    lang: str | None = None
    unit: str | None = None
    tags: tuple[str, ...] = ()


class Entry(Record):
    """A post about to be logged. `cluster` is the id of the first of its near-duplicates; None: it is the first."""

    id: int
    post: Post
    salt: str
    notes: Notes = Notes()
    cluster: int | None = None


def mention_row(entry: Entry, now: datetime, run_id: int | None) -> dict[str, Any]:
    """The row of `mentions`, its COLUMNS in order. `day` is the day in Sweden."""
    post, notes = entry.post, entry.notes
    at = counted_from(post.published_at, now)
    lang = post.lang or notes.lang
    return {
        "id": entry.id,
        "place": place(at, entry.id),
        "name": name(post.platform, post.id, entry.salt),
        "address": address(page_of(post), entry.salt),
        "platform": storable(post.platform),
        "post_id": storable(post.id),
        "url": storable(post.url),
        "author": storable(post.author),
        "writer": storable(writer_of(entry.salt, post, ours=notes.direction == "out")),
        "title": storable(post.title and nfc(post.title)),
        "text": storable(unicodedata.normalize("NFC", post.text[:LONGEST])),
        "lang": storable(lang),
        "published_at": post.published_at and rfc3339(post.published_at),
        "at": rfc3339(at),
        "day": local(at).date().isoformat(),
        "source": storable(post.source),
        "reply_to": storable(post.reply_to),
        "thread": storable(post.thread),
        "links": as_json(post.links),
        "reach": as_json(post.reach) if post.reach else None,
        "direction": notes.direction,
        "unit": storable(notes.unit),
        "tags": as_json(notes.tags),
        "cluster": entry.id if entry.cluster is None else entry.cluster,
        "facets": facets(post, lang),
        "logged_at": rfc3339(now),
        "run_id": run_id,
    }


def counted_from(published: datetime | None, logged: datetime) -> datetime:
    """When a post counts as said: when it was published, but never after it was logged, and never before 1970."""
    return logged if published is None or published > logged else max(published, EPOCH)


def place(at: datetime, number: int = 0) -> int:
    """Where a mention stands in time: later is greater, and each its own. Without `number`, the first of the second."""
    seconds = max(0, int((at - EPOCH).total_seconds()))
    return seconds << ID_BITS | number & ((1 << ID_BITS) - 1)


def name(platform: str, post_id: str, salt: str) -> int:
    """Platform and id as 64 bits, by which a post is known again; two of a million share them once in 10^7 stores."""
    return _hashed(f"{platform}\0{post_id}", salt)


def address(page: str | None, salt: str) -> int | None:
    """The canonical URL (see `page_of`) as 64 bits."""
    return _hashed(page, salt) if page else None


def names_of(post: Post, source: str | None, salt: str) -> Names:
    """What the log knows a post again by, read by a source."""
    return Names(name(post.platform, post.id, salt), address(page_of(post), salt), giver(post.platform, source))


def _hashed(text: str, salt: str) -> int:
    """Keyed: nobody without the salt can make two posts that are taken for one."""
    made = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=salt.encode()[:64])
    return int.from_bytes(made.digest(), signed=True)


def facets(post: Post, lang: str | None) -> str:
    """The words of ours under which the index knows a post.

    They tell source, platform, language, author and whether it is a reply, where it stands and leads to (`outlets`),
    which words are written with capitals (`capitals`), whether the index may read its words otherwise than we do, and
    whether it goes on after its first paragraph.
    """
    said, title = nfc(post.text), nfc(post.title or "").strip()
    known = {f"{kind}{spelled(value)}": None for kind, value in _kinds(post, lang) if value}
    known |= dict.fromkeys(outlets(post))
    known |= dict.fromkeys([REPLY] * (post.reply_to is not None))
    known |= dict.fromkeys([ODD] * (not (alike_everywhere(said) and alike_everywhere(title))))
    known |= dict.fromkeys([LONGER] * (not is_all_intro(said, title)))
    return " ".join([*known, *capitals(said, title)])


def _kinds(post: Post, lang: str | None) -> Iterator[tuple[str, str]]:
    """Each as `query.fields` compares it, of the text that is kept."""
    for kind, value in ((SOURCE, post.source), (SOURCE, post.platform), (LANG, lang), (AUTHOR, post.author)):
        plain = (storable(value) or "").removeprefix("@" if kind == AUTHOR else "").casefold()
        yield kind, plain.partition("-")[0] if kind == LANG else plain


def read_post(row: Mapping[str, Any]) -> Post:
    """The post of a row of `mentions`."""
    return Post(
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
        title=row["title"],
        thread=row["thread"],
        reach=msgspec.json.decode(row["reach"], type=Reach) if row["reach"] else None,
    )
