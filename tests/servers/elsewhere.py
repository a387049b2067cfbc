"""Every place but the demo's own, on loopback: a small stand-in for each, which can be made to fail by its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from servers.look_ups import discord_invites, tiktok_oembed
from servers.meta import graph
from servers.name_server import NameServer
from servers.telegram import HEAD, WELL_KNOWN, free, page

from listener.demo.folder import ZONE
from listener.demo.serve import Answer, Fault, Reply, Request, Server, json_reply

REGISTRATION = json.loads(
    (Path(__file__).parent.parent / "sources" / "cases" / "rdap" / "domain.json").read_text(encoding="utf-8")
)["row"]
PLEA = "Kundtjänst för Almby kommun. Logga in med BankID så hjälper vi dig."
CHANNEL = "UCalmbykommunsupport0000"
SUPPORT = "almbykommunsupport"  # how the impostor calls itself on YouTube and Telegram
INSTAGRAM = "almbykommun_support"
DOMAIN = "almbykommun-bankid.se"
NEWS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Google News</title><item>
<title>Almby kommun bygger - Almbyposten</title><link>https://news.google.com/rss/articles/1</link>
<guid isPermaLink="false">g1</guid><pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate>
<source url="https://almbyposten.example">Almbyposten</source></item></channel></rss>"""


def youtube(request: Request) -> Reply:
    """One channel, known by its handle and id; the search finds nothing."""
    asked = {request.one("forHandle").removeprefix("@"), *request.one("id").split(",")}
    snippet = {"title": "Almby kommun", "description": PLEA, "customUrl": f"@{SUPPORT}"}
    row = {"kind": "youtube#channel", "id": CHANNEL, "snippet": snippet, "statistics": {"subscriberCount": "40"}}
    there = request.path.endswith("/channels") and asked & {SUPPORT, CHANNEL}
    return json_reply({"pageInfo": {"totalResults": int(bool(there))}, **({"items": [row]} if there else {})})


def telegram(request: Request) -> Reply:
    name = request.path.removeprefix("/").lower()
    if name == "robots.txt":
        return Reply(status=404)
    fake = HEAD.format("Almby kommun", "") + (
        '<div class="tgme_page_title"><span>Almby kommun</span></div><div class="tgme_page_extra">40 subscribers</div>'
        f'<div class="tgme_page_description">{PLEA}</div></body></html>'
    )
    return page({SUPPORT: fake, "telegram": WELL_KNOWN}.get(name, free(name)))


def search_engine(request: Request) -> Reply:
    """Our own site, and one impostor on Instagram."""
    site = request.one("q").partition("site:")[2]
    ours = {"url": "https://almby.example/kontakt", "title": "Kontakt", "content": ""}
    url, title = f"https://www.instagram.com/{INSTAGRAM}/", f"Almby kommun (@{INSTAGRAM}) • Instagram photos and videos"
    rows = {"almby.example": [ours], "instagram.com": [{"url": url, "title": title, "content": PLEA}]}
    return json_reply({"query": request.one("q"), "results": rows.get(site, []), "unresponsive_engines": []})


def wikidata(_request: Request) -> Reply:
    """Our own page on Facebook, as somebody noted it."""
    values = {"item": "http://www.wikidata.org/entity/Q1", "label": "Almby kommun", "property": "P2013"}
    row = {**values, "value": "almbykommun", "rank": "http://wikiba.se/ontology#NormalRank"}
    return json_reply({"results": {"bindings": [{name: {"type": "literal", "value": it} for name, it in row.items()}]}})


def lemmy(request: Request) -> Reply:
    """One person."""
    person = {"name": SUPPORT, "display_name": "Almby kommun", "actor_id": f"https://lemmy.example/u/{SUPPORT}"}
    view = {"person": {**person, "bio": PLEA}, "counts": {}}
    if request.path.endswith("/user"):
        known = request.one("username").partition("@")[0] == SUPPORT
        return json_reply({"person_view": view} if known else {"error": "couldnt_find_person"}, 200 if known else 404)
    if not request.path.endswith("/search"):
        return json_reply({"error": "couldnt_find_community"}, 404)
    found = [view] if request.one("type_") == "Users" and "kommun" in request.one("q").casefold() else []
    return json_reply({"users": found, "communities": [], "posts": [], "comments": []})


def oembed(request: Request) -> Reply:
    address = request.one("url")
    there = address.rstrip("/").rpartition("/")[2] in ("soundcloud", "pinterest")
    return json_reply({"author_url": address, "author_name": "x"}) if there else json_reply({}, 404)


