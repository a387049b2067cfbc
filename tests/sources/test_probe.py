"""A probe of invented sites on loopback: what counts as there, what as gone, and what nobody may believe."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from listener.context import Context
from listener.demo.serve import CLOSED_ROBOTS, Fault, Reply, Request, Server
from listener.errors import SourceError
from listener.models import Completeness, Term
from listener.quotas import Quota, Quotas
from listener.sources import probe
from listener.sources.probe_rules import OWN, Page, Said, Site, load_sites, read_own, read_page

Make = Callable[..., Context]
TERMS = (Term(text="Almby kommun"), Term(text="Almby"), Term(text="maja.lind", kind="handle"))
TEXTS = Site(name="texts", url="https://t.example/{handle}", present=("card", "bio"), absent=("no such",))
STATUS = Site(name="status", url="https://s.example/{handle}")

network = pytest.mark.network


def page(status: int, body: bytes = b"", url: str = "https://t.example/almby") -> Page:
    return Page(url, status, body)


@pytest.mark.parametrize(
    ("site", "answer", "said"),
    [
        (TEXTS, page(200, b"<div class=card>"), Said.PRESENT),
        (TEXTS, page(200, b"no such member"), Said.ABSENT),
        (TEXTS, page(404, b"no such member"), Said.ABSENT),
        (TEXTS, page(404, b"whatever"), Said.ABSENT),
        (TEXTS, page(404, b"card"), Said.UNKNOWN),
        (TEXTS, page(200, b"card, no such"), Said.UNKNOWN),
        (TEXTS, page(200, b"log in"), Said.UNKNOWN),
        *[(TEXTS, page(status, b"no such card"), Said.UNKNOWN) for status in (301, 401, 403, 429, 500, 503, 999)],
        *[(TEXTS, page(status, b"no such"), Said.UNKNOWN) for status in (401, 403, 429, 500, 503, 999)],
        (STATUS, page(200), Said.PRESENT),
        (STATUS, page(200, url="https://t.example/login"), Said.UNKNOWN),
        (STATUS, page(404), Said.ABSENT),
        (STATUS, page(410), Said.ABSENT),
        *[(STATUS, page(status), Said.UNKNOWN) for status in (204, 302, 401, 403, 429, 451, 500, 503, 999)],
    ],
)
def test_both_sides_need_their_sign(site: Site, answer: Page, said: Said) -> None:
    assert read_page(site, "almby", answer) is said


def test_our_own_table_can_be_asked() -> None:
    sites = read_own(OWN.read_text(encoding="utf-8"))
    assert len(sites) >= 12
    for site in sites:
        assert site.place
        assert "almby" in site.page("almby")
        assert site.question("almby").startswith("https://")
        assert site.fits("almbykommun")
        assert bool(site.present) == bool(site.absent), site.name
        assert "?" not in site.question("almby?x=1&y").removesuffix("&format=json").rpartition("=")[2]


MAIGRET = {
    "engines": {"Forum": {"site": {"checkType": "message", "url": "{urlMain}{urlSubpath}/m/{username}",
                                   "absenceStrs": ["gone"], "presenseStrs": ["card"]}}},
    "sites": {
        "Second": {"engine": "Forum", "urlMain": "https://b.example/", "urlSubpath": "/board", "alexaRank": 9},
        "First": {"checkType": "status_code", "url": "https://a.example/{username}", "alexaRank": 2,
                  "regexCheck": "[a-z]+"},
        "OneSided": {"checkType": "message", "url": "https://c.example/{username}", "absenceStrs": ["gone"]},
        "Walled": {"checkType": "status_code", "url": "https://d.example/{username}", "protection": ["ip"]},
        "Off": {"checkType": "status_code", "url": "https://e.example/{username}", "disabled": True},
        "Closed": {"checkType": "status_code", "url": "https://www.facebook.com/{username}"},
        "Unfit": {"checkType": "status_code", "url": "https://f.example/{username}", "tags": ["dating"]},
        "Ids": {"checkType": "status_code", "url": "https://g.example/{username}", "type": "gaia_id"},
        "Same": {"checkType": "status_code", "url": "https://a.example/{username}", "alexaRank": 3},
        "Redirects": {"checkType": "response_url", "url": "https://h.example/{username}"},
        "Odd": [],
        "Odder": {"checkType": "status_code", "url": 7, "tags": "x"},
    },
}  # fmt: skip
SHERLOCK = {
    "$schema": "x",
    "Status": {"errorType": "status_code", "url": "https://a.example/{}", "urlMain": "https://a.example"},
    "Text": {"errorType": "message", "errorMsg": "gone", "url": "https://b.example/{}"},
    "Mirror": {"errorType": "status_code", "url": "https://instagram.com/{}", "urlProbe": "https://d.example/{}"},
    "Elsewhere": {"errorType": "status_code", "url": "https://e.example/{}", "urlProbe": "https://f.example/{}"},
    "Below": {"errorType": "status_code", "url": "https://{}.g.example/", "urlProbe": "https://api.g.example/{}"},
    "Adult": {"errorType": "status_code", "url": "https://c.example/{}", "isNSFW": True},
}


def test_of_others_lists_only_sites_that_can_say_yes_and_no_are_taken(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(json.dumps(MAIGRET))
    (tmp_path / "s.json").write_text(json.dumps(SHERLOCK))
    first, second = load_sites("", tmp_path / "m.json")
    assert (first.name, first.present, first.handles) == ("First", (), "[a-z]+")
    assert second.page("almby") == "https://b.example/board/m/almby"
    assert (second.present, second.absent) == (("card",), ("gone",))
    assert [site.name for site in load_sites("", tmp_path / "s.json")] == ["Status", "Below"]
    for broken in ("[", "[]", "\ud800"):
        (tmp_path / "x.json").write_bytes(broken.encode("utf-8", "surrogatepass"))
        with pytest.raises(SourceError, match="no list of sites"):
            load_sites("", tmp_path / "x.json")
    with pytest.raises(SourceError, match="no list 'others'"):
        load_sites("others")


class Town:
    """Sites under one roof: the first step of a path says how the site behaves."""

    def __init__(self) -> None:
        self.has = {"almbykommun"}

    def __call__(self, request: Request) -> Reply:
        kind, _slash, handle = request.path.strip("/").partition("/")
        there = handle in self.has
        replies = {
            "robots.txt": Reply(status=404),
            "liar": Reply(body=b"card"),
            "wall": Reply(status=403),
            "busy": Reply(status=429),
            "login": Reply(status=302, headers={"location": "/welcome"}),
            "welcome": Reply(body=b"log in"),
            "private": Reply(status=302, headers={"location": "http://10.0.0.1/card"}),
            "odd": Reply(status=302, headers={"location": "http://[::1"}),
            "challenge": Reply(body=b"<title>Just a moment...</title>card", kind="text/html"),
            "moved": Reply(status=301, headers={"location": f"/texts/{handle}"}),
            "texts": Reply(body=b"card" if there else b"no such"),
            "status": Reply(status=200 if there else 404),
        }
        return replies[kind]


@pytest.fixture
def town() -> Iterator[Server]:
    running = Server(Town())
    yield running
    running.stop()


def listed(server: Server, folder: Path, kinds: str) -> dict[str, Any]:
    """The settings of a probe of these kinds of sites, from a list in maigret's form."""
    texts = {"checkType": "message", "presenseStrs": ["card"], "absenceStrs": ["no such"]}
    rows = {
        kind: {"url": f"{server.url}/{kind}/{{username}}", "alexaRank": n, **texts}
        for n, kind in enumerate(kinds.split())
    }
    if "status" in rows:
        rows["status"] = {"url": f"{server.url}/status/{{username}}", "checkType": "status_code"}
    (folder / "sites.json").write_text(json.dumps({"sites": rows, "engines": {}}))
    return {"file": "sites.json", "folder": str(folder)}


