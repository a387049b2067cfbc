"""A small search of Hacker News: a hundred and fifty posts on two pages."""

from __future__ import annotations

from servers.contract import Endpoint, contract

from listener.demo.serve import Answer, Reply, Request, json_reply


def search(request: Request) -> Reply:
    start = int(request.one("page")) * 100
    rows = [{"objectID": str(n), "title": "Almby", "created_at": "2026-11-20T10:00:00Z"} for n in range(150)]
    return json_reply({"hits": rows[start : start + 100], "nbPages": 2})


def hackernews_search() -> Answer:
    """The search, which wants no key."""
    asked = "query tags hitsPerPage numericFilters page"
    return contract((Endpoint("/api/v1/search_by_date", asked, "", search),), {})
