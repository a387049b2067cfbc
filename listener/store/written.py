"""Values as SQLite takes them, whatever a stranger wrote in them."""

from __future__ import annotations

import json

import msgspec


def storable(text: str | None) -> str | None:
    """Text that SQLite takes: half a surrogate pair is written out as its escape."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def as_json(record: object) -> str:
    """A record as JSON text; half a surrogate pair becomes a question mark."""
    try:
        return msgspec.json.encode(record).decode("utf-8")
    except UnicodeEncodeError:
        whole = json.dumps(msgspec.to_builtins(record), ensure_ascii=False)
        return whole.encode("utf-8", "replace").decode("utf-8")
