"""Talk about Almby as it stands in the log, and the words it is compared by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from listener.crisis import themes
from listener.crisis.quoting import known_words
from listener.crisis.vocabulary import common_stems
from listener.posts import Post
from listener.store.talk import Logged

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
OURS = ("Almby kommun", "Almby", "Biblioteken")
Say = Callable[..., Logged]


@pytest.fixture
def say() -> Say:
    """say("text", "anna") is a post in the log, a minute after the one before; copies share a cluster."""
    seen: dict[str, int] = {}
    count = 0

    def make(text: str, writer: str = "anna", platform: str = "bluesky", **fields: object) -> Logged:
        nonlocal count
        count += 1
        post = Post(platform=platform, id=f"p{count}", text=text, author=f"{writer}.bsky.social",
                    url=f"https://bsky.app/profile/{writer}.bsky.social/post/p{count}")  # fmt: skip
        given = {"id": count, "post": post, "queries": ("q",), "at": NOON + timedelta(minutes=count),
                 "logged_at": NOON, "direction": "in", "unit": None, "tags": (), "writer": writer,
                 "cluster": seen.setdefault(text, count)}  # fmt: skip
        return Logged(**{**given, **fields})  # type: ignore[arg-type]

    return make


@pytest.fixture
def words() -> Callable[[Sequence[Logged], Sequence[Logged]], themes.Words]:
    """What these posts are compared by, given those before."""
    return lambda posts, before: themes.read_words(posts, before, common_stems(OURS), known_words(OURS))
