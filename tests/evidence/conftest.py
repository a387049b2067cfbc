"""A store with one flagged account, and answers about it as a source would have got them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from almby_findings import NOW, finding

from listener.config import Config, read_config
from listener.evidence.secrets import Secrets
from listener.evidence.snapshot import Camera
from listener.evidence.spool import Spool
from listener.models import Finding
from listener.store import Store, open_store
from listener.store.accounts import save_findings
from listener.store.runs import start_run

FROZEN = "2026-11-16T07:00:00+00:00"
SEARCH = "https://api.example/search?q=almby"
STRANGER = {"id": "did:plc:stranger", "handle": "greta.example", "bio": "Privatperson i Almby"}


def profile(**changes: Any) -> dict[str, Any]:
    return {"id": "did:plc:one", "handle": "almby-kommun.example", "bio": "Vi svarar dygnet runt"} | changes


def answer(spool: Spool, content: Any, url: str = SEARCH, kind: str = "application/json", status: int = 200) -> None:
    """One answer as the session's recorder would spool it."""
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    spool.writer.add(url, status, [("Content-Type", kind)], body, asked=(("User-Agent", "listen"),))


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


def audited(store: Store, config: Config, *findings: Finding) -> Camera:
    """What a run saved, and the camera of that run."""
    run_id = start_run(store, "audit", NOW, ["bluesky"])
    save_findings(store, run_id, "bluesky", findings or (finding(),), NOW)
    return Camera(store, config, run_id=run_id)
