"""Writing a query into listener.toml, so that it is asked in every run from now on."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import tomlkit
from tomlkit.exceptions import ParseError

from listener.errors import ConfigError
from listener.query import Query

TABLE = "queries"
NAME = re.compile(r"[\w-]{1,60}")


def keep_query(
    path: Path, name: str, query: Query, purpose: str | None, sources: Sequence[str] = (), lang: str | None = None
) -> None:
    """Add [queries.NAME] to the file, all else in it left as it is; written whole or not at all.

    Raises ConfigError when the name cannot be one or is taken, when there is no purpose, or the file cannot be written.
    """
    if not NAME.fullmatch(name):
        raise ConfigError(f"{name!r}: write a name of letters, digits, - and _, such as badhus")
    if not purpose or not purpose.strip():
        raise ConfigError(f"{path}: [queries.{name}]: a saved query needs a purpose: add --purpose")
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
        queries = document.setdefault(TABLE, tomlkit.table(is_super_table=True))
        if not isinstance(queries, dict):
            raise ConfigError(f"{path}: [{TABLE}] must be a table")
        if name in queries:
            raise ConfigError(f"{path}: [queries.{name}] is taken: choose another name, or change it there")
        table = tomlkit.table()
        table.add("query", query.text)
        table.add("purpose", " ".join(purpose.split()))
        if sources:
            table.add("sources", list(sources))
        if lang:
            table.add("lang", lang)
        table.add(tomlkit.nl())
        queries[name] = table
        replace_file(path, tomlkit.dumps(document))
    except (OSError, UnicodeError, ParseError) as wrong:
        raise ConfigError(f"{path}: {wrong}") from wrong


def replace_file(path: Path, text: str) -> None:
    """Put the text in the file's place, with the file's own permissions."""
    beside = path.with_name(f"{path.name}.new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, path.stat().st_mode & 0o777), "wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
