"""Web search: what engines show of platforms that cannot be searched, of other sites, and of the news.

An engine's title and excerpt are hearsay: they are not the account's own name and text, and they change with the
question. So accounts bear `source` websearch, and what the platform itself says of them always counts for more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from listener.context import Context
from listener.errors import Changed, SourceError
from listener.language import N_
from listener.models import Account, Completeness, LinkKind, Post, Term
from listener.platforms.shape import words
from listener.profiles import Link, profile_url, read_link
from listener.query import Query
from listener.quotas import Quota
from listener.sources import About, truncated
from listener.sources.fields import plain_text, text_of, time_of, url_of
from listener.sources.search_engines import PAID, Answer, Question, ask
from listener.text.fold import fold
from listener.urls import host, on_site, registrable_domain

ABOUT = About(
    access="official_api",
    finds=("accounts", "posts"),
    per_term=False,
    note=N_("what an engine shows, never all of it; Brave wants LISTEN_BRAVE_TOKEN; settings: engine, base_url, sites"),
    keys={
        "engine": "text", "base_url": "address", "language": "text", "sites": "texts", "probe": "text",
        "searches_per_run": "number",
    },
    quotas=(Quota(kind=PAID, most=1_000, window="month", price=0.005),),
    dollars=5.0,
    own_server=True,
)  # fmt: skip
# Where people are imitated and nobody may search; "" is the open web. A setting `sites` replaces them.
SITES = (
    "facebook.com", "instagram.com", "", "tiktok.com", "linkedin.com/company", "threads.com", "t.me", "x.com",
    "youtube.com", "snapchat.com",
)  # fmt: skip
SEARCHES = 60  # a run
NAMES = 2  # of the organisation's names, asked for in every run; the rest takes turns
PATIENCE = 3  # empty answers in a row, while an engine keeps silent, before the search is tried out again
# Sites that have a page about everybody: a page about us there is no page of ours.
ABOUT_EVERYBODY = words(
    "wikipedia.org wikidata.org wikimedia.org allabolag.se hitta.se eniro.se merinfo.se ratsit.se proff.se "
    "bolagsfakta.se indeed.com arbetsformedlingen.se ledigajobb.se glassdoor.com booli.se hemnet.se scb.se skr.se "
    "skolverket.se riksdagen.se regeringen.se domstol.se kolada.se opengov.se google.com google.se bing.com "
    "openstreetmap.org tripadvisor.com tripadvisor.se wiktionary.org issuu.com"
)
# Platforms whose handles count the same in any case; engines write them as they please.
_ANY_CASE = frozenset({"facebook", "instagram", "tiktok", "linkedin", "threads", "telegram", "x", "snapchat"})
_PLATFORM = r"facebook|instagram|linkedin|tiktok|threads|youtube|x|twitter|telegram|snapchat"
_BEFORE = re.compile(r"^(?:telegram:\s*(?:contact|view|join group chat)\s*|log in\b.*)", re.IGNORECASE)
_BEHIND = re.compile(
    rf"(?:\s*\(@[^)]*\).*|\s+[|•·/–—-]\s+(?:[^|•·]{{0,60}}\b)?(?:{_PLATFORM})\b.*|\s+(?:on|på)\s+(?:{_PLATFORM})\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_PARTS = re.compile(r"\s+[|•·–—:»-]\s+|\s*[|•»]\s*|:\s+")

Row = Mapping[str, Any]


class Search(NamedTuple):
    """One search: a name, on one site or on the open web."""

    name: str
    site: str

    @property
    def text(self) -> str:
        name = self.name.replace('"', " ").strip()
        return f'"{name}" site:{self.site}' if self.site else f'"{name}"'


class Turns(NamedTuple):
    """What this run searches: `always` first, then those whose turn it is; `left` wait for the next run."""

    always: tuple[Search, ...]
    turn: tuple[Search, ...]
    left: int


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  all terms share one run's searches
    """Whose profiles and sites the searches of this run show. Raises SourceError when nothing can be searched.

    Names take turns: the cursor keeps the last search that was answered, and the next run goes on behind it. Empty
    answers while an engine keeps silent count only when the search that must find something still does.
    """
    turns = plan(ctx)
    if not (turns.always or turns.turn) or not check_engine(ctx):
        return
    unsure = 0
    for search in (*turns.always, *turns.turn):
        answer = _ask(ctx, Question(text=search.text))
        if answer is None:
            return
        unsure = unsure + 1 if answer.unanswered else 0
        if unsure == PATIENCE:
            if not check_engine(ctx):
                return
            unsure = 0
        yield from found(ctx, answer.rows, search)
        if search in turns.turn and not unsure:
            ctx.next_cursor["after"] = search.text
    if turns.left:
        asked = len(turns.always) + len(turns.turn)
        ctx.incomplete(
            Completeness.TRUNCATED,
            f"{asked} searches made, {turns.left} wait for the next run: raise searches_per_run in [sources.websearch]",
        )


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The news that the query's searches find, since then where the engine tells the time. Raises SourceError."""
    seen: set[str] = set()
    answers: list[Answer] = []
    for search in query.alternatives():
        answer = _ask(ctx, Question(text=search.to_platform("websearch"), news=True, age=_age(ctx.now - since)))
        if answer is None:
            return
        answers.append(answer)
        for row in answer.rows:
            post = read_post(row)
            if post.id not in seen and (post.published_at is None or post.published_at >= since):
                seen.add(post.id)
                yield post
    if answers and all(answer.unanswered for answer in answers):
        raise SourceError(f"no engine answers the search any more ({', '.join(answers[0].silent)})")


