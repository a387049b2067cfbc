"""Findings written out, one form after the other: ndjson, json, csv and a table for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import msgspec

from listener.models import Finding
from listener.sentences import in_language
from listener.spreadsheet import neutralise
from listener.terminal import padded, plain

COLUMNS = (
    "ref",
    "platform",
    "platform_id",
    "handle",
    "url",
    "verdict",
    "unit_kind",
    "unit",
    "score",
    "nearest",
    "reasons",
)
_encoder = msgspec.json.Encoder()


def as_fields(finding: Finding, ref: Any) -> dict[str, Any]:
    """A finding as docs/reference/formats.md describes it."""
    account = finding.account
    return {
        "ref": ref,
        "platform": account.platform,
        "platform_id": account.platform_id,
        "handle": account.handle,
        "url": account.url,
        "verdict": finding.verdict,
        "unit_kind": finding.unit_kind,
        "unit": finding.unit,
        "score": finding.score,
        "nearest": finding.nearest,
        "signals": finding.signals,
    }


def as_ndjson(finding: Finding, ref: Any) -> bytes:
    """One line of JSON; what UTF-8 cannot hold becomes a question mark."""
    fields = as_fields(finding, ref)
    try:
        return _encoder.encode(fields) + b"\n"
    except UnicodeEncodeError:
        return _encoder.encode(_sound(msgspec.to_builtins(fields))) + b"\n"


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_sound(one) for one in value]
    return {key: _sound(one) for key, one in value.items()} if isinstance(value, dict) else value


def as_csv(finding: Finding, ref: Any) -> bytes:
    """One row: the nearest account by its address, the reasons joined by `; `."""
    fields = as_fields(finding, ref)
    fields["nearest"] = finding.nearest.url if finding.nearest else None
    fields["reasons"] = "; ".join(signal.detail for signal in finding.signals)
    return csv_row([fields[column] for column in COLUMNS])


def csv_row(values: list[Any]) -> bytes:
    """Values as one RFC 4180 line that a spreadsheet takes for text: no formulas, no control characters."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow(["" if value is None else _cell(value) for value in values])
    return buffer.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    text = msgspec.json.encode(value).decode() if isinstance(value, dict | list) else str(value)
    return text if isinstance(value, int | float) else neutralise(shown(text))


def shown(text: str) -> str:
    """`text` with a replacement character for each one that cannot be shown."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)


def as_table(label: Callable[[str], str], say: Callable[[str], str], finding: Finding, _ref: Any) -> bytes:
    """One line for people: verdict, score, account and the strongest reason, put into their language by `say`."""
    account = finding.account
    strongest = max(finding.signals, key=lambda signal: signal.score, default=None)
    name = account.handle or account.url or account.platform_id or ""
    reason = in_language(strongest.detail, say) if strongest else ""
    cells = _column(label(finding.verdict), 22), f"{finding.score:5.2f} ", _column(account.platform, 10)
    line = " ".join((*cells, padded(_fitted(name, 60), 30), "", _fitted(reason, 200)))
    return f"{line.rstrip()}\n".encode("utf-8", "replace")


def _column(text: str, width: int) -> str:
    return padded(_fitted(text, width), width)


def _fitted(text: str, width: int) -> str:
    """`text` in `width` terminal columns; of marks that take none, a bounded number."""
    return shown(plain(text[: 4 * width], width))
