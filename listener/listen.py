"""One listening run: a query put to each platform and to the log, what is new logged once, all of it one list."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import ModuleType

import msgspec

from listener.config import Config
from listener.context import Context
from listener.discover import planned
from listener.enrich import Enricher
from listener.errors import CredentialError, RegistryError
from listener.heard import Heard, Wish, logged, readable, shown
from listener.mentions import LONGEST, cleaned
from listener.models import Completeness, Record, SourceResult
from listener.posts import Mention, Post
from listener.query import Query
from listener.query.explain import asked_of, checked_here, outline
from listener.run import Progress, attempt, exit_code, make_context, silent
from listener.store import Store
from listener.store.index_query import Asking
from listener.store.mention_rows import counted_from
from listener.store.mention_search import Found
from listener.store.mentions import beside, save_mentions
from listener.store.usage import StoredUsage
from listener.text.languages import language_of
from listener.text.pseudonyms import writer_of

FIRST_TIME = timedelta(days=7)  # how far back platforms are asked when nothing else says
MOST_POSTS = 2000  # looked at in one source
BEGINNINGS = "it cannot be asked for parts of words (word*, *word): only for whole words"
CUT = f"of a text of more than {LONGEST} characters only the beginning was kept"
TOO_MANY = f"stopped after {MOST_POSTS} posts: ask for a shorter time or for more words"


class Explanation(Record, frozen=True):
    """How a query was read: its tree as lines, what the log and each source are asked, what is looked at here.

    `checked_here` is what no platform is asked for, `checked_of` what is left to us by each source.
    """

    query: str
    tree: tuple[str, ...]
    log: str | None
    sources: dict[str, tuple[str, ...]]
    checked_here: tuple[str, ...]
    checked_of: dict[str, tuple[str, ...]]
    whole_words_only: bool


def listen(config: Config, query: Query, wish: Wish, store: Store | None, progress: Progress = silent) -> Heard:
    """Ask every source and the log. Raises ConfigError before any work.

    Nothing is logged without a store, or while the register cannot be read: what we wrote would stand as others'.
    """
    asked = query.within(wish.since, wish.until, wish.lang)
    sources = asked_sources(config, wish)
    found: list[Found] = []
    results = []
    salt = salt_of(store)
    new = 0
    since = asked.since(config.now - FIRST_TIME)
    notes, unlogged = noter(config) if store is not None and sources else (None, "")
    for name, module in sources.items():
        progress(f"{name} …")
        mentions, result = fetch(context(config, name, module, store), module, asked, since, wish.lang)
        if store is not None and notes is not None:
            new += save_mentions(store, None, query.name, name, mentions, config.now, notes=notes)
        fresh = (told(store, mention, salt, config.now) for mention in mentions)
        found += fresh if store is None else readable(store, fresh)
        results.append(result)
    if store is not None:
        found += logged(store, query, wish)
    code = 0 if wish.offline else outcome(config, sources, results, wish.sources)
    return Heard(mentions=shown(found, wish), results=tuple(results), new=new, exit_code=code, unlogged=unlogged)


def noter(config: Config) -> tuple[Enricher | None, str]:
    """What finds out about mentions, or the first thing that is wrong with the register. Raises ConfigError."""
    try:
        return Enricher(config), ""
    except RegistryError as wrong:
        return None, str(wrong).partition("\n")[0]


def asked_sources(config: Config, wish: Wish) -> dict[str, ModuleType]:
    """The sources to ask; none offline, though a name that is no source is refused there too."""
    sources = planned(config, "posts", wish.sources)
    return {} if wish.offline else sources


def context(
    config: Config, name: str, module: ModuleType, store: Store | None, cursor: dict[str, str] | None = None
) -> Context:
    """What a source is given to listen with: one for all the queries of a run."""
    usage = None if store is None else StoredUsage(store, name, config.moment)
    sites = tuple(config.table("organisation").get("domains", []))
    return make_context(config, name, sites, cursor, about=module.ABOUT, usage=usage)


def fetch(
    ctx: Context, module: ModuleType, query: Query, since: datetime, lang: str | None = None
) -> tuple[list[Mention], SourceResult]:
    """The posts of one source since then that match; what came before a failure is kept.

    Posts that state no language are counted aloud when only `lang` leaves them out.
    """
    afresh(ctx)
    found: dict[str, Mention] = {}
    unstated: set[str] = set()

    def work() -> tuple[int, int]:
        for told in few(ctx, module.posts(ctx, query, since)):
            post = understood(told, query, lang)
            spans = query.matches(post)
            if spans is not None:
                found.setdefault(post.id, Mention(post=post, query=query.name, spans=spans))
            elif lang and post.lang is None and fits(query, post, lang):
                unstated.add(post.id)
        note_unstated(ctx, len(unstated))
        return 0, len(found)

    if query.narrowed and searchable(module):
        ctx.incomplete(Completeness.TRUNCATED, BEGINNINGS)
    result = attempt(ctx, work)
    return list(found.values()), msgspec.structs.replace(result, posts=len(found))


def understood(post: Post, query: Query, lang: str | None) -> Post:
    """The post with the language that it is written in, where only that decides and the platform does not tell it."""
    if not lang or post.lang is not None or not fits(query, post, lang):
        return post
    return msgspec.structs.replace(post, lang=language_of(post.text))


def fits(query: Query, post: Post, lang: str) -> bool:
    """Would the post match, were it in that language?"""
    return query.matches(msgspec.structs.replace(post, lang=lang)) is not None


def afresh(ctx: Context) -> None:
    """Forget what an earlier query said of the source: what this one missed must not hide behind it."""
    ctx.completeness = Completeness.COMPLETE
    ctx.issues = []
    ctx.memory.pop("truncated", None)


def searchable(module: ModuleType) -> bool:
    """True for a source that is asked for words; a feed gives all it has."""
    return bool(module.ABOUT.access != "open_feed")


def note_unstated(ctx: Context, count: int) -> None:
    """Posts that only the wish for one language leaves out are not dropped in silence."""
    if count == 1:
        ctx.skipped("left out 1 post that states no language")
    elif count:
        ctx.skipped(f"left out {count} posts that state no language")


def few(ctx: Context, posts: Iterator[Post]) -> Iterator[Post]:
    """At most MOST_POSTS, cleaned; says so when there were more. Who was read is kept in the context's memory."""
    read: set[str] = ctx.memory.setdefault("read", set())
    for number, post in enumerate(posts):
        if number == MOST_POSTS:
            ctx.incomplete(Completeness.TRUNCATED, TOO_MANY)
            return
        if len(post.text) > LONGEST:
            ctx.skipped(CUT)
        read.add(post.id)
        yield cleaned(post, ctx.source)


