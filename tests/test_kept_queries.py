"""A query saved from the command line: added to listener.toml with its purpose, nothing else in the file touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from listener.config import load_config
from listener.enrich import saved
from listener.errors import ConfigError
from listener.kept_queries import keep_query
from listener.query import parse

BEFORE = """# vår fil
[organisation]
name = "Almby kommun"  # som den heter

[queries.bad]
query = 'badhus'
purpose = "drift"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "listener.toml"
    path.write_text(BEFORE, encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_query_is_added_and_all_else_stays(path: Path) -> None:
    keep_query(path, "skolor", parse('"Almby skola" -simskola'), " följa skolfrågan ", ["feeds"], "sv")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(BEFORE)
    one = saved(load_config(path, {}))["skolor"]
    assert (one.query.text, one.purpose, one.sources, one.lang) == (
        '"Almby skola" -simskola',
        "följa skolfrågan",
        ("feeds",),
        "sv",
    )
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["listener.toml"]


def test_the_first_query_of_a_file(path: Path) -> None:
    path.write_text("", encoding="utf-8")
    keep_query(path, "bad", parse("badhus"), "drift")
    assert list(saved(load_config(path, {}))) == ["bad"]


@pytest.mark.parametrize(
    ("name", "purpose", "told"),
    [
        ("bad", "drift", "is taken"),
        ("ny", None, "add --purpose"),
        ("ny", "  ", "add --purpose"),
        ("a.b", "drift", "write a name"),
        ("", "drift", "write a name"),
    ],
)
def test_what_cannot_be_saved_is_refused_and_the_file_stays(
    path: Path, name: str, purpose: str | None, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        keep_query(path, name, parse("skola"), purpose)
    assert path.read_text(encoding="utf-8") == BEFORE


@pytest.mark.parametrize("text", ["[queries\n", "queries = 3\n"])
def test_a_file_that_cannot_be_added_to_is_named(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"listener\.toml"):
        keep_query(path, "ny", parse("skola"), "drift")
    assert path.read_text(encoding="utf-8") == text


def test_the_next_table_stands_apart_from_it(path: Path) -> None:
    path.write_text(f"{BEFORE}\n[retention]\nmentions_days = 30\n", encoding="utf-8")
    keep_query(path, "skolor", parse("skola"), "följa")
    assert "\n\n[retention]\n" in path.read_text(encoding="utf-8")
