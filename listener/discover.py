"""One discovery run: every source asked for what bears our name, each answer judged and stored in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from types import ModuleType

import msgspec

from listener.config import Config
from listener.context import Context
from listener.errors import ConfigError
from listener.evidence.archive import start_spool
from listener.evidence.snapshot import Camera
from listener.evidence.spool import Spool
from listener.fetched_avatars import fetched_avatars
from listener.language import _
from listener.logos.avatars import Avatars
from listener.models import Account, Finding, Record, SourceResult, Term
from listener.organisation import Organisation, load_organisation
from listener.profiles import account_key, read_link
from listener.registry import Registry, load_registry
from listener.run import Progress, attempt, make_context, silent
from listener.screen.bulk import screen
from listener.screen.sift import NameSift
from listener.seeds import gather
from listener.sources import load_sources
from listener.sources.settings import check_gate, check_sources
from listener.store import Store
from listener.store.accounts import Saved, find_key, known_accounts, known_on, known_sites, mark_missing, save_findings
from listener.store.barred import barred_accounts
from listener.store.runs import load_cursor, save_source, used_to_bring
from listener.store.usage import StoredUsage
from listener.terms import terms
from listener.troubles import in_language, kind_label
from listener.words import served

LOOKED_AGAIN = 500  # known accounts asked for by themselves in one run, the latest seen first
MANY = 3  # accounts that do not vanish all at once: a source that brings none after so many is looked into
FIRST = "website"  # our own site goes first: what it links to is known when the others' accounts are judged
LAST = ("lookalike", "rdap")  # in this order: they ask about the sites that the others found


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


class Harvest(Record):
    """What one source brought home, before judging."""

    ctx: Context
    result: SourceResult
    accounts: tuple[Account, ...]
    spool: Spool | None = None


def planned(config: Config, kind: str = "accounts", only: Iterable[str] = ()) -> dict[str, ModuleType]:
    """The sources this run asks, ours first; ConfigError for a name that is no source or does not find `kind`."""
    check_sources(config.path, config.table("sources"))
    known = {name: module for name, module in load_sources().items() if kind in module.ABOUT.finds}
    wanted = list(only)
    if unknown := [name for name in wanted if name not in known]:
        raise ConfigError(f"no source {', '.join(unknown)} that finds {kind}: choose among {', '.join(sorted(known))}")
    chosen = wanted or [name for name in known if enabled(config, name, known[name])]
    for name in chosen:
        check_gate(name, known[name].ABOUT, config.source(name))
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
    camera = Camera(store, config, run_id=run_id)
    camera.settle()
    claimed, registered = linked_before(store), registered_before(store)
    if world.avatars.references is None and world.avatars.trouble:
        progress(_("logos are not compared: {why}").format(why=in_language(world.avatars.trouble, _)))
    own: Harvest | None = None
    kept: list[tuple[Harvest, list[Finding]]] = []
    totals: Counter[str] = Counter()
    seen_by_id: set[str] = set()
    for name, module in sources.items():
        progress(f"{name} …")
        harvest = fetch(config, store, name, module, wanted, world.organisation, sift)
        if name == FIRST:
            seen = {key_of(account): account.official_links for account in harvest.accounts}
            claimed = seen if harvest.result.completeness == "complete" else claimed | seen
            own = harvest
            continue
        accounts = [as_registered(linked(account, claimed), registered) for account in harvest.accounts]
        seen_by_id |= {key_of(account) for account in accounts if account.platform_id}
        kept.append(keep(camera, harvest, accounts, world, totals, progress))
    if own is not None:  # last, so that an account another source knows by its id is not filed a second time
        rest = [account for account in own.accounts if key_of(account) not in seen_by_id]
        kept.append(keep(camera, own, rest, world, totals, progress))
    results = (*seeds.results, *(harvest.result for harvest, _findings in kept))
    camera.stamp()
    for issue in camera.told("evidence"):
        progress(f"  {in_language(issue.detail, _)}")
    homes = {name: module.ABOUT.platform for name, module in sources.items() if module.ABOUT.platform}
    mark_missing(store, run_id, config.now, [r.source for r in results if r.completeness == "complete"], homes)
    findings = tuple(finding for _harvest, found in kept for finding in found)
    return Discovery(results=results, findings=findings, saved=dict(totals))


def fetch(
    config: Config,
    store: Store,
    name: str,
    module: ModuleType,
    wanted: tuple[Term, ...],
    organisation: Organisation,
    sift: NameSift,
) -> Harvest:
    """Everything one source finds, each account once; what came before a failure is kept."""
    ctx = make_context(
        config,
        name,
        organisation.domains,
        load_cursor(store, name),
        terms=wanted,
        about=module.ABOUT,
        usage=StoredUsage(store, name, config.now),
    )
    ctx.sift = sift
    spool = ctx.spool = start_spool(config, ctx.http)
    barred = barred_accounts(store)  # their pages are not fetched again
    known = known_sites(store) if module.ABOUT.platform == "web" else known_on(store, name, module.ABOUT.looks_up)
    known = [account for account in known if account.id not in barred]
    found: dict[str, Account] = {}
    used_to = used_to_bring(store, name)

    def work() -> tuple[int, int]:
        for term in wanted if module.ABOUT.per_term else (Term(text=""),):
            for account in module.accounts(ctx, term):
                merge(found, account)
        for account in look_again(ctx, module, [account for account in known if account.id not in found]):
            merge(found, account)
        if not found and used_to >= MANY and module.ABOUT.access != "manual" and name not in LAST:
            ctx.silent(f"brought nothing, where earlier runs saw up to {used_to} accounts: nobody there counts as gone")
        return len(found), 0

    result = attempt(ctx, work)
    result = msgspec.structs.replace(result, accounts=len(found))
    return Harvest(ctx=ctx, result=result, accounts=tuple(found.values()), spool=spool)


def look_again(ctx: Context, module: ModuleType, missed: list[Account]) -> Iterator[Account]:
    """Accounts we know that no search showed this time: one that took another name is asked for by what it was.

    A source's own known(ctx, accounts) asks by platform id; without one, the handle is looked up.
    """
    if missed and hasattr(module, "known"):
        yield from module.known(ctx, missed[:LOOKED_AGAIN])
    elif module.ABOUT.per_term:
        for account in missed[:LOOKED_AGAIN]:
            found = module.accounts(ctx, Term(text=account.handle or "", kind="handle"))
            yield from (again for again in found if again.id == account.id)


def merge(found: dict[str, Account], account: Account) -> None:
    """Keep each account once; a second sighting adds only the pages that link to it."""
    known = found.get(account.id)
    if known is None:
        found[account.id] = account
        return
    pages = tuple(dict.fromkeys(known.official_links + account.official_links))
    found[account.id] = msgspec.structs.replace(known, official_links=pages)


def key_of(account: Account) -> str:
    """The account's name in the world, whichever source saw it."""
    return account_key(account.platform, account.handle or account.url or "")


