"""YouTube's Data API asked for one list at a time, its refusals and its empty answers told apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from listener.context import Context
from listener.errors import Changed, CredentialError, SourceError, Throttled
from listener.quotas import Quota
from listener.sources.fields import rows_of
from listener.sources.official import Reply, ask, base_url, object_of, secret, told

WHO = "YouTube"
BASE_URL = "https://youtube.googleapis.com"
KEY = "LISTEN_YOUTUBE_KEY"
PACIFIC = "America/Los_Angeles"  # where YouTube's day begins
_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded", "userRateLimitExceeded"})
_ABSENT = frozenset({"commentsDisabled", "channelNotFound", "videoNotFound", "notFound"})


class Spent(Throttled):
    """The day's quota is used up."""


class Absent(SourceError):
    """There is no such thing to read: no channel, or comments that are turned off."""


def rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of an answer. One that counts none may leave them out; any other without them has changed."""
    if "items" not in content and object_of(content, "pageInfo").get("totalResults") == 0:
        return []
    return rows_of(content, "items")


def ask_list(ctx: Context, method: str, kind: str, **params: str) -> dict[str, Any]:
    """One list of the interface. Raises Spent (and notes it), Absent, CredentialError, SourceError."""
    key = secret(ctx, KEY, WHO)
    ctx.spend(kind)
    reply = ask(ctx, f"{base_url(ctx, BASE_URL)}/youtube/v3/{method}", params, {"X-Goog-Api-Key": key})
    if reply.ok and isinstance(reply.content, dict):
        return reply.content
    if reply.ok:
        raise Changed(f"{method} answers with {type(reply.content).__name__}, not with an object")
    raise _refusal(ctx, kind, method, reply)


def _refusal(ctx: Context, kind: str, method: str, reply: Reply) -> SourceError | CredentialError:
    error = object_of(reply.content, "error")
    given = [error.get("errors"), error.get("details")]
    reasons = {
        str(row.get("reason")) for rows in given if isinstance(rows, list) for row in rows if isinstance(row, dict)
    }
    if reasons & _SPENT or error.get("status") == "RESOURCE_EXHAUSTED":
        ctx.spend(kind, ctx.quotas.left(kind))
        begins = Quota(kind=kind, most=0, window="day", zone=PACIFIC).begins(ctx.now) or ctx.now
        return Spent(f"{WHO}'s quota of {kind} is used up for today", begins + timedelta(days=1))
    if reasons & _ABSENT:
        return Absent(f"{method} answers {reply.status}")
    if reply.status in (400, 401, 403) and (reply.status != 400 or "API key" in str(error.get("message"))):
        return CredentialError(f"{WHO} refuses the key ({told(error.get('message'))}): check {KEY}")
    return Changed(f"{WHO} does not understand the question ({told(error.get('message'))})")
