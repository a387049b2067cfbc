"""Crawls for sources: how many processes share one, where its frontier is, and words for what could not be read."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import msgspec

from listener.context import Context
from listener.errors import Blocked, SourceError, Throttled
from listener.sources.crew import Line, run_spiders
from listener.throttle import retry_at
from listener.urls import host, is_ip, shown_url
from spiders.ledger import ADDRESS, connect, forget, publish, stored_rows
from spiders.plan import Plan

LONGEST = 86_400.0  # seconds; no crawl is longer, whatever the settings say
WALLS = frozenset({"blocked", "robots", "private", "reserved"})


def site_of(address: str) -> str:
    """An address's domain; to the port when it is a bare address, where every port is another site."""
    name = host(address)
    if not is_ip(name) and name != "localhost":
        return name
    return address.partition("//")[2].partition("/")[0]


def seconds_left(ctx: Context) -> float:
    """The seconds a crawl may take: `max_seconds` of the source, as for everything it fetches."""
    return min(ctx.http.allowance.seconds, LONGEST)


def parted(plan: Plan, jobs: int) -> list[Plan]:
    """The plan as at most `jobs` plans that share no site; sites without a start go with the first."""
    homes = dict.fromkeys(site_of(start) for start in plan.starts)
    jobs = max(1, min(jobs, len(homes)))
    shard = {home: number % jobs for number, home in enumerate(homes)}
    plans = []
    for number in range(jobs):
        starts = tuple(start for start in plan.starts if shard[site_of(start)] == number)
        sites = tuple(site for site in plan.sites if shard.get(site, 0) == number)
        plans.append(msgspec.structs.replace(plan, starts=starts, sites=sites))
    return plans


def crawl(ctx: Context, plan: Plan) -> Iterator[Line]:
    """What the plan's spiders tell, in `jobs` processes: on one frontier where there is a Redis, else parted by site.

    Raises SourceError when a spider breaks.
    """
    jobs = max(1, int(ctx.settings.get("jobs", 1)))
    plan = msgspec.structs.replace(plan, keep=ctx.keep)
    if redis := ctx.secrets.get(ADDRESS, ""):
        named = msgspec.structs.replace(plan, shared=f"{ctx.source}-{secrets.token_hex(6)}", workers=jobs)
        return run_shared(named, redis)
    return run_spiders(parted(plan, jobs))


def run_shared(plan: Plan, address: str) -> Iterator[Line]:
    """The rows that all workers on this plan stored in Redis, each once, then the summary of those that lived on."""
    try:
        from redis import RedisError

        server = connect(address)
    except ImportError as missing:
        raise SourceError(f"{ADDRESS} is set: run `pip install 'listener[redis]'`, or unset it") from missing
    try:
        yield from _shared_lines(server, plan)
    except RedisError as wrong:
        raise SourceError(f"no use of the Redis of {ADDRESS} ({type(wrong).__name__})") from wrong
    finally:
        with suppress(RedisError):  # then its keys expire
            forget(server, plan.shared)


def _shared_lines(server: Any, plan: Plan) -> Iterator[Line]:
    """As run_shared; what was stored before the spiders broke is told before that is raised."""
    publish(server, plan)
    told: list[Line] = []
    reached = {}
    try:
        told += run_spiders([plan] * plan.workers)
    finally:
        for row in stored_rows(server, plan.shared):
            line = msgspec.json.decode(row, type=Line)
            if line.reached is None:
                yield line
            else:
                reached[line.reached.start] = line.reached.why
    for line in told:
        if line.summary is not None:
            starts = {**line.summary.starts, **reached}
            yield Line(summary=msgspec.structs.replace(line.summary, starts=starts))


def nothing_read(ctx: Context, unreached: dict[str, str], retry_after: str) -> SourceError:
    """What to raise when no page could be read."""
    told = (
        "; ".join(f"{shown_url(address)}: {told_as(why)}" for address, why in unreached.items())
        or "no page could be read"
    )
    reasons = set(unreached.values())
    if "throttled" in reasons:
        return Throttled(told, retry_at({"Retry-After": retry_after}, ctx.now))
    return Blocked(told) if reasons and reasons <= WALLS else SourceError(told)


def failures(failed: dict[str, int], examples: dict[str, str]) -> str:
    """How many pages could not be read and why, each with an example."""
    return "; ".join(
        f"{count} pages not read ({told_as(why)}), such as {shown_url(examples.get(why, ''))}"
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
    "resolver": "the name could not be looked up",
    "refused": "nothing takes connections there",
    "unread": "it takes too long to read",
    "broken": "our own reading of it failed",
    "certificate": "the certificate is not valid",
    "too_large": "larger than the limit",
    "redirects": "redirects without end",
    "server": "the server failed",
    "reserved": "reserved against text and data mining",
}


def told_as(why: str) -> str:
    return TOLD.get(why, why)


def distinct(addresses: Iterable[str], most: int) -> tuple[str, ...]:
    """Each address once, at most `most`."""
    return tuple(dict.fromkeys(addresses))[:most]
