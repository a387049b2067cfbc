"""A small LinkedIn for partners: two organisations, found by exact name or by e-mail domain."""

from __future__ import annotations

from typing import Any

from servers.contract import Endpoint, contract

from listener.demo.serve import Answer, Reply, Request, json_reply

KEY = {"LISTEN_LINKEDIN_TOKEN": "li-test-only"}


def organisation(number: int, name: str) -> dict[str, Any]:
    return {"id": number, "vanityName": name, "localizedName": name.title()}


def find(request: Request) -> Reply:
    found = {"almby-kommun": 70001, "almby.example": 70002}
    finder = request.one("q")
    asked = request.one(finder)
    if finder not in ("vanityName", "emailDomain") or not asked:
        return json_reply({"message": "no such finder", "status": 400}, 400)
    rows = [organisation(found[asked], asked.replace(".", "-"))] if asked in found else []
    return json_reply({"paging": {"start": 0, "count": 10}, "elements": rows})


HEADERS = {"Authorization": "Bearer li-test-only", "LinkedIn-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}


def linkedin_partner() -> Answer:
    """The interface, which wants its three headers."""
    endpoint = Endpoint("/rest/organizations", "q", "vanityName emailDomain", find)
    return contract((endpoint,), HEADERS, tuple(KEY.values()))
