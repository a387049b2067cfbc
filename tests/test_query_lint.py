"""What the linter says of queries that can be read, and `listen query` at the prompt."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from listener.cli.root import listen
from listener.heard import names_of_sources
from listener.municipalities import MUNICIPALITIES
from listener.query import parse
from listener.query.homonyms import HOMONYMS
from listener.query.lint import lint

with (Path(__file__).parent / "tables" / "query_lint.csv").open(encoding="utf-8", newline="") as table:
    CASES = list(csv.DictReader(table))


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])
def test_warns_of_what_is_likely_meant_otherwise(row: dict[str, str]) -> None:
    told = lint(parse(row["query"]), ["bluesky"] if row["code"] == "source" else [], names_of_sources())
    if row["code"]:
        assert (row["code"], int(row["column"])) in [(warned.code, warned.column) for warned in told]
    else:
        assert told == ()
    assert all(warned.text and len(warned.hint) > 5 for warned in told)


def test_says_whether_posts_are_missed_or_only_looked_at_here() -> None:
    missed, here = lint(parse("badh*"), ["bluesky"]), lint(parse("almby badh*"), ["bluesky"])
    assert "some posts are missed" in missed[0].text
    assert "looked at here" in here[0].text


def test_every_homonym_is_a_municipality() -> None:
    assert {name.casefold() for name in MUNICIPALITIES} >= HOMONYMS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "listener.toml").write_text(
        '# ours\n[organisation]\nname = "Almby kommun"\nplaces = ["Almby"]\ndomains = ["almby.example"]\n'
        '[[organisation.units]]\nname = "Stadsbiblioteket"\nkind = "local_office"\n'
        '[contact]\nemail = "a@almby.example"\n[queries.good]\nquery = "almby"\n[queries.odd]\nquery = "Vara"\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(listen, ["query", *arguments], standalone_mode=False)
    code = done.return_value if done.exception is None else getattr(done.exception, "exit_code", 1)
    return int(code or 0), done.stdout, done.stderr


def test_checks_saved_queries_and_passes_with_warnings(folder: Path) -> None:
    code, out, err = run("check")
    assert code == 0
    assert "good: nothing to remark" in out
    assert "column 1: Vara means much else" in out
    assert "2 queries, 0 errors, 1 warning" in err


def test_lists_every_query_that_cannot_be_read(folder: Path) -> None:
    (folder / "q.toml").write_text(
        '[queries.a]\nquery = "almby ("\n[queries.b]\nquery = "almby"\n[queries.c]\n', encoding="utf-8"
    )
    code, out, _err = run("check", "--queries", "q.toml", "--format", "json")
    told = {one["name"]: one for one in json.loads(out)}
    assert code == 2
    assert "column 8" in told["a"]["error"]
    assert told["b"]["error"] is None
    assert told["c"]["error"]


def test_checks_what_is_typed_without_any_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _err = run("check", "almby or badhus", "--format", "ndjson")
    assert code == 0
    assert [warned["code"] for warned in json.loads(out)["warnings"]] == ["operator-as-word"]


def test_writes_queries_and_saves_them_at_the_end_of_the_settings(folder: Path) -> None:
    before = (folder / "listener.toml").read_text(encoding="utf-8")
    code, out, _err = run("generate", "--unit", "stadsbiblioteket")
    assert (code, "[queries.stadsbiblioteket]" in out, "[queries.almby-kommun]" in out) == (0, True, False)
    assert run("generate", "--all-units", "--save")[0] == 0
    assert (folder / "listener.toml").read_text(encoding="utf-8").startswith(before)
    code, out, _err = run("check")
    assert (code, "almby-kommun: nothing to remark" in out, "stadsbiblioteket: nothing to remark" in out) == (
        0,
        True,
        True,
    )
    assert run("generate", "--save")[0] == 2
    assert run("generate", "--unit", "Simhallen")[0] == 2


def test_every_query_in_the_reference_can_be_read() -> None:
    page = (Path(__file__).parent.parent / "docs" / "reference" / "query.md").read_text(encoding="utf-8")
    written = page.partition("## What you can write")[2].partition("A field needs")[0]
    cells = [line.split("|")[1] for line in written.splitlines() if line.startswith("| `")]
    typed = [query for cell in cells for query in re.findall(r"`([^`]+)`", cell)]
    assert len(typed) > 30
    for query in typed:
        field = re.match(r"[a-z]+:", query)
        alone = field is None or field[0] in ("headline:", "intros:")
        assert parse(query if alone else f"badhus {query}").text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("badhus or simhall", "column 8: or is read as a word to look for"),
        ("badhus since:2026-11-20 until:2020-01-01", "column 25: this can never match"),
        ("source:finnsinte badhus", "column 1: there is no source finnsinte"),
        ("badhus lang:svenska", "column 8: svenska is no language code"),
        ("berg", "column 1: berg means much else"),
    ],
)
def test_whoever_searches_is_told_unasked_what_will_find_nothing(folder: Path, asked: str, told: str) -> None:
    for more in (["--offline"], ["--explain"]):
        found = CliRunner().invoke(listen, ["--query", asked, *more])
        assert found.exit_code == 0, found.output
        assert told in found.stderr
    assert "column" not in CliRunner().invoke(listen, ["--query", "almby badhus", "--offline"]).stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--lang", "svenska"], "no language code"),
        (["--since", "2026-11-22", "--until", "2026-11-01"], "ends before --since begins"),
    ],
)
def test_options_that_can_find_nothing_are_refused(folder: Path, options: list[str], told: str) -> None:
    found = CliRunner().invoke(listen, ["--query", "badhus", "--offline", *options])
    assert found.exit_code == 2
    assert told in found.stderr
