"""Telegram by its public pages: one page for each exact name, slowly, and believed only while t.me tells who exists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from parsel import Selector

from listener.context import Context
from listener.errors import Changed, SourceError
from listener.language import N_
from listener.models import Account, Term
from listener.quotas import Quota
from listener.sources import About
from listener.sources.controls import LookUp
from listener.sources.fields import count_of, distinct, links_in, links_of, plain_text, required, text_of, url_of
from listener.sources.official import base_url
from listener.sources.turns import all_handles, in_turn, one_each
from listener.urls import shown_url

ABOUT = About(
    access="public_page",
    finds=("accounts",),
    note=N_("exact names only, one public page each, slowly, robots.txt obeyed; no search, no closed groups, no posts"),
    per_term=False,
    base_url="https://t.me",
    looks_up=True,
    proves_absence=True,
    quotas=(Quota(kind="pages", most=100, window="day"),),
    keys={"base_url": "address", "pause": "number"},
)
WELL_KNOWN = "telegram"
PAUSE = 5  # seconds between two pages; t.me stops telling who exists when it is asked oftener for long
MAX_BYTES = 500_000
LONGEST = 2_000  # characters of a description that are searched for a warning
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_NOBODY = re.compile(r"Telegram: Contact @", re.IGNORECASE)  # the title of the page for a name that nobody bears
_COUNT = re.compile(r"([\d\s\u00a0,.]+?)\s*(?:subscribers?|members?|prenumeranter|medlemmar)\b", re.IGNORECASE)
_WARNING = re.compile(
    r"users reported (?:that )?this (?:account|channel|group|bot)[^.]{0,40}\b(scam|fake)\b", re.IGNORECASE
)
MARKS = ("verified", "scam", "fake")
wanted = one_each("pages")


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The channels, groups, bots and people that bear the names; with a term, that one alone. Raises SourceError."""
    lookup = _look_up(ctx)
    for one in [term] if term.text else in_turn(ctx, "pages", all_handles(ctx)):
        if one.kind == "handle" and (row := _shown(ctx, lookup, one.text)):
            yield msgspec.structs.replace(read_account(row), term=one.text)
    lookup.settle()


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These accounts, by name: a page tells no id. Those that are gone are left out."""
    lookup = _look_up(ctx)
    for account in accounts:
        if not ctx.afford("pages"):
            return
        if row := _shown(ctx, lookup, account.handle or ""):
            yield read_account(row)
    lookup.settle()


def read_page(html: str, name: str) -> dict[str, Any] | None:
    """What a page of t.me says of the name; None for the page of a name that nobody bears. Raises Changed."""
    text = html.encode("utf-8", "replace").decode()  # an odd charset brings half characters
    page = Selector(text=text or "<html></html>", type="html")
    title = (page.css('meta[property="og:title"]::attr(content)').get() or "").strip()
    shown = " ".join(page.css(".tgme_page_title ::text").getall()).strip()
    extra = " ".join(page.css(".tgme_page_extra ::text").getall()).strip()
    if title and not shown and _NOBODY.match(title):
        return None
    if not shown or not title or not extra:
        raise Changed("the page of t.me is neither that of a name in use nor that of a free one")
    about = page.css(".tgme_page_description")
    marks = re.split(r"[\s_-]+", " ".join(page.css(".tgme_page_title *::attr(class)").getall()).casefold())
    warned = _WARNING.search(" ".join(about.css("::text").getall())[:LONGEST])
    return {
        "name": name,
        "title": " ".join(page.css(".tgme_page_title > span ::text").getall()).strip() or title,
        "extra": extra,
        "description": plain_text(about.get()) or "",
        "markup": about.get() or "",
        "image": page.css('meta[property="og:image"]::attr(content)').get() or "",
        "marks": [mark for mark in MARKS if mark in marks or (warned and warned[1].casefold() == mark)],
    }


def read_account(row: dict[str, Any]) -> Account:
    """What `read_page` gave as an account. Raises Changed."""
    name, description = required(row, "name"), text_of(row.get("description")) or ""
    counted = _COUNT.search((text_of(row.get("extra")) or "")[:200])
    marks = row.get("marks")
    marked = [mark for mark in marks if mark in MARKS] if isinstance(marks, list) else []
    image = url_of(row.get("image"))
    return Account(
        platform="telegram",
        handle=name,
        display_name=text_of(row.get("title")) or "",
        description=description,
        url=f"https://t.me/{name}",
        links=distinct([*links_of(row.get("markup")), *links_in(description)]),
        avatar="" if image and image.startswith("https://telegram.org/img/") else image,  # everyone's who has none
        followers=count_of(int(re.sub(r"\D", "", counted[1])[:18] or 0)) if counted else None,
        verified="true" if "verified" in marked else "false",
        source="telegram",
        labels=tuple(mark for mark in marked if mark != "verified"),
    )


def _look_up(ctx: Context) -> LookUp:
    if "look-up" not in ctx.memory:
        ctx.http.slow_down(base_url(ctx, ABOUT.base_url), float(ctx.settings.get("pause", PAUSE)))
        ctx.memory["look-up"] = LookUp(ctx, "Telegram", WELL_KNOWN, lambda name: _page(ctx, name))
    lookup: LookUp = ctx.memory["look-up"]
    return lookup


def _shown(ctx: Context, lookup: LookUp, text: str) -> dict[str, Any] | None:
    """What a name's page says; None when nobody bears it, or when it cannot be a name."""
    name = text.strip().lstrip("@")
    if not _NAME.fullmatch(name) or not ctx.afford("pages"):
        return None
    lookup.trusted()
    row = _page(ctx, name)
    if row is None:
        lookup.missed()
    return row


def _page(ctx: Context, name: str) -> dict[str, Any] | None:
    ctx.spend("pages")
    answer = ctx.http.get(f"{base_url(ctx, ABOUT.base_url)}/{name}", robots=True, max_bytes=MAX_BYTES)
    if not answer.ok:
        raise SourceError(f"{shown_url(answer.url)} answers {answer.status}")
    return read_page(answer.text, name)
