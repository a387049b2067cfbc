"""Keys never appear in what we write: every source has marked ones, and servers repeat whatever they are told."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import tomlkit

from listener.demo.serve import Reply, Request, Server
from listener.sources import load_sources

pytestmark = pytest.mark.network

ECHOES = {
    "refused": Reply(status=401, kind="application/json"),
    "failed": Reply(status=500, kind="text/html"),
    "odd": Reply(status=200, kind="application/json"),
}
# what some sources cannot be asked without
WANTED = {"instagram": {"own_id": "17841400"}}
ASKING = (("audit",), ("--query", "almby"))
TELLING = (
    ("doctor", "--reach"),
    ("sources",),
    ("sources", "--format", "json"),
    ("config", "show"),
    ("report", "--week", "latest", "--format", "html"),
    ("report", "--week", "latest", "--format", "json"),
)


class Echo:
    """A server that answers every request with what it was sent, its address and headers and all."""

    def __init__(self) -> None:
        self.manner = Reply()
        self.server = Server(self.answer)

    def answer(self, request: Request) -> Reply:
        told = json.dumps({"error": [request.path, request.query, request.headers, request.body.decode("latin-1")]})
        return Reply(status=self.manner.status, kind=self.manner.kind, body=told.encode())


@pytest.fixture
def echo() -> Iterator[Echo]:
    running = Echo()
    yield running
    running.server.stop()


def secrets() -> dict[str, str]:
    """Every secret that any source can use, each with a mark of its own."""
    names = {name for module in load_sources().values() for name in module.ABOUT.needs}
    return {name: f"marked/{name.lower().replace('_', '-')}+{number}" for number, name in enumerate(sorted(names))}


def settings(url: str) -> str:
    """Every source that has a key on, its terms accepted, every address it can be given leading to the server."""
    tables: dict[str, Any] = {
        "organisation": {"name": "Almby kommun", "domains": ["almby.example"], "municipality_code": "9999"},
        "contact": {"email": "press@almby.example"},
    }
    sources = {name: table(name, module.ABOUT, url) for name, module in load_sources().items()}
    return tomlkit.dumps({**tables, "sources": sources})


def table(name: str, about: Any, url: str) -> dict[str, Any]:
    if not about.needs:
        return {"enabled": False}
    values = {"address": url, "addresses": [url], "servers": [url], "pattern": url + "/{handle}"}
    given = {key: values[kind] for key, kind in about.keys.items() if kind in values}
    gate = {"terms_accepted": about.gate} if about.gate else {}
    return {
        "enabled": True,
        "seconds_between_requests": 0,
        "deadline_seconds": 1,
        "max_seconds": 0.4,
        **gate,
        **given,
        **WANTED.get(name, {}),
    }


def listen(folder: Path, arguments: tuple[str, ...], environ: Mapping[str, str]) -> bytes:
    """What one command prints, all of it."""
    done = subprocess.run(
        [sys.executable, "-m", "listener", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LISTEN_ALLOW_LOOPBACK": "1", **environ},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, 3, 4) or arguments[0] == "doctor", done.stderr.decode()
    return done.stdout + done.stderr


def disguises(secret: str) -> set[bytes]:
    """The ways in which a secret may be written."""
    basic = base64.b64encode(secret.encode()).rstrip(b"=")
    return {secret.encode(), quote(secret, safe="").encode(), json.dumps(secret).strip('"').encode(), basic}


def test_no_secret_is_ever_written(tmp_path: Path, echo: Echo) -> None:
    marked = secrets()
    (tmp_path / "listener.toml").write_text(settings(echo.server.url), encoding="utf-8")
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    printed: dict[str, bytes] = {}
    for manner, echo.manner in ECHOES.items():
        for arguments in (*ASKING, *(TELLING if manner == "odd" else ())):
            printed[f"{manner} {' '.join(arguments)}"] = listen(tmp_path, arguments, marked)
    written = {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    found = [
        f"{name} in {place}"
        for place, content in {**printed, **written}.items()
        for name, secret in marked.items()
        if any(form in content for form in disguises(secret))
    ]
    assert not found
    used = {
        name for name, secret in marked.items() if any(secret in sent for sent in map(telling, echo.server.requests))
    }
    assert used >= {"LISTEN_MASTODON_TOKEN", "LISTEN_X_BEARER_TOKEN"}, "one that is never used cannot leak"


def telling(request: Request) -> str:
    """All that one request brought with it, in clear."""
    return json.dumps([request.query, request.headers, request.body.decode("latin-1")], ensure_ascii=False)
