"""What another system reads beside the cases: proposals, the allow-list, the register and filed reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from listener.store import Store
from listener.store.tokens import add_token

from .conftest import NOW, Browser, finding

Get = Callable[..., Any]


@pytest.fixture
def get(app: Flask, store: Store) -> Get:
    token = add_token(store, "arkiv", "reader", NOW)

    def ask(path: str, **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return app.test_client().get(f"/api/v1{path}", query_string=query, headers=headers)

    return ask


def test_what_waits_and_what_may_stand_is_told(
    browser: Callable[..., Browser], flagged: Callable[..., None], get: Get
) -> None:
    flagged(finding(1), finding(2), finding(3))
    one = browser("decider")
    one.decide(1, "action", "police_report")
    for number in (2, 3):
        one.decide(number, "dismissed", "namesake", **{"until-dismissed": f"2027-11-2{number}"})
    (waiting,) = get("/proposals").json["proposals"]
    assert (waiting["case"], waiting["who"], waiting["to"], waiting["reason"]) == (
        1, "decider", "action", "police_report",
    )  # fmt: skip
    listed = get("/allowed", limit=1).json
    assert (listed["found"], [row["case"] for row in listed["allowed"]]) == (2, [2])
    assert listed["allowed"][0]["until"].startswith("2027-11-21T23:00")
    assert "first=1" in listed["next"]
    assert [row["case"] for row in get("/allowed", first=1).json["allowed"]] == [3]


def test_the_register_is_told_with_what_is_wrong_in_it(get: Get, folder: Path) -> None:
    (folder / "registry.csv").write_text(
        "platform,url,unit,status,owner_email\n"
        "x,https://x.com/almbykommun,Almby kommun,approved,info@almby.example\n"
        "bluesky,https://bsky.app/profile/bad.almby.example,Badhuset,approved,privat@gmail.com\n",
        encoding="utf-8",
    )
    told = get("/registry").json
    assert told["found"] == 2
    assert {row["unit"]: row["status"] for row in told["rows"]} == {"Almby kommun": "approved", "Badhuset": "approved"}
    (bad,) = get("/registry", platform="bluesky").json["rows"]
    assert bad["faults"], "a mailbox outside of ours"


def test_a_filed_report_is_had_by_its_week(get: Get, folder: Path) -> None:
    assert get("/reports").json == {"reports": []}
    assert get("/report", week="2026-W47").status_code == 404
    (folder / "reports").mkdir()
    (folder / "reports" / "2026-W47.json").write_text('{"organisation": "Almby kommun"}', encoding="utf-8")
    (folder / "reports" / "2026-W46.json").write_text("{", encoding="utf-8")
    assert [row["week"] for row in get("/reports").json["reports"]] == ["2026-W47", "2026-W46"]
    assert get("/report", week="2026-W47").json["report"] == {"organisation": "Almby kommun"}
    assert get("/report", week="2026-W46").status_code == 404
    for week in ("../../etc/passwd", "2026-W47.json", "", "2026-W99"):
        assert get("/report", week=week).status_code == 400, week
