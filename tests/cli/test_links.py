"""`listen links`, as a person at the terminal sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from listener.cli import run

PAGE = '<a href="https://twitter.com/Almby?lang=sv">X</a><a href="https://www.facebook.com/sharer.php?u=x">Dela</a>'
FIRST = {
    "url": "https://twitter.com/Almby?lang=sv",
    "platform": "x",
    "handle": "Almby",
    "kind": "profile",
    "canonical": "https://x.com/Almby",
}


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "sida.html"
    path.write_text(PAGE, encoding="utf-8")
    return str(path)


def test_one_object_a_line(page: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["links", page, "--base-url", "https://www.almby.example/"]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out.splitlines()[0]) == FIRST
    assert [json.loads(line)["kind"] for line in out.splitlines()] == ["profile", "share"]
    assert err == ""


def test_other_forms(page: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "ut.json"
    assert run(["links", page, "--base-url", "https://a.example", "--format", "json", "-o", str(target)]) == 0
    assert json.loads(target.read_text("utf-8"))[0] == FIRST
    assert run(["links", page, "--base-url", "https://a.example", "--format", "csv"]) == 0
    assert capfd.readouterr().out.startswith("url,platform,handle,kind,canonical\r\n")
    assert run(["links", page, "--base-url", "https://a.example", "--format", "table"]) == 0
    assert "https://x.com/Almby" in capfd.readouterr().out


def test_an_empty_page_and_a_missing_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tom.html").touch()
    assert run(["links", str(tmp_path / "tom.html"), "--base-url", "https://a.example"]) == 0
    assert capfd.readouterr().out == ""
    assert run(["links", str(tmp_path / "ingen.html"), "--base-url", "https://a.example"]) == 2
    assert "ingen.html" in capfd.readouterr().err


@pytest.mark.parametrize(
    "address", ["garbage", "", "almby.example", "ftp://almby.example/", "https://", "https://[::1"]
)
def test_an_address_that_links_cannot_be_relative_to_is_refused(
    address: str, page: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["links", page, "--base-url", address]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "https://www.example.org/contact" in err
