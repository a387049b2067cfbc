"""A kill at any step of saving loses nothing and repeats nothing: the next run finishes what was begun."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import warnings
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from almby_findings import NOW, finding
from spooled import answer, profile

from listener.config import Config
from listener.evidence.folder import Folder
from listener.evidence.snapshot import Camera
from listener.evidence.spool import Spool
from listener.evidence.verify import verify
from listener.redaction import Secrets
from listener.store import open_store
from listener.store.accounts import save_findings
from listener.store.runs import start_run
from listener.store.snapshots import load_snapshots


def run_once(config: Config) -> None:
    """One run: save the finding, take its snapshot."""
    spool = Spool(Secrets({}), lambda: NOW)
    answer(spool, profile())
    with open_store(config.store) as store:
        run_id = start_run(store, "audit", NOW, ["bluesky"])
        camera = Camera(store, config, run_id=run_id)
        camera.settle()
        save_findings(store, run_id, "bluesky", [finding()], NOW)
        camera.take("bluesky", [finding()], spool, {})
        assert camera.troubles == []
    spool.close()


def killed_at(step: int, config: Config) -> bool:
    """Run once in a process that is killed before its step number `step`; False when it came to its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork beside the test runner's threads
        child = os.fork()
    if child == 0:
        left = step

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*given: Any, **named: Any) -> Any:
                nonlocal left
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
                return real(*given, **named)

            return call

        for name in ("fsync", "link", "open"):
            setattr(os, name, counted(getattr(os, name)))
        for name in ("rename", "unlink", "mkdir"):
            setattr(Path, name, counted(getattr(Path, name)))
        sqlite = sqlite3.connect

        class Counted(sqlite3.Connection):
            def execute(self, sql: str, *given: Any) -> Any:
                return counted(super().execute)(sql, *given) if sql == "COMMIT" else super().execute(sql, *given)

        sqlite3.connect = lambda *given, **named: sqlite(*given, **named, factory=Counted)  # type: ignore[assignment]
        run_once(config)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


def test_a_kill_at_any_step(config: Config, tmp_path: Path) -> None:
    open_store(config.store).close()
    for step in count():
        folder = tmp_path / str(step)
        folder.mkdir()
        shutil.copy(config.store, folder / "a.db")
        here = msgspec.structs.replace(config, store=folder / "a.db")
        if not killed_at(step, here):
            break
        with open_store(here.store) as store:
            assert verify(store, Folder.of(here.store)).alterations == (), f"step {step}: a kill is no alteration"
        run_once(here)
        with open_store(here.store) as store:
            assert [row.kind for row in load_snapshots(store)] == ["answer", "finding"], f"step {step}"
            checked = verify(store, Folder.of(here.store))
            assert (checked.files, checked.alterations) == (2, ()), f"step {step}"
        unfinished = Folder.of(here.store).root / "unfinished"
        assert list(unfinished.iterdir()) == [], f"step {step}: nothing is left lying"
    assert step > 12
