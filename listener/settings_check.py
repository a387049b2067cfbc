"""What may stand in listener.toml: names, kinds and addresses, checked when it is read and not during a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from listener.errors import ConfigError
from listener.thresholds import SETTABLE, read_thresholds

ORGANISATION = (
    "name", "aliases", "translations", "places", "domains", "languages", "units", "unit_words", "siblings",
    "own_symbol_phrase", "allowed_platforms", "phones", "org_numbers", "municipality_code", "logos",
)  # fmt: skip
EVERY_SOURCE = {
    "enabled": "switch",
    "seconds_between_requests": "number",
    "deadline_seconds": "number",
    "max_seconds": "number",
    "poll_minutes": "number",
}
# Tables whose keys and kinds are checked here, each a room's own.
ROOMS: dict[str, dict[str, str]] = {
    "evidence": {
        "enabled": "switch",
        "pages": "number",
        "megabytes": "number",
        "screenshots": "switch",
        "timestamp_url": "address",
        "timestamp_certificate": "text",
    },
    "listening": {
        "watched": "addresses",
        "topics": "lists",
        "poll_minutes": "number",
        "dpia_ref": "text",
        "dpia_on": "day",
    },
    "answers": {
        "opens": "text",
        "closes": "text",
        "closed_days": "texts",
        "half_days": "texts",
        "days": "number",
        "supervision_days": "number",
        "channel": "text",
    },
    "alerts": {
        "mail_to": "texts",
        "mail_from": "text",
        "smtp": "text",
        "starttls": "switch",
        "urgent": "texts",
        "webhooks": "texts",
        "cool_down_minutes": "number",
    },
    "review": {
        "four_eyes": "switch",
        "hosts": "texts",
        "secure_cookies": "switch",
        "session_hours": "number",
        "idle_minutes": "number",
        "trusted_proxies": "texts",
        "local_accounts": "switch",
        "log_days": "number",
        "tips": "switch",
        "oidc": "table",
        "headers": "table",
    },
    "crisis": {"contacts": "tables", "severity": "texts", "pointers": "texts", "times_faster": "number"},
}
TABLES = ("organisation", "contact", "files", "report", "sources", "queries", "retention", "matching", *ROOMS)
FRACTIONS = frozenset(
    {"alarms", "seconds", "seconds_between_requests", "deadline_seconds", "max_seconds", "max_dollars", "poll_minutes"}
)
MOST = 1_000_000_000
_SECRET = re.compile(r"passw(?:or)?d|lösenord|losenord|secret|hemlig|token|api[_-]?key|api[_-]?nyckel|bearer", re.I)
_HOST = re.compile(r"(?:[\w-]+\.)*[\w-]+\.?")


def check_settings(path: Path, tables: Mapping[str, Any]) -> None:
    """Raises ConfigError naming file, table and key, and what to write; values are not repeated, they may be secret.

    The sources' own keys stand in their files and are checked by `listener.sources.settings`, before a run.
    """
    _refuse_secrets(path, tables)
    check_known(path, "listener.toml", tables, TABLES)
    check_known(path, "[organisation]", tables.get("organisation", {}), ORGANISATION)
    for room, kinds in ROOMS.items():
        check_known(path, f"[{room}]", tables.get(room, {}), kinds)
        check_kinds(path, f"[{room}]", tables.get(room, {}), kinds)
    matching = tables.get("matching", {})
    check_known(path, "[matching]", matching, SETTABLE)
    read_thresholds(matching, path)
    for name, table in tables.get("sources", {}).items():
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: [sources.{name}] must be a table")
        check_kinds(path, f"[sources.{name}]", table, EVERY_SOURCE)


def is_secret(key: str) -> bool:
    """True for a key that looks like one of a password or a token."""
    return _SECRET.search(key) is not None


def _refuse_secrets(path: Path, tables: Mapping[str, Any]) -> None:
    for keys in _leaves(tables, ()):
        named = keys[2:] if keys[0] == "queries" else keys  # a saved search may be called lösenord
        if any(map(is_secret, named)):
            wanted = f"LISTEN_{keys[1].upper()}_…" if keys[0] == "sources" and keys[1].isidentifier() else "LISTEN_…"
            raise ConfigError(f"{path}: {'.'.join(keys)}: secrets are read from the environment: set {wanted}")


def _leaves(table: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The way to every value, those within lists of tables too."""
    for key, value in table.items():
        rows = value if isinstance(value, list) else [value]
        inside = [row for row in rows if isinstance(row, dict)]
        for row in inside:
            yield from _leaves(row, (*keys, key))
        if not inside:
            yield (*keys, key)


