"""A small Lemmy server: sixty people, one community, two posts."""

from __future__ import annotations

from typing import Any

from servers.contract import Endpoint, contract

from listener.demo.serve import Answer, Reply, Request, json_reply


def person(number: int) -> dict[str, Any]:
    return {"person": {"name": f"almby{number}", "actor_id": f"https://127.0.0.1/u/almby{number}"}, "counts": {}}


def community() -> dict[str, Any]:
    return {"community": {"name": "almby", "title": "Almby", "actor_id": "https://127.0.0.1/c/almby"}, "counts": {}}


def post(number: int, when: str) -> dict[str, Any]:
    row = {"name": "Almby", "ap_id": f"https://lemmy.example/post/{number}", "published": when}
    return {"post": row, "creator": {"name": "maja", "actor_id": "https://lemmy.example/u/maja"}}


def search(request: Request) -> Reply:
    start = (int(request.one("page")) - 1) * 50
    rows = {
        "Users": [person(n) for n in range(60)],
        "Communities": [community()],
        "Posts": [post(1, "2026-11-20T10:00:00Z"), post(2, "2026-01-20T10:00:00Z")],
    }[request.one("type_")]
    found: dict[str, list[Any]] = {"users": [], "communities": [], "posts": []}
    found[request.one("type_").lower()] = rows[start : start + 50]
    return json_reply({"type_": request.one("type_"), "comments": [], **found})


def user(request: Request) -> Reply:
    if request.one("username") != "almby1":
        return json_reply({"error": "couldnt_find_person"}, 404)
    return json_reply({"person_view": person(1), "posts": []})


ENDPOINTS = (
    Endpoint("/api/v3/search", "q type_ listing_type sort limit page", "", search),
    Endpoint("/api/v3/user", "username", "", user),
    Endpoint("/api/v3/community", "name", "", lambda _request: json_reply({"community_view": community()})),
)


def lemmy_server() -> Answer:
    """The server, which wants no log-in."""
    return contract(ENDPOINTS, {})
