"""Every source in one town: answered, blocked, cut short, gated or off, and told as exactly what it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from bs4 import BeautifulSoup
from servers.elsewhere import DOMAIN, INSTAGRAM, SUPPORT, Elsewhere
from servers.meta import KEYS
from town import NOW, Town

from listener.cli import run
from listener.clock import read_time
from listener.demo import Fault, load_world, start
from listener.demo.folder import ZONE
from listener.demo.serve import CLOSED_ROBOTS, Reply, Request, json_reply
from listener.demo.world import World
from listener.language import translations
from listener.report.labels import COMPLETENESS, source_label
from listener.sources import load_sources
from listener.store import open_store

SATURDAY, SUNDAY = "2026-11-21T07:00:00+01:00", "2026-11-22T07:00:00+01:00"
GATED = {"instagram", "linkedin", "reddit", "x"}
OFF = {"oembed"}
BLOCKED, THROTTLED, CHANGED = ("unavailable", "blocked"), ("unavailable", "throttled"), ("unavailable", "changed")
SPENT, PART, WHOLE = ("quota", "quota"), ("truncated", "truncated"), ("complete", "")
# how each source that anything stood in the way of ought to be told: (completeness, kind of trouble)
STOOD = {
    "certificates": ("unavailable", "blocked"),
    "discord": CHANGED,
    "dns": PART,
    "facebook": PART,
    "flashback:posts": BLOCKED,
    "googlenews:posts": BLOCKED,
    "hackernews:posts": THROTTLED,
    "lemmy": BLOCKED,
    "lemmy:posts": BLOCKED,
    "probe": ("unavailable", "failed"),
    "rdap": ("truncated", "blocked"),
    "skolverket": THROTTLED,
    "tiktok": CHANGED,
    "websearch": PART,
    "wikidata": CHANGED,
    "youtube": SPENT,
    "youtube:posts": SPENT,
}
ORGANISATION = """
[organisation]
name = "Almby kommun"
municipality_code = "9901"
domains = ["almby.example"]
allowed_platforms = ["facebook", "instagram", "youtube", "bluesky", "mastodon"]
[contact]
email = "kommunikation@almby.example"
[report]
language = "sv"
"""
CUT = (
    ("searches_per_run = 200", "searches_per_run = 4"),
    ("[sources.youtube]\n", "[sources.youtube]\nmax_searches = 0\n"),
    ("[sources.oembed]\n", "[sources.oembed]\nenabled = false\n"),
)
SAY = translations("sv").gettext

pytestmark = pytest.mark.network


class Place(NamedTuple):
    """The town's folder, the servers that are not the demo's own, and what listener.toml says when all is well."""

    folder: Path
    elsewhere: Elsewhere
    settings: str

    def write(self, *changes: tuple[str, str]) -> None:
        text = self.settings
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        (self.folder / "listener.toml").write_text(text, encoding="utf-8")


def few(world: World) -> World:
    """The town's own accounts and what stands on sites: enough for every source, and soon judged."""
    kept = [one for one in world.residents if one.registered or one.where in ("website", "tips")]
    return msgspec.structs.replace(world, residents=tuple(kept), posts=())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    elsewhere = Elsewhere()
    with start(few(load_world(read_time(NOW)))) as served:
        town = Town(served, tmp_path)
        for name, value in town.environ({**KEYS, "LISTEN_YOUTUBE_KEY": "yt-test-only"}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        own = (tmp_path / "listener.toml").read_text(encoding="utf-8")
        sources = own[own.index("[sources.website]") : own.index("[queries.simhallen]")]
        yield Place(tmp_path, elsewhere, ORGANISATION + sources + elsewhere.settings(tmp_path))
    elsewhere.stop()


def closed(request: Request) -> Reply:
    return Reply(body=CLOSED_ROBOTS, kind="text/plain") if request.path == "/robots.txt" else Reply(status=404)


def trouble(elsewhere: Elsewhere) -> None:
    """Let something stand in the way of most."""
    later = Fault(kind="status", status=429, retry_after=864_000)
    refused = {"certificates": 401, "googlenews": 401, "lemmy": 403, "registry": 403}
    for name, status in refused.items():
        elsewhere.fail(name, Fault(kind="status", status=status, only="/domain/" if name == "registry" else ""))
    for name in ("hackernews", "schools"):
        elsewhere.fail(name, later)
    for name in ("forum", "board"):
        elsewhere.fail(name, closed)
    elsewhere.fail("discord", lambda _request: json_reply({"invitation": "in another shape"}))
    elsewhere.fail("tiktok", lambda _request: Reply(body=b"<html>Log in to TikTok</html>", kind="text/html"))
    elsewhere.fail("wikidata", Fault(kind="garbage"))
    elsewhere.names.fails = ("almbykommun.se", "almby-kommun.se", "almby.se", "almbykommun.nu")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(list(arguments)) == 0
    return capsys.readouterr().out


def told_whole(capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the report and `listen sources` tell, as JSON."""
    report = json.loads(printed(capsys, "report", "--format", "json"))
    return report, json.loads(printed(capsys, "sources", "--format", "json"))


def fared(report: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Each source's completeness, and the first kind of trouble."""
    lines = report["coverage"]["sources"]
    return {line["name"]: (line["completeness"], next((kind for kind, _why in line["reasons"]), "")) for line in lines}


def shown(capsys: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """What the coverage page says of each source, name first, in HTML and in text."""
    page = BeautifulSoup(printed(capsys, "report", "--format", "html"), "html.parser")
    rows = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in page.select("#coverage tr")]
    yield [f"{row[0]}: {row[1].removeprefix('✗ ')}" for row in rows]
    yield [line.strip() for line in printed(capsys, "report", "--format", "text").splitlines()]


def worst(completeness: str) -> int:
    return ("unavailable", "quota", "truncated", "complete").index(completeness)


def told_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    """Hold what is told of the troubled run against what stood in the way, source by source."""
    report, sources = told_whole(capsys)
    coverage = report["coverage"]
    found = fared(report)
    assert found == {name: STOOD.get(name, WHOLE) for name in found}
    assert not coverage["complete"]
    names = {name.removesuffix(":posts") for name in found}
    assert names == set(load_sources()) - GATED - OFF, "a source that is on is missing, or one that is not was asked"
    gaps = {gap["platform"]: gap for gap in coverage["unsearched"]}
    assert {name: gaps[name]["reason"] for name in GATED | OFF} == dict.fromkeys(GATED, "gated") | {"oembed": "off"}
    assert {name: gaps[name]["why"] for name in GATED} == {n: load_sources()[n].ABOUT.gate_text for n in GATED}
    assert gaps["snapchat"]["through"] == gaps["x"]["through"] == ["websearch"], "Wikidata did not answer"
    assert gaps["reddit"]["through"] == []
    assert set(gaps) == {*GATED, *OFF, "snapchat"}
    rows = {row["name"]: row for row in sources["sources"]}
    assert set(rows) == set(load_sources())
    assert {name for name, row in rows.items() if row["state"] == "gated"} == GATED
    assert {name for name, row in rows.items() if row["state"] == "off"} == OFF
    assert {name: rows[name]["last"] for name in names} == {
        name: min((found[part][0] for part in (name, f"{name}:posts") if part in found), key=worst) for name in names
    }
    assert {name: gap["reason"] for name, gap in sources["not_searched"].items()} == {
        name: gap["reason"] for name, gap in gaps.items()
    }
    wanted = [f"{source_label(name, SAY)}: {SAY(COMPLETENESS[how])}" for name, (how, _kind) in found.items()]
    wanted.append("Snapchat: Ses bara i någon mån, genom: Webbsökning.")
    for lines in shown(capsys):
        assert [text for text in wanted if not any(line.startswith(text) for line in lines)] == []
    assert lines[1].startswith("OFULLSTÄNDIG (")


def flagged(report: dict[str, Any]) -> dict[tuple[str, str], str]:
    """(platform, handle) -> verdict of every case that has a reason."""
    cases = [case for case in report["cases"] if case["reasons"]]
    return {(case["suspect"]["platform"], case["suspect"]["handle"]): case["verdict"] for case in cases}


def observed(folder: Path) -> dict[tuple[str, str], str]:
    """(platform, handle) -> whether the account was seen."""
    with open_store(folder / "listener.db") as store:
        rows = store.rows("SELECT platform, handle, observation FROM accounts")
        return {(row["platform"], row["handle"]): row["observation"] for row in rows}


def test_each_source_is_told_as_what_it_was_and_what_is_blocked_is_not_gone(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write(*CUT)
    trouble(place.elsewhere)
    assert run(["audit"]) == 3
    told_as_it_was(capsys)

    place.elsewhere.heal()
    place.write()
    monkeypatch.setenv("LISTEN_NOW", SATURDAY)
    assert run(["audit"]) == 0
    report, sources = told_whole(capsys)
    assert report["coverage"]["complete"]
    assert set(fared(report).values()) <= {WHOLE, PART}
    assert {row["name"] for row in sources["sources"] if row["state"] == "on"} == set(load_sources()) - GATED
    assert printed(capsys, "report", "--format", "text").splitlines()[1].startswith("FULLSTÄNDIG (")
    cases = flagged(report)
    fakes = {("youtube", SUPPORT), ("telegram", SUPPORT), ("instagram", INSTAGRAM)}
    assert {cases.get(fake) for fake in fakes} == {"impostor"}
    assert ("web", DOMAIN.replace(".", "[.]")) in cases

    for name in ("lemmy", "telegram", "youtube", "search"):
        place.elsewhere.fail(name, Fault(kind="status", status=403))
    (place.folder / ZONE).unlink()
    monkeypatch.setenv("LISTEN_NOW", SUNDAY)
    asked = ("lemmy", "telegram", "youtube", "websearch", "zone")
    for _time in range(2):
        assert run(["discover", *(word for name in asked for word in ("--source", name))]) == 3
    seen = observed(place.folder)
    assert "gone" not in seen.values()
    assert {seen[fake] for fake in (*fakes, ("lemmy", f"{SUPPORT}@lemmy.example"))} == {"not_checked"}
    assert ("web", DOMAIN) in seen
