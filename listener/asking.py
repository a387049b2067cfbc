"""One source asked for what bears our name: each account once, with what is known of it from before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from types import ModuleType

import msgspec

from listener.config import Config
from listener.context import Context
from listener.evidence.archive import start_spool
from listener.evidence.spool import Spool
from listener.models import Account, Record, SourceResult, Status, Term
from listener.organisation import Organisation
from listener.profiles import account_key, read_link
from listener.registry import Registry
from listener.run import attempt, make_context
from listener.screen.sift import NameSift
from listener.settings_check import EVERY_SOURCE
from listener.sources import truncated
from listener.store import Store
from listener.store.accounts import known_accounts, known_on, known_sites
from listener.store.barred import barred_accounts
from listener.store.runs import load_cursor, used_to_bring
from listener.store.usage import StoredUsage
from listener.words import served

LOOKED_AGAIN = 500  # known accounts asked for by themselves in one run, the latest seen first
MANY = 3  # accounts that do not vanish all at once: a source that brings none after so many is looked into
FIRST = "website"  # our own site goes first: what it links to is known when the others' accounts are judged
LAST = ("lookalike", "rdap")  # in this order: they ask about the sites that the others found
IN_USE = frozenset({Status.APPROVED, Status.PENDING})
WHO = ("base_url", "servers")  # settings that say who is asked
LIMITS = frozenset({*EVERY_SOURCE, "terms_accepted", "workers", "concurrency", "jobs", "pause"})  # and how


class Harvest(Record):
    """What one source brought home, before judging."""

    ctx: Context
    result: SourceResult
    accounts: tuple[Account, ...]
    spool: Spool | None = None
    scope: str = ""


def fetch(
    config: Config,
    store: Store,
    name: str,
    module: ModuleType,
    wanted: tuple[Term, ...],
    organisation: Organisation,
    sift: NameSift,
    ours: Iterable[Account] = (),
) -> Harvest:
    """Everything one source finds, each account once; what came before a failure is kept.

    `ours` are accounts of the register, asked for by their ids as the known ones are: whatever they are called now.
    """
    ctx = make_context(
        config,
        name,
        organisation.domains,
        load_cursor(store, name),
        terms=wanted,
        about=module.ABOUT,
        usage=StoredUsage(store, name, config.moment),
    )
    ctx.sift = sift
    spool = ctx.spool = start_spool(config, ctx.http)
    barred = barred_accounts(store)  # their pages are not fetched again
    known = known_sites(store) if module.ABOUT.platform == "web" else known_on(store, name, module.ABOUT.looks_up)
    known = [account for account in known if account.id not in barred]
    if hasattr(module, "known") and not module.ABOUT.dollars:
        kept = {account.id for account in known}
        known = [*(account for account in ours if account.id not in kept), *known]
    found: dict[str, Account] = {}
    used_to = used_to_bring(store, name)

    def work() -> tuple[int, int]:
        for term in wanted if module.ABOUT.per_term else (Term(text=""),):
            for account in module.accounts(ctx, term):
                merge(found, account)
        for account in look_again(ctx, module, [account for account in known if account.id not in found]):
            merge(found, account)
        if name in LAST and not known and not found:
            ctx.skipped("nothing to look at: no source has found a site yet")
        if not found and module.ABOUT.access != "manual" and name not in LAST:
            note_nothing(ctx, used_to)
        return len(found), 0

    result = attempt(ctx, work)
    result = msgspec.structs.replace(result, accounts=len(found))
    scope = scope_of(config, name, module)
    return Harvest(ctx=ctx, result=result, accounts=tuple(found.values()), spool=spool, scope=scope)


def note_nothing(ctx: Context, used_to: int) -> None:
    """A source that used to give some and gives none: many do not vanish at once, one or two may well have."""
    if used_to >= MANY:
        ctx.silent(f"brought nothing, where it last brought {used_to} accounts: nobody there counts as gone")
    elif used_to:
        ctx.skipped(f"brought nothing, where it last brought {used_to}")


def scope_of(config: Config, name: str, module: ModuleType) -> str:
    """What the source can see at all, as a hash: who is asked, and of a source that shows all it finds, for what.

    An account that was seen in another scope may be absent because we looked elsewhere. Known accounts are asked for by
    themselves where that is possible (`look_again`): then only who is asked counts. Limits of time and number are none
    of it: a source that they cut short is not complete.
    """
    table = config.source(name)
    alone = hasattr(module, "known") or module.ABOUT.per_term
    if alone:
        asked: dict[str, object] = {key: table[key] for key in WHO if key in table}
    else:
        asked = {key: value for key, value in table.items() if key not in LIMITS and not key.startswith("max_")}
        asked |= {"organisation": {key: value for key, value in config.table("organisation").items() if key != "logos"}}
    written = msgspec.json.encode([name, asked], order="deterministic")
    return hashlib.sha256(written).hexdigest()[:32]


def registered_on(registry: Registry, platform: str) -> list[Account]:
    """The accounts of ours on a platform whose ids the register has."""
    rows = (row for row in registry.entries if row.platform == platform and row.platform_id and row.status in IN_USE)
    return [Account(platform=platform, platform_id=row.platform_id, handle=row.handle, url=row.url) for row in rows]


def look_again(ctx: Context, module: ModuleType, missed: list[Account]) -> Iterator[Account]:
    """Accounts we know that no search showed this time: one that took another name is asked for by what it was.

    A source's own known(ctx, accounts) asks by platform id; without one, the handle is looked up.
    """
    if len(missed) > LOOKED_AGAIN:
        truncated(ctx, "known", f"{len(missed)} known accounts were not found, and {LOOKED_AGAIN} of them asked for")
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
