"""Which handle stands for which did just now, asked of Bluesky's public view for a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from listener.context import Context
from listener.sources.fields import rows_of, text_of

BASE = "https://public.api.bsky.app"
MOST = 25  # how many one question may name
SECONDS = 10.0
INVALID = "handle.invalid"  # what stands where a handle is not its owner's


def handles_of(ctx: Context, actors: Sequence[str]) -> dict[str, str]:
    """The handle of each did; `actors` may be handles too, at most MOST of them. Raises SourceError."""
    base = str(ctx.settings.get("base_url", BASE)).rstrip("/")
    named = urlencode([("actors", actor) for actor in actors[:MOST]])
    answer = ctx.http.get(f"{base}/xrpc/app.bsky.actor.getProfiles?{named}", seconds=SECONDS)
    found = ((text_of(row.get("did")), text_of(row.get("handle"))) for row in rows_of(answer.json(), "profiles"))
    return {did: handle for did, handle in found if did and handle and handle != INVALID}
