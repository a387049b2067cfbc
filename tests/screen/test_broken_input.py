"""Broken lines of a candidate file are named by their own number, and cost only themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from listener.cli import run

SETTINGS = '[organisation]\nname = "Almby kommun"\nplaces = ["Almby"]\n'


@pytest.fixture(autouse=True)
def _almby(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def screened(content: bytes, name: str, capsysbinary: pytest.CaptureFixture[bytes]) -> tuple[int, list[str], str]:
    Path(name).write_bytes(content)
    code = run(["screen", name])
    out, err = capsysbinary.readouterr()
    return code, [json.loads(line)["handle"] for line in out.splitlines()], err.decode()


def test_a_line_too_long_is_one_line(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    long = b'{"platform": "x", "handle": "' + b"a" * 25_000_000 + b'"}\n'
    content = long + b'{"platform": "x", "handle": "b"}\n{broken\n'
    code, handles, said = screened(content, "c.ndjson", capsysbinary)
    assert (code, handles) == (3, ["b"])
    assert "line 1: the line is too long" in said
    assert "line 3: not JSON" in said


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_as_excel_saves_it_is_read(mark: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = ["platform,handle,display_name", "x,almbykommun,Almby kommun", "x,kafe,Kafé"]
    content = b"\xef\xbb\xbf" + "\r\n".join(rows).replace(",", mark).encode()
    assert screened(content, "c.csv", capsysbinary)[:2] == (0, ["almbykommun", "kafe"])


def test_an_open_quotation_mark_is_reported_where_it_begins(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    content = b'platform,handle\nx,a\nx,"open,b\nx,c\n'
    code, handles, said = screened(content, "c.csv", capsysbinary)
    assert (code, handles) == (3, ["a"])
    assert "line 3: not CSV" in said
