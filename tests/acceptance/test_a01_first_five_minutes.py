"""A1: a new user's first five minutes: help, settings, the demo and its report; nothing leaves the machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

NOW = "2026-11-20T12:00:00+01:00"
RECORDER = """
import os, sys

def note(event, arguments):
    if event == "socket.connect" or event == "socket.sendto":
        where = arguments[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        where = arguments[0]
    else:
        return
    with open(os.environ["WENT_TO"], "a") as log:
        log.write(f"{event} {where!r}\\n")

sys.addaudithook(note)
"""
# Words that only the interface says; names, units and quoted texts of the invented municipality are Swedish anyway.
SWEDISH = (
    "användning flaggor kommandon visa skriv skrev sök granska granskar granskning rapporten veckorapporten vecka "
    "nya öppna stängda äldst fullständig ofullständig källor källa omnämnanden beslut väntar registret exempel "
    "täckning metod flaggade ärenden inga nästa titta"
)
ENGLISH = (
    "usage options commands show write wrote search audit auditing week new open closed oldest complete incomplete "
    "sources source mentions decisions waiting example coverage method flagged cases next look further"
)
# The same in both languages: commands and options, what click calls their arguments, addresses.
FIXED = re.compile(r"listen [\w -]+|`[^`]*`|--?\w[\w-]*|\[[A-Z]+\]|^  [a-z]+  |\S+\.\S+", re.MULTILINE)
EVIDENCE = re.compile(r"^    .*$", re.MULTILINE)  # reasons and faults are stored as English sentences
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|‘[^’]*’|”[^”]*”")


class Newcomer:
    """A person with an empty home, a terminal in one language and a note of every address the process went to."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        self.log = folder / "went-to.log"
        self.log.touch()
        hook = folder / "hook"
        hook.mkdir()
        (hook / "sitecustomize.py").write_text(RECORDER)
        self.desk = folder / "desk"
        self.desk.mkdir()
        (folder / "home").mkdir()
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "LANG": language,
            "LISTEN_NOW": NOW,
            "PYTHONPATH": str(hook),
            "WENT_TO": str(self.log),
        }

    def listen(self, *arguments: str, within: str = ".") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "listener", *arguments],
            cwd=self.desk / within,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def first_five_minutes(self) -> Iterator[subprocess.CompletedProcess[str]]:
        yield self.listen("--help")
        yield self.listen("init", "--no-input")
        yield self.listen("demo")
        yield self.listen("report", "--week", "latest", within="demo")
        yield self.listen("review", "list", within="demo")

    def went_to(self) -> list[str]:
        return self.log.read_text().splitlines()


def words(text: str) -> set[str]:
    """The words of an output, without quoted texts and what is the same in every language."""
    return set(re.findall(r"[a-zåäö]+", FIXED.sub(" ", QUOTED.sub(" ", text)).casefold()))


@pytest.mark.parametrize(
    ("language", "foreign", "own"),
    [("sv_SE.UTF-8", ENGLISH, SWEDISH), ("en_GB.UTF-8", SWEDISH, ENGLISH)],
    ids=["sv", "en"],
)
@pytest.mark.network
def test_the_first_five_minutes(tmp_path: Path, language: str, foreign: str, own: str) -> None:
    newcomer = Newcomer(tmp_path, language)
    said = ""
    for ran in newcomer.first_five_minutes():
        assert ran.returncode == 0, ran.stderr
        said += (EVIDENCE.sub("", ran.stdout) if language.startswith("sv") else ran.stdout) + ran.stderr

    assert "--query" in newcomer.listen("--help").stdout
    assert sorted(words(said) & set(foreign.split())) == []
    assert len(words(said) & set(own.split())) >= 8

    report = json.loads((newcomer.desk / "demo" / "reports" / "2026-W47.json").read_text())
    counted = {row["kind"]: row["new"] for row in report["rows"]}
    assert counted == {"local_office": 15, "department": 9, "team": 3, "employee_official": 4, "impostor": 2}
    assert report["mentions"]["week"] > 200
    assert (newcomer.desk / "demo" / "reports" / "2026-W47.html").stat().st_size > 5_000

    strange = [line for line in newcomer.went_to() if not re.search(r"127\.0\.0\.1|'localhost'|'::1'", line)]
    assert newcomer.went_to(), "the demo talks to its own servers"
    assert strange == []


def test_a_second_init_leaves_the_first_one_alone(tmp_path: Path) -> None:
    newcomer = Newcomer(tmp_path, "en_GB.UTF-8")
    assert newcomer.listen("init", "--no-input").returncode == 0
    settings = newcomer.desk / "listener.toml"
    settings.write_text(settings.read_text() + "# mine\n")
    again = newcomer.listen("init", "--no-input")
    assert again.returncode == 2
    assert "listener.toml" in again.stderr
    assert settings.read_text().endswith("# mine\n")


def test_the_demo_touches_no_folder_but_its_own(tmp_path: Path) -> None:
    newcomer = Newcomer(tmp_path, "en_GB.UTF-8")
    (newcomer.desk / "demo").mkdir()
    (newcomer.desk / "demo" / "holiday.txt").write_text("photos")
    refused = newcomer.listen("demo")
    assert refused.returncode == 2
    assert "--folder" in refused.stderr
    assert [path.name for path in (newcomer.desk / "demo").iterdir()] == ["holiday.txt"]
