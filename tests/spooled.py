"""Answers about invented accounts, spooled as a session's recorder would, and what a run saved."""

from __future__ import annotations

import json
from typing import Any

from almby_findings import NOW, finding

from listener.config import Config
from listener.evidence.snapshot import Camera
from listener.evidence.spool import Spool
from listener.models import Finding
from listener.store import Store
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


def audited(store: Store, config: Config, *findings: Finding) -> Camera:
    """What a run saved, and the camera of that run."""
    run_id = start_run(store, "audit", NOW, ["bluesky"])
    save_findings(store, run_id, "bluesky", findings or (finding(),), NOW)
    return Camera(store, config, run_id=run_id)
