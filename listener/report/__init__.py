"""The weekly report: one data set from the store, drawn as text, HTML or JSON."""

from __future__ import annotations

from collections.abc import Callable

from listener.report.html import render_html
from listener.report.json import render_json
from listener.report.records import Weekly
from listener.report.text import render_text

# format -> how the data set is drawn in a language; the JSON is the same in every language
FORMATS: dict[str, Callable[[Weekly, str], str]] = {
    "text": render_text,
    "html": render_html,
    "json": lambda report, _language: render_json(report),
}
