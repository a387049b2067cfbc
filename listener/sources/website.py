"""The organisation's own web sites: the accounts its pages link to, read by a spider in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from listener.context import Context
from listener.errors import Blocked, SourceError, Throttled
from listener.language import N_
from listener.models import Account, Completeness, Term
from listener.profiles import read_link
from listener.sources import About
from listener.throttle import retry_at
from listener.urls import host, is_ip, shown_url
from spiders.plan import Plan, SiteLink, Summary

ABOUT = About(
    access="public_page",
    finds=("accounts",),
    per_term=False,
    on_by_default=True,
    note=N_(
        "your own sites, robots.txt obeyed; settings: start, shown_as, pages, depth, seconds, seconds_between_requests"
    ),
    keys={
        "start": "addresses", "shown_as": "address", "pages": "number", "depth": "number", "seconds": "number",
    },
)  # fmt: skip
PAGES_KEPT = 20  # pages that link to one account; a footer would name every page of the site
GRACE = 30.0  # seconds beyond the plan's own before the spider is stopped from outside
# Dead links, links out and the intranet: nothing that the public could read was missed. What robots.txt closes is
# counted apart.
UNTOLD = frozenset({"gone", "limit", "off_site", "private", "robots"})
WALLS = frozenset({"blocked", "robots", "private"})
MANY = 0.2  # this share of pages failing means the site was not seen


class Line(msgspec.Struct):
    """One line of the spider's output: a link, or the summary at the end."""

    page_url: str = ""
    link: str = ""
    rel_me: bool = False
    title: str = ""
    summary: Summary | None = None


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  own sites are read whole, once a run
    """The accounts our pages link to, each with those pages. Raises SourceError, Blocked or Throttled."""
    plan = read_plan(ctx)
    if not plan.starts:
        raise SourceError("no web site to read: name your domains in [organisation] domains")
    links: list[SiteLink] = []
    summary = None
    for line in run_spider(plan):
        if line.summary is not None:
            summary = line.summary
        else:
            links.append(SiteLink(shown(line.page_url, ctx), line.link, line.rel_me, line.title))
    yield from read_accounts(links)
    judge_summary(ctx, plan, summary)


def read_plan(ctx: Context) -> Plan:
    """The crawl that [sources.website] and the organisation's domains ask for."""
    settings = ctx.settings
    starts = tuple(settings.get("start", ())) or tuple(f"https://{site}/" for site in ctx.sites)
    sites = tuple(dict.fromkeys([*ctx.sites, *(_site(address) for address in starts)]))
    limits = {name: settings[name] for name in ("pages", "depth", "seconds") if name in settings}
    return Plan(
        starts=starts,
        sites=sites,
        user_agent=ctx.http.user_agent,
        delay=float(settings.get("seconds_between_requests", 0.0 if ctx.allow_loopback else 1.0)),
        allow_loopback=ctx.allow_loopback,
        **limits,
    )


def shown(page: str, ctx: Context) -> str:
    """A page's address as people know it, where the first start is only a way in (`shown_as` names the real one)."""
    starts, public = ctx.settings.get("start", ()), str(ctx.settings.get("shown_as", ""))
    if not public or not starts or not page.startswith(starts[0]):
        return page
    return public.rstrip("/") + "/" + page.removeprefix(starts[0]).lstrip("/")


def _site(address: str) -> str:
    """A start's domain; to the port when it is a bare address, where every port is another site."""
    name = host(address)
    if not is_ip(name) and name != "localhost":
        return name
    return address.partition("//")[2].partition("/")[0]


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


def run_spider(plan: Plan) -> Iterator[Line]:
    """The spider's lines as they come. Raises SourceError when it breaks; a spider too slow is stopped, without a word.

    It lives no longer than this generator, and no longer than this process: its stdin closes with us.
    """
    with tempfile.TemporaryFile() as said, _spider(said) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            child.kill()

        watch = threading.Timer(plan.seconds + GRACE, stop)
        watch.start()
        try:
            child.stdin.write(msgspec.json.encode(plan) + b"\n")
            child.stdin.flush()
            yield from _read_lines(child.stdout)
            ended = child.wait()
        except BrokenPipeError:
            ended = child.wait()
        finally:
            watch.cancel()
        if ended and not stopped.is_set():
            raise SourceError(f"the spider broke ({ended}): {_last_line(said)}")


