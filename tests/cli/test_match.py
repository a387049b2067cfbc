"""`listen match` as a person or a script runs it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from listener.cli import run
from listener.screen.answers import csv_row

QUERIES = """
[queries.kommun]
query = '"Almby kommun" OR "Almby kommuns" -hockey'
purpose = "omvärldsbevakning"

[queries."bad på sv"]
query = "badhus*"
sources = ["web"]
lang = "sv"
"""
POSTS = [
    {"platform": "web", "id": "1", "ref": "a", "text": "Badhuset i Ålby, ALMBY kommuns bästa", "lang": "sv"},
    {"platform": "web", "id": "2", "ref": "b", "text": "Almby kommun mot hockey"},
    {"platform": "x", "id": "3", "ref": "c", "text": "Almby Kommun\n\u202e=1+1", "lang": "sv"},
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a queries.toml and posts: neither a register nor settings."""
    monkeypatch.chdir(tmp_path)
    Path("queries.toml").write_text(QUERIES, encoding="utf-8")
    lines = [json.dumps(post, ensure_ascii=False) for post in POSTS]
    Path("posts.ndjson").write_text("\n".join([lines[0], "{", *lines[1:]]) + "\n", encoding="utf-8")


def matched(*options: str) -> int:
    return run(["match", "--queries", "queries.toml", *options])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_matches_come_in_order_and_a_broken_line_is_named(jobs: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert matched("--jobs", jobs, "posts.ndjson") == 3
    out, err = capfd.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == [
        {"ref": "a", "id": "1", "query": "kommun", "spans": [[17, 30]]},
        {"ref": "a", "id": "1", "query": "bad på sv", "spans": [[0, 8]]},
        {"ref": "b", "id": "2", "query": "kommun", "spans": [[0, 12]]},
        {"ref": "c", "id": "3", "query": "kommun", "spans": [[0, 12]]},
    ]
    assert err.startswith("line 2: ")
    assert len(err.splitlines()) == 1


def test_strict_stops_at_the_broken_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert matched("--strict", "posts.ndjson") == 2
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 2
    assert len(err.splitlines()) == 1


def test_an_empty_input_is_an_empty_output(capfd: pytest.CaptureFixture[str]) -> None:
    Path("empty").write_bytes(b"\n")
    assert matched("empty") == 0
    assert matched("empty", "--format", "json") == 0
    assert capfd.readouterr() == ("[]\n", "")


def test_json_csv_and_a_table_hold_the_same(capfd: pytest.CaptureFixture[str]) -> None:
    matched("posts.ndjson", "--format", "json", "-o", "out.json")
    matched("posts.ndjson", "--format", "csv", "-o", "out.csv")
    matched("posts.ndjson", "--format", "table")
    listed = json.loads(Path("out.json").read_bytes())
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_text(encoding="utf-8"))))
    assert [(row["ref"], row["query"]) for row in rows] == [(row["ref"], row["query"]) for row in listed]
    assert rows[0]["spans"] == "17-30"
    table = capfd.readouterr().out.splitlines()
    assert len(table) == 4
    assert "ALMBY kommuns" in table[0]
    assert "\u202e" not in "".join(table)


def test_packed_input_is_read(capfd: pytest.CaptureFixture[str]) -> None:
    Path("posts.ndjson.gz").write_bytes(gzip.compress(Path("posts.ndjson").read_bytes()))
    assert matched("posts.ndjson.gz") == 3
    assert len(capfd.readouterr().out.splitlines()) == 4


@pytest.mark.parametrize(
    ("queries", "says"),
    [('[queries.a]\nquery = "almby AND"', "column"), ("", "[queries."), ("[queries.a]\nquery = 7", "queries.a")],
)
def test_wrong_queries_are_refused_before_any_post(queries: str, says: str, capfd: pytest.CaptureFixture[str]) -> None:
    Path("queries.toml").write_text(queries, encoding="utf-8")
    assert matched("posts.ndjson") == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "queries.toml" in err
    assert says in err


def test_matches_come_while_more_is_awaited() -> None:
    """A pipe that stays open: what is matched is not held back until it ends."""
    command = [sys.executable, "-m", "listener", "match", "--queries", "queries.toml"]
    work = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ)
    assert work.stdin is not None
    assert work.stdout is not None
    with work, work.stdin, work.stdout:
        work.stdin.write(json.dumps(POSTS[1]).encode() + b"\n")
        work.stdin.flush()
        assert json.loads(work.stdout.readline())["ref"] == "b"
        work.stdin.close()
        assert work.wait(30) == 0


def test_a_file_of_queries_that_is_not_there_is_told_with_its_own_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", "--queries", "finns-inte.toml"]) == 2
    assert "name an existing file with --queries" in capsys.readouterr().err


def test_a_reference_of_parts_is_json_in_csv() -> None:
    assert csv_row([{"a": [1, "å"]}, "1"]).decode() == '"{""a"":[1,""å""]}",1\r\n'