def read_account(row: Row, names: Sequence[str] = ()) -> Account | None:
    """Whose a row of an answer is: a profile, also by one of its posts, or a web site; None when it names nobody.

    A site has a name only where a part of the title is one of `names`: a headline that holds our name is no name.
    """
    url = url_of(row.get("url"))
    link = _profile(read_link(url)) if url else None
    if link is None:
        return None
    title, text = plain_text(row.get("title")) or "", plain_text(row.get("content") or row.get("description"))
    if link.platform == "web":
        name = _name_among(title, names)
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
    )


def plan(ctx: Context) -> Turns:
    """The searches of this run out of all names and sites, at most `searches_per_run`."""
    most = int(ctx.settings.get("searches_per_run", SEARCHES))
    sites = tuple(str(site).strip() for site in ctx.settings.get("sites", SITES))
    names = _names(ctx.terms)
    always = tuple(Search(name, site) for name in names[:NAMES] for site in sites)
    rest = tuple(Search(name, site) for name in names[NAMES:] for site in sites)
    if len(always) >= most:  # else the same few would be asked every time, and the others never
        always, rest = (), always + rest
    after = ctx.cursor.get("after", "")
    start = next((number + 1 for number, search in enumerate(rest) if search.text == after), 0)
    turn = (rest[start:] + rest[:start])[: most - len(always)]
    return Turns(always, turn, len(rest) - len(turn))


def check_engine(ctx: Context) -> bool:
    """Make a search that must find something; False when the money is spent. Raises SourceError when it does not."""
    own = f"site:{ctx.sites[0]}" if ctx.sites else ""
    text = str(ctx.settings.get("probe", own))
    if not text and ctx.memory.get("truncated"):
        raise SourceError("engines keep silent, and without a domain of ours or probe nobody can tell what that means")
    if not text:
        return True
    answer = _ask(ctx, Question(text=text))
    if answer is None:
        return False
    good = any(on_site(str(row.get("url")), ctx.sites) for row in answer.rows) if text == own else answer.rows
    if not good and answer.unanswered:
        raise SourceError(f"no engine answers the search any more ({', '.join(answer.silent)})")
    if not good:
        raise SourceError(f"the search for {text!r} must find something and does not: set probe if it cannot")
    return True


def found(ctx: Context, rows: Sequence[Row], search: Search) -> Iterator[Account]:
    """Each account that the rows of one search show, once, with the name that any of them gives it; never ours."""
    names = _names(ctx.terms)
    best: dict[str, Account] = {}
    for row in rows:
        account = read_account(row, names)
        if account is None or not _of_interest(account, ctx.sites):
            continue
        known = best.setdefault(account.id, account)
        if known.display_name is None and account.display_name:
            best[account.id] = account
    yield from (msgspec.structs.replace(account, term=search.name) for account in best.values())


def _of_interest(account: Account, sites: tuple[str, ...]) -> bool:
    if account.platform != "web":
        return True
    name = account.handle or ""
    return not on_site(name, sites) and registrable_domain(name) not in ABOUT_EVERYBODY


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
    name = _BEHIND.sub("", _BEFORE.sub("", title.strip())).strip(" |•·-–—")
    if not name or name.endswith(("...", "…")) or re.fullmatch(_PLATFORM, name, re.IGNORECASE):
        return None
    return name.removeprefix("@")


def _name_among(title: str, names: Sequence[str]) -> str | None:
    """The part of a page's title that is one of our names, whole."""
    ours = {fold(name) for name in names}
    return next((part.strip() for part in _PARTS.split(title) if part and fold(part) in ours), None)


def _names(terms: Sequence[Term]) -> tuple[str, ...]:
    """What to search for; engines do not tell `Örebro` from `Orebro`, so one of the two is enough."""
    found: dict[str, str] = {}
    for term in terms:
        plain = unicodedata.normalize("NFKD", term.text.casefold()).encode("ascii", "ignore").decode()
        found.setdefault(plain or term.text, term.text)
    return tuple(found.values())


def _ask(ctx: Context, question: Question) -> Answer | None:
    """As `ask`; says once for each engine that it kept silent."""
    answer = ask(ctx, question)
    for name in answer.silent if answer else ():
        truncated(ctx, f"silent {name}", f"{name} gave no answer to some searches: what it knows was not seen")
    return answer


def _age(back: timedelta) -> str:
    """The shortest age that reaches this far back; empty beyond a year."""
    steps = (("day", 1), ("week", 7), ("month", 31), ("year", 366))
    return next((name for name, days in steps if back <= timedelta(days=days)), "")


def _when(value: object) -> datetime | None:
    """A time; engines leave the offset out, and mean UTC."""
    return time_of(value) or time_of(f"{text_of(value)}Z")
