"""oEmbed as a look-up: what platforms tell of a profile to whoever wants to embed it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from listener.context import Context
from listener.errors import Blocked, Changed, SourceError
from listener.models import Account
from listener.profiles import profile_url, read_link
from listener.sources.controls import LookUp
from listener.sources.fields import links_in, required, text_of, url_of
from listener.sources.official import ask, told

ABSENT = frozenset({400, 404})  # what is answered for a name that nobody bears


class Provider(NamedTuple):
    """One platform's oEmbed. `who` is what it is called in messages, `handle` what its handles look like."""

    platform: str
    who: str
    endpoint: str
    well_known: str
    handle: re.Pattern[str]


class Embeds:
    """The look-ups of one provider in one run; `base_url` replaces where its endpoint lives."""

    def __init__(self, ctx: Context, provider: Provider, base_url: str = "") -> None:
        self._ctx = ctx
        self._provider = provider
        usual = urlsplit(provider.endpoint)
        self._endpoint = (base_url.rstrip("/") or f"{usual.scheme}://{usual.netloc}") + usual.path
        self._lookup = LookUp(ctx, provider.who, provider.well_known, self._ask)

    def account(self, text: str, source: str) -> Account | None:
        """Who bears a handle; None when nobody does, or when it cannot be a handle. Raises SourceError."""
        handle = text.strip().lstrip("@")
        if not self._provider.handle.fullmatch(handle) or not self._ctx.afford("lookups"):
            return None
        self._lookup.trusted()
        row = self._ask(handle)
        if row is None:
            self._lookup.missed()
            return None
        return read_profile(row, self._provider.platform, source)

    def settle(self) -> None:
        """Believe the misses so far, or raise Throttled."""
        self._lookup.settle()

    def _ask(self, handle: str) -> dict[str, Any] | None:
        self._ctx.spend("lookups")
        page = profile_url(self._provider.platform, handle)
        reply = ask(self._ctx, self._endpoint, {"url": page, "format": "json"})
        content = reply.content
        if reply.status in ABSENT or (reply.ok and isinstance(content, dict) and content.get("code") in ABSENT):
            return None  # or "not now": that is what the well-known name is for
        if reply.ok and isinstance(content, dict):
            return content
        if reply.ok:
            raise Changed(f"{self._provider.who} answers with something else than an object")
        if reply.status in (401, 403):
            raise Blocked(f"{self._provider.who} does not let us look ({told(content)})")
        raise SourceError(f"{self._provider.who} answers {reply.status}")


def read_profile(row: dict[str, Any], platform: str, source: str) -> Account:
    """An oEmbed answer for a profile of `platform` as an account. Raises Changed."""
    link = read_link(required(row, "author_url"))
    if link.platform != platform or not link.handle:
        raise Changed("the answer's author_url is no profile of the platform")
    description = text_of(row.get("description"))
    return Account(
        platform=platform,
        handle=link.handle,
        display_name=text_of(row.get("author_name")) or "",
        description=description,
        url=link.canonical,
        links=None if description is None else links_in(description),
        avatar=url_of(row.get("thumbnail_url")),
        source=source,
    )
