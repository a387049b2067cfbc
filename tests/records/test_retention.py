"""Deletion needs a decision, is shown before it is done, leaves no byte behind and keeps who, when and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.cli import run
from listener.models import Account, Decision, Fault, Finding, Issue, Observation, SourceResult, State, Verdict
from listener.models import Completeness as Seen
from listener.posts import Mention, Post
from listener.run import locked
from listener.store import Store, StoreError, open_store
from listener.store.accounts import save_findings
from listener.store.cases import history, list_cases, load_case, save_decision, verify_chain
from listener.store.disposal import load_protocol
from listener.store.faults import save_faults
from listener.store.mentions import save_mentions
from listener.store.runs import start_run
from listener.store.searches import load_searches, save_search

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=800)
SECRET = "pumpernickelpolka"
RULES = 'decision_ref = "KS 2026/123"\nmentions = 90\nfindings = 365\nskipped = 90\nsearches = 365\nlogs = 365\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings and a store that holds something old and something new of every class."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-23T07:00:00+00:00")
    monkeypatch.setenv("LISTEN_USER", "lena")
    decide_rules(tmp_path, RULES)
    with open_store(tmp_path / "listener.db") as store:
        fill(store, LONG_AGO, SECRET)
        fill(store, NOW - timedelta(days=3), "fresh")
    return tmp_path


def decide_rules(folder: Path, rules: str) -> None:
    (folder / "listener.toml").write_text(f'[organisation]\nname = "Almby kommun"\n\n[retention]\n{rules}')


def fill(store: Store, when: datetime, word: str) -> None:
    run_id = start_run(store, "audit", when, ["bluesky"])
    known = {"platform": "bluesky", "source": "bluesky"}
    accounts = [
        Account(platform_id=f"{word}-{n}", handle=f"{word}{n}", display_name=f"Almby {word} {n}", **known)
        for n in range(2)
    ]
    found = [Finding(account=account, verdict=Verdict.IMPOSTOR, score=0.9) for account in accounts]
    private = Finding(
        account=Account(platform_id=f"p-{word}", handle="p", **known), verdict=Verdict.UNRELATED, score=0.0
    )
    result = SourceResult(
        source="bluesky",
        completeness=Seen.UNAVAILABLE,
        issues=(Issue(source="bluesky", kind="failed", detail=f"https://x.example/{word}"),),
    )
    save_findings(store, run_id, "bluesky", [*found, private], when, result=result)
    first = [case.id for case in list_cases(store, states={State.NEW}) if case.account.id == f"bluesky:{word}-0"]
    decision = Decision(case_id=first[0], who="sara", to=State.DISMISSED, reason="other", text=f"the {word} dog")
    save_decision(store, decision, when)
    post = Post(platform="mastodon", id=word, text=f"Almby and the {word}", author=word, published_at=when)
    save_mentions(store, run_id, "almby", "mastodon", [Mention(post=post, query="almby")], when)
    save_search(store, when, f"almby {word}", purpose="test")
    save_faults(store, run_id, [Fault(rule="P1", url=f"https://x.example/{word}", unit="Almby", detail="no name")])


def counts(folder: Path) -> dict[str, int]:
    tables = ("mentions", "accounts", "cases", "events", "event_texts", "skipped", "searches", "issues", "faults")
    with open_store(folder / "listener.db") as store:
        return {table: store.db[table].count for table in tables}


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.name.startswith("listener.db"))


def test_no_decision_no_deletion(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = counts(folder)
    for rules in ("mentions = 90\n", 'decision_ref = ""\n', "decision_ref = 7\n"):
        decide_rules(folder, rules)
        for command in (["retention"], ["retention", "--dry-run"], ["gallra"]):
            assert run(command) == 2
            assert "decision_ref" in capsys.readouterr().err
    assert counts(folder) == before


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("mention = 9", "no such class"),
        ("mentions = 0", "whole number of days"),
        ("mentions = true", "whole number"),
        ('mentions = "a"', "whole"),
    ],
)
def test_a_rule_that_cannot_be_read_stops_everything(
    folder: Path, capsys: pytest.CaptureFixture[str], rule: str, complaint: str
) -> None:
    decide_rules(folder, f'decision_ref = "KS 1"\n{rule}\n')
    before = counts(folder)
    assert run(["retention"]) == 2
    assert complaint in capsys.readouterr().err
    assert counts(folder) == before


def test_a_dry_run_lists_counts_per_class_and_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = counts(folder)
    assert run(["gallra", "--dry-run", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {line["class"]: line["count"] for line in listed} == {
        "mentions": 1,
        "findings": 1,
        "skipped": 1,
        "searches": 1,
        "logs": 4,
    }
    assert {line["decision_ref"] for line in listed} == {"KS 2026/123"}
    assert {line["before"] for line in listed} == {"2026-08-25T07:00:00Z", "2025-11-23T07:00:00Z"}
    assert counts(folder) == before
    assert SECRET.encode() in everything(folder)
    assert run(["retention", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "KS 2026/123" in shown
    assert "Nothing was changed." in shown


def test_what_is_deleted_is_in_no_byte_of_the_store(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(folder / "listener.db") as store:
        second = [case.id for case in list_cases(store) if case.account.id == f"bluesky:{SECRET}-1"]
        save_decision(store, Decision(case_id=second[0], who="sara", to=State.RESOLVED, reason="removed"), LONG_AGO)
    assert SECRET.encode() in everything(folder)
    assert run(["retention"]) == 0
    assert "KS 2026/123" in capsys.readouterr().out
    written = everything(folder)
    assert SECRET.encode() not in written
    assert b"fresh" in written
    with open_store(folder / "listener.db") as store:
        assert store.rows("SELECT rowid FROM mentions_fts WHERE mentions_fts MATCH ?", (SECRET,)) == []
        assert len(store.rows("SELECT rowid FROM mentions_fts WHERE mentions_fts MATCH 'fresh'")) == 1
        assert [search.query for search in load_searches(store)] == ["almby fresh"]
    assert SECRET.encode() not in everything(folder)


def test_who_when_and_why_remain_without_the_words(folder: Path) -> None:
    assert run(["retention"]) == 0
    with open_store(folder / "listener.db") as store:
        gone = [row["id"] for row in store.rows("SELECT id FROM cases WHERE erased_at IS NOT NULL")]
        assert len(gone) == 1
        event = history(store, gone[0])[-1]
        assert (event.who, event.at, event.to_state, event.reason) == ("sara", LONG_AGO, State.DISMISSED, "other")
        assert event.text is None
        assert verify_chain(store) is None
        assert gone[0] not in {case.id for case in list_cases(store)}
        with pytest.raises(StoreError, match="erased by retention"):
            load_case(store, gone[0])
        told = store.rows("SELECT verdict, platform FROM weekly_changes WHERE case_id = ?", (gone[0],))
        assert told == [{"verdict": "impostor", "platform": "bluesky"}] * 2, "old weeks still count right"


def test_an_open_case_and_a_dismissed_account_still_there_are_never_too_old(folder: Path) -> None:
    with open_store(folder / "listener.db") as store:
        run_id = start_run(store, "audit", NOW, ["bluesky"])
        (old,) = [case for case in list_cases(store) if case.account.id == f"bluesky:{SECRET}-0"]
        save_findings(store, run_id, "bluesky", [old.finding], NOW)
    assert run(["retention"]) == 0
    with open_store(folder / "listener.db") as store:
        states = {case.account.id: case.state for case in list_cases(store)}
        assert states[f"bluesky:{SECRET}-0"] is State.DISMISSED
        assert states[f"bluesky:{SECRET}-1"] is State.NEW
        assert load_case(store, old.id).observation is Observation.SEEN


def test_the_protocol_says_what_went_by_which_decision_and_who_did_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["retention", "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    with open_store(folder / "listener.db") as store:
        protocol = load_protocol(store)
    assert [(entry.kind, entry.count) for entry in protocol] == [(line["class"], line["count"]) for line in printed]
    assert {(entry.decision_ref, entry.who, entry.at) for entry in protocol} == {("KS 2026/123", "lena", NOW)}
    assert run(["retention", "--format", "json"]) == 0
    assert sum(line["count"] for line in json.loads(capsys.readouterr().out)) == 0


def test_a_class_without_a_period_is_kept_and_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide_rules(folder, 'decision_ref = "KS 1"\nmentions = 90\n')
    before = counts(folder)
    assert run(["retention"]) == 0
    shown = capsys.readouterr().out
    assert "closed cases: no period decided, all kept" in shown
    assert counts(folder) == before | {"mentions": 1}


def test_somebody_reading_is_told_of(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from listener.store import database

    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with open_store(folder / "listener.db") as reader:
        reader.db.conn.execute("BEGIN")
        reader.db.conn.execute("SELECT count(*) FROM mentions").fetchone()
        assert run(["retention"]) == 5
        assert "run again" in capsys.readouterr().err
        reader.db.conn.execute("ROLLBACK")
    assert run(["retention"]) == 0
    assert f"the {SECRET}".encode() not in everything(folder)


def test_a_run_at_work_is_not_disturbed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = counts(folder)
    with locked(folder / "listener.db"):
        assert run(["retention"]) == 5
    assert "another run" in capsys.readouterr().err
    assert counts(folder) == before


def test_a_missing_store_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    decide_rules(tmp_path, RULES)
    assert run(["retention", "--dry-run"]) == 2
    assert not (tmp_path / "listener.db").exists()
