"""A small Reddit: the app's own log-in, a community, a person, a closed community, four posts."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from servers.contract import Endpoint, contract

from listener.demo.serve import Reply, Request, json_reply

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
KEYS = {"LISTEN_REDDIT_CLIENT_ID": "client-test", "LISTEN_REDDIT_CLIENT_SECRET": "key-test-only"}
BASIC = "Basic " + base64.b64encode(b"client-test:key-test-only").decode()


def community(name: str) -> dict[str, Any]:
    return {"kind": "t5", "data": {"name": f"t5_{name}", "display_name": name, "title": name.title()}}


def person(name: str) -> dict[str, Any]:
    return {"kind": "t2", "data": {"id": name, "name": name}}


def post(number: int, days: int) -> dict[str, Any]:
    when = (NOW - timedelta(days=days)).timestamp()
    row = {"name": f"t3_{number}", "title": "Almby", "permalink": f"/r/almby/comments/{number}/", "created_utc": when}
    return {"kind": "t3", "data": row}


def listing(*rows: dict[str, Any], after: str | None = None) -> Reply:
    return json_reply({"kind": "Listing", "data": {"children": list(rows), "after": after}})


def about(request: Request) -> Reply:
    found = {"/r/almby/about": community("almby"), "/user/almbykommun/about": person("almbykommun")}
    if request.path == "/r/almbyintern/about":
        return json_reply({"reason": "private", "error": 403}, 403)
    if request.path.startswith("/r/") and request.path not in found:
        return Reply(status=302, headers={"Location": "/subreddits/search"}, body=b"{}")
    return json_reply(found[request.path]) if request.path in found else json_reply({"error": 404}, 404)


def search(request: Request) -> Reply:
    if "after" in request.query:
        return listing(post(3, 5), post(4, 300), after="t3_4")
    return listing(post(1, 1), post(2, 2), after="t3_2")


LISTED = "q limit raw_json"
ENDPOINTS = (
    Endpoint("/(?:r|user)/[^/]+/about", "raw_json", "", about),
    Endpoint("/subreddits/search", LISTED, "after", lambda _request: listing(community("almby"))),
    Endpoint("/users/search", LISTED, "after", lambda _request: listing(person("almbykommun"))),
    Endpoint("/search", f"{LISTED} sort type", "after", search),
)
API = contract(ENDPOINTS, {"Authorization": "Bearer token-test-only"}, ("token-test-only", "key-test-only"))


def answer(request: Request) -> Reply:
    if request.path != "/api/v1/access_token":
        return API(request)
    good = request.method == "POST" and request.body == b"grant_type=client_credentials"
    if not good or request.headers.get("authorization") != BASIC:
        return json_reply({"message": "Unauthorized", "error": 401}, 401)
    return json_reply({"access_token": "token-test-only", "token_type": "bearer", "expires_in": 3600})
