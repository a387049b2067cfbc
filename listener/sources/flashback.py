"""Flashback: what its own search shows of posts, if its robots.txt lets us; an excerpt and the address, no author."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from listener.clock import read_time, rfc3339
from listener.context import Context
from listener.errors import Changed, SourceError
from listener.language import N_
from listener.models import Completeness
from listener.posts import Post
from listener.query import Query
from listener.quotas import Quota
from listener.sources import About, truncated
from listener.sources.crawl import crawl, failures, nothing_read, seconds_left, site_of
from listener.sources.crew import GRACE
from listener.urls import shown_url
from spiders.plan import Plan, Summary, ThreadPost

ABOUT = About(
    access="public_page",
    finds=("posts",),
    note=N_("excerpts and addresses from its own search, slowly, only as robots.txt allows; settings: base_url, pages"),
    base_url="https://www.flashback.org",
    quotas=(Quota(kind="searches", most=20),),
    keys={"base_url": "address", "pages": "number"},
    retention_days=30,
)
PAGES = 3  # of one search
SLOW = 10.0  # seconds between two requests, varied by half: never less than 5


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The posts that the query's searches find since then, each once. Raises SourceError, Blocked, Changed."""
    addresses = [address(ctx, search.to_platform("flashback")) for search in query.alternatives()]
    addresses = list(dict.fromkeys(addresses))[: ctx.afford("searches", len(addresses))]
    if not addresses:
        return
    ctx.spend("searches", len(addresses))
    pages = int(ctx.settings.get("pages", PAGES))
    plan = read_plan(ctx, addresses, since, pages)
    summary, seen = None, 0
    known: set[str] = ctx.memory.setdefault("known", set())
    for line in crawl(ctx, plan):
        summary = line.summary or summary
        if line.post is None:
            continue
        seen += 1
        post = as_post(line.post)
        if post.id not in known and (post.published_at is None or post.published_at >= since):
            known.add(post.id)
            yield post
    judge_summary(ctx, plan, summary, seen)


def address(ctx: Context, asked: str) -> str:
    """The forum's own search for posts, newest first (as its search form asks)."""
    base = str(ctx.settings.get("base_url", ABOUT.base_url)).rstrip("/")
    return f"{base}/sok/?{urlencode({'query': asked, 'sp': 1, 'search_post': 1, 'so': 'pd'})}"


def read_plan(ctx: Context, addresses: list[str], since: datetime, pages: int) -> Plan:
    """The crawl: a few pages of each search, one after the other."""
    least = 0.0 if ctx.allow_loopback else SLOW
    return Plan(
        spider="threads",
        starts=tuple(addresses),
        sites=tuple(dict.fromkeys(map(site_of, addresses))),
        user_agent=ctx.http.user_agent,
        pages=2 * pages * len(addresses) + 10,  # all of them lie in one section of the site
        depth=pages,
        seconds=seconds_left(ctx),
        delay=max(least, float(ctx.settings.get("seconds_between_requests", least))),
        allow_loopback=ctx.allow_loopback,
        since=rfc3339(since),
    )


def as_post(row: ThreadPost) -> Post:
    """A post as the search shows it: the thread's title and an excerpt."""
    return Post(
        platform="flashback",
        id=row.id,
        text="\n".join(filter(None, (row.thread, row.excerpt))),
        url=row.url,
        lang="sv",
        published_at=read_time(row.published_at) if row.published_at else None,
        source="flashback",
        title=row.thread or None,
    )


def judge_summary(ctx: Context, plan: Plan, summary: Summary | None, seen: int) -> None:
    """Say how much of the search was seen; raises when it was nothing."""
    if summary is None:
        raise SourceError(f"the spider was stopped after {plan.seconds + GRACE:.0f} s without an answer")
    if not summary.pages:
        why = "reserved" if "reserved" in summary.troubles else next(iter(summary.starts.values()), "")
        raise nothing_read(ctx, {plan.starts[0]: why}, summary.retry_after)
    if "changed" in summary.troubles and not seen:
        raise Changed(f"{shown_url(summary.examples['changed'])}: neither posts nor word that there are none")
    if summary.troubles:
        ctx.incomplete(Completeness.TRUNCATED, failures(summary.troubles, summary.examples))
    elif summary.left:
        truncated(
            ctx, "pages", f"read {summary.pages} pages, left {summary.left}: raise pages in [sources.{ctx.source}]"
        )
