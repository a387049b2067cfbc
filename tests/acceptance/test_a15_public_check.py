"""A15, the check: is this address registered, unknown or flagged? Never a promise that it is safe."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from town import Town

from listener.cli import run

REGISTER = """\
platform,url,unit,status,owner_email,platform_id
x,https://twitter.com/AlmbyKommun,Almby kommun,approved,kommunikation@almby.example,
facebook,https://www.facebook.com/almbykommun/,Almby kommun,approved,kommunikation@almby.example,
instagram,https://instagram.com/almbybibliotek,Biblioteken,archived,kommunikation@almby.example,
x,https://x.com/almby_hjalp,Almby kommun,impostor_confirmed,kommunikation@almby.example,
x,https://x.com/almbyreserv,Almby kommun,defensive,kommunikation@almby.example,
"""
PROMISES = ("säker", "trygg", "äkta", "safe", "genuine", "trust")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register and nothing else: no listener.toml, no store."""
    (tmp_path / "registry.csv").write_text(REGISTER, encoding="utf-8")
    return tmp_path


class Said(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def verify(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """`listen verify` in that folder."""
    monkeypatch.chdir(folder)

    def run_verify(*arguments: str, language: str = "sv_SE.UTF-8") -> Said:
        monkeypatch.setenv("LANG", language)
        return Said(run(["verify", *arguments]), *capsys.readouterr())

    return run_verify


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("https://x.com/AlmbyKommun/?lang=sv", "registrerad"),
        ("http://mobile.twitter.com/almbykommun", "registrerad"),
        ("x.com/almbyreserv", "registrerad"),
        ("https://m.facebook.com/AlmbyKommun?ref=page", "registrerad"),
        ("https://x.com/almbykommun2", "ej registrerad"),
        ("https://x.com/аlmbykommun", "ej registrerad"),
        ("https://instagram.com/almbykommun", "ej registrerad"),
        ("https://instagram.com/almbybibliotek", "ej registrerad"),
        ("https://almby.example.evil.example/", "ej registrerad"),
        ("https://x.com/Almby_Hjalp", "flaggad"),
    ],
)
def test_says_one_of_three_things(verify: Callable[..., Said], address: str, answer: str) -> None:
    done = verify(address)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{answer}: ")
    assert len(done.stdout.splitlines()) == 1
    assert not [word for word in PROMISES if word in done.stdout.casefold()]


@pytest.mark.parametrize(
    ("address", "answer", "own"),
    [
        ("https://www.almby.example/bygglov?x=1", "registered", "almby.example"),
        ("bibliotek.almby.example", "registered", "almby.example"),
        ("https://älmby.example/om", "registered", "xn--lmby-koa.example"),
        ("https://almby.example.evil.example/", "not_registered", None),
        ("https://notalmby.example/", "not_registered", None),
        ("https://x.com/almby.example", "not_registered", None),
    ],
)
def test_a_page_of_our_own_site_is_known_as_ours(
    folder: Path, verify: Callable[..., Said], address: str, answer: str, own: str | None
) -> None:
    (folder / "listener.toml").write_text(
        '[organisation]\nname = "Almby kommun"\ndomains = ["almby.example", "älmby.example"]\n', encoding="utf-8"
    )
    told = json.loads(verify("--format", "json", address).stdout)
    assert (told["answer"], told["own_site"]) == (answer, own)
    said = verify(address).stdout
    assert ("ligger på vår egen webbplats" in said) == (own is not None)


def test_the_same_in_english_and_as_data(verify: Callable[..., Said]) -> None:
    done = verify("https://x.com/AlmbyKommun/?lang=sv", language="en_GB.UTF-8")
    assert done.stdout.startswith("registered: ")
    assert "Almby kommun" in done.stdout
    told = json.loads(verify("--format", "json", "https://x.com/nobody-here").stdout)
    assert (told["answer"], told["unit"], told["case"]) == ("not_registered", None, None)
    told = json.loads(verify("--format", "json", "https://twitter.com/AlmbyKommun").stdout)
    assert (told["answer"], told["unit"], told["status"]) == ("registered", "Almby kommun", "approved")


def test_what_is_no_address_is_refused_with_a_hint(verify: Callable[..., Said]) -> None:
    for text in ("Almby kommun", "", "javascript:alert(1)"):
        done = verify(text)
        assert (done.returncode, done.stdout) == (2, "")
        assert "https://x.com/" in done.stderr


def test_without_a_register_it_says_what_to_do(verify: Callable[..., Said], folder: Path) -> None:
    (folder / "registry.csv").unlink()
    done = verify("https://x.com/almbykommun", language="en_GB.UTF-8")
    assert done.returncode == 2
    assert "listen init" in done.stderr


def test_hostile_addresses_print_harmlessly(verify: Callable[..., Said]) -> None:
    for address in ("https://x.com/\u202egnp", "https://x.com/" + "a" * 9000, "https://almby.example/\x1b[31m"):
        done = verify(address)
        assert done.returncode in (0, 2)
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout


@pytest.mark.network
def test_a_flagged_account_is_told_with_its_case(town: Town) -> None:
    assert town.listen("audit").returncode == 0
    worst = json.loads(town.listen("review", "list", "--format", "json").stdout)[0]
    told = json.loads(town.listen("verify", "--format", "json", worst["url"]).stdout)
    assert (told["answer"], told["case"]) == ("flagged", worst["case"])
    said = town.listen("verify", worst["url"])
    assert said.returncode == 0
    assert said.stdout.startswith("flaggad: ")
    assert f"ärende {worst['case']}" in said.stdout
    decide = ("review", "decide", str(worst["case"]), "dismissed", "--reason", "namesake", "--who", "anna")
    assert town.listen(*decide).returncode == 0
    assert town.listen("verify", worst["url"]).stdout.startswith("ej registrerad: ")
