"""Tips from anybody: what is taken, what is not, and that they reach people and the next audit."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from listener.clock import rfc3339
from listener.context import Context
from listener.errors import ConfigError
from listener.http import Session
from listener.models import Term
from listener.review.tips import BEGAN, FILE
from listener.sources.tips import accounts
from listener.store import Store
from listener.store.tips import add_tip, open_tips

from .conftest import NOW, PASSWORD, Browser, app_over

SETTINGS = f"""
[organisation]
name = "Almby kommun"
[review]
tips = true
[sources.tips]
files = ["{FILE}"]
"""
ADDRESS = "https://x.com/almbykommunen"


@pytest.fixture
def box(folder: Path, store: Store) -> Flask:
    (folder / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    return app_over(folder)


def visitor(box: Flask, seconds: int = 10, place: str = "192.0.2.1") -> Browser:
    """Somebody who opened the form so many seconds ago."""
    client = box.test_client()
    client.environ_base["REMOTE_ADDR"] = place
    client.set_cookie("listen-language", "en")
    one = Browser(client)
    one.get("/tips")
    with client.session_transaction() as kept:
        kept[BEGAN] = rfc3339(NOW - timedelta(seconds=seconds))
    return one


def test_a_tip_reaches_the_page_and_the_next_audit_and_can_be_put_away(box: Flask, folder: Path, store: Store) -> None:
    answer = visitor(box).post("/tips", address=ADDRESS, words="Ber om BankID på evil.example\u202e")
    assert (answer.status_code, "Thank you" in answer.text) == (200, True)
    session = Session("press@almby.example")
    ctx = Context("tips", session, now=NOW, settings={"files": [FILE], "folder": str(folder)})
    (account,) = accounts(ctx, Term(text="almby"))
    session.requests.close()
    assert (account.platform, account.handle, account.description) == ("x", "almbykommunen", None)
    one = Browser(box.test_client())
    one.get("/log-in")
    one.post("/log-in", name="reviewer", password=PASSWORD)
    shown = one.get("/tips/received").text
    assert "hxxps://x[.]com/almbykommunen" in shown
    assert 'href="https://x.com' not in shown
    assert "\u202e" not in shown
    assert one.post("/tips/received/1").status_code == 302
    assert open_tips(store) == []
    assert (folder / FILE).read_bytes() == b""
    assert (folder / FILE).stat().st_mode & 0o077 == 0


def test_nothing_is_kept_of_who_it_was(box: Flask, store: Store) -> None:
    visitor(box, place="198.51.100.77").post("/tips", address=ADDRESS, words="hej")
    assert "198.51.100.77" not in "\n".join(store.conn.iterdump())


@pytest.mark.parametrize(
    "address", ["", "almby", "javascript:alert(1)", "https://", "data:text/html,x", "https://x.com/a\u202eb"]
)
def test_what_names_nothing_is_sent_back(box: Flask, store: Store, address: str) -> None:
    answer = visitor(box).post("/tips", address=address, words="<script>alert(1)</script>")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text.split("<main", 1)[1]
    assert open_tips(store) == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("instagram.com/almbyfejk", "https://instagram.com/almbyfejk"),
        ("@almbyfejk på Instagram", "https://www.instagram.com/almbyfejk"),
        ("almby.kommun, TikTok", "https://www.tiktok.com/@almby.kommun"),
        ("https://x.com/almbyfejk", "https://x.com/almbyfejk"),
    ],
)
def test_an_account_is_named_as_people_name_it(box: Flask, store: Store, written: str, kept: str) -> None:
    assert visitor(box).post("/tips", address=written).status_code == 200
    assert [tip.address.rstrip("/") for tip in open_tips(store)] == [kept]


def test_machines_are_slowed_down_or_not_heard(box: Flask, store: Store) -> None:
    quick = visitor(box, seconds=0)
    assert quick.post("/tips", address=ADDRESS).status_code == 422
    unseen = visitor(box).post("/tips", address=ADDRESS, website="https://spam.example/")
    assert "Thank you" in unseen.text
    assert visitor(box, seconds=50_000).post("/tips", address=ADDRESS).status_code == 422
    stranger = visitor(box)
    stranger.form = "gissat"
    assert stranger.post("/tips", address=ADDRESS).status_code == 403
    assert open_tips(store) == []


def test_one_place_takes_turns_and_does_not_stop_the_others(box: Flask, store: Store) -> None:
    codes = [visitor(box).post("/tips", address=f"{ADDRESS}{number}").status_code for number in range(6)]
    assert codes == [200] * 5 + [429]
    assert visitor(box, place="192.0.2.2").post("/tips", address=ADDRESS).status_code == 200
    for number in range(494):
        store.conn.execute("INSERT INTO tips (at, address, words) VALUES (?, ?, '')", (rfc3339(NOW), str(number)))
    store.conn.commit()
    assert visitor(box, place="192.0.2.3").post("/tips", address=ADDRESS).status_code == 429


def test_without_the_setting_there_is_no_such_page(browser: Callable[..., Browser]) -> None:
    assert browser().get("/tips").status_code == 404
    assert browser("reader").get("/tips/received").status_code == 404


def test_tips_that_no_audit_would_read_are_refused_when_the_page_starts(folder: Path, store: Store) -> None:
    (folder / "listener.toml").write_text(SETTINGS.replace(FILE, "others.csv"), encoding="utf-8")
    with pytest.raises(ConfigError, match="no audit sees them"):
        app_over(folder)


def test_a_file_that_was_lost_is_made_anew_at_the_start(folder: Path, store: Store) -> None:
    add_tip(store, ADDRESS, "", NOW)
    (folder / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    app_over(folder)
    assert json.loads((folder / FILE).read_text(encoding="utf-8")) == {"url": ADDRESS}
