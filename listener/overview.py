"""Every source and what is known of it: on, off or gated, what it may ask, how it went, and what nobody sees."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import cache, partial

from listener.clock import rfc3339
from listener.config import Config
from listener.discover import enabled
from listener.errors import RegistryError
from listener.first_files import COLUMNS
from listener.models import Completeness, Record, Term
from listener.organisation import load_organisation
from listener.quotas import Quotas, Usage
from listener.registry import Registry, load_registry
from listener.report.coverage import unsearched
from listener.report.filing import reach
from listener.run import make_context
from listener.saved import POSTS, WORST_FIRST
from listener.sources import About, load_sources
from listener.sources.settings import check_sources, gated
from listener.store import Store, open_store
from listener.store.lines import load_lines
from listener.store.usage import StoredUsage
from listener.terms import terms

Sought = Callable[[], tuple[tuple[str, ...], tuple[Term, ...]]]


class Budget(Record, frozen=True):
    """One quota: how many of `kind` a `window` allows, and how many are left of it now."""

    kind: str
    window: str
    most: int
    left: int


class Wanted(Record, frozen=True):
    """How many of one kind the next search for accounts would ask for, and how many of them it may ask for now."""

    kind: str
    count: int
    may: int


class LineState(Record, frozen=True):
    """A line that is, or was, listened to: `since` when the session runs, `lag` in seconds, `state` why it is down."""

    place: str
    runs: bool
    since: str
    lag: float | None
    state: str


class SourceRow(Record, frozen=True):
    """One source; `last` is its completeness in the latest run, `missing` the secrets that would open more of it.

    `state` is on, off or gated (its terms are not accepted; `gate` says why). `run_dollars` is the most that one run
    may cost, `month_dollars` a month's cap, `spent_dollars` what this month has cost; all 0 for a free source.
    `next_wanted` is what the next search for accounts would take of the quotas, as the source itself reckons it, and
    `next_dollars` the most that it may cost (None for a free source). Accounts with a case are asked for besides.
    """

    name: str
    state: str
    access: str
    finds: tuple[str, ...]
    note: str
    gate: str = ""
    budgets: tuple[Budget, ...] = ()
    run_dollars: float = 0.0
    next_wanted: tuple[Wanted, ...] = ()
    next_dollars: float | None = None
    month_dollars: float = 0.0
    spent_dollars: float = 0.0
    retention_days: int | None = None
    last: str = ""
    last_at: str = ""
    detail: str = ""
    missing: tuple[str, ...] = ()
    lines: tuple[LineState, ...] = ()


class Gap(Record, frozen=True):
    """A platform that is not searched: the key of the reason, and the platform's own ground where it has one.

    `through` names the sources that show a part of it all the same.
    """

    reason: str
    why: str = ""
    through: tuple[str, ...] = ()


class Overview(Record, frozen=True):
    """The sources there are, and the platforms that are not searched with the reason why."""

    sources: tuple[SourceRow, ...]
    not_searched: dict[str, Gap]


def overview(config: Config, opened: Store | None = None) -> Overview:
    """What is searched and what is not; reads the store (`opened`, else the one there is), asks nobody.

    Raises ConfigError.
    """
    check_sources(config.path, config.table("sources"))
    modules = load_sources()
    with ExitStack() as closing:
        store = opened
        if store is None and config.store.exists():
            store = closing.enter_context(open_store(config.store))
        health = _health(store)
        sought = cache(partial(_sought, config))
        rows = tuple(
            _row(config, name, module.ABOUT, store, _last(health, name), sought) for name, module in modules.items()
        )
    known = {name: reach(config, name, module) for name, module in modules.items()}
    on = [row for row in rows if row.state == "on"]
    seeing = [row.name for row in on if row.last != Completeness.UNAVAILABLE]
    gaps = unsearched([known[row.name].result(row.name) for row in on], known, (), (), seeing)
    closed = {gap.platform: Gap(reason=gap.reason, why=gap.why, through=gap.through) for gap in gaps}
    return Overview(sources=rows, not_searched=closed)


def _row(
    config: Config, name: str, about: About, store: Store | None, last: dict[str, str | None], sought: Sought
) -> SourceRow:
    settings = config.source(name)
    usage = None if store is None else StoredUsage(store, name, config.moment)
    quotas = Quotas(about.quotas, now=config.moment(), settings=settings, usage=usage, dollars=about.dollars)
    closed = gated(about, settings)
    on = enabled(config, name, load_sources()[name])
    wanted = _wanted(config, name, usage, sought) if on and not closed else {}
    paid = bool(about.dollars and wanted)
    return SourceRow(
        name=name,
        state="gated" if closed else "on" if on else "off",
        access=about.access,
        finds=about.finds,
        note=about.note,
        gate=about.gate_text if closed else "",
        budgets=tuple(
            Budget(kind=quota.kind, window=quota.window, most=most, left=quotas.left(quota.kind))
            for quota, most in quotas.limits
        ),
        run_dollars=round(quotas.run_cost(), 2),
        next_wanted=tuple(
            Wanted(kind=kind, count=count, may=min(count, quotas.left(kind))) for kind, count in wanted.items()
        ),
        next_dollars=round(quotas.price_of(wanted), 2) if paid else None,
        month_dollars=quotas.dollars,
        spent_dollars=round(quotas.cost(), 2),
        retention_days=about.retention_days,
        last=last.get("completeness") or "",
        last_at=last.get("last_at") or "",
        detail=last.get("detail") or "",
        missing=tuple(secret for secret in about.needs if secret not in config.secrets),
        lines=() if store is None else _lines(store, name, config.moment()),
    )


def _lines(store: Store, name: str, now: datetime) -> tuple[LineState, ...]:
    """The lines of a source that were ever listened to."""
    return tuple(
        LineState(
            place=row.place,
            runs=row.runs(now),
            since=rfc3339(row.since) if row.since else "",
            lag=None if (lag := row.lag()) is None else lag.total_seconds(),
            state=row.state,
        )
        for row in load_lines(store)
        if row.source == name
    )


def _wanted(config: Config, name: str, usage: Usage | None, sought: Sought) -> dict[str, int]:
    """What a source that money or a quota bounds expects the next search for our terms to ask for, by kind."""
    module = load_sources()[name]
    if not hasattr(module, "wanted"):
        return {}
    sites, asked = sought()
    return dict(module.wanted(make_context(config, name, sites, terms=asked, about=module.ABOUT, usage=usage)))


def _sought(config: Config) -> tuple[tuple[str, ...], tuple[Term, ...]]:
    """Our domains and what is searched for; the register's part is left out while it cannot be read."""
    organisation = load_organisation(config)
    try:
        registry = load_registry(config.registry)
    except RegistryError:  # which `listen registry check` tells
        registry = Registry((), COLUMNS)
    return organisation.domains, terms(organisation, registry)


def _last(health: dict[str, dict[str, str | None]], name: str) -> dict[str, str | None]:
    """How a source went last: asked for accounts or for what is said, whichever went worse."""
    asked = [health[part] for part in (name, f"{name}{POSTS}") if part in health]
    return min(asked, key=lambda row: WORST_FIRST.index(Completeness(str(row["completeness"]))), default={})


def _health(store: Store | None) -> dict[str, dict[str, str | None]]:
    """The last word on each source, from the view `source_health`."""
    if store is None:
        return {}
    rows = store.rows("SELECT source, completeness, last_at, detail FROM source_health")
    return {str(row["source"]): row for row in rows}