def check_known(path: Path, where: str, table: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse a name that is none of ours, and say which one was meant."""
    for name in table:
        if name in known:
            continue
        near = get_close_matches(name.lower(), known, n=1)
        if near:
            raise ConfigError(f"{path}: {where} has no {name!r}: did you mean {near[0]}?")
        raise ConfigError(f"{path}: {where} has no {name!r}: there are {', '.join(sorted(known))}")


def check_kinds(path: Path, where: str, table: Mapping[str, Any], kinds: Mapping[str, str]) -> None:
    """Refuse a value that is not of its key's kind (the names of KINDS), and say what to write."""
    for key in table.keys() & kinds.keys():
        if not KINDS[kinds[key]](key, table[key]):
            raise ConfigError(f"{path}: {where} {key}: {_wanted(key, kinds[key])}")


def _wanted(key: str, kind: str) -> str:
    """What to write instead."""
    if kind == "number":
        return f"write a number of 0 or more, {key} = 10"
    if kind == "texts":
        return f'write a list of texts, {key} = ["…"]'
    if kind == "lists":
        return f'write a list of words for each, in [listening.{key}]: traffic = ["buss*"]'
    if kind == "tables":
        return f"write each as a table of its own, [[crisis.{key}]]"
    if kind == "table":
        return f"write it as a table of its own, with {key} in its heading"
    if kind == "addresses":
        return f'write a list of web addresses, {key} = ["https://example.org/"]'
    if kind == "servers":
        return f'write a list of servers, {key} = ["mastodon.social"]'
    if kind == "switch":
        return f"write {key} = true or {key} = false, without quotation marks"
    if kind == "day":
        return f"write a day, {key} = 2026-11-01"
    if kind == "socket":
        return f'write the address of a WebSocket, {key} = "wss://example.org"'
    if kind == "text":
        return f'write the {key} as text, {key} = "…"'
    return f'write a web address, {key} = "https://example.org"'


def _is_number(key: str, value: object) -> bool:
    """Not nan, not endless; whole unless it counts seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= MOST and (isinstance(value, int) or key in FRACTIONS)


def is_address(value: object) -> bool:
    """True for http(s) with a host, a port at most, and no log-in in it."""
    if not isinstance(value, str) or re.search(r"\s", value):
        return False
    try:
        parts = urlsplit(value)
        name, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    fits = _HOST.fullmatch(name) or ":" in name
    return parts.scheme in ("http", "https") and "@" not in parts.netloc and bool(fits)


def is_socket(value: str) -> bool:
    """True for the address of a WebSocket; who asks it sees to it that only this machine's own goes unencrypted."""
    return value.startswith(("wss://", "ws://")) and is_address("http" + value.removeprefix("ws"))


def _is_server(value: object) -> bool:
    if not isinstance(value, str):
        return False
    return is_address(value if "://" in value else f"https://{value}") and bool(re.search(r"[.:]|localhost", value))


def _is_day(value: object) -> bool:
    """A day as TOML writes it, or as text, which may be empty."""
    if isinstance(value, str) and value:
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
    return isinstance(value, str) or (isinstance(value, date) and not isinstance(value, datetime))


def _each(test: Callable[[object], bool]) -> Callable[[str, object], bool]:
    return lambda _key, value: isinstance(value, list) and all(map(test, value))


KINDS: dict[str, Callable[[str, object], bool]] = {
    "switch": lambda _key, value: isinstance(value, bool),
    "number": _is_number,
    "day": lambda _key, value: _is_day(value),
    "text": lambda _key, value: isinstance(value, str),
    "texts": _each(lambda value: isinstance(value, str)),
    "lists": lambda key, value: isinstance(value, dict) and all(KINDS["texts"](key, one) for one in value.values()),
    "tables": _each(lambda value: isinstance(value, dict)),
    "table": lambda _key, value: isinstance(value, dict),
    "address": lambda _key, value: is_address(value),
    "addresses": _each(is_address),
    "socket": lambda _key, value: isinstance(value, str) and is_socket(value),
    "servers": _each(_is_server),
    "pattern": lambda _key, value: isinstance(value, str) and is_address(value.replace("{handle}", "a.example")),
}
