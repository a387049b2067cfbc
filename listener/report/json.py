"""The weekly report as JSON: the data set itself, keys in English, times in UTC."""

from __future__ import annotations

import msgspec

from listener.report.records import Weekly


def render_json(report: Weekly) -> str:
    """Indented JSON ending in a line break. `nothing_new` is spelled out; everything else stands in `records.py`."""
    fields = msgspec.to_builtins(report) | {"nothing_new": report.nothing_new}
    return msgspec.json.format(msgspec.json.encode(fields), indent=2).decode() + "\n"
