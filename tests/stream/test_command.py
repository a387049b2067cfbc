"""`listen stream` as people meet it: what it says, what it leaves with, and what doctor and sources say of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from stream.conftest import Listening
from stream.jetstream_fake import Jetstream

from listener.cli import run
from listener.run import locked

pytestmark = pytest.mark.network


@pytest.fixture
def here(listening: Listening, monkeypatch: pytest.MonkeyPatch) -> Listening:
    monkeypatch.chdir(listening.folder)
    monkeypatch.setenv("LISTEN_ALLOW_LOOPBACK", "1")
    (listening.folder / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    return listening


def test_a_session_says_what_it_came_to_and_is_seen_afterwards(
    server: Jetstream, here: Listening, capsys: pytest.CaptureFixture[str]
) -> None:
    here.reached()
    server.post("simhallen i Almby kommun")
    assert run(["stream", "--source", "bluesky", "--posts", "1"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "listening; stop with Ctrl-C" in told.err
    assert "1 post read, 1 new in the log" in told.err
    (ended,) = here.rows("SELECT kind, exit_code, finished_at IS NOT NULL FROM runs")
    assert ended == ("stream", 0, 1)
    run(["sources"])
    assert "not listened to now" in capsys.readouterr().out
    run(["doctor"])
    assert "Start `listen stream`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--source", "blusky"], 2, "no source blusky"),
        (["--query", "buss"], 2, "no query buss: there are bath, town"),
    ],
)
def test_what_cannot_be_listened_to_is_refused(
    here: Listening, words: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stream", *words]) == code
    said = capsys.readouterr().err
    assert told in said
    assert "listening" not in said


def test_without_an_assessment_nobody_is_told_that_it_listens(
    here: Listening, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = here.folder / "listener.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('dpia_ref = "KS 2024/2"', ""), encoding="utf-8")
    assert run(["stream"]) == 2
    said = capsys.readouterr().err
    assert "dpia_ref" in said
    assert "listening;" not in said


def test_a_second_session_leaves_with_5(here: Listening, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with locked(tmp_path / "listener.db.stream"):
        assert run(["stream"]) == 5
    assert "another run is at work" in capsys.readouterr().err
