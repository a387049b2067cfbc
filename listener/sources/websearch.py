"""Web search: what engines show of platforms that cannot be searched, of other sites, and of the news.

An engine's title and excerpt are hearsay: they are not the account's own name and text, and they change with the
question. So accounts bear `source` websearch, and what the platform itself says of them always counts for more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from listener.context import Context
from listener.errors import SourceError
from listener.language import N_
from listener.models import Account, Completeness, Term
from listener.platforms import BY_HOST
from listener.platforms.shape import words
from listener.posts import Post
from listener.query import Query
from listener.quotas import Quota
from listener.sources import About, read_rows, truncated
from listener.sources.search_engines import PAID, Answer, Question, ask
from listener.sources.search_engines import check as check
from listener.sources.search_rows import Row, read_account, read_post
from listener.urls import on_site, registrable_domain

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
    "facebook.com", "instagram.com", "tiktok.com", "", "linkedin.com/company", "threads.com", "t.me", "x.com",
    "youtube.com", "snapchat.com",
)  # fmt: skip
SEARCHES = 60  # a run
NAMES = 2  # of the organisation's names, asked for in every run; the rest takes turns
FIRST_SITES = 3  # where handles and units are asked for too: schools and their kin are hardly on the others
PATIENCE = 3  # empty answers in a row, while an engine keeps silent, before the search is tried out again
# Sites that have a page about everybody: a page about us there is no page of ours.
ABOUT_EVERYBODY = words(
    "wikipedia.org wikidata.org wikimedia.org allabolag.se hitta.se eniro.se merinfo.se ratsit.se proff.se "
    "bolagsfakta.se indeed.com arbetsformedlingen.se ledigajobb.se glassdoor.com booli.se hemnet.se scb.se skr.se "
    "skolverket.se riksdagen.se regeringen.se domstol.se kolada.se opengov.se google.com google.se bing.com "
    "openstreetmap.org tripadvisor.com tripadvisor.se wiktionary.org issuu.com"
)


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


def reaches(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The platforms whose sites are searched."""
    hosts = [str(site).strip().partition("/")[0].removeprefix("www.") for site in settings.get("sites", SITES)]
    return tuple(dict.fromkeys(BY_HOST[host].name for host in hosts if host in BY_HOST))


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
        for post in read_rows(ctx, answer.rows, read_post):
            if post.id not in seen and (post.published_at is None or post.published_at >= since):
                seen.add(post.id)
                yield post
    if answers and all(answer.unanswered for answer in answers):
        raise SourceError(f"no engine answers the search any more ({', '.join(answers[0].silent)})")


def plan(ctx: Context) -> Turns:
    """The searches of this run out of all names and sites, at most `searches_per_run`."""
    most = int(ctx.settings.get("searches_per_run", SEARCHES))
    sites = tuple(str(site).strip() for site in ctx.settings.get("sites", SITES))
    names = _names(ctx.terms)
    always = tuple(Search(name, site) for name, _kind in names[:NAMES] for site in sites)
    rest = tuple(
        Search(name, site)
        for name, kind in names[NAMES:]
        for site in (sites if kind == "name" else sites[:FIRST_SITES])
    )
    if len(always) >= most:  # else the same few would be asked every time, and the others never
        always, rest = (), always + rest
    after = ctx.cursor.get("after", "")
    start = next((number + 1 for number, search in enumerate(rest) if search.text == after), 0)
    turn = (rest[start:] + rest[:start])[: most - len(always)]
    return Turns(always, turn, len(rest) - len(turn))


def wanted(ctx: Context) -> dict[str, int]:
    """The searches that the next search for accounts would pay for, the one that must find something too."""
    if str(ctx.settings.get("engine", "searxng")) != "brave":
        return {}
    turns = plan(ctx)
    return {PAID: len(turns.always) + len(turns.turn) + 1}


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
    names = [name for name, _kind in _names(ctx.terms)]
    best: dict[str, Account] = {}
    for account in read_rows(ctx, rows, lambda row: read_account(row, names)):
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


def _names(terms: Sequence[Term]) -> tuple[tuple[str, str], ...]:
    """What to search for, with its kind; engines do not tell `Örebro` from `Orebro`, so one of the two is enough."""
    found: dict[str, tuple[str, str]] = {}
    for term in terms:
        plain = unicodedata.normalize("NFKD", term.text.casefold()).encode("ascii", "ignore").decode()
        found.setdefault(plain or term.text, (term.text, term.kind))
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
