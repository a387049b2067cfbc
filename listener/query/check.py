"""Queries checked before they are relied on: each read or refused by itself, and looked over by the linter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from listener.config import read_toml
from listener.errors import ConfigError, QueryError
from listener.models import Record
from listener.query import parse
from listener.query.lint import Warned, lint
from listener.query.saved import read_queries


class Checked(Record, frozen=True):
    """One query: its name (None: typed), its text, why it cannot be read, and what to look at again."""

    name: str | None
    query: str
    error: str | None = None
    warnings: tuple[Warned, ...] = ()


def check_texts(
    texts: Sequence[str], now: datetime, sources: Sequence[str] = (), known: Collection[str] = ()
) -> Iterator[Checked]:
    """Queries as typed. `sources` are those that are searched, `known` the names of all (see `lint`)."""
    for text in texts:
        try:
            yield Checked(name=None, query=text, warnings=lint(parse(text, now), sources, known))
        except QueryError as wrong:
            yield Checked(name=None, query=text, error=str(wrong))


def check_file(
    path: Path, now: datetime, sources: Sequence[str] = (), known: Collection[str] = ()
) -> Iterator[Checked]:
    """The tables [queries.NAME] of a file, all of them. Raises ConfigError when it has none."""
    tables = read_toml(path).get("queries")
    if not isinstance(tables, dict) or not tables:
        raise ConfigError(f"{path}: no queries: write a table [queries.NAME] with its query")
    yield from check_tables(path, tables, now, sources, known)


def check_tables(
    path: Path,
    tables: Mapping[str, Any],
    now: datetime,
    sources: Sequence[str] = (),
    known: Collection[str] = (),
) -> Iterator[Checked]:
    """Tables under [queries], each by itself: a fault in one hides none in another."""
    for name, table in tables.items():
        text = str(table.get("query", "")) if isinstance(table, dict) else ""
        try:
            query = read_queries(path, {name: table}, now)[name].query
        except ConfigError as wrong:
            yield Checked(name=name, query=text, error=str(wrong))
        else:
            yield Checked(name=name, query=text, warnings=lint(query, sources, known))
