"""Who may come to the review page, told at the terminal; and the key that its cookies are signed with."""

from __future__ import annotations

import gc
import io
import socket
from pathlib import Path

import pytest

from listener.cli import run
from listener.config import load_config
from listener.errors import ConfigError
from listener.review.signing import signing_key
from listener.store import open_store
from listener.store.people import find_person, outsider, welcome
from listener.store.tokens import token_login


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-23T07:00:00+00:00")
    (tmp_path / "listener.toml").write_text('[organisation]\nname = "Almby kommun"\n', encoding="utf-8")
    return tmp_path


def test_a_token_is_shown_once_and_can_be_closed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "token", "add", "diariet", "--role", "reader"]) == 0
    token = capsys.readouterr().out.strip()
    assert run(["serve", "token", "list"]) == 0
    listed = capsys.readouterr().out
    assert listed.startswith("diariet  reader  2026-11-23")
    assert token not in listed
    config = load_config(folder / "listener.toml", {})
    with open_store(folder / "listener.db") as store:
        login = token_login(store, token, config.now)
        assert login is not None
        assert (login.person, login.role) == ("api:diariet", "reader")
    assert run(["serve", "token", "close", "diariet"]) == 0
    with open_store(folder / "listener.db") as store:
        assert token_login(store, token, config.now) is None
    for command in (
        ["add", "diariet", "--role", "decider"],
        ["add", "två ord", "--role", "reader"],
        ["close", "diariet"],
    ):
        assert run(["serve", "token", *command]) == 2


def test_a_token_ends_after_a_year_unless_another_day_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, more in (("diariet", ()), ("arkivet", ("--until", "2026-12-24")), ("karta", ("--until", "never"))):
        assert run(["serve", "token", "add", name, "--role", "reader", *more]) == 0
    assert run(["serve", "token", "add", "x", "--role", "reader", "--until", "2020-01-01"]) == 2
    capsys.readouterr()

    def listed() -> list[list[str]]:
        assert run(["serve", "token", "list"]) == 0
        return [line.split("  ")[0:1] + line.split("  ")[5:] for line in capsys.readouterr().out.splitlines()]

    assert listed() == [
        ["arkivet", "2026-12-23T23:00:00Z"], ["diariet", "2027-11-23T07:00:00Z"], ["karta", "–"],
    ]  # fmt: skip
    monkeypatch.setenv("LISTEN_NOW", "2026-12-01T07:00:00+00:00")
    assert listed()[0][2:] == ["ends in 22 days"]
    monkeypatch.setenv("LISTEN_NOW", "2026-12-24T07:00:00+00:00")
    assert listed()[0][2:] == ["has ended"]
    assert run(["serve", "token", "until", "arkivet", "never"]) == 0
    assert run(["serve", "token", "until", "karta", "2026-12-31"]) == 0
    assert run(["serve", "token", "until", "ingen", "2026-12-31"]) == 2
    assert [row[1:] for row in listed()][::2] == [["–"], ["2026-12-30T23:00:00Z", "ends in 6 days"]]


def test_people_are_let_in_listed_and_kept_out(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ett-langt-losen-1\n"))
    assert run(["serve", "add", "anna", "--role", "decider"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("kort\n"))
    assert run(["serve", "add", "bo", "--role", "reader"]) == 2
    config = load_config(folder / "listener.toml", {})
    with open_store(folder / "listener.db") as store:
        assert welcome(store, "https://idp.example", "s-1", "Cilla \u202eX", "reader", config.now) is not None
    capsys.readouterr()
    assert run(["serve", "list"]) == 0
    told = capsys.readouterr().out
    assert "anna  decider" in told
    assert "(https://idp.example)" in told
    assert "\u202e" not in told
    cilla = next(line.partition("  ")[0] for line in told.splitlines() if "idp.example" in line)
    assert run(["serve", "remove", cilla]) == 0
    assert run(["serve", "remove", "anna"]) == 0
    assert run(["serve", "remove", "anna"]) == 2, "there is nobody left of that name"
    with open_store(folder / "listener.db") as store:
        assert find_person(store, "anna") is None
        assert outsider(store, "https://idp.example", "s-1") is None


def test_the_key_is_made_once_and_only_its_owner_reads_it(folder: Path) -> None:
    config = load_config(folder / "listener.toml", {})
    key, path = signing_key(config), folder / "listener.db.key"
    assert (len(key), signing_key(config)) == (64, key)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="others can read it"):
        signing_key(config)
    path.chmod(0o600)
    path.write_text("kort", encoding="ascii")
    with pytest.raises(ConfigError, match="too short"):
        signing_key(config)
    given = load_config(folder / "listener.toml", {"LISTEN_REVIEW_KEY": "x" * 32})
    assert signing_key(given) == "x" * 32
    with pytest.raises(ConfigError, match="too short"):
        signing_key(load_config(folder / "listener.toml", {"LISTEN_REVIEW_KEY": "kort"}))


def test_doors_that_cannot_hold_stop_it_before_it_listens(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "listener.toml").write_text('[review]\ntrusted_proxies = ["0.0.0.0/0"]\n', encoding="utf-8")
    assert run(["serve", "--port", "0"]) == 2
    assert "too wide" in capsys.readouterr().err


@pytest.mark.network
def test_a_port_that_is_taken_is_said_to_be_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run(["serve", "--port", port]) == 2
    told = capsys.readouterr().err
    assert f"127.0.0.1, port {port}: cannot be listened at" in told
    assert "Traceback" not in told
    gc.collect()  # what was opened and left open is told of here, not in another test
