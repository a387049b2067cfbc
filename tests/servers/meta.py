"""A small Graph interface for Facebook, Instagram and Threads: proof demanded, one row a page, errors by code."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from servers.contract import Endpoint, contract

from listener.demo.serve import Answer, Reply, Request, json_reply
from listener.sources.graph import proof

TOKEN, SECRET = "EAAtestonly", "app-secret-test-only"
KEYS = {
    f"LISTEN_{place}_{kind}": text
    for place in ("FACEBOOK", "THREADS")
    for kind, text in (("TOKEN", TOKEN), ("SECRET", SECRET))
}
OWN = "17841400000000000"
PAGES = {
    "200000000000001": {"name": "Almby kommun", "username": "almbykommun", "about": "Officiell sida"},
    "200000000000002": {"name": "Almby kommun", "is_unclaimed": True},
    "200000000000003": {"name": "Badhusets vänner"},
}
POSTS = [
    {"id": f"p{n}", "text": "Almby", "username": "maja", "timestamp": "2026-11-20T08:00:00+0000"} for n in range(3)
]
OLD = {"id": "old", "caption": "Almby", "username": "maja", "timestamp": "2026-01-20T08:00:00+0000"}


def trouble(code: int, subcode: int = 0, message: str = "no", status: int = 400, **headers: str) -> Reply:
    error = {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "A"}
    return json_reply({"error": error}, status, headers)


def proven(answer: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    def checked(request: Request) -> Reply:
        held = request.one("appsecret_proof") == proof(TOKEN, SECRET)
        return answer(request) if held else trouble(190, message="Invalid appsecret_proof provided in the API argument")

    return checked


def paged(request: Request, rows: list[dict[str, Any]]) -> Reply:
    """One row a page; the address of the next page holds the token and leads elsewhere."""
    start = int(request.one("after", "0") or 0)
    more = {"cursors": {"after": str(start + 1)}, "next": f"http://evil.example/?access_token={TOKEN}"}
    last = start + 1 >= len(rows)
    return json_reply({"data": rows[start : start + 1], "paging": {"cursors": {"after": "x"}} if last else more})


def brief(number: str) -> dict[str, Any]:
    page = {key: value for key, value in PAGES[number].items() if key in ("name", "is_unclaimed")}
    return {"id": number, "link": f"https://www.facebook.com/{PAGES[number].get('username', number)}/", **page}


def search_pages(request: Request) -> Reply:
    """Those whose name holds the words, and one that Facebook thinks is near enough."""
    words = request.one("q").casefold()
    found = [number for number, page in PAGES.items() if words in str(page["name"]).casefold() or number[-1] == "3"]
    return paged(request, [brief(number) for number in found])


def several(request: Request) -> Reply:
    return json_reply({number: {"id": number, **PAGES[number]} for number in request.one("ids").split(",")})


def page(request: Request) -> Reply:
    name = request.path.rpartition("/")[2]
    for number, row in PAGES.items():
        if name in (number, row.get("username")):
            return json_reply({"id": number, **row})
    if name.isdecimal():
        return trouble(100, 33, "Unsupported get request. Object does not exist or missing permissions")
    return trouble(803, message=f"(#803) Some of the aliases you requested do not exist: {name}", status=404)


def discover(request: Request) -> Reply:
    asked = re.fullmatch(r"business_discovery\.username\(([\w.]+)\)\{[\w,]+\}", request.one("fields"))
    if asked is None:
        return trouble(100, message="Tried accessing nonexisting field")
    if asked[1] != "almbykommun":
        return trouble(110, 2207013, "Invalid user id")
    row = {"id": "17841400000000001", "username": "almbykommun", "biography": "Officiellt"}
    return json_reply({"business_discovery": row, "id": OWN})


def profile(request: Request) -> Reply:
    if request.one("username") != "almbykommun":
        return trouble(100, 33)
    return json_reply({"username": "almbykommun", "is_verified": True})


ENDPOINTS = (
    Endpoint("/v25.0/pages/search", "q fields limit appsecret_proof", "after", proven(search_pages)),
    Endpoint("/v25.0/", "ids fields appsecret_proof", "", proven(several)),
    Endpoint(f"/v25.0/{OWN}", "fields appsecret_proof", "", proven(discover)),
    Endpoint(
        f"/v25.0/{OWN}/tags",
        "fields limit appsecret_proof",
        "after",
        proven(lambda request: paged(request, [{**POSTS[0], "caption": "Almby"}, OLD, OLD])),
    ),
    Endpoint("/v1.0/profile_lookup", "username fields appsecret_proof", "", proven(profile)),
    Endpoint(
        "/v1.0/keyword_search",
        "q search_type since fields limit appsecret_proof",
        "after",
        proven(lambda request: paged(request, POSTS)),
    ),
    Endpoint("/v25.0/[^/]+", "fields appsecret_proof", "", proven(page)),
)


def graph() -> Answer:
    """The interface, which wants the token in a header and nowhere else."""
    return contract(ENDPOINTS, {"Authorization": f"Bearer {TOKEN}"}, (TOKEN, SECRET))
