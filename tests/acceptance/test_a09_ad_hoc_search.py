"""A9: the ad-hoc search, as an officer at a terminal and a script behind a pipe run it."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from town import Town

from listener.cli import run
from listener.demo import Fault

pytestmark = pytest.mark.network

QUERY = '"Almby kommun" simhallen -simskola'


class Said(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


class Officer:
    """Someone at a terminal in the town's folder; the searches run in this process, which is quicker."""

    def __init__(self, town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.town, self.served, self.folder = town, town.served, town.folder
        self._environ, self._printed = monkeypatch.setenv, capsys.readouterr
        monkeypatch.chdir(town.folder)

    def listen(self, *arguments: str, **more: str) -> Said:
        for name, value in self.town.environ(more).items():
            self._environ(name, value)
        return Said(run(list(arguments)), *self._printed())


@pytest.fixture
def officer(town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Officer:
    return Officer(town, monkeypatch, capsys)


def found(officer: Officer, *arguments: str) -> list[dict[str, object]]:
    done = officer.listen("--query", *arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert isinstance(rows, list)
    return rows


def searches(officer: Officer) -> list[tuple[str, str, str | None]]:
    with sqlite3.connect(officer.folder / "listener.db") as db:
        return db.execute("SELECT query, purpose, refused FROM searches ORDER BY id").fetchall()


def test_the_search_of_the_handbook(officer: Officer) -> None:
    rows = found(officer, QUERY, "--since", "7d", "--limit", "5")
    assert 0 < len(rows) <= 5
    for row in rows:
        text = str(row["text"])
        assert "almby kommun" in text.casefold()
        assert "simhallen" in text.casefold()
        assert "simskola" not in text.casefold()
        assert re.fullmatch(r"2026-11-\d\dT\d\d:\d\d:\d\dZ", str(row["published_at"]))
        marked = [text[start:end].casefold() for start, end in row["spans"]]  # type: ignore[attr-defined]
        assert set(marked) == {"almby kommun", "simhallen"}
    times = [str(row["published_at"]) for row in rows]
    assert times == sorted(times, reverse=True)


def test_both_networks_and_the_log_are_one_list_without_doubles(officer: Officer) -> None:
    rows = found(officer, "simhallen", "--limit", "500")
    assert {row["source"] for row in rows} == {"bluesky", "mastodon", "feeds"}
    assert found(officer, "simhallen", "--limit", "500") == rows
    assert found(officer, "simhallen", "--limit", "500", "--offline") == rows
    names = [(row["platform"], row["id"]) for row in rows]
    assert len(set(names)) == len(names)
    with sqlite3.connect(officer.folder / "listener.db") as db:
        assert db.execute("SELECT count(*) FROM mentions").fetchone() == (len(rows),)


def test_source_language_and_time_narrow_it(officer: Officer) -> None:
    assert {row["source"] for row in found(officer, "Almby", "--source", "mastodon", "--limit", "500")} == {"mastodon"}
    assert found(officer, "simhallen", "--lang", "en") == []
    day = found(officer, "simhallen", "--since", "2026-11-18", "--until", "2026-11-18", "--limit", "500")
    assert day
    assert {str(row["published_at"])[:10] for row in day} <= {"2026-11-17", "2026-11-18"}
    assert all("2026-11-17T23" <= str(row["published_at"]) < "2026-11-18T23" for row in day)


def test_nothing_found_is_an_empty_list(officer: Officer) -> None:
    assert found(officer, "xyzzy") == []
    for form, nothing in {"json": "[]\n", "ndjson": "", "table": ""}.items():
        done = officer.listen("--query", "xyzzy", "--format", form, "--fail-on-empty")
        assert (done.returncode, done.stdout) == (1, nothing)


def test_a_bad_operator_shows_its_place(officer: Officer) -> None:
    done = officer.listen("--query", '"Almby kommun" AND OR badhus', LANG="en_GB.UTF-8")
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    shown = next(n for n, line in enumerate(lines) if line.strip().startswith('"Almby kommun"'))
    assert lines[shown + 1].index("^") == lines[shown].index("OR badhus")
    assert "column 20" in done.stderr
    assert "sökfrågan, kolumn 20: OR" in officer.listen("--query", '"Almby kommun" AND OR badhus').stderr


def test_only_exclusions_is_refused_with_a_hint(officer: Officer) -> None:
    done = officer.listen("--query", "-simskola", LANG="en_GB.UTF-8")
    assert done.returncode == 2
    assert "Add a word to look for" in done.stderr


@pytest.mark.parametrize("arguments", [("--since", "igår"), ("--group-by", "mood"), ("--source", "myspace")])
def test_a_wrong_option_is_two(officer: Officer, arguments: tuple[str, ...]) -> None:
    done = officer.listen("--query", "simhallen", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert arguments[1] in done.stderr


def test_each_line_is_json_when_piped_and_a_reader_may_leave(town: Town, officer: Officer) -> None:
    done = officer.listen("--query", "Almby", "--limit", "500")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) > 50
    assert "\x1b" not in done.stdout + done.stderr
    with sqlite3.connect(town.folder / "listener.db") as db:  # more than a pipe holds
        db.execute("UPDATE mentions SET text = text || ?", (" x" * 10_000,))
    running = town.start("--query", "Almby", "--offline", "--limit", "500", "--format", "ndjson")
    assert running.stdout is not None
    assert running.stderr is not None
    first = running.stdout.readline()
    running.stdout.close()
    trouble = running.stderr.read()
    running.stderr.close()
    assert running.wait(60) == 0
    assert json.loads(first)["text"]
    assert "Traceback" not in trouble
    assert "BrokenPipe" not in trouble


def test_a_table_on_a_terminal_in_swedish_time_without_colour(town: Town, officer: Officer) -> None:
    found(officer, "simhallen")
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "listener", "--query", "simhallen", "--offline", "--limit", "2"],
        cwd=town.folder,
        env={**town.environ(), "NO_COLOR": "1", "TERM": "xterm-256color"},
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    lines = shown.replace("\r\n", "\n").splitlines()
    assert lines[0].split() == ["Tid", "Källa", "Författare", "Text"]
    newest = found(officer, "simhallen", "--offline", "--limit", "1")[0]
    hour = int(str(newest["published_at"])[11:13])
    assert f" {hour + 1:02}:" in lines[1]
    assert "\x1b" not in shown


def test_csv_and_markdown_hold_the_same_posts(officer: Officer) -> None:
    rows = found(officer, "simhallen", "--limit", "4")
    table = list(
        csv.DictReader(io.StringIO(officer.listen("--query", "simhallen", "--limit", "4", "--format", "csv").stdout))
    )
    assert [line["id"].lstrip("'") for line in table] == [row["id"] for row in rows]
    assert [line["text"] for line in table] == [row["text"] for row in rows]
    marked = officer.listen("--query", "simhallen", "--limit", "4", "--format", "md").stdout.splitlines()
    assert len(marked) == 2 + 4
    assert all(line.count("|") == 5 for line in marked)


def test_counts_instead_of_posts(officer: Officer) -> None:
    rows = found(officer, "simhallen", "--limit", "1000")
    by_source = found(officer, "simhallen", "--group-by", "source")
    assert {str(count["source"]): count["mentions"] for count in by_source} == {
        name: sum(row["source"] == name for row in rows) for name in {str(row["source"]) for row in rows}
    }
    assert sum(int(str(count["mentions"])) for count in found(officer, "simhallen", "--group-by", "day")) == len(rows)


def test_people_are_not_lined_up_by_a_sensitive_trait(officer: Officer) -> None:
    done = officer.listen("--query", "Almby muslimer", "--group-by", "author", LANG="en_GB.UTF-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert "religion or belief" in done.stderr
    assert searches(officer) == [("Almby muslimer", "omvärldsbevakning", "grouped by author: religion or belief")]
    assert officer.served.requests("bluesky") == ()
    assert found(officer, "Almby muslimer", "--group-by", "day") == []
    assert officer.listen("--query", "simhallen", "--group-by", "author").returncode == 0


def test_every_search_keeps_its_purpose(officer: Officer) -> None:
    found(officer, "simhallen", "--purpose", "svar på fråga i nämnden")
    found(officer, "simhallen", "--offline")
    assert searches(officer) == [
        ("simhallen", "svar på fråga i nämnden", None),
        ("simhallen", "omvärldsbevakning", None),
    ]


def test_what_an_audit_logs_bears_its_run_and_a_search_by_hand_none(officer: Officer) -> None:
    assert officer.listen("audit", "--quiet").returncode == 0
    found(officer, "simskola")
    with sqlite3.connect(officer.folder / "listener.db") as db:
        runs = dict(db.execute("SELECT query, run_id FROM mention_queries JOIN query_names n ON n.id = query_id"))
    assert runs.pop("simskola") is None
    assert set(runs.values()) == {1}


def test_one_network_down_costs_only_its_own_posts(officer: Officer) -> None:
    officer.served.fail("bluesky", Fault(status=500))
    done = officer.listen("--query", "simhallen", "--format", "json")
    assert done.returncode == 3
    assert {row["source"] for row in json.loads(done.stdout)} == {"mastodon", "feeds"}
    assert "bluesky: " in done.stderr


def test_no_log_in_at_all_is_four_and_says_what_to_set(officer: Officer) -> None:
    nothing = {"LISTEN_BLUESKY_IDENTIFIER": "", "LISTEN_BLUESKY_PASSWORD": ""}
    done = officer.listen("--query", "simhallen", "--source", "bluesky", "--format", "json", **nothing)
    assert (done.returncode, done.stdout) == (4, "[]\n")
    assert "LISTEN_BLUESKY_IDENTIFIER" in done.stderr
    assert "LISTEN_BLUESKY_PASSWORD" in done.stderr
    rest = officer.listen("--query", "simhallen", "--format", "json", **nothing)
    assert rest.returncode == 0
    assert "LISTEN_BLUESKY_IDENTIFIER" in rest.stderr


def test_explain_asks_nobody(officer: Officer) -> None:
    done = officer.listen("--query", "almby (simhallen OR badhuset) -simskola", "--explain", LANG="en_GB.UTF-8")
    assert done.returncode == 0
    assert "almby simhallen" in done.stdout
    assert "almby badhuset" in done.stdout
    assert "NOT simskola" in done.stdout
    assert officer.served.requests("bluesky") == ()
    told = json.loads(officer.listen("--query", "simhallen -bio", "--explain", "--format", "json").stdout)
    assert told["checked_here"] == ["NOT bio"]


def test_it_works_without_settings_and_says_so(town: Town, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "listener", "--query", "simhallen", "--offline"],
        cwd=bare,
        env={**town.environ(), "LANG": "en_GB.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert "listen init" in done.stderr
    assert list(bare.iterdir()) == []


def test_looking_back_loads_nothing_that_asks_the_network(officer: Officer) -> None:
    heavy = "{'numpy', 'requests', 'scrapy', 'atproto', 'sqlite_utils', 'listener.sources', 'py3langid', 'rensa'}"
    loaded = f"import sys; from listener.cli import run; run(sys.argv[1:]); print({heavy} & set(sys.modules))"
    found(officer, "simhallen")
    done = subprocess.run(
        [sys.executable, "-c", loaded, "--query", "simhallen", "--offline", "--limit", "1"],
        cwd=officer.folder,
        env=officer.town.environ(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "set()"
    assert json.loads(done.stdout.splitlines()[0])["author"].startswith("writer-")


def test_a_query_is_saved_with_its_purpose_and_copies_are_folded(officer: Officer) -> None:
    refused = officer.listen("--query", "simhallen", "--offline", "--save", "simhall", LANG="en_GB.UTF-8")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "add --purpose" in refused.stderr
    wanted = ("--query", "simhallen", "--save", "simhall", "--purpose", "följa simhallen", "--limit", "500")
    every = officer.listen(*wanted, "--format", "json")
    assert every.returncode == 0
    assert "[queries.simhall]" in (officer.folder / "listener.toml").read_text(encoding="utf-8")
    assert "upptaget" in officer.listen(*wanted, "--offline").stderr
    folded = found(officer, "simhallen", "--offline", "--fold-copies", "--limit", "500")
    rows = json.loads(every.stdout)
    assert len(folded) == len({row["cluster"] for row in rows})
    assert sum(int(str(row["copies"])) + 1 for row in folded) == len(rows)