def _read_lines(said: IO[bytes]) -> Iterator[Line]:
    for line in said:
        if line.endswith(b"\n"):  # else it was stopped in the middle of a word
            yield msgspec.json.decode(line, type=Line)


@contextmanager
def _spider(said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "spiders"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        cwd=Path(__file__).resolve().parents[2],  # where our `spiders` stands, not the one of a stranger's folder
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdout.close()
        with suppress(BrokenPipeError):  # a plan it never read
            child.stdin.close()


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read()[-20_000:].decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else "it said nothing"


def judge_summary(ctx: Context, plan: Plan, summary: Summary | None) -> None:
    """Say how much of our sites was seen; raises when it was nothing."""
    if summary is None:
        raise SourceError(f"the spider was stopped after {plan.seconds + GRACE:.0f} s without an answer")
    unreached = {address: why for address, why in summary.starts.items() if why != "ok"}
    if not summary.pages:
        raise _nothing(ctx, unreached, summary.retry_after)
    for address, why in unreached.items():
        ctx.incomplete(Completeness.UNAVAILABLE, f"{shown_url(address)}: {_tell(why)}")
    failed = {why: count for why, count in summary.troubles.items() if why not in UNTOLD}
    if not unreached and _many(sum(failed.values()), summary):
        ctx.incomplete(Completeness.UNAVAILABLE, _failures(failed, summary.examples))
    elif part := _left_out(plan, summary):
        ctx.incomplete(ctx.completeness if unreached else Completeness.TRUNCATED, part)


def _many(count: int, summary: Summary) -> bool:
    return count > MANY * (summary.pages + count)


def _left_out(plan: Plan, summary: Summary) -> str:
    """What our own limits, or the site's rules, kept from us; empty when they kept little."""
    closed = summary.troubles.get("robots", 0)
    if summary.finished == "closespider_timeout":
        return f"stopped after {plan.seconds:.0f} s and {summary.pages} pages: raise seconds in [sources.website]"
    if summary.left:
        return f"read {summary.pages} pages, left {summary.left}: raise pages in [sources.website]"
    if _many(closed, summary):
        page = shown_url(summary.examples["robots"])
        return f"robots.txt closes {closed} pages, such as {page}: let `listen` in if they matter"
    return ""


def _nothing(ctx: Context, unreached: dict[str, str], retry_after: str) -> SourceError:
    """What to raise when no page could be read."""
    told = (
        "; ".join(f"{shown_url(address)}: {_tell(why)}" for address, why in unreached.items())
        or "no page could be read"
    )
    reasons = set(unreached.values())
    if "throttled" in reasons:
        return Throttled(told, retry_at({"Retry-After": retry_after}, ctx.now))
    return Blocked(told) if reasons and reasons <= WALLS else SourceError(told)


def _failures(failed: dict[str, int], examples: dict[str, str]) -> str:
    return "; ".join(
        f"{count} pages not read ({_tell(why)}), such as {shown_url(examples.get(why, ''))}"
        for why, count in failed.items()
    )


TOLD: dict[str, str] = {
    "blocked": "refused (401, 403 or 451)",
    "robots": "robots.txt does not allow it",
    "private": "leads to a private address",
    "off_site": "leads to another site: add its domain to [organisation] domains if it is yours",
    "throttled": "told us to come back later",
    "gone": "no such page",
    "dns": "the name is not found",
    "timeout": "no answer in time",
    "connection": "no connection",
    "certificate": "the certificate is not valid",
    "too_large": "larger than the limit",
    "redirects": "redirects without end",
    "server": "the server failed",
}


def _tell(why: str) -> str:
    return TOLD.get(why, why)
