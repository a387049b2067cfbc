"""What a source that speaks by itself tells: posts, changes of them, and how far its line has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from listener.posts import Post

Kind = Literal["post", "edit", "gone", "named", "other", "missed", "odd"]


class Told(NamedTuple):
    """One thing that a line told.

    "post": a new one; "edit": one that was changed; "gone": one that its author took away, by `id`; "named": the
    account with that `id` may have another handle now; "missed": the server itself says that it left something out;
    "odd": a part that cannot be read, its `id` says why; "other": nothing for us. `mark` is where the line stands after
    it and can be taken up again (0: it has no such place; -1: the place that was asked for is none), `at` the server's
    own time for it in seconds since 1970 (0: it tells none).
    """

    kind: Kind
    id: str = ""
    post: Post | None = None
    mark: int = 0
    at: float = 0.0


class Line(Protocol):
    """One server that tells what is said, as it is said. `place` is its host, for people and for what is kept of it.

    `framed` says that it speaks by WebSocket, else by server-sent events. `resumes`: it can be asked to begin again at
    a mark, which it then tells a second time. `quiet` is for how many seconds it may be silent before it is taken to
    have stalled.
    """

    @property
    def source(self) -> str: ...

    @property
    def place(self) -> str: ...

    @property
    def framed(self) -> bool: ...

    @property
    def resumes(self) -> bool: ...

    @property
    def quiet(self) -> float: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    def address(self, mark: int, attempt: int) -> str:
        """Where to connect, to be told all since `mark` (0: from now on); the next attempt may try another server."""

    def read(self, frame: bytes) -> Sequence[Told]:
        """What one frame tells. Raises Changed when it cannot be read."""
