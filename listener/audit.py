"""The weekly job: discovery, profile rules for our own accounts, the register's health, and the saved queries."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from listener import clock
from listener.alerts import load_settings, raise_and_send
from listener.assessment import lacking
from listener.config import Config
from listener.dead_links import dead_domains
from listener.discover import Discovery, World, discover, planned
from listener.enrich import saved
from listener.errors import SourceError
from listener.http import Session
from listener.language import _
from listener.models import Fault, Finding, Record, SourceResult, Verdict
from listener.registry_check import registry_health
from listener.renamed import RULE, renamed
from listener.rules import Expand, check_profile
from listener.run import Progress, exit_code, failed, locked, make_context, silent
from listener.saved import listen_saved, saved_queries
from listener.sentences import in_language as in_words
from listener.store import Store, open_store
from listener.store.faults import save_faults
from listener.store.runs import finish_run, save_source, start_run
from listener.storms import watch
from listener.troubles import in_language

EXPANDED = 100  # shortened links that one run follows
EXPAND_SECONDS = 15.0  # for each of them


class Outcome(Record):
    """What one audit did; `verdicts` counts the flagged findings, `saved` what the store made of them."""

    run_id: int
    results: tuple[SourceResult, ...]
    verdicts: dict[str, int]
    saved: dict[str, int]
    faults: int
    mentions: int
    exit_code: int


def audit(config: Config, only: Iterable[str] = (), progress: Progress = silent, *, rules: bool = True) -> Outcome:
    """Run one audit (or, without `rules`, one discovery) and store it; with `only`, no query is asked.

    Raises ConfigError or RegistryError before anything is stored, LockedError when another run is at work.
    """
    world = World.load(config)  # a broken register or setting stops us here, before anything is written
    started = time.monotonic()
    plan = list(planned(config, "accounts", only))
    queries = saved_queries(config) if rules and not only else ()
    for kind in () if only else ("terms", *(["posts"] if queries else [])):
        planned(config, kind)  # what is asked later is checked now
    load_settings(config)
    unassessed = lacking(config)
    with locked(config.store):
        store = open_store(config.store)
        run_id = start_run(store, "audit" if rules else "discover", config.now, plan)
        found = discover(config, world, store, run_id, plan, progress, seeded=not only)
        faults = check(config, world, store, run_id, found, progress) if rules else []
        tell_pictures(world, progress)
        tell_renamed(faults, progress)
        if queries and unassessed:
            progress(in_language(unassessed, _))
        heard = listen_saved(config, queries, store, progress, run_id)
        for result in heard.results:
            save_source(store, run_id, result)
        results = [*found.results, *heard.results]
        code = exit_code(results)
        finish_run(store, run_id, ended(config, started), code, not any(failed(result) for result in results))
        tell_urgent(config, store, progress)
    return Outcome(
        run_id=run_id,
        results=tuple(results),
        verdicts=dict(Counter(finding.verdict.value for finding in found.findings if finding.flagged)),
        saved=found.saved,
        faults=len(faults),
        mentions=heard.new,
        exit_code=code,
    )


def tell_urgent(config: Config, store: Store, progress: Progress) -> None:
    """Send out what cannot wait; what did not go out is tried again in the next run."""
    for outcome in raise_and_send(config, store, watch(config, store, config.now), config.now):
        if not outcome.sent:
            told = _("alert {channel}: not sent: {why}")
            progress(told.format(channel=outcome.channel, why=in_language(outcome.detail, _)))


def tell_renamed(faults: Iterable[Fault], progress: Progress) -> None:
    """Accounts of ours that have another handle than the register says, and what to do."""
    for fault in faults:
        if fault.rule == RULE:
            said = [in_words(text, _) for text in (fault.detail, fault.hint)]
            progress(f"{fault.unit}, {fault.url}: {said[0]}. {said[1]}")


def tell_pictures(world: World, progress: Progress) -> None:
    """How many profile pictures were compared with our logos; nothing when there were none."""
    seen, unseen = world.avatars.looked
    if seen or unseen:
        told = _("profile pictures: {seen} compared, {unseen} could not be seen")
        progress(told.format(seen=seen, unseen=unseen))


def ended(config: Config, started: float) -> datetime:
    """When the run ended by its own clock, which stands still when it is frozen; `started` is time.monotonic()."""
    return config.now if config.frozen else config.now + timedelta(seconds=time.monotonic() - started)


def check(
    config: Config, world: World, store: Store, run_id: int, found: Discovery, progress: Progress = silent
) -> list[Fault]:
    """Profile faults of the registered accounts that were seen, our site's and the register's; stored with the run."""
    expand = Expander(make_context(config, "website").http)
    faults = [fault for finding in found.findings for fault in profile_faults(finding, world, expand)]
    if expand.unfollowed:
        told = _("shortened links that could not be followed: {count} (P4 is not judged where one stands)")
        progress(told.format(count=expand.unfollowed))
    faults += found.faults
    faults += dead_domains(config, found.findings, world.registry, world.organisation)
    texts = {one.name: one.query.text for one in saved(config).values()}
    faults += renamed(found.findings, world.registry, texts)
    faults += registry_health(world.registry, world.organisation.domains, clock.local(config.now).date())
    save_faults(store, run_id, faults)
    return faults


def profile_faults(finding: Finding, world: World, expand: Expand) -> list[Fault]:
    """Rules P1–P4 for one registered account; nothing for anybody else's."""
    if finding.verdict not in (Verdict.OFFICIAL, Verdict.OFFICIAL_CHANGED) or finding.account.source == "website":
        return []
    entry = world.registry.find(finding.account)
    likeness = world.avatars.likeness
    return check_profile(finding.account, entry, world.organisation, expand, likeness) if entry else []


class Expander:
    """Where a shortened link lands; None when it could not be followed: closed by robots.txt, silent, one too many.

    Each is followed once, and at most EXPANDED of them.
    """

    def __init__(self, http: Session) -> None:
        self._http = http
        self._landed: dict[str, str | None] = {}

    def __call__(self, url: str) -> str | None:
        if url not in self._landed and len(self._landed) < EXPANDED:
            try:
                self._landed[url] = self._http.get(url, robots=True, seconds=EXPAND_SECONDS).url
            except SourceError:
                self._landed[url] = None
        return self._landed.get(url)

    @property
    def unfollowed(self) -> int:
        """How many of those that were tried could not be followed."""
        return list(self._landed.values()).count(None)