def told(store: Store | None, mention: Mention, salt: str, now: datetime) -> Found:
    """A mention that was just found, with what the log knows of it."""
    known = beside(store, mention) if store is not None else None
    at = counted_from(mention.post.published_at, now)
    return known or Found(mention=mention, at=at, writer=writer_of(salt, mention.post))


def salt_of(store: Store | None) -> str:
    """What pseudonyms are made with: the store's, so that they stay; without one, another each time."""
    return secrets.token_hex(32) if store is None else store.salt


def outcome(config: Config, sources: dict[str, ModuleType], results: list[SourceResult], named: tuple[str, ...]) -> int:
    """0 · 3 a source failed · 4 none could be asked for want of a log-in.

    A source that was never given a log-in, and was not asked for by name, is no failure as long as others answer.
    """
    idle = [r.source for r in results if r.source not in named and wants_login(config, sources[r.source], r)]
    working = [result for result in results if result.source not in idle]
    return exit_code(working) if working else CredentialError.exit_code


def wants_login(config: Config, module: ModuleType, result: SourceResult) -> bool:
    """True when a source could not be asked because it was never given what to log in with."""
    missing = any(issue.kind == "credentials" for issue in result.issues)
    return missing and not any(config.secrets.get(name) for name in module.ABOUT.needs)


def explain(config: Config, query: Query, wish: Wish) -> Explanation:
    """What `listen` would do, without doing it."""
    asked = query.within(wish.since, wish.until, wish.lang)
    told = {
        name: asked_of(asked.tree, name, searchable=searchable(module))
        for name, module in asked_sources(config, wish).items()
    }
    return Explanation(
        query=query.text,
        tree=tuple(outline(asked.tree)),
        log=Asking().needed(asked.tree),
        sources={name: one.searches for name, one in told.items()},
        checked_here=checked_here(asked.tree),
        checked_of={name: one.checked_here for name, one in told.items()},
        whole_words_only=asked.narrowed,
    )
