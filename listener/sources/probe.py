"""Our own likely handles asked for at many sites, each tested first with a name that nobody can have."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from listener.context import Context
from listener.errors import Blocked, ConfigError, SourceError
from listener.language import N_
from listener.likely_hosts import name_forms
from listener.models import Account, LinkKind, Term
from listener.profiles import read_link
from listener.quotas import Quota
from listener.sources import About, truncated
from listener.sources.probe_client import Bounds, Client, opened
from listener.sources.probe_rules import LISTS, Said, Site, load_sites, read_page

ABOUT = About(
    access="public_page",
    finds=("accounts",),
    per_term=False,
    looks_up=True,
    note=N_("your likely handles at sites without an interface; settings: handles, list, file, concurrency"),
    keys={"handles": "texts", "list": "text", "file": "text", "concurrency": "number"},
    quotas=(Quota(kind="sites", most=100),),
)
HANDLES = 4  # that are asked for, unless `handles` names others
SHORTEST = 7  # letters: a shorter one is a place's, and others bear it
TOLD = 8  # names of sites in one message


class Fate(StrEnum):
    """What became of a site in this run."""

    ASKED = "asked"
    DISTRUSTED = "distrusted"  # it finds a name that nobody can have
    UNCLEAR = "unclear"  # no answer, a wall, a challenge, or neither of its signs
    CLOSED = "closed"  # robots.txt, or an address we do not ask


class Asked(NamedTuple):
    """One site's answers: the handles that are there, and how far it could be asked."""

    site: Site
    fate: Fate
    there: tuple[str, ...] = ()


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for a list of sites that there is none of."""
    wanted, file = str(settings.get("list", "")), settings.get("file")
    if wanted not in ("", "own", *LISTS):
        raise ConfigError(f"[sources.probe] list: {wanted!r} is not one of own, {', '.join(LISTS)}")
    if file and not (path := Path(str(settings.get("folder", "."))) / str(file)).is_file():
        raise ConfigError(f"[sources.probe] file: {path}: name an existing file")


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  sites are asked once, for all handles
    """The handles that sites say they have. Raises SourceError when no site answers."""
    handles = likely_names(ctx)
    if not handles:
        raise SourceError("no handle to ask for: name some under handles in [sources.probe]")
    file = ctx.settings.get("file")
    folder = Path(str(ctx.settings.get("folder", ".")))
    listed = load_sites(str(ctx.settings.get("list", "")), folder / str(file) if file else None)
    sites = _in_turn(ctx, listed)
    ctx.spend("sites", len(sites))
    pause = float(ctx.settings.get("seconds_between_requests", 0.0 if ctx.allow_loopback else 1.0))
    bounds = Bounds(pause=pause, concurrency=max(1, int(ctx.settings.get("concurrency", Bounds().concurrency))))
    left = ctx.http.allowance.left()
    asked = asyncio.run(ask_all(sites, handles, ctx.http.user_agent, bounds, left, ctx.allow_loopback))
    _resume(ctx, sites, {one.site.name for one in asked})
    yield from (as_account(one.site, handle) for one in asked for handle in one.there)
    _tell(ctx, asked, len(sites))


def as_account(site: Site, handle: str) -> Account:
    """A handle that is there as an account: on its platform when we know it, else on one named for its host."""
    url = site.page(handle)
    link = read_link(url)
    known = link.kind is LinkKind.PROFILE and link.platform != "web"
    return Account(
        platform=link.platform if known else site.place,
        handle=link.handle if known else handle,
        url=link.canonical if known else url,
        source="probe",
    )


def likely_names(ctx: Context) -> tuple[str, ...]:
    """The handles to ask for: those of the settings, else our own names as handles. Never a person's."""
    if own := ctx.settings.get("handles", ()):
        return tuple(dict.fromkeys(str(handle).strip().lstrip("@") for handle in own if str(handle).strip()))
    names = [term.text for term in ctx.terms if term.kind == "name"]
    forms = dict.fromkeys(form for name in names for form in name_forms(name) if form.isascii() and "-" not in form)
    return tuple(form for form in forms if SHORTEST <= len(form) <= 30)[:HANDLES]


