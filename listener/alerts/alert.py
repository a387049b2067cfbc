"""One alert: what cannot wait for Monday, in a sentence with figures, and where to look further."""

from __future__ import annotations

from typing import Final, Literal

from listener.models import Record

URGENT: Final = "urgent"
WEEKLY: Final = "weekly"
STORM, CHANGED, IMPOSTOR = "storm", "official_changed", "impostor"
THREAT, INCITEMENT, DOXXING = "threat", "incitement", "doxxing"
KINDS = (STORM, THREAT, INCITEMENT, DOXXING, CHANGED, IMPOSTOR)


class Alert(Record):
    """What happened. `title` names nobody; `cause` holds the figures; `links` are addresses or `listen` commands.

    `key` is what it is about: the same key is told once in the cool-down. `posts` are numbers in the log of mentions,
    shown masked in what is sent; their texts are read when it is sent and stand nowhere else.
    """

    kind: str
    severity: Literal["urgent", "weekly"]
    title: str
    cause: str
    key: str
    links: tuple[str, ...] = ()
    posts: tuple[int, ...] = ()


class Outcome(Record):
    """How one alert fared on one channel. `detail` says why it was not sent; it is then tried again."""

    alert: int
    channel: str
    sent: bool
    detail: str = ""
