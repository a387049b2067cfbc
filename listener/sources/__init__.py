"""The sources: one module a platform, found by its file name; what each can do, and by which lawful way in."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Literal, TypeVar

from listener.context import Context
from listener.errors import Blocked, Changed, Guarded, SourceError, Throttled
from listener.models import Completeness, Issue, Record
from listener.quotas import Quota
from listener.urls import shown_url

Row = TypeVar("Row")
Read = TypeVar("Read")

SINCE = "since:"  # in a source's cursor, before the name of a part that failed: from when it is to be asked again
GROUP = "listener.sources"  # entry points through which other packages add theirs

Access = Literal["official_api", "open_feed", "public_page", "manual", "oembed"]


class About(Record, frozen=True):
    """What one source is, for people and for the run.

    `finds` holds "accounts", "posts", or "terms" for what else to search for (terms(ctx), asked before all others).
    `needs` names the secrets that open all of it; `per_term` False means that accounts() is called once, with Term(""),
    and finds all terms in ctx.terms. `note` says in one sentence what is and is not seen. `keys` are its own settings
    with their kinds (settings_check.KINDS).

    `platform` is where its accounts live when that is not its name. `looks_up` says that it confirms exact handles,
    `proves_absence` that a handle it does not find is nobody's.
    `quotas` bound what is asked, `dollars` what a month may cost (0: it is free). A source with a `gate` is asked only
    when `terms_accepted` says that word; `gate_text` says why. `retention_days` is how long the platform's terms let
    its answers be kept (None: no limit of its own).
    """

    access: Access
    finds: tuple[Literal["accounts", "posts", "terms"], ...]
    note: str
    needs: tuple[str, ...] = ()
    per_term: bool = True
    base_url: str = ""  # the platform's own address; a setting of the same name replaces it
    on_by_default: bool = False  # True: needs no settings
    keys: dict[str, str] = {}
    platform: str = ""
    looks_up: bool = False
    proves_absence: bool = False
    quotas: tuple[Quota, ...] = ()
    dollars: float = 0.0
    gate: str = ""
    gate_text: str = ""
    retention_days: int | None = None
    own_server: bool = False  # asks a server of the user's own, which may stand on this machine
    own_marks: bool = False  # keeps by itself from when each part that failed is to be asked again (SINCE)


@cache
def load_sources() -> dict[str, ModuleType]:
    """Every source by name: the modules of this package, then those that other packages bring; ours win."""
    found: dict[str, ModuleType] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(loaded, "ABOUT"):
            found[module.name] = loaded
    for entry in entry_points(group=GROUP):
        if entry.name not in found:
            found[entry.name] = entry.load()
    return found


def truncated(ctx: Context, part: str, detail: str) -> None:
    """Say that a limit was reached, once a run and part: three hundred terms would say it three hundred times."""
    told: set[str] = ctx.memory.setdefault("truncated", set())
    if part not in told:
        told.add(part)
        ctx.incomplete(Completeness.TRUNCATED, detail)


def read_rows(ctx: Context, rows: Iterable[Row], read: Callable[[Row], Read]) -> Iterator[Read]:
    """Each row as `read` reads it; one that it cannot read is left out, and the run says so and is not complete.

    Raises Changed, at the end, when no row at all could be read in this run.
    """
    odd: Changed | None = None
    for row in rows:
        try:
            record = read(row)
        except Changed as wrong:
            odd = wrong
            continue
        ctx.memory["readable"] = True
        yield record
    if odd is None:
        return
    if not ctx.memory.get("readable"):
        raise odd
    truncated(ctx, "rows", f"rows that cannot be read were left out: {odd}")


def failed_part(ctx: Context, part: str, trouble: SourceError) -> None:
    """Note that one of several servers failed while the others go on: seen in part, and the run says so.

    When the source's time is up there is nothing to go on with: raises the trouble.
    """
    if ctx.http.allowance.spent:
        raise trouble
    kinds = {Guarded: "guarded", Blocked: "blocked", Throttled: "throttled", Changed: "changed"}
    kind = next((kind for cls, kind in kinds.items() if isinstance(trouble, cls)), "failed")
    until = trouble.until if isinstance(trouble, Throttled) else None
    part = shown_url(part)
    detail = str(trouble) if part in str(trouble) else f"{part}: {trouble}"
    ctx.completeness = Completeness.TRUNCATED
    ctx.issues.append(Issue(source=ctx.source, kind=kind, detail=detail, until=until))
