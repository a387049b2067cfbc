"""What people publish, and what of it speaks of us: a post, how far it reached, a mention."""

from __future__ import annotations

from datetime import datetime

from listener.models import Record


class Reach(Record):
    """Public counts a platform shows beside a post, when it was read; None is unknown."""

    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    views: int | None = None


class Post(Record):
    """One published text. `id` is the platform's own; `author` a handle; times are aware.

    `title` is the headline of what has one (an article, a video, the start of a thread); `text` holds it too, first.
    `thread` is the id of the post that began the conversation, when the platform tells it.
    """

    platform: str
    id: str
    text: str
    url: str | None = None
    author: str | None = None
    lang: str | None = None
    published_at: datetime | None = None
    reply_to: str | None = None
    links: tuple[str, ...] = ()
    source: str | None = None
    ref: str | None = None
    title: str | None = None
    thread: str | None = None
    reach: Reach | None = None


class Mention(Record):
    """A post that matched a query; spans are code-point offsets into the NFC text."""

    post: Post
    query: str
    spans: tuple[tuple[int, int], ...] = ()
