"""What must not be kept is destroyed to the last byte, the destruction is on record, and nothing comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from almby_findings import NOW, finding
from spooled import FROZEN, answer, audited, profile

from listener.cli import run
from listener.config import Config
from listener.discover import without_pictures
from listener.evidence.folder import Folder
from listener.evidence.spool import Spool
from listener.evidence.verify import verify
from listener.models import Decision, State
from listener.redaction import Secrets
from listener.store import Store, open_store
from listener.store.accounts import save_findings
from listener.store.cases import history, load_case, save_decision, undo
from listener.store.runs import start_run
from listener.store.snapshots import load_snapshots

SECRET = "pumpernickelpolka"
SHOWN = finding(display_name=f"Almby {SECRET}", description=f"{SECRET} bio", avatar=f"https://cdn.example/{SECRET}.jpg")


@pytest.fixture
def desk(config: Config, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where an account was found and kept, as a person works in it."""
    monkeypatch.chdir(config.folder)
    monkeypatch.setenv("LISTEN_NOW", FROZEN)
    monkeypatch.setenv("LISTEN_USER", "lena")
    settle_rules(config.folder, "")
    spool = Spool(Secrets({}), lambda: NOW)
    answer(spool, profile(bio=SECRET))
    with open_store(config.store) as store:
        audited(store, config, SHOWN).take("bluesky", [SHOWN], spool, {})
    spool.close()
    return config.folder


def settle_rules(folder: Path, rules: str) -> None:
    (folder / "listener.toml").write_text(f'[organisation]\nname = "Almby kommun"\n{rules}')


def bytes_of(folder: Path) -> bytes:
    import gzip

    packed = b"".join(gzip.decompress(path.read_bytes()) for path in folder.rglob("*.gz"))
    return packed + b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_of_child_abuse_nothing_is_kept_but_address_id_and_time(
    desk: Path, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    assert SECRET.encode() in bytes_of(desk)
    assert run(["review", "decide", "1", "confirmed", "--reason", "child_abuse"]) == 0
    assert SECRET.encode() not in bytes_of(desk)
    assert not list((desk / "listener.evidence").rglob("*.gz"))
    assert run(["evidence", "verify", "1"]) == 0
    assert "2 destroyed by decision" in capsys.readouterr().out
    with open_store(config.store) as store:
        case = load_case(store, 1)
        assert (case.account.platform_id, case.account.url) == (SHOWN.account.platform_id, SHOWN.account.url)
        assert (case.account.display_name, case.account.description, case.account.avatar) == (None, None, None)
        assert case.finding.signals == ()
        gone = [row for row in load_snapshots(store, 1) if row.kind == "destroyed"]
        assert [(row.target, row.reason, row.who, row.at) for row in gone] == [
            (1, "child_abuse", "lena", NOW),
            (2, "child_abuse", "lena", NOW),
        ]
        assert all(row.sha256 is None and row.url is None for row in load_snapshots(store, 1))


def test_what_is_seen_of_it_later_is_not_kept_and_its_picture_not_fetched(desk: Path, config: Config) -> None:
    assert run(["review", "decide", "1", "action", "--reason", "child_abuse"]) == 0
    spool = Spool(Secrets({}), lambda: NOW)
    answer(spool, profile(bio=SECRET))
    with open_store(config.store) as store:
        run_id = start_run(store, "audit", NOW, ["bluesky"])
        (bare,) = without_pictures(store, [SHOWN.account])
        assert bare.avatar is None
        save_findings(store, run_id, "bluesky", [SHOWN], NOW)
        from listener.evidence.snapshot import Camera

        camera = Camera(store, config, run_id=run_id)
        assert camera.take("bluesky", [SHOWN], spool, {}, again=True) == []
        assert load_case(store, 1).observation == "seen", "that it is still there is known"
    spool.close()
    assert SECRET.encode() not in bytes_of(desk)
    assert run(["snapshot", "1"]) == 2
    with open_store(config.store) as store:
        save_decision(store, Decision(case_id=1, who="lena", to=State.RESOLVED, reason="removed"), NOW)
        save_findings(store, run_id, "bluesky", [SHOWN], NOW)
        assert load_case(store, 1).account.display_name is None, "a later decision lets nothing back in"
        for _act in range(2):
            undo(store, 1, "lena", NOW)
        save_findings(store, run_id, "bluesky", [SHOWN], NOW)
        assert load_case(store, 1).account.display_name == SHOWN.account.display_name, "a wrong category can be undone"
        assert len(history(store, 1)) == 5


def test_a_file_that_comes_back_is_noticed_and_removed_by_the_next_run(desk: Path, config: Config) -> None:
    path = desk / "listener.evidence" / "1" / "000001.warc.gz"
    content = path.read_bytes()
    assert run(["review", "decide", "1", "confirmed", "--reason", "child_abuse"]) == 0
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    with open_store(config.store) as store:
        (found,) = verify(store, Folder.of(config.store), 1).alterations
        assert (found.kind, found.where) == ("undestroyed", "1/000001.warc.gz")
        audited(store, config).settle()
        assert verify(store, Folder.of(config.store), 1).alterations == ()


def close(store: Store, config: Config) -> None:
    before = NOW - timedelta(days=800)
    save_decision(store, Decision(case_id=1, who="sara", to=State.RESOLVED, reason="removed"), before)
    store.db.execute("UPDATE accounts SET last_seen_at = '2024-01-01T00:00:00Z'")


@pytest.mark.parametrize("rule", ["findings = 365", "snapshots = 365"])
def test_retention_takes_the_bytes_and_leaves_the_record(
    desk: Path, config: Config, capsys: pytest.CaptureFixture[str], rule: str
) -> None:
    settle_rules(desk, f'[retention]\ndecision_ref = "KS 7"\n{rule}\n')
    with open_store(config.store) as store, store.transaction():
        close(store, config)
        if rule.startswith("snapshots"):
            store.db.execute("DROP TRIGGER snapshots_stand")
            store.db.execute("UPDATE snapshots SET at = '2024-01-01T00:00:00Z'")
    assert run(["retention", "--dry-run"]) == 0
    assert (desk / "listener.evidence" / "1").is_dir(), "nothing was changed"
    assert run(["retention"]) == 0
    assert not list((desk / "listener.evidence").rglob("*.gz"))
    assert b"pumpernickelpolka bio" not in bytes_of(desk) or not rule.startswith("findings")
    with open_store(config.store) as store:
        gone = [row for row in load_snapshots(store, 1) if row.kind == "destroyed"]
        assert [(row.reason, row.who) for row in gone] == [("retention", "lena")] * 2
    capsys.readouterr()
    assert run(["evidence", "list", "1"]) == 0
    assert capsys.readouterr().out.count("destroyed") == 4
