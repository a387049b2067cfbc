"""The queue at the terminal: what waits is listed, shown with its reasons, decided with one, and taken back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listener.cli import run
from listener.first_files import register
from listener.language import speaking
from listener.models import Account, Asks, Finding, Nearest, Signal, UnitKind, Verdict
from listener.spreadsheet import restore
from listener.store import open_store
from listener.store.accounts import save_findings
from listener.store.cases import history
from listener.store.runs import finish_run, start_run

WEEK_AGO = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
HOSTILE = "Almby\u202e kom\x1b[31mmun"
NAMES = (
    HOSTILE,
    '=HYPERLINK("http://x.example")',
    "@almby",
    "-1+1",
    "+46 19 21 10 00",
    "Almby; kommun\nÅäö",
    "\tflik",
    "'=apostrof",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings and a store with one case for each of NAMES."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-23T07:00:00+00:00")
    monkeypatch.setenv("LISTEN_USER", "sara")
    (tmp_path / "listener.toml").write_text('[organisation]\nname = "Almby kommun"\n')
    with open_store(tmp_path / "listener.db") as store:
        run_id = start_run(store, "audit", WEEK_AGO, ["bluesky"])
        save_findings(store, run_id, "bluesky", list(map(found, range(len(NAMES)))), WEEK_AGO)
    return tmp_path


def found(number: int) -> Finding:
    account = Account(
        platform="mastodon" if number == 3 else "bluesky",
        platform_id=f"did:plc:{number}",
        handle=f"almby{number}.example",
        display_name=NAMES[number],
        url=f"https://almby{number}.example/profile",
        description="Skriv till https://bluff.example/bankid",
    )
    return Finding(
        account=account,
        verdict=Verdict.IMPOSTOR if number == 0 else Verdict.UNAPPROVED_UNIT,
        unit_kind=None if number == 0 else UnitKind.TEAM,
        score=0.9,
        signals=(
            Signal(
                feature="handle", asks=Asks.POSES, score=0.98, detail="handle 'a1mby' reads like 'almby': '1' for 'l'"
            ),
            Signal(feature="parody", asks=Asks.SPARES, score=0.2, detail="the description says 'inofficiell'"),
        ),
        nearest=Nearest(platform="bluesky", handle="almby.example", url="https://almby.example/b", unit="Almby kommun"),
    )


def listed(capsys: pytest.CaptureFixture[str], *options: str) -> list[int]:
    capsys.readouterr()
    assert run(["review", "list", "--format", "json", *options]) == 0
    return [case["case"] for case in json.loads(capsys.readouterr().out)]


def test_the_list_is_harmless_and_the_gravest_comes_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "list"]) == 0
    heading, first, *_rest = capsys.readouterr().out.splitlines()
    assert heading.split()[:2] == ["case", "verdict"]
    assert first.split()[:2] == ["1", "impostor"]
    assert "Almby<U+202E> kom<U+001B>[31mmun" in first
    assert len(_rest) == len(NAMES) - 1, "a name with a line break is still one line"


def test_cases_are_chosen_by_state_verdict_kind_and_platform(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "decide", "2", "dismissed", "--reason", "parody"]) == 0
    assert listed(capsys) == [1, 3, 4, 5, 6, 7, 8]
    assert 2 in listed(capsys, "--all")
    assert listed(capsys, "--state", "dismissed") == [2]
    assert listed(capsys, "--verdict", "impostor") == [1]
    assert listed(capsys, "--unit-kind", "team", "--platform", "mastodon") == [4]
    assert listed(capsys, "--verdict", "unclear") == []


def test_a_case_is_shown_with_every_reason_and_nothing_to_click(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["review", "show", "1"]) == 0
    shown = capsys.readouterr().out
    assert "0.98  handle 'a1mby' reads like 'almby': '1' for 'l'" in shown
    assert "0.20  the description says 'inofficiell'" in shown
    assert "hxxps://almby0[.]example/profile" in shown
    assert "https://bluff.example" not in shown
    assert "https://almby.example/b" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    with speaking("sv"):
        assert run(["review", "show", "1"]) == 0
    assert "0,98  kontonamnet 'a1mby'" in capsys.readouterr().out
    assert run(["review", "show", "1", "--format", "json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole["case"]["account"]["display_name"] == HOSTILE
    assert whole["history"][0]["kind"] == "opened"


@pytest.mark.parametrize("reason", ["namesake", "namne", "Namne"])
def test_a_reason_may_be_given_in_either_language(
    folder: Path, capsys: pytest.CaptureFixture[str], reason: str
) -> None:
    assert run(["review", "decide", "1", "dismissed", "--reason", reason, "--text", "Almby IF"]) == 0
    assert "dismissed" in capsys.readouterr().out
    assert run(["review", "show", "1"]) == 0
    assert "new → dismissed · sara · namesake · “Almby IF”" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["decide", "1", "dismissed"], "--reason"),
        (["decide", "1", "dismissed", "--reason", "because"], "choose one of namesake"),
        (["decide", "1", "dismissed", "--reason", "other"], "--text"),
        (["decide", "1", "new", "--reason", "other"], "'new' is not one of"),
        (["decide", "99", "dismissed", "--reason", "parody"], "case 99"),
        (["snooze", "1", "--until", "yesterday"], "yesterday"),
        (["snooze", "1", "--until", "2020-01-01"], "that is past"),
        (["snooze", "1", "--until", "31/2"], "that is no day: write it as 2026-11-30"),
        (["undo", "1"], "nothing to undo"),
        (["assign", "1", ""], "name the person or the unit"),
        (["assign", "1", "  \t"], "name the person or the unit"),
        (["show", "0"], "0 is not in the range"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert run(["review", *arguments]) == 2
    assert complaint in capsys.readouterr().err
    with open_store(folder / "listener.db") as store:
        assert len(history(store, 1)) == 1


def test_undo_assign_and_snooze(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "assign", "1", "Biblioteken", "--who", "magnus"]) == 0
    assert run(["review", "snooze", "1", "--until", "14d"]) == 0
    assert capsys.readouterr().out.endswith("watched · assigned to Biblioteken · watched until 2026-12-07 08:00\n")
    assert run(["review", "undo", "1"]) == 0
    assert capsys.readouterr().out.endswith("new · assigned to Biblioteken\n")
    assert run(["review", "snooze", "1"]) == 0
    with open_store(folder / "listener.db") as store:
        trail = [(event.kind, event.who, event.reason) for event in history(store, 1)]
    assert trail == [
        ("opened", "listen", ""),
        ("assign", "magnus", ""),
        ("snooze", "sara", "until_date"),
        ("undo", "sara", ""),
        ("snooze", "sara", "until_change"),
    ]


def test_what_takes_two_is_proposed_and_another_person_approves(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide = ["review", "decide", "1", "action", "--reason", "police_report"]
    assert run(decide) == 0
    told = capsys.readouterr()
    assert "new\nsara proposes" in told.out
    assert "listen review approve 1 --who NAME" in told.err
    assert run(["review", "proposals"]) == 0
    assert "sara proposes" in capsys.readouterr().out
    assert run(["review", "approve", "1", "--who", "Sara"]) == 2
    assert "you proposed it yourself" in capsys.readouterr().err
    assert run(["review", "approve", "1", "--who", "magnus"]) == 0
    assert "action" in capsys.readouterr().out
    assert run(["review", "undo", "1", "--who", "magnus"]) == 0
    assert "magnus proposes" in capsys.readouterr().out
    assert run(["review", "reject", "1", "--text", "låt stå"]) == 0
    assert run(["review", "approve", "1"]) == 2
    assert "no proposal waits" in capsys.readouterr().err
    with open_store(folder / "listener.db") as store:
        kinds = [event.kind for event in history(store, 1)]
    assert kinds == ["opened", "proposed", "decision", "undo_proposed", "refused"]
    (folder / "listener.toml").write_text('[organisation]\nname = "Almby kommun"\n[review]\nfour_eyes = false\n')
    assert run(["review", "decide", "2", *decide[3:]]) == 0
    assert "proposes" not in capsys.readouterr().out


def test_an_export_survives_excel_and_comes_back_exact(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A10."""
    assert run(["review", "export", "--excel", "out.csv"]) == 0
    assert "8 cases written to out.csv" in capsys.readouterr().err
    whole = (folder / "out.csv").read_bytes()
    assert whole.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == len(NAMES)
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {row["score"] for row in rows} == {"0,9"}
    back = {int(row["case"]): restore(row["display_name"]) for row in rows}
    assert back == dict(enumerate(NAMES, start=1))


