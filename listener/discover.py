"""One discovery run: every source asked for what bears our name, each answer judged and stored in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import ModuleType

import msgspec

from listener.asking import (
    FIRST,
    LAST,
    Harvest,
    as_registered,
    fetch,
    key_of,
    linked,
    linked_before,
    registered_before,
    registered_on,
)
from listener.config import Config
from listener.dead_links import as_terms, dead_links, linked_on
from listener.errors import ConfigError
from listener.evidence.snapshot import Camera
from listener.fetched_avatars import fetched_avatars
from listener.language import _
from listener.logos.avatars import Avatars
from listener.models import Account, Fault, Finding, Record, SourceResult
from listener.organisation import Organisation, load_organisation
from listener.registry import Registry, load_registry
from listener.run import Progress, silent, source_settings
from listener.screen.bulk import Screener
from listener.screen.sift import NameSift
from listener.seeds import gather
from listener.sources import About, load_sources
from listener.sources.settings import check_gate, check_settings, check_sources
from listener.store import Store
from listener.store.accounts import Saved, find_key, mark_missing, save_findings
from listener.store.barred import barred_accounts
from listener.store.looks import save_looks
from listener.store.runs import save_source
from listener.store.traits import save_pictures
from listener.terms import terms
from listener.troubles import in_language, kind_label


class World(Record):
    """What candidates are compared with, and how their pictures are looked at."""

    organisation: Organisation
    registry: Registry
    avatars: Avatars

    @classmethod
    def load(cls, config: Config) -> World:
        organisation = load_organisation(config)
        avatars = fetched_avatars(config, organisation)
        return cls(organisation=organisation, registry=load_registry(config.registry), avatars=avatars)


class Discovery(Record):
    """What one discovery brought: how each source fared, every finding, and what the store made of them."""

    results: tuple[SourceResult, ...]
    findings: tuple[Finding, ...]
    saved: dict[str, int]
    faults: tuple[Fault, ...] = ()  # of our own site


def planned(config: Config, kind: str = "accounts", only: Iterable[str] = ()) -> dict[str, ModuleType]:
    """The sources this run asks, ours first.

    Raises ConfigError for a name that is no source or does not find `kind`, for a setting with which a source cannot be
    asked, and for terms that are not accepted.
    """
    check_sources(config.path, config.table("sources"))
    known = {name: module for name, module in load_sources().items() if kind in module.ABOUT.finds}
    wanted = list(only)
    if unknown := [name for name in wanted if name not in known]:
        raise ConfigError(f"no source {', '.join(unknown)} that finds {kind}: choose among {', '.join(sorted(known))}")
    chosen = wanted or [name for name in known if enabled(config, name, known[name])]
    for name in chosen:
        check_gate(name, known[name].ABOUT, config.source(name))
        check_settings(known[name], source_settings(config, name))
    return {name: known[name] for name in sorted(chosen, key=lambda name: (name != FIRST, name in LAST, name))}


def enabled(config: Config, name: str, module: ModuleType) -> bool:
    """A source is on when its table says so, or when it needs no settings, or when it has been given some.

    One whose terms must be accepted first is on when its table says so in so many words.
    """
    settings = config.source(name)
    given = bool(settings) and not module.ABOUT.gate
    return bool(settings.get("enabled", given or module.ABOUT.on_by_default))


def discover(
    config: Config,
    world: World,
    store: Store,
    run_id: int,
    only: Iterable[str] = (),
    progress: Progress = silent,
    *,
    seeded: bool = True,
) -> Discovery:
    """Ask every planned source, judge and store what they found. Raises ConfigError before any work.

    With `seeded`, sources that know what else to search for are asked first.
    """
    sources = planned(config, "accounts", only)
    seeds = gather(config, store, run_id, planned(config, "terms") if seeded else {}, world.organisation, progress)
    wanted = terms(world.organisation, world.registry, seeds.terms)
    sift = NameSift(world.organisation, world.registry)
    screener = Screener(world.organisation, world.registry, world.avatars)
    camera = Camera(store, config, run_id=run_id)
    camera.settle()
    claimed, registered = linked_before(store), registered_before(store)
    if world.avatars.references is None and world.avatars.trouble:
        progress(_("logos are not compared: {why}").format(why=in_language(world.avatars.trouble, _)))
    own: Harvest | None = None
    faults: list[Fault] = []
    kept: list[tuple[Harvest, list[Finding]]] = []
    totals: Counter[str] = Counter()
    seen_by_id: set[str] = set()
    for name, module in sources.items():
        progress(f"{name} …")
        about: About = module.ABOUT
        linking = linked_on(own, about.platform or name) if about.proves_absence else ()
        asked = (*wanted, *as_terms(linking))
        ours = registered_on(world.registry, about.platform or name)
        harvest = fetch(config, store, name, module, asked, world.organisation, sift, ours)
        faults += dead_links(linking, harvest)
        if name == FIRST:
            seen = {key_of(account): account.official_links for account in harvest.accounts}
            claimed = seen if harvest.result.completeness == "complete" else claimed | seen
            own = harvest
            continue
        accounts = [as_registered(linked(account, claimed), registered) for account in harvest.accounts]
        seen_by_id |= {key_of(account) for account in accounts if account.platform_id}
        kept.append(keep(camera, harvest, accounts, screener, world.avatars, totals, progress))
    if own is not None:  # last, so that an account another source knows by its id is not filed a second time
        rest = [account for account in own.accounts if key_of(account) not in seen_by_id]
        kept.append(keep(camera, own, rest, screener, world.avatars, totals, progress))
    results = (*seeds.results, *(harvest.result for harvest, _findings in kept))
    camera.stamp()
    for issue in camera.told("evidence"):
        progress(f"  {in_language(issue.detail, _)}")
    homes = {name: module.ABOUT.platform for name, module in sources.items() if module.ABOUT.platform}
    scopes = {harvest.ctx.source: harvest.scope for harvest, _found in kept}
    whole = [result.source for result in results if result.completeness == "complete"]
    mark_missing(store, run_id, config.now, whole, homes, scopes)
    findings = tuple(finding for _harvest, found in kept for finding in found)
    return Discovery(results=results, findings=findings, saved=dict(totals), faults=tuple(faults))


def without_pictures(store: Store, accounts: list[Account]) -> list[Account]:
    """The accounts, those of which nothing may be fetched without their pictures."""
    barred = barred_accounts(store)
    if not barred:
        return accounts
    return [
        msgspec.structs.replace(account, avatar=None, banner=None) if find_key(store, account) in barred else account
        for account in accounts
    ]


def keep(
    camera: Camera,
    harvest: Harvest,
    accounts: list[Account],
    screener: Screener,
    avatars: Avatars,
    totals: Counter[str],
    progress: Progress,
) -> tuple[Harvest, list[Finding]]:
    """Judge one source's accounts and store the findings, its cursor and its result in one transaction.

    Then keep what showed those that are new or have moved; what could not be kept is noted with the result.
    """
    store, now = camera.store, camera.config.now
    seen = without_pictures(store, accounts)
    findings = [screener.judge(account) for account in seen]
    name, run_id = harvest.ctx.source, camera.run_id or 0
    saved: Saved = save_findings(
        store,
        run_id,
        name,
        findings,
        now,
        cursor=harvest.ctx.next_cursor,
        result=harvest.result,
        scope=harvest.scope,
    )
    looked_at = {account.id: avatars.hashes[account.avatar] for account in seen if account.avatar in avatars.hashes}
    save_pictures(store, looked_at)
    save_looks(
        store, {account.id: avatars.looks[account.avatar] for account in seen if account.avatar in avatars.looks}
    )
    camera.take(name, findings, harvest.spool, avatars.hashes)
    if troubles := camera.told(name):
        result = msgspec.structs.replace(harvest.result, issues=(*harvest.result.issues, *troubles))
        harvest = msgspec.structs.replace(harvest, result=result)
        save_source(store, run_id, result)
    if harvest.spool:
        harvest.spool.close()
    totals.update({"new": saved.new, "changed": saved.changed, "regressed": saved.regressed, "seen": saved.seen})
    flagged = sum(finding.flagged for finding in findings)
    told = _("{source}: accounts {accounts}, flagged {flagged}")
    progress(told.format(source=name, accounts=len(accounts), flagged=flagged))
    for issue in harvest.result.issues:
        progress(f"  {kind_label(issue.kind, _)}: {in_language(issue.detail, _)}")
    return harvest, findings
