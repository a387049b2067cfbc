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


class Directory:
    """Who is called what; `asked` is who was asked for."""

    def __init__(self, **handles: str) -> None:
        self.handles = {f"did:plc:{name}": handle for name, handle in handles.items()}
        self.asked: list[str] = []

    def __call__(self, actors: Sequence[str]) -> dict[str, str]:
        self.asked += actors
        return {did: handle for did, handle in self.handles.items() if {did, handle} & set(actors)}


def post_by(name: str) -> Post:
    did = f"did:plc:{name}"
    return Post(platform="bluesky", id=f"at://{did}/app.bsky.feed.post/3k", text="x", author=did)


def test_who_may_be_called_otherwise_is_asked_for_again_and_told_of() -> None:
    directory = Directory(anna="old.example", bo="bo.example")
    handles = Handles(directory, lambda: datetime(2026, 11, 22, 7, tzinfo=UTC))
    handles.look_up([post_by("anna"), post_by("bo")])
    directory.handles["did:plc:anna"] = "new.example"
    directory.asked.clear()
    for did in ("did:plc:anna", "did:plc:bo", "did:plc:stranger"):
        handles.doubt(did)
    assert handles.named(post_by("anna")).author == "old.example"
    handles.look_up([])
    assert directory.asked == ["did:plc:anna", "did:plc:bo"]
    assert handles.named(post_by("anna")).author == "new.example"
    assert handles.news() == [("old.example", "new.example")]
    assert handles.news() == []
    handles.look_up([])
    assert len(directory.asked) == 2


def test_who_has_no_valid_handle_any_more_goes_by_the_did() -> None:
    directory = Directory(anna="old.example")
    handles = Handles(directory, lambda: datetime(2026, 11, 22, 7, tzinfo=UTC))
    handles.look_up([post_by("anna")])
    directory.handles.clear()
    handles.doubt("did:plc:anna")
    handles.look_up([])
    assert handles.named(post_by("anna")).author == "did:plc:anna"


def test_our_own_accounts_are_asked_for_from_the_beginning() -> None:
    handles = Handles(Directory(almby="nya.example"), lambda: datetime(2026, 11, 22, 7, tzinfo=UTC))
    handles.seed([], {"did:plc:almby": "almby.example"})
    assert handles.news() == [("almby.example", "nya.example")]
    assert handles.named(post_by("almby")).author == "nya.example"
