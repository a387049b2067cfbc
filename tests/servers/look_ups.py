"""Two places that only tell who bears a name: TikTok's oEmbed and Discord's invitations."""

from __future__ import annotations

from servers.contract import Endpoint, contract

from listener.demo.serve import Answer, Reply, Request, json_reply

WRONG = json_reply({"code": 400, "message": "Something went wrong"}, 400)
UNKNOWN = json_reply({"message": "Unknown Invite", "code": 10006}, 404)


def profile(request: Request) -> Reply:
    name = request.one("url").removeprefix("https://www.tiktok.com/@")
    if name not in ("tiktok", "almbykommun"):
        return WRONG
    return json_reply({"type": "rich", "author_url": f"https://www.tiktok.com/@{name}", "author_name": f"{name} åäö"})


def invite(request: Request) -> Reply:
    code = request.path.rpartition("/")[2]
    guilds = {"almbykommun": "7001", "AbCdEf": "7002", "friend": ""}
    if code not in guilds:
        return UNKNOWN
    guild = {"id": guilds[code], "name": "Almby kommun", "icon": None, "features": []}
    return json_reply({"type": 0, "code": code, **({"guild": guild} if guilds[code] else {})})


def tiktok_oembed() -> Answer:
    """TikTok, as whoever embeds a profile sees it."""
    return contract((Endpoint("/oembed", "url format", "", profile),), {})


def discord_invites() -> Answer:
    """Discord, as whoever follows an invitation sees it."""
    return contract((Endpoint("/api/v10/invites/[^/]+", "with_counts", "", invite),), {})