async def ask_all(
    sites: Sequence[Site], handles: Sequence[str], user_agent: str, bounds: Bounds, seconds: float, loopback: bool
) -> list[Asked]:
    """Every site's answers; those that were asked when `seconds` are over. Sites of one host are asked in a row."""
    rows: dict[str, list[Site]] = {}
    for site in sites:
        rows.setdefault(site.place, []).append(site)
    waiting = deque(rows.values())
    nobody = f"q{secrets.token_hex(6)}"
    done: list[Asked] = []

    async def work(client: Client) -> None:
        while waiting:
            for site in waiting.popleft():
                done.append(await ask(client, site, handles, nobody))

    try:
        async with (
            asyncio.timeout(seconds),
            opened(user_agent, bounds, loopback) as client,
            asyncio.TaskGroup() as group,
        ):
            for _worker in range(min(bounds.concurrency, len(rows))):
                group.create_task(work(client))
    except TimeoutError:
        pass  # what is missing from `done` is told as not asked
    return done


async def ask(client: Client, site: Site, handles: Iterable[str], nobody: str) -> Asked:
    """One site's answers. One that finds `nobody` is believed in nothing; one that cannot say no is not asked more."""
    there: list[str] = []
    try:
        said = await _said(client, site, nobody)
        if said is not Said.ABSENT:
            return Asked(site, Fate.DISTRUSTED if said is Said.PRESENT else Fate.UNCLEAR)
        for handle in handles:
            said = await _said(client, site, handle) if site.fits(handle) else Said.ABSENT
            if said is Said.UNKNOWN:
                return Asked(site, Fate.UNCLEAR, tuple(there))
            there += [handle] if said is Said.PRESENT else []
    except Blocked:
        return Asked(site, Fate.CLOSED, tuple(there))
    return Asked(site, Fate.ASKED, tuple(there))


async def _said(client: Client, site: Site, handle: str) -> Said:
    page = await client.page(site.question(handle))
    return read_page(site, handle, page) if page is not None else Said.UNKNOWN


def _in_turn(ctx: Context, sites: Sequence[Site]) -> list[Site]:
    """As many sites as one run may ask, from the one that the last run did not come to."""
    first = next((place for place, site in enumerate(sites) if site.name == ctx.cursor.get("next")), 0)
    order = [*sites[first:], *sites[:first]]
    chosen = order[: ctx.quotas.left("sites")]
    ctx.next_cursor.pop("next", None)
    if len(chosen) < len(order):
        ctx.next_cursor["next"] = order[len(chosen)].name
        truncated(
            ctx, "sites", f"asked {len(chosen)} of {len(order)} sites: the next run goes on where this one stopped"
        )
    return chosen


def _resume(ctx: Context, sites: Sequence[Site], asked: set[str]) -> None:
    """Let the next run begin with the first site that time cut off; past this run's first, or it would never move."""
    missed = next((site.name for site in sites[1:] if site.name not in asked), None)
    if missed is not None:
        ctx.next_cursor["next"] = missed


def _tell(ctx: Context, asked: Sequence[Asked], wanted: int) -> None:
    """Say which sites were not seen, and which were not believed. Raises SourceError when none was seen."""
    fates = Counter(one.fate for one in asked)
    lost = {fate: _names(one.site.name for one in asked if one.fate is fate) for fate in fates}
    if fates[Fate.DISTRUSTED]:
        ctx.skipped(
            f"{fates[Fate.DISTRUSTED]} sites find a name that nobody has, and are not believed in this run: "
            f"{lost[Fate.DISTRUSTED]}"
        )
    if wanted and not fates[Fate.ASKED]:
        raise SourceError(f"none of {wanted} sites answered clearly")
    if fates[Fate.UNCLEAR]:
        truncated(
            ctx, "unclear", f"{fates[Fate.UNCLEAR]} of {wanted} sites did not answer clearly: {lost[Fate.UNCLEAR]}"
        )
    if fates[Fate.CLOSED]:
        truncated(ctx, "closed", f"{fates[Fate.CLOSED]} of {wanted} sites do not let us in: {lost[Fate.CLOSED]}")
    if len(asked) < wanted:
        truncated(ctx, "time", f"{wanted - len(asked)} of {wanted} sites were not reached in time: raise max_seconds")


def _names(names: Iterable[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:TOLD]) + (" …" if len(listed) > TOLD else "")
