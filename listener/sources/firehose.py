"""A network's own firehose (com.atproto.sync.subscribeRepos): every commit of every repository, as DAG-CBOR."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import libipld

from listener.errors import Changed
from listener.sources.bluesky_posts import POST
from listener.sources.fields import time_of
from listener.sources.jetstream import is_did, read_commit
from listener.sources.live import Kind, Told

PUBLIC = "wss://bsky.network"
METHOD = "com.atproto.sync.subscribeRepos"
QUIET = 60.0
_KINDS: dict[str, Kind] = {"create": "post", "update": "edit", "delete": "gone"}


class Firehose:
    """The firehose of one server: a relay, or a PDS for its own members. It numbers its frames."""

    source = "bluesky"
    framed = True
    resumes = True
    quiet = QUIET
    headers: Mapping[str, str] = {}

    def __init__(self, url: str = PUBLIC) -> None:
        self._url = url.rstrip("/")
        self.place = urlsplit(url).netloc

    def address(self, mark: int, attempt: int) -> str:
        """Where to connect, and after which frame to begin: one before the last, which is told again."""
        return f"{self._url}/xrpc/{METHOD}" + (f"?cursor={mark - 1}" if mark > 0 else "")

    def read(self, frame: bytes) -> tuple[Told, ...]:
        """What one frame tells: a commit may write several posts. Raises Changed."""
        head, body = _parts(frame)
        if head.get("op") == -1 and body.get("error") == "FutureCursor":
            return (Told("missed", mark=-1),)
        if head.get("op") != 1:
            raise Changed(f"the firehose reports an error: {str(body.get('error'))[:100]}")
        if head.get("t") == "#info":
            return (Told("missed"),) if body.get("name") == "OutdatedCursor" else (Told("other"),)
        seq = body.get("seq")
        if not isinstance(seq, int) or not 0 < seq < 2**63:
            raise Changed("a frame without its number")
        when = time_of(body.get("time"))
        at = when.timestamp() if when else 0.0
        if head.get("t") == "#identity" and is_did(body.get("did")):
            return (Told("named", body["did"], mark=seq, at=at),)
        if head.get("t") != "#commit":
            return (Told("other", mark=seq, at=at),)
        return tuple(_commit(body, seq, at)) or (Told("other", mark=seq, at=at),)


def _parts(frame: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """A frame's head and body. Raises Changed."""
    try:
        parts = libipld.decode_dag_cbor_multi(frame)
    except (ValueError, RecursionError, OverflowError) as wrong:
        raise Changed("a frame that is no DAG-CBOR") from wrong
    if len(parts) != 2 or not all(isinstance(part, dict) for part in parts):
        raise Changed("a frame that is not a head and a body")
    return parts[0], parts[1]


def _commit(body: Mapping[str, Any], seq: int, at: float) -> list[Told]:
    """The operations on posts of one commit. Raises Changed when none can be read."""
    found = body.get("ops")
    ops = [op for op in (found if isinstance(found, list) else ()) if isinstance(op, dict) and _on_post(op)]
    records = _records(body.get("blocks")) if any(op.get("action") != "delete" for op in ops) else {}
    told = []
    for op in ops:
        uri = f"at://{body.get('repo')}/{op['path']}"
        cid = op.get("cid")
        record = records.get(cid) if isinstance(cid, bytes) else None
        try:
            told.append(read_commit(_KINDS.get(str(op.get("action"))), uri, record, seq, at))
        except Changed as odd:  # who writes one on purpose does not hide what else is in the commit
            told.append(Told("odd", str(odd), mark=seq, at=at))
    return told


def _on_post(op: Mapping[str, Any]) -> bool:
    path = op.get("path")
    return isinstance(path, str) and path.startswith(f"{POST}/")


def _records(blocks: object) -> dict[bytes, Any]:
    """The blocks of a commit by their CID. Raises Changed."""
    if not isinstance(blocks, bytes):
        raise Changed("a commit without its blocks")
    try:
        found: dict[bytes, Any] = libipld.decode_car(blocks)[1]
    except (ValueError, RecursionError, OverflowError) as wrong:
        raise Changed("a commit whose blocks cannot be read") from wrong
    return found