def linked_before(store: Store) -> dict[str, tuple[str, ...]]:
    """Which accounts our site linked to when it was last read; stands while the site cannot be, or is not, read.

    What a platform showed as ours is asked of it again each time.
    """
    linking = {
        key_of(account): tuple(page for page in account.official_links if read_link(page).platform == "web")
        for account in known_accounts(store)
    }
    return {key: pages for key, pages in linking.items() if pages}


def linked(account: Account, claimed: dict[str, tuple[str, ...]]) -> Account:
    """The account with the pages of our own site that link to it."""
    pages = claimed.get(key_of(account), ())
    if not pages:
        return account
    return msgspec.structs.replace(account, official_links=tuple(dict.fromkeys(account.official_links + pages)))


def registered_before(store: Store) -> dict[str, Account]:
    """The sites whose registration we know, which those that find a site cannot tell."""
    sites = (account for account in known_accounts(store) if account.platform == "web")
    return {key_of(account): account for account in sites if account.created_at or account.labels}


def as_registered(account: Account, registered: dict[str, Account]) -> Account:
    """The account with what the registry said of it before."""
    known = registered.get(key_of(account))
    if known is None or account.created_at:
        return account
    before = served.of_others(known.labels) if account.source == "lookalike" else known.labels  # it has just looked
    labels = tuple(dict.fromkeys(account.labels + before))
    return msgspec.structs.replace(account, created_at=known.created_at, labels=labels)


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
    world: World,
    totals: Counter[str],
    progress: Progress,
) -> tuple[Harvest, list[Finding]]:
    """Judge one source's accounts and store the findings, its cursor and its result in one transaction.

    Then keep what showed those that are new or have moved; what could not be kept is noted with the result.
    """
    store, now = camera.store, camera.config.now
    seen = without_pictures(store, accounts)
    findings = list(screen(seen, world.organisation, world.registry, world.avatars))
    name, run_id = harvest.ctx.source, camera.run_id or 0
    saved: Saved = save_findings(
        store, run_id, name, findings, now, cursor=harvest.ctx.next_cursor, result=harvest.result
    )
    camera.take(name, findings, harvest.spool, world.avatars.hashes)
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
