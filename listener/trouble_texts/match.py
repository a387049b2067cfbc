"""What goes wrong with posts and saved queries in a filter."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_("no text"),
    N_("text is no text"),
    N_("none of id, url and ref"),
    N_("a matching process was killed: run again with fewer --jobs"),
    N_("{path}: no queries: write a table [queries.NAME] with its query"),
)
