"""Bluesky as Jetstream tells it: every post of the network, one JSON frame each, taken up again by time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from listener.errors import Changed
from listener.sources.bluesky_posts import POST, read_record
from listener.sources.live import Kind, Told

# Bluesky's own; all tell the same by the same clock, so that each can go on where another left off.
PUBLIC = tuple(f"wss://jetstream{number}.us-{side}.bsky.network" for side in ("east", "west") for number in (1, 2))
OVERLAP = 5_000_000  # microseconds that are asked for again: servers differ by a moment
LARGEST = 1_000_000  # bytes of a frame; the server leaves larger ones out
QUIET = 60.0  # the network writes fifty posts a second
_URI = re.compile(r"at://did:[a-z]{1,20}:[\w.:%-]{1,300}/app\.bsky\.feed\.post/[\w.:~-]{1,300}", re.ASCII)
_DID = re.compile(r"did:[a-z]{1,20}:[\w.:%-]{1,300}", re.ASCII)
LAST = 4e9  # seconds since 1970: a later time is none
_KINDS: dict[str, Kind] = {"create": "post", "update": "edit", "delete": "gone"}


class Jetstream:
    """The stream of one network; `urls` are the servers that tell it, each tried when the one before fails."""

    source = "bluesky"
    framed = True
    resumes = True
    quiet = QUIET
    headers: Mapping[str, str] = {}

    def __init__(self, urls: Sequence[str] = PUBLIC) -> None:
        self._urls = tuple(urls)
        self.place = "jetstream" if self._urls == PUBLIC else urlsplit(self._urls[0]).netloc

    def address(self, mark: int, attempt: int) -> str:
        """The server's address with what we want of it, and from when."""
        base = self._urls[attempt % len(self._urls)].rstrip("/")
        wanted = {"wantedCollections": POST, "maxMessageSizeBytes": LARGEST}
        if mark:
            wanted["cursor"] = max(1, mark - OVERLAP)
        return f"{base}/subscribe?{urlencode(wanted)}"

    def read(self, frame: bytes) -> tuple[Told, ...]:
        """What one frame tells. Raises Changed."""
        row = read_object(frame)
        mark = row.get("time_us")
        if not isinstance(mark, int) or isinstance(mark, bool) or not 0 < mark < 2**63:
            raise Changed("a frame without its time")
        commit = row.get("commit")
        if not isinstance(commit, dict) or commit.get("collection") != POST:
            kind: Kind = "named" if row.get("kind") == "identity" and is_did(row.get("did")) else "other"
            return (Told(kind, str(row["did"]) if kind == "named" else "", mark=mark, at=mark / 1e6),)
        uri = f"at://{row.get('did')}/{POST}/{commit.get('rkey')}"
        return (read_commit(_KINDS.get(str(commit.get("operation"))), uri, commit.get("record"), mark, mark / 1e6),)


def is_did(value: object) -> bool:
    """Whether it is the id of an account of this network."""
    return isinstance(value, str) and _DID.fullmatch(value) is not None


def read_commit(kind: Kind | None, uri: str, record: object, mark: int, at: float) -> Told:
    """What one operation on a post tells. Raises Changed."""
    if kind is None or not _URI.fullmatch(uri):
        raise Changed("an operation that is none we know, or on what is no post")
    if kind == "gone":
        return Told("gone", uri, None, mark, at)
    if not isinstance(record, dict):
        raise Changed("a post without its record")
    seen_at = datetime.fromtimestamp(at, UTC) if 0 < at < LAST else None
    return Told(kind, uri, read_record(uri, uri[5:].partition("/")[0], record, seen_at), mark, at)


def read_object(frame: bytes) -> dict[str, Any]:
    """A frame of JSON as an object. Raises Changed.

    Half of a pair of surrogates, which a strict reader refuses, is read: the post is put right when it is taken in.
    """
    try:
        row = _decoded(frame)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise Changed("a frame that is no JSON") from wrong
    if not isinstance(row, dict):
        raise Changed("a frame that is no object")
    return row


def _decoded(frame: bytes) -> object:
    try:
        return msgspec.json.decode(frame)
    except msgspec.MsgspecError:
        if b"\\u" not in frame:
            raise
        return json.loads(frame)
