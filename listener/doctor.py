"""Is everything in place for an unattended run? Checks, each with what to do when it fails."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator

from listener.assessment import read_assessment
from listener.clock import rfc3339
from listener.config import Config
from listener.discover import enabled, planned
from listener.errors import ConfigError, ListenerError
from listener.language import N_
from listener.logos.avatars import Avatars, trouble_with
from listener.models import Record
from listener.organisation import load_organisation
from listener.records.retention import read_days, read_rules, undecided
from listener.registry import load_registry
from listener.registry_check import registry_health
from listener.run import locked, make_context, source_settings
from listener.saved import saved_queries
from listener.sources import load_sources
from listener.sources.settings import check_gate, check_settings, check_sources
from listener.store import open_store
from listener.store.events import verify_chain
from listener.store.lines import load_lines
from listener.store.usage import StoredUsage

MARK = re.compile(r"#\s*(?:CHANGE|ÄNDRA)\b")


class Check(Record):
    """One look: `state` = ok | warn | fail; `hint` says what to do next."""

    name: str
    state: str
    detail: str
    hint: str = ""


def examine(config: Config, *, reach: bool = False) -> Iterator[Check]:
    """Every check, cheapest first; with `reach`, one small request to each source that is on."""
    yield _python()
    yield _sqlite()
    yield from _attempted(N_("organisation"), lambda: _organisation(config))
    yield from _attempted(N_("logos"), lambda: _logos(config))
    yield from _attempted(N_("registry"), lambda: _registry(config))
    yield from _attempted(N_("store"), lambda: _store(config))
    yield _contact(config)
    yield from _marked(config)
    yield from _attempted(N_("queries"), lambda: _queries(config))
    yield from _attempted(N_("impact assessment"), lambda: _assessment(config))
    yield from _listening(config)
    yield from _attempted(N_("retention"), lambda: _retention(config))
    yield from _terms(config)
    yield from _sources(config)
    if reach and not any(_refused(config)):
        yield from _reach(config)


def _attempted(name: str, look: Callable[[], Check]) -> Iterator[Check]:
    try:
        yield look()
    except ListenerError as trouble:
        yield Check(name=name, state="fail", detail=str(trouble))


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check(name="python", state="ok", detail=version)


def _sqlite() -> Check:
    enough = sqlite3.sqlite_version_info >= (3, 37)
    hint = "" if enough else N_("Install a Python with SQLite 3.37 or later.")
    return Check(name="sqlite", state="ok" if enough else "fail", detail=sqlite3.sqlite_version, hint=hint)


def _organisation(config: Config) -> Check:
    organisation = load_organisation(config)
    known = f"{organisation.name}; {', '.join(organisation.domains) or '–'}; {len(organisation.units)} units"
    if organisation.domains:
        return Check(name=N_("organisation"), state="ok", detail=known)
    hint = N_("Name your domains in listener.toml: they are the strongest proof that an account is yours.")
    return Check(name=N_("organisation"), state="warn", detail=known, hint=hint)


def _logos(config: Config) -> Check:
    """Whether pictures can be compared with each of our logos; every file that cannot be read is named."""
    avatars = Avatars(load_organisation(config).logos)
    if not avatars.logos:
        hint = N_("Name files with your logo in listener.toml: a copied logo gives an impostor away.")
        return Check(name=N_("logos"), state="warn", detail="–", hint=hint)
    if troubles := list(filter(None, map(trouble_with, avatars.logos))):
        return Check(name=N_("logos"), state="fail", detail="; ".join(dict.fromkeys(troubles)))
    if avatars.references is None:
        return Check(name=N_("logos"), state="fail", detail=avatars.trouble)
    return Check(name=N_("logos"), state="ok", detail=", ".join(avatars.logos))


def _registry(config: Config) -> Check:
    registry = load_registry(config.registry)
    health = registry_health(registry, load_organisation(config).domains, config.now.date())
    state = "warn" if health or not registry.entries else "ok"
    hint = N_("See `listen registry check`.") if health else ""
    if not registry.entries:
        hint = N_("Take your list in with `listen registry import`; `listen discover --bootstrap` proposes one.")
    return Check(
        name=N_("registry"), state=state, detail=f"{len(registry.entries)} rows, {len(health)} faults", hint=hint
    )


def _store(config: Config) -> Check:
    if not config.store.exists():
        return Check(name=N_("store"), state="ok", detail=f"{config.store}: not made yet")
    with locked(config.store):
        broken = verify_chain(open_store(config.store))
    if broken is None:
        return Check(name=N_("store"), state="ok", detail=f"{config.store}: {os.path.getsize(config.store)} bytes")
    detail = f"{config.store}: the decision log is altered at event {broken}"
    return Check(name=N_("store"), state="fail", detail=detail, hint=N_("Restore the store from a backup and compare."))


def _contact(config: Config) -> Check:
    if config.contact:
        return Check(name=N_("contact"), state="ok", detail=config.contact)
    hint = N_("Set [contact] email in listener.toml: servers see it in the User-Agent and can reach you.")
    return Check(name=N_("contact"), state="warn", detail="–", hint=hint)


def _marked(config: Config) -> Iterator[Check]:
    """The lines that `listen init` marked and nobody has changed since."""
    lines = config.path.read_text(encoding="utf-8-sig").split("\n")
    marked = [str(number) for number, line in enumerate(lines, 1) if MARK.search(line)]
    if marked:
        hint = N_("Write your own there, and take the mark away.")
        detail = f"{config.path}: marked for you to change: line {', '.join(marked)}"
        yield Check(name=N_("settings"), state="warn", detail=detail, hint=hint)


def _queries(config: Config) -> Check:
    return Check(name=N_("queries"), state="ok", detail=", ".join(q.text for q in saved_queries(config)) or "–")


def _assessment(config: Config) -> Check:
    """Whether what is listened for rests on an impact assessment."""
    found = read_assessment(config)
    if found is not None:
        return Check(name=N_("impact assessment"), state="ok", detail=f"{found.reference} {found.on}")
    hint = N_("Name it under [listening]: `listen stream` asks for it. `listen config dpia` writes a draft.")
    state = "warn" if config.table("queries") else "ok"
    return Check(name=N_("impact assessment"), state=state, detail="–", hint=hint if state == "warn" else "")


def _listening(config: Config) -> Iterator[Check]:
    """Whether what was once listened to still is."""
    try:
        with open_store(config.store, create=False) as store:
            lines = load_lines(store)
    except ListenerError:  # the store's own check tells
        return
    quiet = [line.place for line in lines if not line.runs(config.moment())]
    if quiet:
        hint = N_("Start `listen stream`, or its service: nothing is heard as it is said.")
        yield Check(name=N_("listening"), state="warn", detail=", ".join(quiet), hint=hint)
    for line in lines:
        if line.place not in quiet:
            since = rfc3339(line.since) if line.since else "–"
            state, detail = ("warn", line.state) if line.state else ("ok", f"{line.place}: {since}")
            yield Check(name=N_("listening"), state=state, detail=detail)


def _retention(config: Config) -> Check:
    read_days(config)
    if config.table("retention").get("decision_ref"):
        reference = read_rules(config).decision_ref
        return Check(name=N_("retention"), state="ok", detail=reference)
    hint = N_("Set [retention] decision_ref in listener.toml: without a decision nothing may be deleted.")
    return Check(name=N_("retention"), state="warn", detail="–", hint=hint)


def _terms(config: Config) -> Iterator[Check]:
    """Sources that are on though nothing deletes what their terms let be kept for a time only."""
    if limits := undecided(config):
        detail = ", ".join(f"{name} ({days} d)" for name, days in limits.items())
        hint = N_(
            "Their terms let answers be kept no longer, and nothing is deleted: set [retention] decision_ref and run "
            "`listen retention` daily, or turn them off."
        )
        yield Check(name=N_("terms of use"), state="warn", detail=detail, hint=hint)


def _sources(config: Config) -> Iterator[Check]:
    modules = load_sources()
    wrong = dict(_refused(config))
    yield from (Check(name=name, state="fail", detail=why) for name, why in wrong.items())
    on = [name for name, module in modules.items() if enabled(config, name, module)]
    state = "ok" if on else "warn"
    yield Check(name=N_("sources"), state=state, detail=", ".join(on) or "–")
    for name in on:
        wanting = [secret for secret in modules[name].ABOUT.needs if secret not in config.secrets]
        if wanting and name not in wrong:
            hint = N_("Set it in the environment to use the source fully.")
            yield Check(name=name, state="warn", detail=", ".join(wanting), hint=hint)


def _refused(config: Config) -> Iterator[tuple[str, str]]:
    """Each source with which a run would stop before it asked anybody, and why; by the same checks as `planned`."""
    modules = load_sources()
    tables = config.table("sources")
    for name in {**modules, **tables}:
        try:
            check_sources(config.path, {name: tables[name]} if name in tables else {})
            if enabled(config, name, modules[name]):
                check_gate(name, modules[name].ABOUT, config.source(name))
                check_settings(modules[name], source_settings(config, name))
        except ConfigError as wrong:
            yield name, str(wrong)


def _reach(config: Config) -> Iterator[Check]:
    """The first account that each source which is on finds for our name: proof that it can be reached and read."""
    from listener.models import Term
    from listener.run import attempt

    organisation = load_organisation(config)
    store = open_store(config.store) if config.store.exists() else None
    for name, module in planned(config).items():
        first = Term(text=organisation.name)
        usage = StoredUsage(store, name, config.moment) if store else None
        ctx = make_context(config, name, organisation.domains, terms=(first,), about=module.ABOUT, usage=usage)
        term = first if module.ABOUT.per_term else Term(text="")

        def look(module=module, ctx=ctx, term=term) -> tuple[int, int]:  # type: ignore[no-untyped-def]
            return int(next(iter(module.accounts(ctx, term)), None) is not None), 0

        result = attempt(ctx, look)
        trouble = "; ".join(issue.detail for issue in result.issues)
        yield Check(name=name, state="fail" if trouble else "ok", detail=trouble or f"{result.seconds:.1f} s")
