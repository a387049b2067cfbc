"""The picture as JSON: the data set itself, keys in English, times in UTC."""

from __future__ import annotations

import msgspec

from listener.crisis.records import Picture


def render_json(picture: Picture) -> str:
    """Indented JSON ending in a line break; `complete` is spelled out, everything else stands in `records.py`."""
    fields = msgspec.to_builtins(picture) | {"complete": picture.coverage.complete}
    return msgspec.json.format(msgspec.json.encode(fields), indent=2).decode() + "\n"
