"""`listen init` asks, or is told, and never overwrites."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from listener.cli.init import init
from listener.errors import ConfigError


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def organisation() -> dict[str, object]:
    found: dict[str, object] = tomllib.loads(Path("listener.toml").read_text(encoding="utf-8"))["organisation"]
    return found


def test_it_asks_and_writes_the_answers() -> None:
    told = CliRunner().invoke(init, input="Österåkers kommun\nosteraker.example\n\nwebb@osteraker.example\n")
    assert told.exit_code == 0, told.output
    assert organisation()["name"] == "Österåkers kommun"
    assert organisation()["domains"] == ["osteraker.example"]
    assert organisation()["places"] == ["Österåker"]
    assert "webb@osteraker.example" in Path("listener.toml").read_text(encoding="utf-8")
    assert Path("registry.csv").read_text().startswith("platform,url,unit,status,owner_email,")


def test_without_questions_it_takes_what_it_is_told() -> None:
    told = CliRunner().invoke(init, ["--no-input", "--name", "Örebro kommun", "--domain", "orebro.se"])
    assert told.exit_code == 0
    assert (organisation()["name"], organisation()["places"]) == ("Örebro kommun", ["Örebro"])
    assert (
        "CHANGE" not in Path("listener.toml").read_text(encoding="utf-8").partition("[contact]")[0].partition("\n[")[2]
    )


def test_a_domain_that_is_none_is_refused_before_anything_is_written() -> None:
    told = CliRunner().invoke(init, ["--no-input", "--name", "X", "--domain", "not a domain"])
    assert isinstance(told.exception, ConfigError)
    assert not Path("listener.toml").exists()


def test_a_register_that_is_here_stays() -> None:
    Path("registry.csv").write_text("mine")
    assert CliRunner().invoke(init, ["--no-input"]).exit_code == 0
    assert Path("registry.csv").read_text() == "mine"


def test_without_a_terminal_name_and_domain_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(init, ["--name", "Örebro kommun", "--domain", "orebro.se"])
    assert told.exit_code == 0
    assert "?" not in told.output
    marked = [line for line in Path("listener.toml").read_text(encoding="utf-8").splitlines() if "# CHANGE" in line]
    assert marked == ['email = "listen@orebro.se"  # CHANGE']


def test_nothing_is_marked_when_all_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given = ["--name", "Örebro kommun", "--domain", "orebro.se", "--email", "kommun@orebro.se"]
    assert CliRunner().invoke(init, given).exit_code == 0
    assert "CHANGE" not in Path("listener.toml").read_text(encoding="utf-8")


def test_without_anybody_to_ask_it_says_what_to_give() -> None:
    told = CliRunner().invoke(init, input="")
    assert told.exit_code == 2, told.output
    assert "--name" in told.output
    assert not Path("listener.toml").exists()


@pytest.mark.parametrize("name", ["Trafikkassan", "Almby universitet"])
def test_what_is_named_after_no_place_is_given_none(name: str) -> None:
    told = CliRunner().invoke(init, ["--no-input", "--name", name, "--domain", "almby.example"])
    assert told.exit_code == 0
    assert organisation()["places"] == []


def test_nobody_need_name_a_place() -> None:
    assert CliRunner().invoke(init, input="Trafikkassan\nalmby.example\n\n\n").exit_code == 0
    assert organisation()["places"] == []