@network
def test_the_handle_is_found_where_it_is_and_nowhere_else(town: Server, make_context: Make, tmp_path: Path) -> None:
    kinds = "texts status liar wall busy login private odd challenge moved"
    ctx = make_context("probe", listed(town, tmp_path, kinds), terms=TERMS)
    found = [(account.handle, account.url) for account in probe.accounts(ctx, Term(text=""))]
    assert sorted(found) == [("almbykommun", f"{town.url}/{kind}/almbykommun") for kind in ("moved", "status", "texts")]
    assert ctx.completeness == Completeness.TRUNCATED
    assert [(issue.kind, issue.detail) for issue in ctx.issues] == [
        ("skipped", "1 sites find a name that nobody has, and are not believed in this run: liar"),
        ("truncated", "4 of 10 sites did not answer clearly: busy, challenge, login, wall"),
        ("truncated", "2 of 10 sites do not let us in: odd, private"),
    ]
    asked = {request.path.rpartition("/")[2] for request in town.requests}
    assert "almbykommun" in asked
    assert not {name for name in asked if "maja" in name}, "persons are not probed"
    assert len([request for request in town.requests if request.path.startswith("/liar/")]) == 1
    assert all(request.headers["user-agent"].startswith("listen/") for request in town.requests)


@network
def test_robots_txt_is_obeyed_and_an_unseen_world_is_a_failure(
    town: Server, make_context: Make, tmp_path: Path
) -> None:
    town.answer = lambda request: Reply(body=CLOSED_ROBOTS if request.path == "/robots.txt" else b"card")
    ctx = make_context("probe", listed(town, tmp_path, "texts status"), terms=TERMS)
    with pytest.raises(SourceError, match="none of 2 sites answered clearly"):
        list(probe.accounts(ctx, Term(text="")))
    assert {request.path for request in town.requests} == {"/robots.txt"}


