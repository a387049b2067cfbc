"""The register on the page: what is found, what is wrong with an account, what was, and who looked at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from listener.models import Completeness, Fault, SourceResult
from listener.registry import load_registry
from listener.store import Store
from listener.store.faults import save_faults
from listener.store.runs import finish_run, save_source, start_run
from listener.store.supervision import add_looks

from .conftest import NOW, Browser

Open = Callable[..., Browser]
BAD, GOOD = "https://x.com/almbybad", "https://bsky.app/profile/almby.example"
ROWS = f"""platform,url,unit,status,owner_email,handle,owner_role
x,{BAD},Badhuset,approved,bad@almby.example,almbybad,"=1+1 <script>alert(1)</script>"
bluesky,{GOOD},Almby kommun,approved,info@almby.example,almby.example,Chef
youtube,https://youtube.com/@almbybio,Biografen,archived,bio@almby.example,almbybio,
"""


@pytest.fixture
def folder(folder: Path) -> Path:
    (folder / "registry.csv").write_text(ROWS, encoding="utf-8")
    return folder


@pytest.fixture
def audited(folder: Path, store: Store) -> None:
    """Three audits: the first found a fault with both accounts; X failed in the second, and in the third was well."""
    for days, failed in ((9, False), (2, False), (1, True)):
        now = NOW - timedelta(days=days)
        run = start_run(store, "audit", now, ["x", "bluesky"])
        for source in ("x", "bluesky"):
            went = Completeness.UNAVAILABLE if failed and source == "x" else Completeness.COMPLETE
            save_source(store, run, SourceResult(source=source, completeness=went, accounts=1, posts=0, seconds=1))
        faults = [] if failed else [Fault(rule="P4", url=BAD, unit="Badhuset", detail="no link to our site", hint="")]
        if days == 9:
            faults.append(Fault(rule="P1", url=GOOD, unit="Almby kommun", detail="no name of ours", hint=""))
        save_faults(store, run, faults)
        finish_run(store, run, now, 0, not failed)
    add_looks(store, load_registry(folder / "registry.csv").entries[1:2], "kim", 2, "två svar togs bort", NOW)


def found(page: str) -> list[str]:
    return re.findall(r'class="open" href="[^"]*url=([^"]+)"', page)


def test_accounts_are_found_by_filters_that_are_addresses(browser: Open, audited: None) -> None:
    one = browser("reader")
    for asked, count in (
        ("", 3),
        ("platform=x", 1),
        ("unit=bad", 1),
        ("status=archived", 1),
        ("text=ALMBYB", 2),
        ("only=late", 1),
        ("only=faults", 1),
        ("first=1", 2),
        ("first=x&status=nonsense", 0),
    ):
        assert len(found(one.get(f"/registry?{asked}").text)) == count, asked


def test_what_a_source_could_not_see_takes_no_fault_back(browser: Open, audited: None) -> None:
    page = browser("reader").get("/registry?platform=x").text
    assert "to put right: <bdi>no link to our site</bdi>" in page, "X failed in the last run"
    assert "Nobody has looked at it in time." in page
    assert "no name of ours" not in browser("reader").get("/registry?platform=bluesky").text, "mended since"


def test_an_account_tells_its_faults_their_past_and_who_looked(browser: Open, audited: None) -> None:
    one = browser("reader")
    bad = one.get(f"/registry/account?url={BAD}").text
    assert "in 2 runs, <time" in bad
    assert "Nobody has noted that they looked at it." in bad
    assert "<script>alert" not in bad
    good = one.get(f"/registry/account?url={GOOD}/").text
    assert "två svar togs bort" in good
    assert "2 posts removed" in good
    assert "in 1 run, <time" in good
    assert "Uppsikt" in browser("reader", "sv").get(f"/registry/account?url={GOOD}").text
    assert one.get("/registry/account?url=https://x.com/nobody").status_code == 404
    assert one.get("/registry/account").status_code == 404


def test_a_register_changed_beside_the_page_is_read_anew_and_a_faulty_one_told(
    browser: Open, folder: Path, audited: None
) -> None:
    one = browser("reader")
    one.get("/registry")
    (folder / "registry.csv").write_text("\n".join(ROWS.splitlines()[:2]) + "\n", encoding="utf-8")
    assert len(found(one.get("/registry").text)) == 1
    (folder / "registry.csv").write_text("platform,url,unit,status,owner_email\nmyspace,x,,odd,\n", encoding="utf-8")
    answer = one.get("/registry")
    assert answer.status_code == 409
    assert "registry.csv:2" in answer.text
