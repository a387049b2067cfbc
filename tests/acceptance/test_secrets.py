"""Keys never appear in what we write: every source has marked ones, and servers repeat whatever they are told."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import tomlkit

from listener.cli import run
from listener.config import REDIS
from listener.demo.serve import Reply, Request, Server
from listener.sources import load_sources
from listener.sources.search_engines import TOKEN as BRAVE
from listener.sources.x_client import APP_TOKEN, SIGNING, USER_TOKEN

pytestmark = pytest.mark.network

ECHOES = {
    "refused": Reply(status=401, kind="application/json"),
    "failed": Reply(status=500, kind="text/html"),
    "odd": Reply(status=200, kind="application/json"),
    "user": Reply(status=200, kind="application/json"),  # asked with the user's key, where the app's is missing
    "second": Reply(status=200, kind="application/json"),  # asked with what is used where the first key is missing
}
# what some sources cannot be asked without
WANTED: dict[str, dict[str, Any]] = {"instagram": {"own_id": "17841400"}, "websearch": {"engine": "brave"}}
# What signs a request is not sent with it; a Redis is asked by crawls that are shared, and this one has none.
NEVER_SENT = {"LISTEN_X_API_SECRET", "LISTEN_X_ACCESS_SECRET", "LISTEN_FACEBOOK_SECRET", "LISTEN_THREADS_SECRET", REDIS}
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
        self.leak = ""  # what its page holds
        self.server = Server(self.answer)

    def answer(self, request: Request) -> Reply:
        if request.path == "/page":
            return Reply(kind="text/html", body=self.leak.encode())
        told = json.dumps({"error": [request.path, request.query, request.headers, request.body.decode("latin-1")]})
        return Reply(status=self.manner.status, kind=self.manner.kind, body=told.encode())


@pytest.fixture
def echo() -> Iterator[Echo]:
    running = Echo()
    yield running
    running.server.stop()


def secrets(url: str) -> dict[str, str]:
    """Every secret that any source can use, each with a mark of its own."""
    names = {name for module in load_sources().values() for name in module.ABOUT.needs}
    names |= {BRAVE, REDIS, *SIGNING, own_token(url)}
    marked = {name: f"marked/{name.lower().replace('_', '-')}+{number}" for number, name in enumerate(sorted(names))}
    return marked | {REDIS: f"redis://:{quote(marked[REDIS], safe='')}@127.0.0.1:1/0"}


def own_token(url: str) -> str:
    """The name of the token that a Mastodon server at this address is given before any other."""
    return "LISTEN_MASTODON_TOKEN_" + re.sub(r"\W", "_", url.partition("://")[2]).upper()


def settings(url: str, seconds: float) -> str:
    """Every source that has a key on, its terms accepted, every address it can be given leading to the server.

    `seconds` is what each source may take: a server that fails is asked again and again.
    """
    tables: dict[str, Any] = {
        "organisation": {"name": "Almby kommun", "domains": ["almby.example"], "municipality_code": "9999"},
        "contact": {"email": "press@almby.example"},
    }
    sources = {
        name: table(name, module.ABOUT, url) | {"max_seconds": seconds} for name, module in load_sources().items()
    }
    return tomlkit.dumps({**tables, "sources": sources})


def table(name: str, about: Any, url: str) -> dict[str, Any]:
    if not about.needs and name not in WANTED:
        return {"enabled": False}
    values = {"address": url, "addresses": [url], "servers": [url], "pattern": url + "/{handle}"}
    given = {key: values[kind] for key, kind in about.keys.items() if kind in values}
    gate = {"terms_accepted": about.gate} if about.gate else {}
    return {
        "enabled": True,
        "seconds_between_requests": 0,
        "deadline_seconds": 5,
        **gate,
        **given,
        **WANTED.get(name, {}),
    }


def disguises(secret: str) -> set[bytes]:
    """The ways in which a secret may be written."""
    basic = base64.b64encode(secret.encode()).rstrip(b"=")
    return {secret.encode(), quote(secret, safe="").encode(), json.dumps(secret).strip('"').encode(), basic}


def unpacked(path: Path) -> bytes:
    """What a file holds, packed evidence as it reads."""
    content = path.read_bytes()
    return content + (gzip.decompress(content) if path.suffix == ".gz" else b"")


def test_no_secret_is_ever_written(
    tmp_path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    marked = secrets(echo.server.url)
    for name, secret in {**marked, "HOME": str(tmp_path), "LISTEN_ALLOW_LOOPBACK": "1"}.items():
        monkeypatch.setenv(name, secret)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    printed: dict[str, bytes] = {}
    echo.leak = " ".join(secret for name, secret in marked.items() if not name.endswith("_IDENTIFIER"))  # a handle
    more = {"odd": (("snapshot", f"{echo.server.url}/page"),), "second": TELLING}
    missing = {"user": (APP_TOKEN,), "second": (USER_TOKEN, own_token(echo.server.url))}
    for manner, echo.manner in ECHOES.items():
        text = settings(echo.server.url, 0.4 if manner == "failed" else 60)
        (tmp_path / "listener.toml").write_text(text, encoding="utf-8")
        for name in missing.get(manner, ()):
            monkeypatch.delenv(name)
        for arguments in (*ASKING, *more.get(manner, ())):
            code = run(list(arguments))
            printed[f"{manner} {' '.join(arguments)}"] = b"".join(capfdbinary.readouterr())
            assert code in (0, 3, 4) or arguments[0] == "doctor", arguments
    written = {str(path): unpacked(path) for path in tmp_path.rglob("*") if path.is_file()}
    found = [
        f"{name} in {place}"
        for place, content in {**printed, **written}.items()
        for name, secret in marked.items()
        if any(form in content for form in disguises(secret))
    ]
    assert not found
    assert any(b"[redacted]" in content for place, content in written.items() if place.endswith(".warc.gz"))
    sent = "\n".join(map(telling, echo.server.requests)).encode()
    unused = {name for name, secret in marked.items() if not any(form in sent for form in disguises(secret))}
    assert unused == NEVER_SENT, "one that is never used cannot leak"


def telling(request: Request) -> str:
    """All that one request brought with it, in clear."""
    return json.dumps([request.query, request.headers, request.body.decode("latin-1")], ensure_ascii=False)
