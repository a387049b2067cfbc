"""What a platform's terms let be kept for a time only goes when that time is over, and nothing goes undecided."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.cli import run
from listener.config import Config, load_config
from listener.evidence.archive import Archive
from listener.models import Account, Asks, Decision, Finding, Signal, State, Verdict
from listener.posts import Mention, Post
from listener.store import Store, open_store
from listener.store.accounts import save_findings
from listener.store.cases import list_cases, load_case, save_decision
from listener.store.mentions import save_mentions
from listener.store.runs import start_run
from listener.store.snapshots import Kept

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
OLD, FRESH = NOW - timedelta(days=40), NOW - timedelta(days=20)
SETTINGS = '[organisation]\nname = "Almby kommun"\n[sources.bluesky]\nenabled = false\n'
RULES = '[retention]\ndecision_ref = "KS 2026/123"\n'


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-23T07:00:00+00:00")
    monkeypatch.setenv("LISTEN_USER", "lena")
    (tmp_path / "listener.toml").write_text(SETTINGS + RULES)
    config = load_config(None, {"LISTEN_NOW": "2026-11-23T07:00:00+00:00"})
    with open_store(config.store) as store:
        fill(store, config, "youtube")
        fill(store, config, "bluesky")
    return config


def fill(store: Store, config: Config, source: str) -> None:
    """A closed and an open case last seen long ago, an open one seen lately, a post of then and one of now."""
    for when, names in ((OLD, ("closed", "open")), (FRESH, ("lately",))):
        run_id = start_run(store, "audit", when, [source])
        found = [flagged(source, name) for name in names]
        save_findings(store, run_id, source, found, when)
        word = f"{source}-{when.day}"
        post = Post(platform=source, id=word, text=f"Almby {word} words", published_at=when)
        save_mentions(store, run_id, "almby", source, [Mention(post=post, query="almby")], when)
        for case in list_cases(store, states={State.NEW}):
            if case.account.handle in {f"{source}.{name}" for name in names}:
                keep(store, config, case.id, source, when)
    closed = next(case for case in list_cases(store) if case.account.handle == f"{source}.closed")
    decision = Decision(case_id=closed.id, who="sara", to=State.DISMISSED, reason="other", text=f"{source} parody")
    save_decision(store, decision, NOW - timedelta(days=2))


def flagged(source: str, name: str) -> Finding:
    account = Account(
        platform=source,
        platform_id=f"{source}-{name}",
        handle=f"{source}.{name}",
        display_name=f"Almby {source} {name} title",
        url=f"https://{source}.example/{name}",
        source=source,
    )
    signal = Signal(feature="name", asks=Asks.CLAIMS, score=1.0, detail=f"{source} {name} signal")
    return Finding(account=account, verdict=Verdict.IMPOSTOR, score=0.9, signals=(signal,))


def keep(store: Store, config: Config, case: int, source: str, when: datetime) -> None:
    """An answer of the source and a screenshot, as a run keeps them."""
    archive = Archive(store, config, run_id=None)
    kept = []
    for kind, suffix, told in (("answer", ".warc.gz", source), ("screenshot", ".png", "")):
        content = f"{source} {kind} of case {case}".encode()
        digest, url = archive.folder.stage(content), f"https://{source}.example/{case}"
        kept.append(Kept(kind=kind, suffix=suffix, sha256=digest, size=len(content), url=url, at=when, source=told))
    archive.enter(case, kept)


def everything(config: Config) -> bytes:
    return b"".join(path.read_bytes() for path in config.folder.rglob("*") if path.is_file())


def test_what_the_terms_let_be_kept_no_longer_is_in_no_byte(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(config)
    assert run(["retention", "--dry-run", "--format", "json"]) == 0
    (planned,) = json.loads(capsys.readouterr().out)
    assert (planned["class"], planned["count"]) == ("terms:youtube", 7), "1 post, 2 cases, 4 files"
    assert run(["retention"]) == 0
    assert "past the time that the terms of youtube allow" in capsys.readouterr().out
    after = everything(config)
    for gone in (
        *("youtube-14 words", "youtube closed title", "youtube closed signal", "youtube parody", "youtube open title"),
        *("youtube open signal", "youtube answer of case 1", "youtube screenshot of case 1"),
        *("youtube answer of case 2", "youtube screenshot of case 2"),
    ):
        assert gone.encode() in before, gone
        assert gone.encode() not in after, gone
    for stays in ("youtube-3 words", "youtube lately title", "youtube screenshot of case 3", "bluesky closed title"):
        assert stays.encode() in after, stays


def test_an_open_case_stays_to_be_dealt_with_and_is_completed_by_the_next_answer(config: Config) -> None:
    assert run(["retention"]) == 0
    with open_store(config.store) as store:
        (case,) = [case for case in list_cases(store) if case.account.handle == "youtube.open"]
        assert (case.state, case.finding.verdict) == (State.NEW, Verdict.IMPOSTOR)
        assert case.account.url == "https://youtube.example/open"
        assert (case.account.display_name, case.finding.signals) == (None, ())
        assert "youtube.closed" not in {case.account.handle for case in list_cases(store)}
        assert run(["retention", "--dry-run", "--format", "json"]) == 0
        run_id = start_run(store, "audit", NOW, ["youtube"])
        save_findings(store, run_id, "youtube", [flagged("youtube", "open")], NOW)
        assert load_case(store, case.id).account.display_name == "Almby youtube open title"
    assert run(["evidence", "verify", "--all"]) == 0


def test_a_second_time_there_is_nothing_left(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["retention"]) == 0
    capsys.readouterr()
    assert run(["retention", "--dry-run", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_without_a_decision_nothing_goes_and_everybody_is_told(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = SETTINGS + "[sources.youtube]\nenabled = true\n"
    config.path.write_text(bare)
    assert run(["retention"]) == 2
    assert b"youtube closed title" in everything(config)
    capsys.readouterr()
    run(["doctor", "--format", "json"])
    told = {check["name"]: check for check in json.loads(capsys.readouterr().out)}["terms of use"]
    assert (told["state"], "youtube (30 d)" in told["detail"]) == ("warn", True)
    (config.folder / "registry.csv").write_text("platform,url,unit,status,owner_email\n")
    (config.folder / "tips.csv").write_text("url\n")
    config.path.write_text(bare + '[sources.tips]\nfiles = ["tips.csv"]\n[sources.flashback]\nenabled = false\n')
    run(["audit", "--source", "tips", "--quiet"])
    assert "NOT DELETED: the terms of youtube let" in capsys.readouterr().err
    config.path.write_text(bare + RULES)
    run(["doctor", "--format", "json"])
    assert "terms of use" not in {check["name"] for check in json.loads(capsys.readouterr().out)}
