"""A crisis from start to stop: who began it, what was looked at once, and what there is to say afterwards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from listener.config import Config
from listener.crisis.html import render_html
from listener.crisis.json import render_json
from listener.crisis.picture import Scope, draw
from listener.crisis.pointers import Checked, Pointing, sweep
from listener.crisis.records import Picture, Stage
from listener.errors import ConfigError
from listener.models import Record
from listener.report.filing import write_file
from listener.run import Progress, silent
from listener.store import Store
from listener.store.crises import POINTERS, Crisis, add_step, begin_crisis, end_crisis, load_steps

NAME = re.compile(r"[^\x00-\x1f\x7f]{1,80}")
SLUG = re.compile(r"[^a-z0-9åäö]+")


class Begun(Record):
    """A crisis that was begun: the crisis, and how every official account fares."""

    crisis: Crisis
    accounts: tuple[Checked, ...]

    @property
    def unseen(self) -> bool:
        return any(one.state is Pointing.UNSEEN for one in self.accounts)


class Ended(Record):
    """A crisis that was ended: the crisis, its summary, and where that was written."""

    crisis: Crisis
    summary: Picture
    html: Path


def start(
    config: Config,
    store: Store,
    scope: Scope,
    name: str,
    queries: Sequence[str],
    who: str,
    progress: Progress = silent,
) -> Begun:
    """Begin a crisis about the saved queries of these names (none: all), and check all official accounts at once.

    From now on sources are asked oftener. Raises ConfigError for a query that is not saved, CrisisError while another
    crisis is on.
    """
    name = " ".join(name.split())
    if not NAME.fullmatch(name):
        raise ConfigError("the name of a crisis is one line of at most 80 characters")
    texts = tuple(query_text(config, scope, query) for query in dict.fromkeys(queries))
    crisis = begin_crisis(store, name, texts, scope.settings.factor, who, config.now)
    return Begun(crisis=crisis, accounts=check_accounts(config, store, scope, crisis, who, progress))


def query_text(config: Config, scope: Scope, name: str) -> str:
    """The normalised text of a saved query, as the log knows it. Raises ConfigError."""
    saved = dict(zip(config.table("queries"), scope.queries, strict=True))
    if name not in saved:
        known = ", ".join(sorted(saved)) or "none yet"
        raise ConfigError(f"{config.path}: no query {name!r} under [queries]: there are {known}")
    return saved[name].name


def check_accounts(
    config: Config, store: Store, scope: Scope, crisis: Crisis, who: str, progress: Progress = silent
) -> tuple[Checked, ...]:
    """Rule P10 on every official account now; the figures are kept with the crisis."""
    found = sweep(config, store, scope.organisation, scope.registry, scope.settings.pointers, progress)
    states = Counter(one.state for one in found)
    told = {"accounts": len(found), "lacking": states[Pointing.LACKS], "unseen": states[Pointing.UNSEEN]}
    add_step(store, crisis.id, POINTERS, who, config.now, told)
    return tuple(found)


def stop(config: Config, store: Store, scope: Scope, who: str) -> Ended:
    """End the crisis: sources are asked as usual again, and a summary without quotations is filed with the reports.

    Raises CrisisError when none is on.
    """
    crisis = end_crisis(store, who, config.now)
    summary = without_quotes(draw(config, store, scope, who, crisis), course_of(store, crisis.id))
    place = config.reports / f"crisis-{crisis.id}-{slug(crisis.name)}"
    write_file(place.with_suffix(".json"), render_json(summary))
    html = place.with_suffix(".html")
    write_file(html, render_html(summary, config.language))
    return Ended(crisis=crisis, summary=summary, html=html)


def slug(name: str) -> str:
    """A name as part of a file's name."""
    return SLUG.sub("-", name.casefold()).strip("-")[:40] or "crisis"


def course_of(store: Store, crisis: int) -> tuple[Stage, ...]:
    """What was done in a crisis, by whom and when."""
    return tuple(
        Stage(at=step.at, kind=step.kind, who=step.who, posts=step.told.get("posts"))
        for step in load_steps(store, crisis)
    )


def without_quotes(picture: Picture, stages: tuple[Stage, ...]) -> Picture:
    """The picture as it may be kept: figures and topics, nobody's words, with what was done."""
    bare = msgspec.structs.replace
    return bare(
        picture,
        topics=tuple(bare(topic, quote=None) for topic in picture.topics),
        needs=tuple(bare(need, quote=None) for need in picture.needs),
        claims=tuple(bare(claim, text="", first=tuple(bare(one, text="", address="") for one in claim.first))
                     for claim in picture.claims),
        stages=stages,
    )  # fmt: skip
