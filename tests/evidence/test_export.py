"""What an export says of itself: how many files it holds, and what has no room in it."""

from __future__ import annotations

import pytest
from almby_findings import NOW, finding
from spooled import FROZEN, answer, audited, profile

from listener.cli import run
from listener.config import Config
from listener.evidence.spool import Spool
from listener.store import Store
from listener.store.snapshots import Kept


def test_a_wacz_counts_what_it_holds_and_names_what_it_does_not(
    store: Store,
    config: Config,
    spool: Spool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(config.folder)
    monkeypatch.setenv("LISTEN_NOW", FROZEN)
    (config.folder / "listener.toml").write_text('[organisation]\nname = "Almby kommun"\n')
    answer(spool, profile())
    camera = audited(store, config)
    camera.take("bluesky", [finding()], spool, {})
    picture = camera.folder.stage(b"p")
    camera.enter(1, [Kept(kind="screenshot", suffix=".png", sha256=picture, size=1, url="https://a.example/", at=NOW)])
    told = {}
    for name in ("case.zip", "case.wacz"):
        assert run(["evidence", "export", "1", "-o", name]) == 0
        told[name] = capsys.readouterr().err
    held = int(told["case.wacz"].split()[0])
    assert int(told["case.zip"].split()[0]) == held + 1
    assert "1 screenshot or timestamp is not in a WACZ" in told["case.wacz"]
    assert "not in a WACZ" not in told["case.zip"]
