"""Almby with alerts: settings, a store, and ways to say what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listener.alerts.alert import Alert
from listener.config import Config, load_config
from listener.store import Store, open_store

NOW = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
SETTINGS = """
[organisation]
name = "Almby kommun"
places = ["Almby"]
domains = ["almby.example"]
[contact]
email = "press@almby.example"
[report]
language = "{language}"
[queries.simhallen]
query = "Almby simhallen"
purpose = "omvärldsbevakning"
[alerts]
{alerts}
"""
MAILED = """mail_to = ["{to}"]
mail_from = "listen@almby.example"
smtp = "127.0.0.1:{port}"
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "listener.db") as opened:
        yield opened


@pytest.fixture
def configured(tmp_path: Path) -> Callable[..., Config]:
    """configured('mail_to = […]', LISTEN_X='y') is what listener.toml and the environment say."""

    def make(alerts: str = "", language: str = "en", **environ: str) -> Config:
        path = tmp_path / "listener.toml"
        path.write_text(SETTINGS.format(alerts=alerts, language=language), encoding="utf-8")
        (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n")
        clock = {"LISTEN_NOW": "2026-11-20T12:00:00+01:00", "LISTEN_ALLOW_LOOPBACK": "1"}
        return load_config(path, {**clock, **environ})

    return make


@pytest.fixture
def alert() -> Callable[..., Alert]:
    """alert(cause=…) is an urgent one."""

    def make(**fields: object) -> Alert:
        given = {"kind": "storm", "severity": "urgent", "title": "Unusual pattern: simhallen",
                 "cause": "90 posts in an hour.", "key": "storm:1:0", "links": ("listen crisis report",)}  # fmt: skip
        return Alert(**{**given, **fields})  # type: ignore[arg-type]

    return make
