"""The doctor names what would stop a run before it starts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from listener.config import load_config
from listener.demo.shield import shield_svg
from listener.discover import planned
from listener.doctor import Check, examine
from listener.errors import ConfigError


def checks(folder: Path, text: str) -> dict[str, Check]:
    path = folder / "listener.toml"
    path.write_text('[organisation]\nname = "Almby kommun"\n' + text, encoding="utf-8")
    return {check.name: check for check in examine(load_config(path, {}))}


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("[queries.a]\nquery = 3\n", "queries", "[queries.a] query"),
        ("[queries.a]\nquery = '(almby'\n", "queries", "[queries.a]"),
        ('[retention]\nmentions = "365"\n', "retention", "mentions"),
        ('[retention]\ndecision_ref = "KS 1"\nfindings = 0\n', "retention", "findings"),
        ("[sources.lemmy]\nenabled = true\n", "lemmy", "[sources.lemmy] servers: name some"),
    ],
)
def test_what_cannot_be_read_fails(tmp_path: Path, text: str, name: str, said: str) -> None:
    found = checks(tmp_path, text)[name]
    assert found.state == "fail"
    assert said in found.detail


def test_lines_still_marked_are_noted(tmp_path: Path) -> None:
    found = checks(tmp_path, '[contact]\nemail = "a@a.example"  # ÄNDRA\n')["settings"]
    assert found.state == "warn"
    assert found.detail.endswith("line 4")
    assert "settings" not in checks(tmp_path, "# Ändra raderna märkta ÄNDRA\n")


def test_logos_that_cannot_be_compared_are_each_named(tmp_path: Path) -> None:
    (tmp_path / "good.svg").write_text(shield_svg(), encoding="utf-8")
    (tmp_path / "bad.png").write_text("no picture", encoding="utf-8")
    assert checks(tmp_path, 'logos = ["good.svg"]\n')["logos"].state == "ok"
    found = checks(tmp_path, 'logos = ["good.svg", "bad.png", "missing.svg"]\n')["logos"]
    assert found.state == "fail"
    assert "bad.png: no picture" in found.detail
    assert "missing.svg: No such file" in found.detail
    assert "good.svg" not in found.detail
    assert checks(tmp_path, "")["logos"].state == "warn"


def test_logos_without_the_parts_to_compare_them_say_how_to_get_these(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "listener.logos.references", None)
    (tmp_path / "good.svg").write_text(shield_svg(), encoding="utf-8")
    found = checks(tmp_path, 'logos = ["good.svg"]\n')["logos"]
    assert found.state == "fail"
    assert "pip install 'listener[logos]'" in found.detail


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[sources.youtube]\nchannels = 5\n", "[sources.youtube] channels: write a list of texts"),
        ("[sources.youtube]\nfoo = 1\n", "[sources.youtube] has no 'foo'"),
        ("[sources.nowhere]\nenabled = true\n", "[sources] has no 'nowhere'"),
        ("[sources.facebook]\nenabled = true\n", "terms_accepted"),
        ("[sources.mastodon]\nenabled = true\n", "[sources.mastodon] servers: name some"),
    ],
)
def test_what_a_run_would_refuse_fails_here_by_the_name_of_its_source(tmp_path: Path, table: str, said: str) -> None:
    found = checks(tmp_path, table + '[sources.tips]\nfiles = ["tips.csv"]\n')
    name = table.partition("]")[0].removeprefix("[sources.")
    with pytest.raises(ConfigError):
        planned(load_config(tmp_path / "listener.toml", {}))
    assert found[name].state == "fail"
    assert said in found[name].detail
    assert found.get("tips") is None or found["tips"].state != "fail"


def test_an_empty_register_comes_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    found = checks(tmp_path, "")["registry"]
    assert found.state == "warn"
    assert "listen registry import" in found.hint
