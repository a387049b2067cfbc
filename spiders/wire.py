"""Requests as they travel through Redis: MessagePack, which unlike pickle runs nothing when it is read."""

from __future__ import annotations

from typing import Any

import msgspec


def dumps(request: dict[str, Any]) -> bytes:
    """A request's fields as bytes; what has no place in a message, such as an open connection, is left out as None."""
    return msgspec.msgpack.encode(request, enc_hook=lambda _value: None)


def loads(message: bytes) -> dict[str, Any]:
    """The fields again."""
    found: dict[str, Any] = msgspec.msgpack.decode(message)
    return found
