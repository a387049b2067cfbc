"""A small YouTube Data API: two channels, one video, its comments, answered as Google does and nothing more."""

from __future__ import annotations

from typing import Any

from servers.contract import Endpoint

from listener.demo.serve import Reply, Request, json_reply

OURS = "UCalmby-kommun-000000000"
THEIRS = "UCalmby-kundtjanst-00000"
CHANNELS = {
    OURS: ("almbykommun", "Almby kommun", "Officiell kanal. https://almby.example/"),
    THEIRS: ("almbykundtjanst", "Almby kommun kundtjänst", "Skriv till oss"),
}


def resource(number: str) -> dict[str, Any]:
    handle, title, description = CHANNELS[number]
    snippet = {
        "title": title,
        "description": description,
        "customUrl": f"@{handle}",
        "publishedAt": "2012-01-01T00:00:00Z",
    }
    return {"kind": "youtube#channel", "id": number, "snippet": snippet, "statistics": {"subscriberCount": "12"}}


def listed(rows: list[dict[str, Any]], **more: Any) -> Reply:
    """As Google does it: no `items` where there are none."""
    body = {"pageInfo": {"totalResults": len(rows), "resultsPerPage": 5}, **more}
    return json_reply({**body, "items": rows} if rows else body)


def search(request: Request) -> Reply:
    kind, text = request.one("type"), request.one("q").casefold()
    if kind == "video":
        return listed([{"id": {"kind": "youtube#video", "videoId": "v1"}}] if "simhall" in text else [])
    found = [number for number, (_handle, title, _text) in CHANNELS.items() if text in title.casefold()]
    rows = [{"id": {"kind": "youtube#channel", "channelId": number}, "snippet": {}} for number in found]
    return listed(rows, **({"nextPageToken": "CAUQAA"} if "pageToken" not in request.query and len(rows) > 1 else {}))


def channels(request: Request) -> Reply:
    handle = request.one("forHandle").removeprefix("@")
    wanted = [number for number in CHANNELS if number in request.one("id").split(",") or CHANNELS[number][0] == handle]
    return listed([resource(number) for number in wanted])


def videos(_request: Request) -> Reply:
    snippet = {"title": "Nya simhallen", "description": "i Almby", "publishedAt": "2026-11-20T10:00:00Z"}
    return listed([{"kind": "youtube#video", "id": "v1", "snippet": snippet}])


def comments(request: Request) -> Reply:
    if request.one("allThreadsRelatedToChannelId") == THEIRS:
        return refusal(403, "commentsDisabled", "The video has disabled comments.")
    said = {"videoId": "v1", "textDisplay": "Simhallen i Almby är stängd", "authorDisplayName": "@majah"}
    old = {**said, "publishedAt": "2026-01-01T00:00:00Z"}
    rows = [("c1", {**said, "publishedAt": "2026-11-21T09:00:00Z"}), ("c2", old)]
    threads = [{"snippet": {"topLevelComment": {"kind": "youtube#comment", "id": n, "snippet": s}}} for n, s in rows]
    reply = {"kind": "youtube#comment", "id": "c1.r", "snippet": {**rows[0][1], "parentId": "c1"}}
    return listed([{**threads[0], "replies": {"comments": [reply]}}, threads[1]], nextPageToken="more")


def refusal(status: int, reason: str, message: str = "no") -> Reply:
    return json_reply({"error": {"code": status, "message": message, "errors": [{"reason": reason}]}}, status)


API = "/youtube/v3/"
SEARCHED = "regionCode relevanceLanguage pageToken publishedAfter order"
THREADS = "part allThreadsRelatedToChannelId order maxResults textFormat"
ENDPOINTS = (
    Endpoint(API + "search", "part type q maxResults", SEARCHED, search),
    Endpoint(API + "channels", "part", "forHandle id maxResults", channels),
    Endpoint(API + "videos", "part id", "", videos),
    Endpoint(API + "commentThreads", THREADS, "pageToken", comments),
)
