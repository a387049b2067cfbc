"""Rows of search engines' answers, read: whose profile or site an address is, and what its title says of the name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from listener.errors import Changed
from listener.models import Account, LinkKind
from listener.posts import Post
from listener.profiles import Link, profile_url, read_link
from listener.sources.fields import plain_text, required, text_of, time_of, url_of
from listener.text.fold import fold
from listener.urls import host

# Platforms whose handles count the same in any case; engines write them as they please.
_ANY_CASE = frozenset({"facebook", "instagram", "tiktok", "linkedin", "threads", "telegram", "x", "snapchat"})
_PLATFORM = r"facebook|instagram|linkedin|tiktok|threads|youtube|x|twitter|telegram|snapchat"
_BEFORE = re.compile(r"^(?:telegram:\s*(?:contact|view|join group chat)\s*|log in\b.*)", re.IGNORECASE)
_BEHIND = re.compile(
    rf"(?:\s*\(@[^)]*\).*|\s+[|•·/–—-]\s+(?:[^|•·]{{0,60}}\b)?(?:{_PLATFORM})\b.*|\s+(?:on|på)\s+(?:{_PLATFORM})\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_PARTS = re.compile(r"\s+[|•·–—:»-]\s+|\s*[|•»]\s*|:\s+")

TITLE = 300  # characters of a page's title that are read

Row = Mapping[str, Any]


def read_account(row: Row, names: Sequence[str] = ()) -> Account | None:
    """Whose a row of an answer is: a profile, also by one of its posts, or a web site; None when it names nobody.

    A site has a name only where a part of the title is one of `names`: a headline that holds our name is no name.
    """
    url = url_of(required(row, "url"))
    link = _profile(read_link(url)) if url else None
    if link is None:
        return None
    title, text = plain_text(row.get("title")) or "", plain_text(row.get("content") or row.get("description"))
    if link.platform == "web":
        name = _name_among(title[:TITLE], names)
        text = text if name else None
    else:
        own = link.kind is LinkKind.PROFILE and link.url == url
        name, text = (name_in(title), text) if own else (None, None)
    return Account(
        platform=link.platform,
        platform_id=link.platform_id,
        handle=link.handle,
        display_name=name,
        description=text or None,
        url=link.canonical,
        source="websearch",
    )


def read_post(row: Row) -> Post:
    """A row of a news search: title and excerpt. Raises Changed when it has no address."""
    url = url_of(row.get("url"))
    if not url:
        raise Changed("the answer has no 'url' where every one had")
    parts = (plain_text(row.get(name)) for name in ("title", "content", "description"))
    return Post(
        platform="web",
        id=url,
        text="\n".join(dict.fromkeys(part for part in parts if part)),
        url=url,
        author=host(url) or None,
        published_at=_when(row.get("publishedDate") or row.get("page_age")),
        links=(url,),
        source="websearch",
        title=plain_text(row.get("title")),
    )


def _profile(link: Link) -> Link | None:
    """The profile a link leads to, or the one whose post it is; the case of handles that know none folded away."""
    if link.platform == "web":
        return link if link.handle and link.canonical else None
    if link.kind not in (LinkKind.PROFILE, LinkKind.POST) or not link.handle:
        return None
    handle = link.handle.lower() if link.platform in _ANY_CASE and not link.platform_id else link.handle
    spaced = f"{link.space}/{handle}" if link.space else handle
    again = read_link(profile_url(link.platform, spaced))
    if again.kind is not LinkKind.PROFILE:
        return None
    return msgspec.structs.replace(again, url=link.url if link.kind is LinkKind.PROFILE else "")


def name_in(title: str) -> str | None:
    """The account's name in the title of its page: what stands before `| Facebook`, `(@name) • Instagram` and the like.

    None where the engine cut the title off, or only the platform's name is left.
    """
    if len(title) > TITLE:  # no profile's; taking it apart would cost minutes
        return None
    name = _BEHIND.sub("", _BEFORE.sub("", title.strip())).strip(" |•·-–—")
    if not name or name.endswith(("...", "…")) or re.fullmatch(_PLATFORM, name, re.IGNORECASE):
        return None
    return name.removeprefix("@")


def _name_among(title: str, names: Sequence[str]) -> str | None:
    """The part of a page's title that is one of our names, whole."""
    ours = {fold(name) for name in names}
    return next((part.strip() for part in _PARTS.split(title) if part and fold(part) in ours), None)


def _when(value: object) -> datetime | None:
    """A time; engines leave the offset out, and mean UTC."""
    return time_of(value) or time_of(f"{text_of(value)}Z")