def test_data_formats_keep_names_exact(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "export", "-"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [row["display_name"] for row in rows] == list(NAMES)
    assert run(["review", "list", "--format", "ndjson"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["display_name"] for line in lines] == list(NAMES)


def test_without_a_store_the_way_to_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "listener.toml").write_text('[organisation]\nname = "Almby kommun"\n')
    assert run(["review", "list"]) == 2
    assert "listen audit" in capsys.readouterr().err
    assert not (tmp_path / "listener.db").exists()


def test_an_unwritable_place_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "export", "no/such/folder.csv"]) == 2
    assert "no/such/folder.csv" in capsys.readouterr().err


def test_no_filed_report_keeps_what_a_child_abuse_decision_destroys(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "registry.csv").write_text(register(), encoding="utf-8")
    with open_store(folder / "listener.db") as store:
        finish_run(store, 1, WEEK_AGO, 0, complete=True)
    for week in ("2026-W47", "2026-W48"):
        assert run(["report", "--week", week, "--language", "sv"]) == 0
    reports = folder / "reports"
    (reports / "2026-W48.json.new").write_text("Almby; kommun", encoding="utf-8")
    before = {path.name: path.read_text(encoding="utf-8") for path in reports.iterdir()}
    assert "Almby; kommun" in before["2026-W47.html"]
    assert "Almby; kommun" in before["2026-W47.json"]
    capsys.readouterr()
    assert run(["review", "decide", "6", "confirmed", "--reason", "child_abuse"]) == 0
    told = capsys.readouterr().err
    assert "2026-W47.html" in told
    assert "backed up" in told
    after = {path.name: path.read_text(encoding="utf-8") for path in reports.iterdir()}
    assert after.keys() == before.keys() - {"2026-W48.json.new"}
    assert not [name for name, text in after.items() if "Almby; kommun" in text]
