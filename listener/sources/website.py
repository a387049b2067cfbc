"""The organisation's own web sites: the accounts its pages link to, read by a spider in a process of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from listener.context import Context
from listener.errors import SourceError
from listener.language import N_
from listener.models import Account, Completeness, Term
from listener.profiles import read_link
from listener.sources import About
from listener.sources.crawl import crawl, failures, nothing_read, seconds_left, site_of, told_as
from listener.sources.crew import GRACE
from listener.urls import shown_url
from spiders.plan import Plan, SiteLink, Summary

ABOUT = About(
    access="public_page",
    platform="web",
    finds=("accounts",),
    per_term=False,
    on_by_default=True,
    note=N_(
        "your own sites, robots.txt obeyed; settings: start, shown_as, pages, depth, jobs, seconds_between_requests"
    ),
    keys={"start": "addresses", "shown_as": "address", "pages": "number", "depth": "number", "jobs": "number"},
)
PAGES_KEPT = 20  # pages that link to one account; a footer would name every page of the site
# Dead links, links out and the intranet: nothing that the public could read was missed. What robots.txt closes is
# counted apart.
UNTOLD = frozenset({"gone", "limit", "off_site", "private", "robots"})
MANY = 0.2  # this share of pages failing means the site was not seen


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  own sites are read whole, once a run
    """The accounts our pages link to, each with those pages. Raises SourceError, Blocked or Throttled."""
    plan = read_plan(ctx)
    if not plan.starts:
        raise SourceError("no web site to read: name your domains in [organisation] domains")
    links: list[SiteLink] = []
    summary = broken = None
    try:
        for line in crawl(ctx, plan):
            if line.summary is not None:
                summary = line.summary
            else:
                links.append(SiteLink(shown(line.page_url, ctx), line.link, line.rel_me, line.title))
    except SourceError as wrong:  # raised below: the links that were found before count
        broken = wrong
    yield from read_accounts(links)
    if broken is not None:
        raise broken
    judge_summary(ctx, plan, summary)


def read_plan(ctx: Context) -> Plan:
    """The crawl that [sources.website] and the organisation's domains ask for."""
    settings = ctx.settings
    starts = tuple(settings.get("start", ())) or tuple(f"https://{site}/" for site in ctx.sites)
    sites = tuple(dict.fromkeys([*ctx.sites, *(site_of(address) for address in starts)]))
    limits = {name: settings[name] for name in ("pages", "depth") if name in settings}
    return Plan(
        starts=starts,
        sites=sites,
        user_agent=ctx.http.user_agent,
        delay=float(settings.get("seconds_between_requests", 0.0 if ctx.allow_loopback else 1.0)),
        seconds=seconds_left(ctx),
        allow_loopback=ctx.allow_loopback,
        keep=ctx.keep,
        **limits,
    )


def shown(page: str, ctx: Context) -> str:
    """A page's address as people know it, where the first start is only a way in (`shown_as` names the real one)."""
    starts, public = ctx.settings.get("start", ()), str(ctx.settings.get("shown_as", ""))
    if not public or not starts or not page.startswith(starts[0]):
        return page
    return public.rstrip("/") + "/" + page.removeprefix(starts[0]).lstrip("/")


def read_accounts(links: Iterable[SiteLink]) -> Iterator[Account]:
    """One account for each profile, with the pages that link to it; those that say rel=me come first."""
    pages: dict[str, dict[str, bool]] = {}
    first: dict[str, Account] = {}
    for seen in links:
        link = read_link(seen.link)
        account = Account(
            platform=link.platform,
            platform_id=link.platform_id,
            handle=link.handle or None,
            url=link.canonical,
            source="website",
        )
        first.setdefault(link.key, account)
        of_account = pages.setdefault(link.key, {})
        of_account[seen.page_url] = of_account.get(seen.page_url, False) or seen.rel_me
    for key, account in first.items():
        ordered = sorted(pages[key], key=lambda page: not pages[key][page])
        yield msgspec.structs.replace(account, official_links=tuple(ordered[:PAGES_KEPT]))


def judge_summary(ctx: Context, plan: Plan, summary: Summary | None) -> None:
    """Say how much of our sites was seen; raises when it was nothing."""
    if summary is None:
        raise SourceError(f"the spider was stopped after {plan.seconds + GRACE:.0f} s without an answer")
    unreached = {address: why for address, why in summary.starts.items() if why != "ok"}
    if not summary.pages:
        raise nothing_read(ctx, unreached, summary.retry_after)
    for address, why in unreached.items():
        ctx.incomplete(Completeness.UNAVAILABLE, f"{shown_url(address)}: {told_as(why)}")
    failed = {why: count for why, count in summary.troubles.items() if why not in UNTOLD}
    if not unreached and _many(sum(failed.values()), summary):
        ctx.incomplete(Completeness.UNAVAILABLE, failures(failed, summary.examples))
    elif part := _left_out(ctx, plan, summary):
        ctx.incomplete(ctx.completeness if unreached else Completeness.TRUNCATED, part)


def _many(count: int, summary: Summary) -> bool:
    return count > MANY * (summary.pages + count)


def _left_out(ctx: Context, plan: Plan, summary: Summary) -> str:
    """What our own limits, or the site's rules, kept from us; empty when they kept little."""
    closed = summary.troubles.get("robots", 0)
    if summary.finished in ("closespider_timeout", "stopped"):
        return (
            f"stopped after {plan.seconds:.0f} s and {summary.pages} pages: raise max_seconds in [sources.{ctx.source}]"
        )
    if summary.left:
        return f"read {summary.pages} pages, left {summary.left}: raise pages in [sources.{ctx.source}]"
    if _many(closed, summary):
        page = shown_url(summary.examples["robots"])
        return f"robots.txt closes {closed} pages, such as {page}: let `listen` in if they matter"
    return ""
