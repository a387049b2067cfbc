"""An account is registered from its case whole or not at all, and as itself."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from flask import Flask

from listener.models import Decision, State
from listener.registry import load_registry
from listener.store import Store
from listener.store.cases import history, load_case, save_decision
from listener.store.database import StoreError
from listener.store.tokens import add_token

from .conftest import NOW, Browser, finding

Open = Callable[..., Browser]
ROW = {"platform": "x", "url": "https://x.com/almbykommun1", "unit": "Simhallen", "status": "approved",
       "owner_email": "sim@almby.example", "ours": "yes"}  # fmt: skip


@pytest.fixture
def registrar(browser: Open, flagged: Callable[..., None], store: Store) -> Callable[..., int]:
    flagged(finding(1))
    one = browser("registrar")

    def add(**changed: str) -> int:
        one.get("/case/1/register")
        seen = str(history(store, 1)[-1].id)
        return int(one.post("/case/1/register/add", **(ROW | {"seen": seen} | changed)).status_code)

    return add


def test_what_cannot_be_saved_leaves_no_row_behind(
    registrar: Callable[..., int], store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "registry.csv").read_bytes()
    leave = Store.transaction

    class Broken:
        """A transaction that the disk has no room for when it ends."""

        def __init__(self, kept: Store) -> None:
            self.inner = leave(kept)

        def __enter__(self) -> None:
            self.inner.__enter__()

        def __exit__(self, *wrong: object) -> None:
            full = StoreError("disk full")
            self.inner.__exit__(StoreError, full, None)
            raise full

    with monkeypatch.context() as patched:
        patched.setattr(Store, "transaction", Broken)
        assert registrar() >= 400
    assert (folder / "registry.csv").read_bytes() == before
    assert load_case(store, 1).state == "new"
    assert registrar() == 302
    assert len(load_registry(folder / "registry.csv").entries) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"url": "https://x.com/nagot_annat"},
        {"url": "https://x.com/nagot_annat", "platform_id": "1"},
        {"url": "https://x.com/nagot_annat", "handle": "almbykommun1"},
        {"platform_id": "2"},
        {"platform": "bluesky", "url": "https://bsky.app/profile/almbykommun1.bsky.social"},
    ],
)
def test_no_other_account_is_registered_in_its_place(
    registrar: Callable[..., int], store: Store, folder: Path, other: dict[str, str]
) -> None:
    assert registrar(**other) == 422
    assert load_registry(folder / "registry.csv").entries == ()
    assert load_case(store, 1).state == "new"


def test_another_spelling_of_its_address_is_itself(registrar: Callable[..., int], folder: Path) -> None:
    assert registrar(url="https://twitter.com/AlmbyKommun1?lang=sv", platform_id="1", handle="almbykommun1") == 302
    assert len(load_registry(folder / "registry.csv").entries) == 1


def test_who_was_found_to_pass_for_us_is_registered_by_whoever_knows_better(
    browser: Open, registrar: Callable[..., int], store: Store, folder: Path
) -> None:
    page = browser("registrar").get("/case/1/register").text
    assert "Found to be: impostor" in page
    assert '<option value="pending" selected>' in page, "its row takes nothing for granted"
    assert re.search(r'name="owner_email" type="email" value=""', page)
    assert registrar(ours="") == 422
    assert load_registry(folder / "registry.csv").entries == ()
    assert load_case(store, 1).state == "new"


def test_the_row_to_copy_is_no_formula(browser: Open, flagged: Callable[..., None]) -> None:
    made = finding(1)
    flagged(msgspec.structs.replace(made, account=msgspec.structs.replace(made.account, display_name="=HYPERLINK(1)")))
    page = browser("reviewer").get("/case/1/register").text
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert shown
    assert ",'=HYPERLINK(1)," in html.unescape(shown[1])


def test_only_who_decides_destroys_evidence_and_takes_that_back(
    app: Flask, browser: Open, flagged: Callable[..., None], store: Store
) -> None:
    flagged(finding(1))
    reviewer, decider = browser("reviewer"), browser("decider")
    assert "child_abuse" not in reviewer.get("/case/1").text
    assert reviewer.decide(1, "confirmed", "child_abuse", destroy="yes").status_code == 403
    system = {"Authorization": f"Bearer {add_token(store, 'script', 'reviewer', NOW)}"}
    told = {"to": "confirmed", "reason": "child_abuse", "seen": history(store, 1)[-1].id}
    assert app.test_client().post("/api/v1/cases/1/decide", json=told, headers=system).status_code == 403
    assert load_case(store, 1).account.display_name
    assert decider.decide(1, "confirmed", "child_abuse", destroy="yes").status_code == 302
    assert load_case(store, 1).account.display_name is None
    for one, code in ((reviewer, 403), (decider, 302)):
        seen = str(history(store, 1)[-1].id)
        one.get("/case/1")
        assert one.post("/case/1/undo", seen=seen).status_code == code


def test_a_message_to_a_unit_holds_no_barred_address(browser: Open, flagged: Callable[..., None], store: Store) -> None:
    flagged(finding(1))
    one = browser("decider")
    assert "almbykommun1" in one.get("/case/1/forward?to=Simhallen").text
    save_decision(store, Decision(case_id=1, who="kim", to=State.CONFIRMED, reason="child_abuse"), NOW)
    page = one.get("/case/1/forward?to=Simhallen").text
    assert "almbykommun1" not in page
