"""A4: exactly 15 local offices, 9 departments, 3 teams, 4 employees, 2 impostors; private accounts are in no table."""

from __future__ import annotations

import json

import pytest
from town import Town

from listener.models import Verdict

pytestmark = pytest.mark.network

WANTED = {"local_office": 15, "department": 9, "team": 3, "employee_official": 4, "impostor": 2}


def counts(town: Town) -> dict[str, dict[str, int]]:
    report = town.listen("report", "--week", "latest", "--format", "json")
    assert report.returncode == 0, report.stderr
    rows = json.loads(report.stdout)["rows"]
    return {row["kind"]: row for row in rows}


def test_the_report_counts_what_the_inspector_general_counted(town: Town) -> None:
    first = town.listen("audit")
    assert first.returncode == 0, first.stderr
    rows = counts(town)
    assert {kind: rows[kind]["new"] for kind in WANTED} == WANTED
    assert {kind: rows[kind]["open"] for kind in WANTED} == WANTED

    town.a_week_later()
    assert town.listen("audit").returncode == 0
    rows = counts(town)
    assert {kind: rows[kind]["new"] for kind in WANTED} == dict.fromkeys(WANTED, 0)
    assert {kind: rows[kind]["open"] for kind in WANTED} == WANTED


def test_private_accounts_leave_no_trace_in_clear_text(town: Town) -> None:
    assert town.listen("audit").returncode == 0
    world = town.served.world
    heard = {post.author for post in world.posts}  # who said something about us in public stands in the log of mentions
    private = [r.account for r in world.residents if r.expected is Verdict.UNRELATED and r.account.handle not in heard]
    assert len(private) >= 6
    stored = b"".join(path.read_bytes() for path in town.folder.glob("listener.db*"))
    for account in private:
        for text in (account.handle, account.display_name, account.description):
            assert not text or text.encode() not in stored, text
