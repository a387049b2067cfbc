"""What goes wrong when queries are checked, generated and saved."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_("{path}: [queries.{name}] is there already: remove it, or write the new one by hand"),
    N_("{path}: no query can be added at the end: write it by hand under [queries]"),
    N_("{value} is no unit of listener.toml: write it under [[organisation.units]]"),
)
