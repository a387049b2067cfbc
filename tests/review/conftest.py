"""A town's audited store, and browsers that are logged in to the review page over it."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache

from listener.config import load_config
from listener.models import Account, Asks, Finding, Nearest, Signal, UnitKind, Verdict
from listener.review import create_app, passwords
from listener.store import Store, open_store
from listener.store.accounts import save_findings
from listener.store.people import add_person
from listener.store.runs import start_run

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
HERE_NOW = "2026-11-20T07:00:00+01:00"
PASSWORD = "tio hästar i regn"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD.encode())  # a quick one, for tests
NEAREST = Nearest(platform="x", handle="almbykommun", url="https://x.com/almbykommun", unit="Almby kommun")

costly_nobody = passwords._nobody


class Compiled(BytecodeCache):
    """Templates compiled once for all the apps of a test run."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


class Browser:
    """Somebody at the page: sends the session's own form with every change."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.form = ""

    def get(self, path: str, **words: Any) -> Any:
        answer = self.client.get(path, **words)
        if found := re.search(r'name="form" value="([^"]+)"', answer.text):
            self.form = found[1]
        return answer

    def post(self, path: str, **fields: str) -> Any:
        return self.client.post(path, data={"form": self.form, **fields})

    def decide(self, case: int, to: str, reason: str, **fields: str) -> Any:
        shown = self.get(f"/case/{case}").text.partition("<main")[2]  # above it the decision before may be taken back
        seen = re.search(r'name="seen" value="(\d+)"', shown)
        sent = {"seen": seen[1] if seen else "", "to": to, f"reason-{to}": reason} | fields
        return self.post(f"/case/{case}/decide", **sent)


def finding(number: int, verdict: Verdict = Verdict.IMPOSTOR, **known: Any) -> Finding:
    account = Account(
        platform="x", platform_id=str(number), handle=f"almbykommun{number}", display_name="Almby kоmmun",
        url=f"https://x.com/almbykommun{number}", source="x", followers=12,
    )  # fmt: skip
    why = Signal(feature="name", asks=Asks.POSES, score=0.9, detail="display name 'a' equals our 'a'")
    kind = UnitKind.LOCAL_OFFICE if verdict is Verdict.UNAPPROVED_UNIT else None
    made = Finding(account=account, verdict=verdict, score=0.9, signals=(why,), nearest=NEAREST, unit_kind=kind)
    return type(made)(**{name: known.get(name, getattr(made, name)) for name in made.__struct_fields__})


@pytest.fixture(scope="session", autouse=True)
def _quick_nobody() -> Iterator[None]:
    """A name that is not there costs as little to try as those of the tests; what it costs else has a test."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_nobody", lambda: HASH)
        yield


def settled(folder: Path) -> Path:
    """The folder, with a town's settings and an empty register."""
    (folder / "listener.toml").write_text(
        '[organisation]\nname = "Almby kommun"\ndomains = ["almby.example"]\n', encoding="utf-8"
    )
    (folder / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return settled(tmp_path)


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with somebody of each role, made once and copied for each test."""
    path = tmp_path_factory.mktemp("peopled") / "listener.db"
    with open_store(path) as opened:
        for role in ("reader", "reviewer", "decider", "registrar", "operator"):
            add_person(opened, role, role, HASH, NOW)
    return path


@pytest.fixture
def store(folder: Path, peopled: Path) -> Iterator[Store]:
    shutil.copy(peopled, folder / "listener.db")
    with open_store(folder / "listener.db") as opened:
        yield opened


@pytest.fixture
def flagged(store: Store) -> Callable[..., None]:
    def save(*findings: Finding) -> None:
        save_findings(store, start_run(store, "audit", NOW, ["x"]), "x", findings, NOW)

    return save


def app_over(folder: Path, key: str = "", **environ: str) -> Flask:
    """The page over the settings and the store in a folder, its templates compiled before."""
    made = create_app(load_config(folder / "listener.toml", {"LISTEN_NOW": HERE_NOW} | environ), key=key)
    made.jinja_env.bytecode_cache = COMPILED
    return made


@pytest.fixture(scope="session")
def plain_app(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, dict[str, Any]]:
    """An app without settings of its own, and its configuration as it was made: sixty addresses take time to learn."""
    made = app_over(settled(tmp_path_factory.mktemp("plain")))
    return made, dict(made.config)


@pytest.fixture
def app(folder: Path, store: Store, plain_app: tuple[Flask, dict[str, Any]]) -> Flask:
    config = load_config(folder / "listener.toml", {"LISTEN_NOW": HERE_NOW})
    if config.table("review"):
        return app_over(folder)
    made, as_made = plain_app
    made.config.clear()
    made.config.update(as_made, LISTEN=config, STORES=threading.local())
    made.extensions.pop("saved_queries", None)  # of the settings of the test before
    return made


def logged_in(app: Flask, who: str = "", language: str = "en") -> Browser:
    """Somebody at the page, with the form of their session at hand; without a name nobody in particular."""
    one = Browser(app.test_client())
    one.client.set_cookie("listen-language", language)
    one.get("/log-in")
    if who:
        assert one.post("/log-in", name=who, password=PASSWORD).status_code == 302
        one.get("/settings")
    return one


@pytest.fixture
def browser(app: Flask) -> Callable[..., Browser]:
    def open_one(who: str = "", language: str = "en") -> Browser:
        return logged_in(app, who, language)

    return open_one