@network
@pytest.mark.parametrize("fault", [Fault(kind="garbage", only="/texts"), Fault(status=500, only="/texts")])
def test_a_site_that_answers_half_or_fails_is_unclear(
    town: Server, make_context: Make, tmp_path: Path, fault: Fault
) -> None:
    town.fail(fault)
    ctx = make_context("probe", listed(town, tmp_path, "texts status"), terms=TERMS)
    assert [account.url for account in probe.accounts(ctx, Term(text=""))] == [f"{town.url}/status/almbykommun"]
    assert [issue.detail for issue in ctx.issues] == ["1 of 2 sites did not answer clearly: texts"]


@network
def test_of_a_page_without_end_the_head_is_read(town: Server, make_context: Make, tmp_path: Path) -> None:
    town.fail(Fault(kind="huge", only="/texts"))
    ctx = make_context("probe", listed(town, tmp_path, "texts"), terms=TERMS)
    assert len(list(probe.accounts(ctx, Term(text="")))) == 1


@network
def test_one_run_asks_so_many_sites_and_the_next_goes_on(town: Server, make_context: Make, tmp_path: Path) -> None:
    settings = listed(town, tmp_path, "texts moved status")
    asked = []
    cursor: dict[str, str] = {}
    for _run in range(2):
        quotas = Quotas((Quota(kind="sites", most=2),), now=make_context("probe").now)
        ctx = make_context("probe", settings, terms=TERMS, quotas=quotas, cursor=cursor)
        asked.append(sorted(account.url.split("/")[3] for account in probe.accounts(ctx, Term(text="")) if account.url))
        cursor = ctx.next_cursor
        assert ctx.completeness == Completeness.TRUNCATED
    assert asked == [["moved", "texts"], ["status", "texts"]]


def test_the_next_run_begins_where_time_cut_this_one(
    make_context: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {f"s{n}": {"url": f"https://s{n}.example/{{username}}", "checkType": "status_code"} for n in range(5)}
    (tmp_path / "sites.json").write_text(json.dumps({"sites": rows}))

    reached: set[str] = set()

    async def reach(sites: Sequence[Site], *_given: object) -> list[probe.Asked]:
        return [probe.Asked(site, probe.Fate.ASKED) for site in sites if site.name in reached]

    monkeypatch.setattr(probe, "ask_all", reach)
    begins: list[str] = []
    for names in ("s0 s2", "s2", "s0 s1 s2 s3 s4"):
        reached.clear()
        reached.update(names.split())
        cursor = {"next": begins[-1]} if begins else {}
        ctx = make_context("probe", {"file": "sites.json", "folder": str(tmp_path)}, terms=TERMS, cursor=cursor)
        list(probe.accounts(ctx, Term(text="")))
        begins.append(ctx.next_cursor.get("next", ""))
    assert begins == ["s1", "s3", ""]


@network
def test_a_name_that_leads_inside_is_not_connected_to(
    town: Server, make_context: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def inside(host: str, *_more: object, **_named: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.1.1", 80))]

    monkeypatch.setattr("listener.guard.socket.getaddrinfo", inside)
    rows = {"inside": {"url": "http://inside.example/{username}", "checkType": "status_code"}}
    (tmp_path / "sites.json").write_text(json.dumps({"sites": rows}))
    ctx = make_context("probe", {"file": "sites.json", "folder": str(tmp_path)}, terms=TERMS)
    with pytest.raises(SourceError, match="none of 1 sites"):
        list(probe.accounts(ctx, Term(text="")))


@network
def test_a_bare_address_is_checked_when_it_is_connected_to(
    town: Server, make_context: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listener.sources.probe_client.check_url", lambda *_passes: None)
    settings = listed(town, tmp_path, "texts")
    listing = (tmp_path / "sites.json").read_text()
    (tmp_path / "sites.json").write_text(listing.replace("127.0.0.1", "0.0.0.0"))
    with pytest.raises(SourceError, match="none of 1 sites"):
        list(probe.accounts(make_context("probe", settings, terms=TERMS), Term(text="")))
    assert not town.requests


def test_without_a_handle_nothing_is_asked(make_context: Make) -> None:
    ctx = make_context("probe", terms=(Term(text="Almby"),))
    with pytest.raises(SourceError, match="no handle to ask for"):
        list(probe.accounts(ctx, Term(text="")))
    assert probe.likely_names(make_context("probe", {"handles": ["@almby", " "]})) == ("almby",)


@pytest.mark.parametrize(
    ("site", "platform", "handle"),
    [
        (Site(name="GitHub", url="https://github.com/{handle}"), "github", "almbykommun"),
        (Site(name="Board", url="https://board.example/u/{handle}"), "board.example", "almbykommun"),
    ],
)
def test_an_account_is_on_its_platform_or_on_one_named_for_its_host(site: Site, platform: str, handle: str) -> None:
    account = probe.as_account(site, "almbykommun")
    assert (account.platform, account.handle, account.source) == (platform, handle, "probe")
