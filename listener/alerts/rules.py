"""What cannot wait for Monday: a storm, what may be a threat, our own account changed, a near-certain impostor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from math import floor, log
from typing import NamedTuple

import msgspec

from listener.alerts.alert import CHANGED, IMPOSTOR, STORM, URGENT, WEEKLY, Alert
from listener.alerts.settings import Settings
from listener.clock import local, rfc3339
from listener.config import Config
from listener.language import N_
from listener.lexicons import RAISES, kinds
from listener.models import OPEN_STATES, Case, State, Verdict
from listener.report import labels
from listener.report.filing import saved_queries
from listener.report.wording import Words
from listener.store import Store
from listener.store.cases import list_cases
from listener.store.outbox import last_said, said
from listener.store.runs import load_cursor
from listener.store.storms import Storm, load_storms
from listener.store.talk import Logged, log_began, logged_after

GROWTH = 3  # a storm is told of again when it is so many times as large as when it was last
LEAST_STORM = 10  # posts from which growth is counted
FRESH = timedelta(days=1)  # what happened before that was there when nobody had yet asked for alerts
# While a log is younger than that, older posts are what was there before. Later they are news, whatever date they bear:
# their writers choose it.
LATE = timedelta(days=2)
HIGH = 0.9  # score of an impostor that is told of at once; the near-certain rules give 0.95 and more
SHOWN = 5  # posts named in one alert
LONGEST_TEXT = 5_000  # characters of a text that are looked at
READ = 10_000  # posts that are looked at for threats in one round; the rest is looked at in the next
CURSOR = "alerts"  # where each kind was read to stands among the cursors

TITLES = {
    "threat": N_("What may be a threat"),
    "incitement": N_("What may incite to violence"),
    "doxxing": N_("Somebody's private particulars"),
}


class Noticed(NamedTuple):
    """What there is cause to tell of, and how far each kind of words has then been read."""

    alerts: list[Alert]
    read_to: dict[str, str]


def noticed(config: Config, store: Store, settings: Settings, storms: Iterable[Storm], now: datetime) -> Noticed:
    """Every alert there is cause for now and that was not told before.

    Storms that are on are looked up too: whoever watched last may have been somebody else.
    """
    words = Words(config.language)
    of_posts, read_to = of_words(store, settings, words, now)
    blowing = {storm.id: storm for storm in (*load_storms(store, now - FRESH, now), *storms)}
    storms_told = of_storms(blowing.values(), saved_queries(config), words, lambda key: said(store, key))
    found = [*storms_told, *of_cases(store, words, now), *of_posts]
    return Noticed([with_severity(alert, settings) for alert in found if not said(store, alert.key)], read_to)


def with_severity(alert: Alert, settings: Settings) -> Alert:
    """Urgent when the settings say so of its kind."""
    return msgspec.structs.replace(alert, severity=URGENT if alert.kind in settings.urgent else WEEKLY)


def of_storms(
    storms: Iterable[Storm], names: Mapping[str, str], words: Words, told: Callable[[str], bool]
) -> Iterator[Alert]:
    """A storm that is on: when it begins, and each time that it has grown GROWTH times over.

    `told` says whether an alert of that key went out: the first one of a storm is that it begins, however large it is.
    """
    _ = words.say
    for storm in storms:
        if storm.ended_at is not None:
            continue
        grown = floor(log(max(storm.count, LEAST_STORM) / LEAST_STORM, GROWTH))
        name = names.get(storm.query, storm.query)
        goes_on = any(told(f"{STORM}:{storm.id}:{size}") for size in range(grown))
        title = _("The unusual pattern goes on: {query}") if goes_on else _("Unusual pattern: {query}")
        yield Alert(
            kind=STORM,
            severity=URGENT,
            title=title.format(query=name),
            cause=_cause_of(storm, name, words),
            links=(
                f"listen crisis report --since {local(storm.started_at).isoformat()}",
                f"listen crisis start --name {name}",
            ),
            key=f"{STORM}:{storm.id}:{grown}",
        )


def _cause_of(storm: Storm, name: str, words: Words) -> str:
    """What is unusual in a storm, in figures."""
    _ = words.say
    cause = _("{count} posts on {query} since {moment}, where about {expected} would be usual; {writers} writers.")
    if storm.new_writers is not None:
        cause = _(
            "{count} posts on {query} since {moment}, where about {expected} would be usual; "
            "{writers} writers, {fresh} of them never seen on the matter."
        )
    told = cause.format(
        count=words.number(storm.count),
        query=name,
        moment=words.moment(storm.started_at),
        expected=words.number(round(storm.expected, 1)),
        writers=words.number(storm.writers),
        fresh=words.number(storm.new_writers or 0),
    )
    if not storm.threats:
        return told
    threats = words.many("{count} post may threaten.", "{count} posts may threaten.", storm.threats)
    return f"{told} {threats.format(count=words.number(storm.threats))}"


def of_cases(store: Store, words: Words, now: datetime) -> Iterator[Alert]:
    """Our own accounts that changed outside plan, and impostors and look-alikes with a high score, of the last day."""
    wanted = (Verdict.OFFICIAL_CHANGED, Verdict.IMPOSTOR, Verdict.LOOKALIKE_SITE)
    for case in list_cases(store, states=OPEN_STATES, verdicts=frozenset(wanted)):
        own = case.finding.verdict is Verdict.OFFICIAL_CHANGED
        moved = max(case.opened_at, case.changed_at if case.state is State.REGRESSED else case.opened_at)
        if now - moved > FRESH or not (own or case.finding.score >= HIGH):
            continue
        yield of_case(case, own, words)


def of_case(case: Case, own: bool, words: Words) -> Alert:
    """One account: what it is, on which platform, why; its name stands in the review, not here."""
    _ = words.say
    place = labels.platform_label(case.account.platform, _)
    if own:
        title = _("An account of ours has changed: {place}").format(place=place)
        cause = _("{unit} on {place} no longer looks as the register says. Was it planned? If not, it may be hijacked.")
    elif case.account.platform == "web":
        title = _("Near-certain look-alike site")
        cause = _("A web site poses as {unit}, with a score of {score}.")
    else:
        title = _("Near-certain impostor: {place}").format(place=place)
        cause = _("An account on {place} poses as {unit}, with a score of {score}.")
    unit = case.finding.unit or _("the organisation")
    return Alert(
        kind=CHANGED if own else IMPOSTOR,
        severity=URGENT,
        title=title,
        cause=cause.format(unit=unit, place=place, score=words.percent(case.finding.score)),
        links=(f"listen review show {case.id}",),
        key=f"case:{case.id}:{rfc3339(case.changed_at) if case.state is State.REGRESSED else ''}",
    )


def of_words(store: Store, settings: Settings, words: Words, now: datetime) -> tuple[list[Alert], dict[str, str]]:
    """Posts about us that may threaten, incite or lay private life open, by lexicon; told by number, shown masked.

    Within the cool-down of a kind its posts wait, and are told of together after it: none is left out. The second
    part of the answer is where each kind has been read to, to be kept with the alerts.
    """
    kept = load_cursor(store, CURSOR)
    ready = [kind for kind in sorted(RAISES) if settled(last_said(store, kind), settings, now)]
    read_to = {kind: int(kept.get(kind, "0")) for kind in ready}
    if not ready:
        return [], kept
    posts = logged_after(store, min(read_to.values()), now - FRESH, READ)
    hits: dict[str, list[Logged]] = {kind: [] for kind in ready}
    going = log_began(store)
    for post in posts:
        new = now - post.at <= LATE or (going is not None and post.logged_at - going > LATE)
        told = post.direction == "in" and new
        for kind in kinds(post.post.text[:LONGEST_TEXT]) & read_to.keys() if told else ():
            if post.id > read_to[kind]:
                hits[kind].append(post)
    last = posts[-1].id if posts else 0
    alerts = [of_hits(kind, found, words) for kind, found in hits.items() if found]
    return alerts, kept | {kind: str(max(last, read_to[kind])) for kind in ready}


def settled(last: datetime | None, settings: Settings, now: datetime) -> bool:
    """Whether the cool-down since then is over."""
    return last is None or now - last >= settings.cool_down


def of_hits(kind: str, posts: list[Logged], words: Words) -> Alert:
    """One alert for all posts of a kind: how many, how many writers, which."""
    _ = words.say
    ordered = sorted(posts, key=lambda post: post.id)
    writers = len({post.writer for post in ordered} - {""})
    count = words.many("{count} post", "{count} posts", len(ordered)).format(count=words.number(len(ordered)))
    cause = _("{posts} by {writers}: a person should look. The words are masked here.").format(
        posts=count,
        writers=words.many("{count} writer", "{count} writers", writers).format(count=words.number(writers)),
    )
    shown = ordered[:SHOWN]
    return Alert(
        kind=kind,
        severity=URGENT,
        title=_(TITLES[kind]),
        cause=cause,
        links=tuple(f"listen mentions show {post.id}" for post in shown),
        key=f"{kind}:{ordered[0].id}",
        posts=tuple(post.id for post in shown),
    )
