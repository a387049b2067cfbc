"""Authors' names: asked for while posts wait, and only for so long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from listener.posts import Post
from listener.sources.bluesky_handles import MOST
from listener.stream.handles import Handles


def test_posts_do_not_wait_long_for_a_slow_server() -> None:
    now = datetime(2026, 11, 22, 7, tzinfo=UTC)
    asked: list[Sequence[str]] = []

    def slow(actors: Sequence[str]) -> dict[str, str]:
        nonlocal now
        now += timedelta(seconds=9)
        asked.append(actors)
        return {did: f"{did[8:]}.example" for did in actors}

    handles = Handles(slow, lambda: now)
    writers = [f"did:plc:{number:04}" for number in range(20 * MOST)]
    posts = [Post(platform="bluesky", id=f"at://{did}/app.bsky.feed.post/3k", text="x", author=did) for did in writers]
    handles.look_up(posts)
    assert len(asked) == 3
    assert [handles.named(post).author for post in (posts[0], posts[-1])] == ["0000.example", writers[-1]]
    handles.look_up(posts)
    assert len(asked) == 6