def schools(_request: Request) -> Reply:
    row = {"schoolUnitCode": "10000000", "name": "Tallåsskolan F-6", "status": "AKTIV"}
    return json_reply({"data": {"type": "schoolunit", "attributes": [row]}, "meta": {"extractDate": "2026-11-21"}})


def registry(request: Request, url: str) -> Reply:
    """IANA's list and the registry of .se, which has one of the domains."""
    if request.path == "/dns.json":
        return json_reply({"services": [[["se", "nu"], [f"{url}/"]]]})
    there = request.path.endswith(DOMAIN)
    return json_reply({**REGISTRATION, "ldhName": DOMAIN} if there else {}, 200 if there else 404)


def board(request: Request) -> Reply:
    """A site that nobody of ours is on; it lets programs in."""
    return Reply(status=404)


def forum(request: Request) -> Reply:
    return Reply(status=404) if request.path == "/robots.txt" else page("<p>Sökningen gav inga träffar.</p>")


ANSWERS: dict[str, Answer] = {
    "board": board,
    "certificates": lambda _request: json_reply([]),
    "discord": discord_invites(),
    "forum": forum,
    "gdelt": lambda _request: json_reply({}),
    "googlenews": lambda request: Reply(status=404) if request.path == "/robots.txt" else Reply(body=NEWS.encode()),
    "graph": graph(),
    "hackernews": lambda _request: json_reply({"hits": [], "nbPages": 0}),
    "lemmy": lemmy,
    "oembed": oembed,
    "schools": schools,
    "search": search_engine,
    "telegram": telegram,
    "tiktok": tiktok_oembed(),
    "wikidata": wikidata,
    "youtube": youtube,
}
SETTINGS = """
[sources.certificates]
base_url = "{certificates}"
spotter_url = "{certificates}"
[sources.discord]
base_url = "{discord}"
[sources.dns]
nameservers = ["127.0.0.1"]
port = {port}
names = 60
[sources.facebook]
enabled = true
terms_accepted = "meta_app_review"
base_url = "{graph}"
[sources.threads]
enabled = true
terms_accepted = "meta_app_review"
base_url = "{graph}"
[sources.flashback]
base_url = "{forum}"
seconds_between_requests = 0
[sources.gdelt]
base_url = "{gdelt}"
[sources.googlenews]
enabled = true
terms_accepted = "own use"
base_url = "{googlenews}"
[sources.hackernews]
base_url = "{hackernews}"
[sources.lemmy]
servers = ["{lemmy}"]
[sources.oembed]
base_url = "{oembed}"
[sources.probe]
file = "sites.json"
[sources.rdap]
base_url = "{registry}/dns.json"
[sources.skolverket]
base_url = "{schools}"
[sources.telegram]
base_url = "{telegram}"
pause = 0
[sources.tiktok]
base_url = "{tiktok}"
[sources.websearch]
base_url = "{search}"
searches_per_run = 200
[sources.wikidata]
base_url = "{wikidata}"
items = ["Q1"]
[sources.youtube]
base_url = "{youtube}"
"""


class Elsewhere:
    """The stand-ins, each on a port of its own: `fail`, `answer` otherwise and `heal` them by name."""

    def __init__(self) -> None:
        self.servers = {name: Server(answer) for name, answer in ANSWERS.items()}
        self.servers["registry"] = Server(lambda request: registry(request, self.servers["registry"].url))
        self.names = NameServer()

    def settings(self, folder: Path) -> str:
        """What turns their sources on; writes the files that two of them read, the demo's zone too, into the folder."""
        urls = {name: server.url for name, server in self.servers.items()}
        sites = {"Board": {"url": f"{urls['board']}/u/{{username}}", "checkType": "status_code"}}
        (folder / "sites.json").write_text(json.dumps({"sites": sites, "engines": {}}), encoding="utf-8")
        (folder / ZONE).write_text(f"bageri.se\n{DOMAIN}\n", encoding="utf-8")
        return SETTINGS.format(**urls, port=self.names.port)

    def fail(self, name: str, fault: Fault | Callable[[Request], Reply]) -> None:
        """Let one fail from now on, or answer something else."""
        if isinstance(fault, Fault):
            self.servers[name].fail(fault)
        else:
            self.servers[name].answer = fault

    def heal(self) -> None:
        """Let all work again."""
        for name, server in self.servers.items():
            server.fail(None)
            server.answer = ANSWERS.get(name, server.answer)
        self.names.fails = ()

    def stop(self) -> None:
        for server in self.servers.values():
            server.stop()
        self.names.stop()
