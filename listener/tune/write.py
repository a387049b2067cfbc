"""New thresholds put into listener.toml: its comments kept, the old values noted, the file replaced in one step."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import SingleKey, Table

from listener.errors import ConfigError
from listener.thresholds import Thresholds, read_thresholds

TABLE = "matching"


def retuned(text: str, changes: Mapping[str, float], now: Thresholds, day: date, path: Path) -> str:
    """listener.toml's text with `changes` in [matching] and a dated comment that keeps what stood there.

    Everything else stays as it was, to the character. Raises ConfigError when the file is written in a way that
    cannot be edited so.
    """
    try:
        document = tomlkit.parse(text)
        if TABLE not in document:
            if text.strip():
                document.add(tomlkit.nl())
            document.add(TABLE, tomlkit.table())
        table = document[TABLE]
        _set(table, changes)
        note = ", ".join(f"{name} {getattr(now, name)} -> {value}" for name, value in changes.items())
        inside = isinstance(table, Table)  # a table within braces has no room for a comment: it goes above
        body, keys = (table.value.body, changes) if inside else (document.body, {TABLE: 0.0})
        _note(body, keys, f"{day.isoformat()} listen tune: {note}")
        written = tomlkit.dumps(document)
    except TOMLKitError as wrong:
        raise _by_hand(path) from wrong
    written = written.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in text else written
    _check(text, written, changes, path)
    return written


def _set(table: Any, changes: Mapping[str, float]) -> None:
    """Change the values that stand there, and write the others below the last of them."""
    for name, value in changes.items():
        keys = [key.key for key, _value in table.value.body if key is not None] if isinstance(table, Table) else []
        if not keys or name in keys:
            table[name] = value
            continue
        body = table.value.body
        last = max(place for place, (key, _value) in enumerate(body) if key is not None)
        body.insert(last + 1, (SingleKey(name), tomlkit.item(value)))
        body[last + 1][1].trivia.trail = "\n"


def _note(body: list[Any], keys: Collection[str], words: str) -> None:
    """A comment on the line above the first of these keys."""
    place = next(place for place, (key, _value) in enumerate(body) if key is not None and key.key in keys)
    body.insert(place, (None, tomlkit.comment(words)))


def _check(text: str, written: str, changes: Mapping[str, float], path: Path) -> None:
    """Raise ConfigError unless the new text says what the old one said, and the changes."""
    try:
        before, after = tomllib.loads(text), tomllib.loads(written)
    except tomllib.TOMLDecodeError as wrong:
        raise _by_hand(path) from wrong
    wanted = {**before, TABLE: {**before.get(TABLE, {}), **changes}}
    read_thresholds(wanted[TABLE], path)
    if after != wanted:
        raise _by_hand(path)


def _by_hand(path: Path) -> ConfigError:
    return ConfigError(f"{path}: cannot be edited without losing something: write the values under [matching] by hand")


def read_settings(path: Path) -> str:
    """The file's text with its line ends; it has been read once already, so that it is there and is UTF-8."""
    return path.read_bytes().decode("utf-8-sig")


def replace_settings(path: Path, text: str) -> None:
    """Replace the file in one step: whoever reads it, or kills us, sees the old one or the new one, whole.

    The file keeps its rights; a link keeps pointing at it. Raises OSError naming the file when it cannot be written.
    """
    target = path.resolve()
    fresh = target.with_name(target.name + ".new")
    with fresh.open("wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(target.stat().st_mode & 0o7777)
    fresh.replace(target)
