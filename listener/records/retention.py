"""Retention (gallring): what the decision says may no longer be kept is counted, deleted and put on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from listener.config import Config
from listener.discover import enabled
from listener.errors import ConfigError
from listener.evidence.folder import Folder
from listener.language import _
from listener.models import Record
from listener.records.decisions import remove_destroyed
from listener.run import locked
from listener.sources import load_sources
from listener.store import Store, open_store
from listener.store.disposal import CLASSES, Disposal, count_old, delete_old, wipe
from listener.store.terms import delete_expired, expired

TERMS = "terms:"  # before a source's name: the class of what its terms let be kept for a time only


class Rules(Record, frozen=True):
    """The decision and its periods: days per class. A class without a period is kept."""

    decision_ref: str
    days: dict[str, int]


def read_rules(config: Config) -> Rules:
    """The [retention] table. Raises ConfigError when there is no decision, or a period cannot be read."""
    table = config.table("retention")
    reference = table.get("decision_ref", "")
    if not isinstance(reference, str) or not reference.strip():
        wanting = _(
            "{path}: [retention] decision_ref: nothing is deleted without a decision; "
            'name it, as in decision_ref = "KS 2026/123"'
        )
        raise ConfigError(wanting.format(path=config.path))
    return Rules(decision_ref=reference.strip(), days=read_days(config))


def read_days(config: Config) -> dict[str, int]:
    """The periods of [retention], in the order of CLASSES. Raises ConfigError for one that cannot be read."""
    table = config.table("retention")
    days = {name: period for name, period in table.items() if name != "decision_ref"}
    for name, period in days.items():
        if name not in CLASSES:
            unknown = _("{path}: [retention] {name}: no such class; there are {classes}")
            raise ConfigError(unknown.format(path=config.path, name=name, classes=", ".join(CLASSES)))
        if not isinstance(period, int) or isinstance(period, bool) or period < 1:
            wrong = _("{path}: [retention] {name} = {period!r}: write a whole number of days, 1 or more")
            raise ConfigError(wrong.format(path=config.path, name=name, period=period))
    return {name: days[name] for name in CLASSES if name in days}


def plan(config: Config, store: Store, rules: Rules) -> list[Disposal]:
    """What would go now, by class; nothing is changed."""
    planned = []
    for name, days in rules.days.items():
        before = config.now - timedelta(days=days)
        count = count_old(store, name, before)
        planned.append(Disposal(kind=name, before=before, count=count, decision_ref=rules.decision_ref))
    return planned


def bound(config: Config, store: Store, rules: Rules) -> Iterator[Disposal]:
    """What goes because the terms of the source it came from say so, by source; those of which nothing does left out.

    Sources that are off now count too: what they told once is still here.
    """
    for name, module in load_sources().items():
        if days := module.ABOUT.retention_days:
            before = config.now - timedelta(days=days)
            if count := expired(store, name, before).count:
                yield Disposal(kind=f"{TERMS}{name}", before=before, count=count, decision_ref=rules.decision_ref)


def undecided(config: Config) -> dict[str, int]:
    """The sources that are on though nothing deletes what their terms let be kept for a time only: days, by name."""
    if config.table("retention").get("decision_ref"):
        return {}
    limits = {
        name: module.ABOUT.retention_days for name, module in load_sources().items() if enabled(config, name, module)
    }
    return {name: days for name, days in limits.items() if days}


def preview(config: Config) -> list[Disposal]:
    """What `retain` would delete. Raises ConfigError without a decision, StoreError without a store."""
    rules = read_rules(config)
    with open_store(config.store, create=False) as store:
        return [*plan(config, store, rules), *bound(config, store, rules)]


def retain(config: Config, who: str) -> list[Disposal]:
    """Delete what is past its time, down to the last byte, and return the protocol of it.

    Raises ConfigError without a decision, LockedError while a run is at work.
    """
    rules = read_rules(config)
    with locked(config.store), open_store(config.store, create=False) as store:
        done = delete_old(store, plan(config, store, rules), who, config.now)
        for past in list(bound(config, store, rules)):
            done.append(delete_expired(store, past, past.kind.removeprefix(TERMS), who, config.now))
        remove_destroyed(store, Folder.of(config.store))
        wipe(store)
    return done
