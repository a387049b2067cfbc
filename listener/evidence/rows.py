"""An answer cut into its rows, so that of a list of many accounts only the flagged one's row is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]

Span = tuple[int, int]

DEEPEST = 20  # objects within objects before the first list
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_ITEMS = (b"item", b"entry")
_LINES = ("text/plain", "text/csv", "application/x-ndjson", "application/jsonl", "application/octet-stream", "text/dns")


def row_spans(body: bytes, content_type: str) -> list[Span]:
    """The byte spans of the rows of a list (JSON, a feed, lines of text); empty for what is no list.

    The rows of JSON are the objects of its outermost lists, as they stand: no byte is written anew.
    """
    if "json" in content_type and "ndjson" not in content_type and "jsonl" not in content_type:
        return _json_rows(body)
    if "xml" in content_type or content_type.endswith(("rss", "atom")):
        return list(_elements(body)) if "html" not in content_type else []
    if content_type in _LINES:
        lead = body[:200].lstrip()[:1]
        return _json_rows(body) if lead in (b"{", b"[") and body.count(b"\n") < 2 else list(_line_spans(body))
    return []


def _json_rows(body: bytes) -> list[Span]:
    try:
        text = body.decode("utf-8")
        places: list[Span] = []
        _walk(text, _skip(text, 0), places, 0)
    except (ValueError, IndexError, RecursionError, StopIteration):
        return []
    return _in_bytes(text, places)


def _in_bytes(text: str, places: list[Span]) -> list[Span]:
    """Code-point places as byte spans; one pass, for the places come in order."""
    spans, read, at = [], 0, 0
    for start, end in places:
        first = at + len(text[read:start].encode("utf-8"))
        last = first + len(text[start:end].encode("utf-8"))
        spans.append((first, last))
        read, at = end, last
    return spans


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _walk(text: str, at: int, places: list[Span], depth: int) -> int:
    """Note the rows of the value that begins at `at`; returns where it ends. Raises ValueError when it is no JSON."""
    if text[at] == "[":
        return _list(text, at, places)
    if text[at] != "{" or depth >= DEEPEST:
        return int(_DECODER.raw_decode(text, at)[1])
    at = _skip(text, at + 1)
    while text[at] == '"':
        _name, at = scanstring(text, at + 1, False)
        at = _skip(text, at)
        if text[at] != ":":
            raise ValueError("no colon")
        at = _skip(text, _walk(text, _skip(text, at + 1), places, depth + 1))
        if text[at] == ",":
            at = _skip(text, at + 1)
    if text[at] != "}":
        raise ValueError("no end of an object")
    return at + 1


def _list(text: str, at: int, places: list[Span]) -> int:
    at = _skip(text, at + 1)
    while text[at] != "]":
        _value, end = _DECODER.raw_decode(text, at)
        if text[at] == "{":
            places.append((at, end))
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1


def _elements(body: bytes) -> Iterator[Span]:
    """The <item> and <entry> elements of a feed."""
    name = next((name for name in _ITEMS if b"<" + name in body), b"")
    at = body.find(b"<" + name) if name else -1
    while at >= 0:
        end = body.find(b"</" + name, at)
        close = body.find(b">", end)
        if end < 0 or close < 0:
            return
        yield at, close + 1
        at = body.find(b"<" + name, close)


def _line_spans(body: bytes) -> Iterator[Span]:
    at = 0
    for line in body.splitlines(keepends=True):
        yield at, at + len(line)
        at += len(line)
