"""Facebook pages by the Graph interface: searched by name, looked up by handle; people and groups are not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from listener.context import Context
from listener.language import N_
from listener.models import Account, Term
from listener.profiles import read_link
from listener.quotas import Quota
from listener.sources import About, read_rows, truncated
from listener.sources.fields import count_of, distinct, links_in, required, text_of, time_of, url_of
from listener.sources.graph import Absent, Graph, Hidden, NotAllowed
from listener.sources.official import object_of
from listener.sources.turns import handles, in_turn, names

ABOUT = About(
    access="official_api",
    finds=("accounts",),
    needs=("LISTEN_FACEBOOK_TOKEN", "LISTEN_FACEBOOK_SECRET"),
    note=N_("pages only, by name and exact handle; no people, no groups, no posts; a look-up needs Meta's review"),
    per_term=False,
    base_url="https://graph.facebook.com",
    looks_up=True,
    quotas=(Quota(kind="requests", most=90),),  # an hour allows 200 for Facebook and Instagram both
    gate="meta_app_review",
    gate_text=N_("Meta lets only apps it has reviewed look at pages of others"),
    keys={"base_url": "address", "version": "text", "pages": "number"},
)
VERSION = "v25.0"
PAGES = 2  # of one search
LIMIT = "50"
FOUND = "id,name,location,link,verification_status,is_unclaimed"
FULL = (
    "id,name,username,about,description,category,link,website,emails,fan_count,followers_count,verification_status,"
    "is_unclaimed,is_published,location,picture.type(large){url,is_silhouette},cover{source}"
)
UNCLAIMED = "unclaimed"  # a page that Facebook made of a place, and nobody runs
UNPUBLISHED = "unpublished"
_HANDLE = re.compile(r"[A-Za-z0-9.]{5,50}")
_CHECKS = {"blue_verified": "true", "gray_verified": "business", "not_verified": "false"}
NEEDS_REVIEW = "pages are not looked up: the app lacks Page Public Metadata Access, which Meta's review gives"


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The pages that the names find and the handles name; with a term, that one alone. Raises SourceError."""
    graph = _graph(ctx)
    wanted = [term] if term.text else in_turn(ctx, "requests", [*names(ctx), *handles(ctx)])
    for one in wanted:
        rows = _look_up(ctx, graph, one.text) if one.kind == "handle" else _search(ctx, graph, one.text)
        for account in read_rows(ctx, rows, read_account):
            yield msgspec.structs.replace(account, term=one.text)


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These pages as they are today. One that is not shown may be gone, unpublished or closed to us: that is told."""
    graph, unseen = _graph(ctx), 0
    for account in accounts:
        if not ctx.afford("requests"):
            return
        row = _page(ctx, graph, account.platform_id or account.handle or "")
        if row is not None:
            yield from read_rows(ctx, [row], read_account)
        unseen += row is None
    if unseen:
        truncated(ctx, "known", f"{unseen} known accounts are not shown: gone, or closed to us")


def read_account(row: dict[str, Any]) -> Account:
    """A Page of the Graph interface, brief or full, as an account. Raises Changed."""
    number, link = required(row, "id"), text_of(row.get("link")) or ""
    handle = text_of(row.get("username")) or _handle_in(link)
    description = _description(row)
    picture = object_of(object_of(row, "picture"), "data")
    marks = {UNCLAIMED: row.get("is_unclaimed") is True, UNPUBLISHED: row.get("is_published") is False}
    return Account(
        platform="facebook",
        platform_id=number,
        handle=handle or None,
        display_name=text_of(row.get("name")) or "",
        description=description,
        url=f"https://www.facebook.com/{handle}" if handle else url_of(link) or f"https://www.facebook.com/{number}",
        links=None if description is None else distinct([row.get("website"), *links_in(description)]),
        avatar="" if picture.get("is_silhouette") is True else url_of(picture.get("url")),
        banner=url_of(object_of(row, "cover").get("source")),
        followers=count_of(row.get("followers_count")) or count_of(row.get("fan_count")),
        created_at=time_of(row.get("created_time")),
        verified=_CHECKS.get(str(row.get("verification_status"))),
        location=text_of(object_of(row, "location").get("city")),
        source="facebook",
        labels=tuple(mark for mark, holds in marks.items() if holds),
    )


def _handle_in(link: str) -> str:
    """The handle in a page's address; none in one that holds only its number."""
    read = read_link(link)
    return read.handle if read.platform == "facebook" and not read.platform_id and not read.space else ""


def _description(row: dict[str, Any]) -> str | None:
    """What the page says of itself; None in a search's answer, which says nothing of it."""
    if not {"about", "description", "category", "username", "website"} & row.keys():
        return None
    said = (text_of(row.get(name)) for name in ("about", "description", "category"))
    return "\n".join(dict.fromkeys(part for part in said if part))


def _graph(ctx: Context) -> Graph:
    if "graph" not in ctx.memory:
        needs = (ABOUT.needs[0], ABOUT.needs[1])
        ctx.memory["graph"] = Graph(ctx, "Facebook", ABOUT.base_url, VERSION, needs, "requests")
    graph: Graph = ctx.memory["graph"]
    return graph


def _search(ctx: Context, graph: Graph, text: str) -> Iterator[dict[str, Any]]:
    """The pages a search finds, each once a run; those that bear a name of ours with all that a look-up tells."""
    seen: set[str] = ctx.memory.setdefault("seen", set())
    asked = {"q": text, "fields": FOUND, "limit": LIMIT}
    for rows in graph.pages("pages/search", asked, int(ctx.settings.get("pages", PAGES))):
        found = {required(row, "id"): row for row in rows}
        fresh = {number: row for number, row in found.items() if number not in seen}
        seen.update(fresh)
        full = _full(ctx, graph, [number for number, row in fresh.items() if _bears(ctx, row)])
        yield from (row | object_of(full, number) for number, row in fresh.items())
    if graph.more:
        truncated(ctx, "search", f"more pages than were read for {text!r}: raise pages in [sources.facebook]")


def _bears(ctx: Context, row: dict[str, Any]) -> bool:
    """Whether a page is worth a look-up: its name or address holds one of our names."""
    said = f"{row.get('name')} {row.get('link')}".casefold()
    return any(term.text.casefold() in said for term in ctx.terms)


def _full(ctx: Context, graph: Graph, numbers: list[str]) -> dict[str, Any]:
    """What look-ups tell of these pages, by number, while the quota lasts; each number costs a request."""
    part = numbers[: ctx.quotas.left("requests")]
    found = _asked(ctx, graph, "", {"ids": ",".join(part)}, len(part)) if part else None
    return found or {}


def _look_up(ctx: Context, graph: Graph, text: str) -> Iterator[dict[str, Any]]:
    handle = text.strip().lstrip("@")
    if _HANDLE.fullmatch(handle) and ctx.afford("requests") and (row := _page(ctx, graph, handle)):
        yield row


def _page(ctx: Context, graph: Graph, name: str) -> dict[str, Any] | None:
    """The page of a handle or number; None when there is none that we are shown."""
    return _asked(ctx, graph, name, {}) if name else None


def _asked(ctx: Context, graph: Graph, path: str, params: dict[str, str], spends: int = 1) -> dict[str, Any] | None:
    """A look-up's answer, None without one. That we are not allowed to look up is told once a run."""
    if ctx.memory.get("closed"):
        return None
    try:
        return graph.ask(path, {**params, "fields": FULL}, spends)
    except (Absent, Hidden):
        return None
    except NotAllowed:
        ctx.memory["closed"] = True
        truncated(ctx, "look-up", NEEDS_REVIEW)
        return None
