"""The demo's folder: its own, never the user's, and what it holds loads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from listener.cli import run
from listener.config import load_config
from listener.demo import Served
from listener.demo.folder import make_folder, tips_text, write_folder
from listener.demo.play import demo_environ
from listener.errors import ConfigError
from listener.organisation import load_organisation
from listener.registry import load_registry


@pytest.mark.network
def test_what_is_written_loads(served: Served, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    make_folder(folder)
    config = load_config(write_folder(folder, served, "en"), served.environ())
    assert config.language == "en"
    assert config.allow_loopback
    assert load_organisation(config).name == "Almby kommun"
    assert len(load_registry(config.registry).entries) == 8
    assert config.source("bluesky")["base_url"] == served.urls["bluesky"]
    assert config.source("mastodon")["servers"] == [served.urls["mastodon"], served.urls["fediverse"]]


@pytest.mark.network
def test_the_demos_zone_holds_three_names_like_almbys_and_spares_the_rest(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = load_config(write_folder(tmp_path, served, "en"), served.environ())
    monkeypatch.chdir(tmp_path)
    assert run(["screen", "--domains", *config.source("zone")["files"]]) == 0
    flagged = {json.loads(line)["handle"] for line in capsys.readouterr().out.splitlines()}
    assert flagged == {"a1mby-kommun.example", "almbybygglov.example", "almbysimhall.example"}


@pytest.mark.network
def test_the_demo_leaves_a_persons_own_secrets_alone(served: Served) -> None:
    own = {"LISTEN_BLUESKY_PASSWORD": "mine", "LISTEN_X_BEARER_TOKEN": "mine", "LISTEN_NOW": "x", "HOME": "/home/me"}
    environ = demo_environ(served, own)
    assert "mine" not in environ.values()
    assert (environ["LISTEN_NOW"], environ["HOME"]) == ("x", "/home/me")


@pytest.mark.network
def test_tips_name_accounts_by_address(served: Served) -> None:
    lines = tips_text(served.world).splitlines()
    assert lines[0] == "platform,url,display_name,description"
    assert any(line.startswith("web,https://almby-kommun.example/") for line in lines)


def test_a_second_demo_starts_over(tmp_path: Path) -> None:
    make_folder(tmp_path / "demo")
    (tmp_path / "demo" / "listener.db").write_text("old")
    (tmp_path / "demo" / "reports").mkdir()
    make_folder(tmp_path / "demo")
    assert [path.name for path in (tmp_path / "demo").iterdir()] == [".almby-demo"]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_not_a_demo_is_left_alone(tmp_path: Path, kind: str) -> None:
    mine = tmp_path / "demo"
    if kind == "folder":
        mine.mkdir()
        (mine / "thesis.txt").write_text("mine")
    else:
        mine.write_text("mine")
    with pytest.raises(ConfigError, match="--folder"):
        make_folder(mine)
    assert (mine / "thesis.txt" if kind == "folder" else mine).read_text() == "mine"
