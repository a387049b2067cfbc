"""Filed reports are opened so that nothing in them runs or leads out of the folder; the picture of a crisis too."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from listener.clock import Week
from listener.config import load_config
from listener.crisis.course import slug
from listener.report.filing import file_report, load_scope
from listener.store import Store
from listener.store.crises import begin_crisis
from listener.store.runs import finish_run, start_run

from .conftest import NOW, Browser

Open = Callable[..., Browser]


@pytest.fixture
def reports(folder: Path, store: Store) -> Path:
    """The folder with the report of week 46 2026."""
    run = start_run(store, "audit", NOW.replace(day=10), ["x"])
    finish_run(store, run, NOW.replace(day=10), 0, complete=True)
    config = load_config(folder / "listener.toml", {"LISTEN_NOW": NOW.isoformat()})
    file_report(config, store, load_scope(config), Week(2026, 46), "sv")
    return config.reports


def style_of(html: str) -> str:
    found = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert found
    return b64encode(sha256(found[1].encode()).digest()).decode()


def test_a_report_opens_with_its_own_style_and_nothing_else(browser: Open, reports: Path) -> None:
    one = browser("reader")
    assert 'href="/reports/2026-W46.html"' in one.get("/reports").text
    answer = one.get("/reports/2026-W46.html")
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{style_of(answer.text)}';" in policy
    assert '<nav><a href="/reports">Back to the reports</a></nav>' in answer.text
    assert "default-src 'none'" in policy
    assert "sandbox allow-scripts;" in policy
    assert "script-src" not in policy
    assert "same-origin" not in policy
    assert "unsafe-inline" not in policy
    assert " style=" not in answer.text, "a style attribute would be refused"


def test_a_style_slipped_into_a_report_is_not_allowed(browser: Open, reports: Path) -> None:
    path = reports / "2026-W46.html"
    path.write_text(path.read_text(encoding="utf-8").replace("</body>", "<style>p{}</style></body>"), encoding="utf-8")
    policy = browser("reader").get("/reports/2026-W46.html").headers["Content-Security-Policy"]
    assert policy.count("sha256-") == 1


def test_figures_are_downloaded(browser: Open, reports: Path) -> None:
    answer = browser("reader").get("/reports/2026-W46.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.json["week"]["number"] == 46


def test_no_path_leads_out_of_the_folder(browser: Open, reports: Path) -> None:
    (reports / "2026-W40.html").symlink_to(reports.parent / "listener.toml")
    (reports / "secret.html").write_text("x", encoding="utf-8")
    one = browser("reader")
    for name in (
        "2026-W40.html",
        "secret.html",
        "..%2flistener.toml",
        "../listener.db",
        "2026-W41.html",
        "2026-W46.html%00",
    ):
        assert one.get(f"/reports/{name}").status_code == 404, name
    assert browser().get("/reports/2026-W46.html").status_code == 302


def test_the_picture_of_a_crisis_is_drawn_for_those_who_review(browser: Open, store: Store, reports: Path) -> None:
    begin_crisis(store, "Vattnet <b>", (), 0.5, "kim", NOW)
    (reports / f"crisis-1-{slug('Elavbrott i norr')}.html").write_text("<html></html>", encoding="utf-8")
    one = browser("reviewer")
    page = one.get("/crisis").text
    assert "Vattnet &lt;b&gt;" in page
    assert "crisis-1-elavbrott-i-norr" in page
    answer = one.post("/crisis/picture")
    assert answer.status_code == 200
    assert f"'sha256-{style_of(answer.text)}'" in answer.headers["Content-Security-Policy"]
    assert "Vattnet &lt;b&gt;" in answer.text
    assert browser("reader").post("/crisis/picture").status_code == 403
