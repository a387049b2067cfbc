"""Saved queries: the tables [queries.NAME] of a queries.toml or of listener.toml, read once and refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from listener.config import read_toml
from listener.errors import ConfigError, QueryError
from listener.query import Query, parse
from listener.query.tree import And, Field, Node, Or, joined
from listener.settings_check import check_kinds, check_known

KEYS = {
    "query": "text", "purpose": "text", "sources": "texts", "lang": "text", "unit": "text", "tags": "texts",
    "alarms": "number",
}  # fmt: skip
PURPOSE = "omvärldsbevakning"  # when none is given


class SavedQuery(msgspec.Struct, frozen=True, kw_only=True):
    """One query under the name its table bears. `sources` empty: all; `lang` and `unit` None: whichever.

    `tags` go to every post it finds; `alarms` is how many false alarms a week are put up with, None: as many as usual.
    """

    name: str
    query: Query
    purpose: str = PURPOSE
    sources: tuple[str, ...] = ()
    lang: str | None = None
    unit: str | None = None
    tags: tuple[str, ...] = ()
    alarms: float | None = None

    @property
    def asked(self) -> Query:
        """The query held to its sources and its language as well."""
        held = self.query.within(lang=self.lang)
        if not self.sources:
            return held
        ways: list[Node] = [Field(name="source", value=name.strip().casefold()) for name in self.sources]
        return Query(held.text, joined(And, [held.tree, joined(Or, ways)]))


def load_queries(path: Path, now: datetime) -> dict[str, SavedQuery]:
    """The queries of a TOML file, in its order; `now` is what 7d counts from. Raises ConfigError naming the fault."""
    tables = read_toml(path, "--queries").get("queries")
    if not isinstance(tables, dict) or not tables:
        raise ConfigError(f"{path}: no queries: write a table [queries.NAME] with its query")
    return read_queries(path, tables, now)


def read_queries(path: Path, tables: Mapping[str, Any], now: datetime) -> dict[str, SavedQuery]:
    """The tables under [queries], read. Raises ConfigError: the query's name, and column and hint where it has them."""
    return {name: _read(path, name, table, now) for name, table in tables.items()}


def _read(path: Path, name: str, table: object, now: datetime) -> SavedQuery:
    where = f"[queries.{name}]"
    if not isinstance(table, dict) or not isinstance(table.get("query"), str):
        raise ConfigError(f"{path}: [queries.{name}] query: write what to search for as text")
    check_known(path, where, table, KEYS)
    check_kinds(path, where, table, KEYS)
    try:
        query = parse(table["query"], now)
    except QueryError as wrong:
        raise ConfigError(f"{path}: [queries.{name}] {wrong}") from wrong
    return SavedQuery(
        name=name,
        query=query,
        purpose=table.get("purpose") or PURPOSE,
        sources=tuple(table.get("sources", ())),
        lang=table.get("lang") or None,
        unit=table.get("unit") or None,
        tags=tuple(table.get("tags", ())),
        alarms=table.get("alarms"),
    )
