"""The picture of a situation (lägesbild), drawn from the log: what is said, by how many, where, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from listener.answers.settings import Duties, read_duties
from listener.config import Config
from listener.coordination.look import Compared, compared, watched_addresses
from listener.crisis import measures, themes
from listener.crisis.asked import asked_of_us
from listener.crisis.before import compare, last_picture, note
from listener.crisis.looking import Heard, coverage, hear
from listener.crisis.quoting import known_words, our_names
from listener.crisis.records import Pattern, Picture, Pointers, Reason
from listener.crisis.records import Storm as Blowing
from listener.crisis.settings import Settings, load_settings
from listener.crisis.vocabulary import common_stems
from listener.organisation import Organisation, load_organisation
from listener.query import Query
from listener.registry import Registry, load_registry
from listener.saved import saved_queries
from listener.store import Store
from listener.store.crises import NONE, POINTERS, Crisis, last_step, open_crisis
from listener.store.patterns import rulings
from listener.store.talk import writers_before
from listener.storms import Storm, storms

LOOK_BACK = timedelta(days=1)  # where no storm tells when it began
STORMS = timedelta(days=7)
LONGEST = timedelta(days=31)


class Scope(NamedTuple):
    """Whose picture it is: the organisation, its register and saved queries, its promises, its settings for crises."""

    organisation: Organisation
    registry: Registry
    queries: tuple[Query, ...]
    settings: Settings
    duties: Duties
    watched: tuple[str, ...]


def load_scope(config: Config) -> Scope:
    """By listener.toml and registry.csv. Raises ConfigError or RegistryError."""
    return Scope(
        organisation=load_organisation(config),
        registry=load_registry(config.registry),
        queries=saved_queries(config),
        settings=load_settings(config),
        duties=read_duties(config),
        watched=tuple(watched_addresses(config)),
    )


class Frame(NamedTuple):
    """What a picture is of: a stretch of time, the queries (none: all of them), the storms in it."""

    since: datetime
    until: datetime
    queries: tuple[str, ...]
    storms: tuple[Storm, ...]


def draw(
    config: Config,
    store: Store,
    scope: Scope,
    who: str,
    crisis: Crisis | None = None,
    since: datetime | None = None,
) -> Picture:
    """The picture as things stand, from `since` or from when the storm or the crisis began.

    `crisis` is the one that is on unless another is given. Its numbers are kept, so that the next picture can say what
    changed; no text is.
    """
    crisis = crisis or open_crisis(store)
    number = crisis.id if crisis else NONE
    frame = frame_of(store, crisis, since, config.now)
    queries = frame.queries or tuple(query.name for query in scope.queries)
    heard = hear(store, frame.since, frame.until, frame.queries)
    earlier = last_picture(store, number, config.now)
    words = read_words(heard, scope.organisation)
    asked = asked_of_us(store, scope.duties, scope.organisation, scope.registry, frame.since, config.now)
    found = themes.topics(heard.posts, words, earlier.clusters if earlier else None)
    buckets, step = measures.trend(heard.posts, frame.since, frame.until)
    judged = compared(store, heard.posts + heard.ours, frame.since, frame.queries, scope.watched)
    picture = Picture(
        organisation=scope.organisation.name,
        name=crisis.name if crisis else "",
        since=frame.since,
        until=frame.until,
        started_at=crisis.started_at if crisis else None,
        started_by=crisis.who if crisis else "",
        stopped_at=crisis.stopped_at if crisis else None,
        queries=queries,
        amount=measures.amount(heard.posts, known_before(store, scope, frame, judged)),
        usual=measures.usual(heard.history, frame.since, frame.until),
        ours=len(heard.ours),
        storm=storm_of(frame.storms),
        trend=buckets,
        step_minutes=step // timedelta(minutes=1),
        places=measures.places(heard.posts),
        topics=tuple(one.topic for one in found),
        needs=themes.needs(asked.sentences, heard.posts, words, asked.answered),
        claims=themes.claims(heard.posts, words, asked.sentences),
        tone=measures.tone(heard.posts, heard.history),
        links=measures.links(heard.posts, scope.watched),
        pattern=verdict(judged, ruled(store, queries, frame.since)) if heard.posts else None,
        coverage=coverage(store, config.now, heard, crisis is not None and crisis.stopped_at is None, frame.since),
        before=compare(earlier, heard.posts, asked.sentences, found) if earlier else None,
        contacts=scope.settings.contacts,
        severity=scope.settings.severity,
        pointers=pointers_of(store, number),
    )
    if crisis is None or crisis.stopped_at is None:
        note(store, number, who, config.now, picture, found)
    return picture


def frame_of(store: Store, crisis: Crisis | None, since: datetime | None, now: datetime) -> Frame:
    """From the beginning of the storm that the crisis is about, or of the latest one, to now or the crisis's end."""
    until = (crisis.stopped_at if crisis else None) or now
    names = crisis.queries if crisis else ()
    first = (crisis.started_at if crisis else until) - STORMS
    blowing = tuple(storm for storm in storms(store, first, until) if not names or storm.query in names)
    if since is None and crisis:
        since = min([storm.started_at for storm in blowing] + [crisis.started_at - LOOK_BACK])
    elif since is None:
        latest = max((storm.started_at for storm in blowing), default=until - LOOK_BACK)
        since = min(latest, until - LOOK_BACK)
    return Frame(max(since, until - LONGEST), until, names, blowing)


def storm_of(found: Sequence[Storm]) -> Blowing | None:
    """The storm that is on, else the one that was last over."""
    last = max(found, key=lambda storm: (storm.ended_at is None, storm.last_at), default=None)
    return None if last is None else Blowing(started_at=last.started_at, ended_at=last.ended_at)


def read_words(heard: Heard, organisation: Organisation) -> themes.Words:
    """What posts are compared by: our own names stand in all of them, and tell no topic."""
    common = common_stems((*organisation.names, *organisation.places))
    return themes.read_words(heard.posts, heard.history, common, known_words(our_names(organisation)))


def known_before(store: Store, scope: Scope, frame: Frame, judged: Compared) -> set[str]:
    """Who had written of the matter before; of anything in the log, where the matter is too young to tell."""
    queries = frame.queries or tuple(query.name for query in scope.queries)
    known = {writer for query in queries for writer in writers_before(store, query, frame.since)}
    return known | {post.writer for post in judged.before if judged.borrowed}


def ruled(store: Store, queries: tuple[str, ...], since: datetime) -> str:
    """What a person last made of a pattern of these queries since then; empty when nobody has."""
    found = [ruling for query in queries for ruling in rulings(store, query) if ruling.at >= since]
    return max(found, key=lambda ruling: ruling.at).ruling if found else ""


def verdict(judged: Compared, ruling: str = "") -> Pattern:
    """Criticism, a heated discussion, a pile-on or something organised, with reasons."""
    found = judged.pattern
    reasons = tuple(
        Reason(signal=one.signal, score=one.score, detail=one.detail, posts=one.posts) for one in found.reasons
    )
    return Pattern(
        kind=found.kind,
        score=found.score,
        part=len(found.part),
        rest=found.rest,
        ruling=ruling,
        reasons=reasons,
        changes=found.changes,
        compared=found.compared,
        borrowed=judged.borrowed,
    )


def pointers_of(store: Store, crisis: int) -> Pointers | None:
    """The last check of official accounts in this crisis."""
    step = last_step(store, crisis, POINTERS) if crisis else None
    return Pointers(at=step.at, **step.told) if step else None
