"""A store for one flagged account, and a spool for what a source is answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from spooled import FROZEN

from listener.config import Config, read_config
from listener.evidence.spool import Spool
from listener.redaction import Secrets
from listener.store import Store, open_store


@pytest.fixture
def config(tmp_path: Path) -> Config:
    tables = {"organisation": {"name": "Almby kommun"}}
    return read_config(tmp_path / "listener.toml", tables, {"LISTEN_NOW": FROZEN})


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    with open_store(config.store) as opened:
        yield opened


@pytest.fixture
def spool() -> Iterator[Spool]:
    spool = Spool(Secrets({}), lambda: datetime(2026, 11, 16, 7, 0, 1, tzinfo=UTC))
    yield spool
    spool.close()
