"""What a kept file holds: the answer or the statement in it, read only when its bytes are those that were taken."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import NamedTuple

import msgspec

from listener.evidence.folder import Folder
from listener.models import Finding
from listener.store.snapshots import Snapshot

MOST_BYTES = 30_000_000  # of a file, and of what is unpacked from it


class Answer(NamedTuple):
    """What came back: its media type as it was told, and its body."""

    content_type: str
    body: bytes


def read_answer(folder: Folder, snapshot: Snapshot) -> Answer | None:
    """The answer in the file of a row; None when it is not there, not as it was taken, too large or not a WARC."""
    path = folder.found(snapshot) if snapshot.path else None
    if path is None or path.stat().st_size > MOST_BYTES:
        return None
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != snapshot.sha256:
        return None
    return _first(content)


def read_finding(folder: Folder, snapshot: Snapshot) -> Finding | None:
    """What was found of the account then, from a row of kind `finding`."""
    answer = read_answer(folder, snapshot)
    try:
        return msgspec.json.decode(answer.body, type=_Statement).finding if answer else None
    except (msgspec.DecodeError, ValueError):
        return None


class _Statement(msgspec.Struct, frozen=True):
    finding: Finding


def _first(content: bytes) -> Answer | None:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        for record in ArchiveIterator(BytesIO(content)):
            if record.rec_type in ("response", "resource"):
                headers = record.http_headers or record.rec_headers
                body = record.content_stream().read(MOST_BYTES + 1)
                kind = str(headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
                return Answer(kind, body) if len(body) <= MOST_BYTES else None
    except (ArchiveLoadFailed, OSError, ValueError, EOFError):
        return None
    return None
