"""What look-alike sites and pages that claim our name serve: read by a spider, compared with our own pages here."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from listener.context import Context
from listener.errors import SourceError
from listener.language import N_
from listener.models import Account, Completeness, Term
from listener.profiles import read_link
from listener.quotas import Quota
from listener.sources import About
from listener.sources.crawl import crawl, distinct, failures, nothing_read, seconds_left, site_of
from listener.sources.crew import GRACE
from listener.urls import host
from listener.words import served
from spiders.plan import UNREACHED, Plan, Sight, Summary
from spiders.sketches import share

ABOUT = About(
    access="public_page",
    platform="web",
    finds=("accounts",),
    per_term=False,
    on_by_default=True,
    quotas=(Quota(kind="hosts", most=300),),
    note=N_(
        "what sites found by others serve, a few pages each, robots.txt obeyed; settings: start, ours, pages, jobs"
    ),
    keys={"base_url": "pattern", "start": "addresses", "ours": "addresses", "pages": "number", "jobs": "number"},
)
PAGES = 3  # of each host: its front page, and what looks most like a log-in
OWN_PAGES = 10
LONGEST = 1_000  # characters of a description
MOST_LINKS = 50
# Of two pages made with the same publishing system about a third of the structure is alike, of two texts by different
# people nothing: the runs are of six words. A sketch of fewer numbers than LEAST is too little to tell.
LIKE_OUR_PAGE = 0.7
LIKE_OUR_TEXT = 0.3
LEAST = 30
NOT_THERE = frozenset({"refused", "gone"})
UNTOLD = frozenset({"ok", "dns", "off_site"}) | NOT_THERE
# While these are all that any host gives, ours too, it may be our own network that is down.
SILENCE = frozenset({"dns", "resolver", "refused", "connection", "timeout", UNREACHED})


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  looked at once a run, whatever is searched
    """What the addresses of the settings serve. Raises SourceError or Blocked when none could be looked at."""
    yield from look(ctx, {address: _unknown(address) for address in ctx.settings.get("start", ())})


def known(ctx: Context, accounts: Iterable[Account]) -> Iterator[Account]:
    """What the sites that others found serve now, and the accounts that they lead to."""
    through = str(ctx.settings.get("base_url", ""))  # in tests and demonstrations one server stands for all hosts
    yield from look(
        ctx, {through.replace("{handle}", account.handle or "") or _front(account): account for account in accounts}
    )


def _front(account: Account) -> str:
    return account.url or f"https://{account.handle}/"


def _unknown(address: str) -> Account:
    return Account(platform="web", handle=host(address).removeprefix("www.") or None, url=address, source="lookalike")


def look(ctx: Context, suspects: dict[str, Account]) -> Iterator[Account]:
    """Each suspect as it serves now; `suspects` by the address to look at."""
    allowed = ctx.afford("hosts", len(suspects))
    suspects = dict(list(suspects.items())[:allowed])
    if not suspects:
        return
    ctx.spend("hosts", len(suspects))
    sights: dict[str, list[Sight]] = defaultdict(list)
    plan = read_plan(ctx, tuple(suspects))
    summary = broken = None
    try:
        for line in crawl(ctx, plan):
            summary = line.summary or summary
            if line.sight is not None:
                sights[line.sight.start].append(line.sight)
    except SourceError as wrong:  # told below: what was seen before counts
        broken = wrong
    ours = [sight for start in _own_starts(ctx) for sight in sights.pop(start, ())]
    for address, account in suspects.items():
        if seen := sights.get(address):
            yield as_seen(account, seen, ours, ctx.sites)
            yield from led_to(address, seen)
    if summary is None:
        raise broken or SourceError(f"the spider was stopped after {plan.seconds + GRACE:.0f} s without an answer")
    reasons = {address: _reason(summary, address, bool(sights.get(address))) for address in suspects}
    judge_reasons(ctx, summary, reasons, bool(ours))
    for address, account in suspects.items():
        if reasons[address] in NOT_THERE:
            yield served_nothing(account)


def _reason(summary: Summary, address: str, seen: bool) -> str:
    """How a suspect fared: one that answered, and of which nothing came, could not be read."""
    why = summary.starts.get(address, UNREACHED)
    return "unread" if why == "ok" and not seen else why


def read_plan(ctx: Context, addresses: tuple[str, ...]) -> Plan:
    """The crawl: a few pages of each suspect, more of our own to compare with."""
    ends = ctx.memory.setdefault("ends", time.monotonic() + seconds_left(ctx))
    starts = distinct((*addresses, *_own_starts(ctx)), len(addresses) + 100)
    return Plan(
        spider="pages",
        starts=starts,
        sites=tuple(dict.fromkeys(map(site_of, starts))),
        user_agent=ctx.http.user_agent,
        pages=int(ctx.settings.get("pages", PAGES)),
        depth=1,
        delay=float(ctx.settings.get("seconds_between_requests", 0.0 if ctx.allow_loopback else 1.0)),
        seconds=max(1.0, ends - time.monotonic()),
        allow_loopback=ctx.allow_loopback,
        keep=ctx.keep,
    )


def _own_starts(ctx: Context) -> tuple[str, ...]:
    """Our front pages; the setting `ours` names others where those cannot be reached."""
    return tuple(ctx.settings.get("ours", ())) or tuple(f"https://{site}/" for site in ctx.sites)


def as_seen(known: Account, seen: list[Sight], ours: list[Sight], domains: tuple[str, ...]) -> Account:
    """The site as an account: what it calls itself, says, shows and links to, with labels for what it serves.

    What the pages leave unsaid stays as it was known.
    """
    labels = (*served.of_others(known.labels), *outcomes(seen, ours, domains))
    first = seen[0]
    if first.reserved or first.moved_to:
        links = (first.moved_to,) if first.moved_to else known.links
        return msgspec.structs.replace(known, labels=labels, links=links, source="lookalike")
    led = [address for sight in seen for address in (*sight.profiles, *(f"https://{name}/" for name in sight.outward))]
    name = next(filter(None, (first.name, first.title, first.headline)), None)
    return msgspec.structs.replace(
        known,
        display_name=name or known.display_name,
        description=_description(seen) or known.description,
        url=known.url or first.url,
        links=distinct(led, MOST_LINKS),
        avatar=next((sight.logo for sight in seen if sight.logo), None) or known.avatar,
        labels=labels,
        source="lookalike",
    )


def _description(seen: list[Sight]) -> str:
    """What the pages say of themselves: description or first words, headline, imprint; each once."""
    said: list[str] = []
    for page in seen:
        for text in (page.description or page.text[:300], page.headline, page.imprint):
            if text and not any(text in earlier for earlier in said):
                said.append(text)
    return " · ".join(said)[:LONGEST]


def outcomes(seen: list[Sight], ours: list[Sight], domains: tuple[str, ...]) -> Iterator[str]:
    """What a host serves, as labels (see listener.words.served)."""
    first = seen[0]
    if first.reserved:
        yield served.label(served.RESERVED, ", ".join(first.reserved))
    if first.moved_to:
        yield served.label(served.MOVED, first.moved_to)
    if first.parked:
        yield served.label(served.PARKED, first.parked)
    asked = dict.fromkeys(kind for sight in seen for form in sight.forms for kind in form.asks)
    if asked:
        yield served.label(served.ASKS, ", ".join(asked))
    if goes_to := next((form.goes_to for sight in seen for form in sight.forms if form.goes_to), ""):
        yield served.label(served.SENDS, goes_to)
    yield from _copies(seen, ours)
    for picture in (picture for sight in seen for picture in sight.pictures):
        if _is_ours(picture, ours, domains):
            yield served.label(served.SHOWS_OURS, picture)
            break


def _copies(seen: list[Sight], ours: list[Sight]) -> Iterator[str]:
    """How much of their structure and text is ours, where it is enough to be a copy."""
    shape, shape_of = max(
        ((min(share(a.shape, b.shape), share(b.shape, a.shape)), b.url) for a, b in _pairs(seen, ours, "shape")),
        default=(0.0, ""),
    )
    text, text_of = max(((share(a.words, b.words), b.url) for a, b in _pairs(seen, ours, "words")), default=(0.0, ""))
    if shape >= LIKE_OUR_PAGE:
        yield served.label(served.COPIES_PAGE, f"{shape:.2f} {shape_of}")
    if text >= LIKE_OUR_TEXT:
        yield served.label(served.COPIES_TEXT, f"{text:.2f} {text_of}")


def _pairs(seen: list[Sight], ours: list[Sight], name: str) -> Iterator[tuple[Sight, Sight]]:
    """Every page of theirs with every page of ours, those with too little to tell left out."""
    return (
        (theirs, own)
        for theirs in seen
        if len(getattr(theirs, name)) >= LEAST
        for own in ours
        if len(getattr(own, name)) >= LEAST
    )


def _is_ours(picture: str, ours: list[Sight], domains: tuple[str, ...]) -> bool:
    name = host(picture)
    if any(picture.startswith(f"{own.url.split('/', 3)[0]}//{own.url.split('/', 3)[2]}/") for own in ours):
        return True
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)


def served_nothing(account: Account) -> Account:
    """The site of a host that answers with nothing."""
    labels = (*served.of_others(account.labels), served.NOTHING)
    return msgspec.structs.replace(account, labels=labels, source="lookalike")


def led_to(address: str, seen: list[Sight]) -> Iterator[Account]:
    """The accounts that a suspect page leads to; `ref` is the page."""
    for profile in distinct((profile for sight in seen for profile in sight.profiles), MOST_LINKS):
        link = read_link(profile)
        yield Account(
            platform=link.platform,
            platform_id=link.platform_id,
            handle=link.handle or None,
            url=link.canonical,
            source="lookalike",
            ref=address,
        )


def judge_reasons(ctx: Context, summary: Summary, reasons: dict[str, str], compared: bool) -> None:
    """Say which hosts could not be looked at, and why; raises when that was all of them."""
    unseen = {address: why for address, why in reasons.items() if why not in UNTOLD}
    cut_off = not compared and SILENCE.issuperset({*summary.starts.values(), *reasons.values()})
    if cut_off or len(unseen) == len(reasons):
        raise nothing_read(ctx, reasons, summary.retry_after)
    if unseen:
        counts = Counter(unseen.values())
        examples = {why: address for address, why in reversed(unseen.items())}
        ctx.incomplete(Completeness.TRUNCATED, failures(dict(counts), examples))
    elif "unread" in summary.troubles:  # of a host's other pages
        ctx.incomplete(Completeness.TRUNCATED, failures({"unread": summary.troubles["unread"]}, summary.examples))
    if not compared:
        ctx.skipped("our own pages could not be read: copies of them are not known")
