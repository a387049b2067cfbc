"""Accounts anywhere in the fediverse by what every server there speaks: WebFinger, and the actor's own document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from listener.context import Context
from listener.errors import Changed, SourceError
from listener.models import Account
from listener.sources.fields import distinct, links_of, plain_text, required, text_of, time_of, url_of
from listener.urls import host

ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
SECONDS = 5.0  # for each of the two looks
BYTES = 500_000
_LOCAL = ("localhost", "127.0.0.1")
_SIGNS = ("/.well-known/nodeinfo", "/api/v1/instance")  # what servers say of themselves; all kinds have the first


def find_actor(ctx: Context, handle: str) -> Account | None:
    """The account `anna@social.example` as its own server shows it; None when the server says there is none.

    Raises SourceError when it cannot be looked at.
    """
    place = handle.strip("@").partition("@")[2]
    page = ctx.http.get(
        f"{address_of(ctx, place)}/.well-known/webfinger",
        params={"resource": f"acct:{handle.strip('@')}"},
        max_bytes=BYTES,
        seconds=SECONDS,
    )
    if page.status in (404, 410):
        return None
    if not page.ok:
        raise SourceError(f"{page.url} answers {page.status}")
    uri = _self_link(page.json())
    row = get_actor(ctx, uri) if uri else None
    return read_actor(row, handle.strip("@")) if row else None


def get_actor(ctx: Context, uri: str) -> dict[str, Any] | None:
    """An actor's document; None when it is not there any more. Raises SourceError."""
    page = ctx.http.get(uri, headers={"Accept": ACCEPT}, max_bytes=BYTES, seconds=SECONDS)
    if page.status in (404, 410):
        return None
    if not page.ok:
        raise SourceError(f"{page.url} answers {page.status}")
    row = page.json()
    if not isinstance(row, dict) or host(required(row, "id")) != host(page.url):  # who may speak for that host
        raise Changed(f"{page.url}: no actor of the fediverse")
    return row


def check_there(ctx: Context, place: str) -> None:
    """Raises SourceError when nothing at this host is a server of the fediverse; asked once a run."""
    asked: set[str] = ctx.memory.setdefault("there", set())
    if place in asked:
        return
    for sign in _SIGNS:
        page = ctx.http.get(f"{address_of(ctx, place)}{sign}", max_bytes=BYTES, seconds=SECONDS)
        if page.ok:
            asked.add(place)
            return
    raise SourceError(f"it answers {page.status}")


def read_actor(row: Mapping[str, Any], handle: str) -> Account:
    """An ActivityPub actor as an account; `handle` is what WebFinger knows it by. Raises Changed."""
    summary, fields = row.get("summary"), list(_fields(row.get("attachment")))
    uri = required(row, "id")
    return Account(
        platform="mastodon",
        platform_id=uri,
        handle=handle,
        display_name=text_of(row.get("name")) or "",
        description=plain_text(summary),
        url=next(_addresses(row.get("url")), None) or url_of(uri),
        links=distinct([*(link for field in fields for link in field_links(field)), *links_of(summary)]),
        avatar=picture_of(row.get("icon")) or "",
        banner=picture_of(row.get("image")),
        created_at=time_of(row.get("published")),
        source="mastodon",
        labels=("suspended",) if row.get("suspended") is True else (),
    )


def address_of(ctx: Context, place: str) -> str:
    """Where the server of a handle answers; only tests on loopback do without https."""
    plain = ctx.allow_loopback and place.partition(":")[0] in _LOCAL
    return f"http://{place}" if plain else f"https://{place}"


def place_of(address: str) -> str:
    """Host, and port when it is unusual: what stands behind the @ of a handle."""
    return urlsplit(address if "://" in address else f"https://{address}").netloc


def picture_of(value: object) -> str | None:
    """The address of an icon or image; of several, the first."""
    return next(_addresses(value), None)


def field_links(field: Mapping[str, Any]) -> tuple[str, ...]:
    """What one line of a profile's table links to."""
    value = field.get("value")
    return links_of(value) or distinct([plain_text(value)] if "://" in str(value) else [])


def _addresses(value: object) -> Iterator[str]:
    """Addresses of a property that may be a text, an object with href or url, or a list of these."""
    for one in value[:10] if isinstance(value, list) else [value]:
        text = (one.get("href") or one.get("url")) if isinstance(one, Mapping) else one
        if address := url_of(text):
            yield address


def _fields(attachment: object) -> Iterator[Mapping[str, Any]]:
    for one in attachment[:20] if isinstance(attachment, list) else ():
        if isinstance(one, Mapping) and one.get("type") == "PropertyValue":
            yield one


def _self_link(answer: object) -> str | None:
    """The address of the actor in a WebFinger answer."""
    links = answer.get("links") if isinstance(answer, Mapping) else None
    for link in links if isinstance(links, list) else ():
        if isinstance(link, Mapping) and link.get("rel") == "self" and "json" in str(link.get("type")):
            return text_of(link.get("href"))
    return None
