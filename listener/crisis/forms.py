"""The ways a picture can be shown."""

from __future__ import annotations

from collections.abc import Callable

from listener.crisis.html import render_html
from listener.crisis.json import render_json
from listener.crisis.records import Picture
from listener.crisis.text import render_text

FORMATS: dict[str, Callable[[Picture, str], str]] = {
    "text": render_text,
    "html": render_html,
    "json": lambda picture, _language: render_json(picture),
}
