"""P10 for every official account at once: does each that is not used in a crisis say where information is?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from types import ModuleType

from listener.config import Config
from listener.context import Context
from listener.discover import enabled
from listener.models import Account, Entry, Issue, Record, Status, Term
from listener.organisation import Organisation
from listener.registry import Registry
from listener.rules import check_pointer, has_crisis_role
from listener.run import Progress, attempt, make_context, silent
from listener.sources import load_sources
from listener.store import Store
from listener.store.usage import StoredUsage

PRESENT = frozenset({Status.APPROVED, Status.PENDING})
MOST = 500  # accounts of one platform


class Pointing(StrEnum):
    """How an account fares: it is used in a crisis, points, lacks a pointer, or could not be seen."""

    USED = "used"
    POINTS = "points"
    LACKS = "lacks"
    UNSEEN = "unseen"


class Checked(Record):
    """One account of the register, and who must mend what. `why` is set when it could not be seen: kind and detail."""

    unit: str
    platform: str
    url: str
    owner_email: str
    deputy_email: str
    state: Pointing
    hint: str = ""
    why: tuple[str, str] = ("", "")


def sweep(
    config: Config,
    store: Store,
    organisation: Organisation,
    registry: Registry,
    pointers: tuple[str, ...],
    progress: Progress = silent,
) -> list[Checked]:
    """Every account of the register as its profile looks now; those that lack a pointer first."""
    found: list[Checked] = []
    wanted = [entry for entry in registry.entries if entry.status in PRESENT and entry.platform != "web"]
    found += [checked(entry, Pointing.USED) for entry in wanted if has_crisis_role(entry)]
    sources = load_sources()
    for platform in dict.fromkeys(entry.platform for entry in wanted):
        entries = [entry for entry in wanted if entry.platform == platform and not has_crisis_role(entry)][:MOST]
        if not entries:
            continue
        progress(f"{platform} …")
        module = sources.get(platform)
        if module is None or "accounts" not in module.ABOUT.finds or not enabled(config, platform, module):
            found += [checked(entry, Pointing.UNSEEN, why=("off", "")) for entry in entries]
            continue
        found += look(config, store, platform, module, entries, organisation, registry, pointers)
    order = (Pointing.LACKS, Pointing.UNSEEN, Pointing.POINTS, Pointing.USED)
    return sorted(found, key=lambda one: (order.index(one.state), one.unit, one.url))


def look(
    config: Config,
    store: Store,
    platform: str,
    module: ModuleType,
    entries: Sequence[Entry],
    organisation: Organisation,
    registry: Registry,
    pointers: tuple[str, ...],
) -> Iterator[Checked]:
    """The accounts of one platform; a failing platform leaves them unseen, with its reason."""
    ctx = make_context(
        config, platform, organisation.domains, about=module.ABOUT, usage=StoredUsage(store, platform, config.moment)
    )
    seen: dict[str, Account] = {}

    def work() -> tuple[int, int]:
        for account in ask(ctx, module, entries):
            entry = registry.find(account)
            if entry is not None:
                seen.setdefault(entry.url, account)
        return len(seen), 0

    result = attempt(ctx, work)
    for entry in entries:
        account = seen.get(entry.url)
        if account is None or account.description is None:
            yield checked(entry, Pointing.UNSEEN, why=reason(result.issues))
            continue
        faults = check_pointer(account, entry, organisation, pointers)
        yield checked(entry, Pointing.LACKS if faults else Pointing.POINTS, hint=faults[0].hint if faults else "")


def ask(ctx: Context, module: ModuleType, entries: Iterable[Entry]) -> Iterator[Account]:
    """The profiles of these rows: by id where the source can, else by handle."""
    rows = list(entries)
    by_id = [entry for entry in rows if entry.platform_id] if hasattr(module, "known") else []
    if by_id:
        yield from module.known(ctx, [as_account(entry) for entry in by_id])
    for entry in rows:
        if entry not in by_id and entry.handle and module.ABOUT.per_term:
            yield from module.accounts(ctx, Term(text=entry.handle, kind="handle"))


def as_account(entry: Entry) -> Account:
    """What the register knows of the account."""
    return Account(platform=entry.platform, platform_id=entry.platform_id, handle=entry.handle, url=entry.url)


def reason(issues: Iterable[Issue]) -> tuple[str, str]:
    """Why an account was not seen: the source's first trouble, else that it did not find it."""
    first = next(iter(issues), None)
    return (first.kind, first.detail) if first else ("not_found", "")


def checked(entry: Entry, state: Pointing, hint: str = "", why: tuple[str, str] = ("", "")) -> Checked:
    """A row of the register with how it fares."""
    return Checked(
        unit=entry.unit,
        platform=entry.platform,
        url=entry.url,
        owner_email=entry.owner_email,
        deputy_email=entry.columns.get("deputy_email", ""),
        state=state,
        hint=hint,
        why=why,
    )
