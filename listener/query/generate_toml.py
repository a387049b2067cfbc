"""A generated query as a table of listener.toml, and the file with it at its end."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit

from listener.errors import ConfigError
from listener.query.generate import Generated


def table(generated: Generated) -> str:
    """`[queries.NAME]` with purpose, unit and query, ready to paste."""
    lines = [f"[queries.{tomlkit.key(generated.name).as_string()}]", f"purpose = {_text(generated.purpose)}"]
    lines += [f"unit = {_text(generated.unit)}"] if generated.unit else []
    return "\n".join([*lines, f"query = {_lines(generated.text)}"]) + "\n"


def appended(text: str, generated: Sequence[Generated], path: Path) -> str:
    """listener.toml's text with the tables at its end; what stands there stays, to the character.

    Raises ConfigError when a query of that name is there, or the file is written so that none can be added.
    """
    before = _read(text, path)
    known = before.get("queries", {})
    if not isinstance(known, dict):
        raise _by_hand(path)
    for one in generated:
        if one.name in known:
            raise ConfigError(f"{path}: [queries.{one.name}] is there already: remove it, or write the new one by hand")
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    added = gap + "\n".join(table(one) for one in generated)
    written = text + (added.replace("\n", "\r\n") if "\r\n" in text else added)
    wanted = {one.name: tomllib.loads(table(one))["queries"][one.name] for one in generated}
    try:
        after = tomllib.loads(written)
    except tomllib.TOMLDecodeError as wrong:
        raise _by_hand(path) from wrong
    if after != {**before, "queries": {**known, **wanted}}:
        raise _by_hand(path)
    return written


def _read(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise _by_hand(path) from wrong


def _by_hand(path: Path) -> ConfigError:
    return ConfigError(f"{path}: no query can be added at the end: write it by hand under [queries]")


def _text(text: str) -> str:
    return tomlkit.string(text).as_string()


def _lines(text: str) -> str:
    """Several lines as they are, when nothing in them needs an escape."""
    plain = "'''" not in text and not text.endswith("'") and all(char.isprintable() or char == "\n" for char in text)
    return f"'''\n{text}'''" if plain else _text(text)
