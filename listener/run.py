"""One run: its lock, its clock, the contexts its sources get, and the one place that catches a failing source."""

from __future__ import annotations

import fcntl
import os
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from listener.config import Config
from listener.context import Context
from listener.errors import Blocked, Changed, ConfigError, CredentialError, Guarded, LockedError, SourceError, Throttled
from listener.http import DEADLINE, Session
from listener.models import Completeness, Issue, SourceResult, Term
from listener.quotas import Quotas, Usage
from listener.sources import About
from listener.urls import host

Progress = Callable[[str], None]
MAX_SECONDS = 900.0  # for all that one source fetches in one run
FAILURES = frozenset({"blocked", "guarded", "throttled", "changed", "failed", "silent", "credentials"})


def silent(_line: str) -> None:
    """Progress for callers that show none."""


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Hold the run lock beside the store; LockedError at once when another run has it.

    The kernel drops the lock with the process, so a kill -9 never leaves one behind.
    """
    path = store.with_name(store.name + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise LockedError(f"{path}: another run is at work; wait for it, or stop it, and run again") from taken
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def make_context(
    config: Config,
    name: str,
    sites: tuple[str, ...] = (),
    cursor: dict[str, str] | None = None,
    *,
    terms: tuple[Term, ...] = (),
    about: About | None = None,
    usage: Usage | None = None,
) -> Context:
    """What source `name` is given in this run.

    `about` brings its quotas; without `usage`, what it spends is forgotten with the context.
    """
    settings = source_settings(config, name)
    quotas, dollars = (about.quotas, about.dollars) if about else ((), 0.0)
    session = Session(
        config.contact,
        allow_loopback=config.allow_loopback or (about is not None and about.own_server and here(settings)),
        per_host_seconds=float(settings.get("seconds_between_requests", 0.0 if config.allow_loopback else 1.0)),
        deadline=float(settings.get("deadline_seconds", DEADLINE)),
        max_seconds=float(settings.get("max_seconds", MAX_SECONDS)),
    )
    return Context(
        name,
        session,
        now=config.now,
        settings=settings,
        secrets=config.secrets,
        sites=sites,
        cursor=cursor,
        allow_loopback=config.allow_loopback,
        terms=terms,
        quotas=Quotas(quotas, now=config.now, clock=config.moment, settings=settings, usage=usage, dollars=dollars),
    )


def source_settings(config: Config, name: str) -> dict[str, Any]:
    """A source's table, what registers know us by, and the folder that its files stand in."""
    return {**ours(config), **config.source(name), "folder": str(config.folder)}


def here(settings: Mapping[str, Any]) -> bool:
    """True when the settings name a server on this machine: whoever wrote them may be taken at their word."""
    name = host(str(settings.get("base_url", "")))
    return name in ("localhost", "127.0.0.1", "[::1]")


def ours(config: Config) -> dict[str, Any]:
    """What registers know the organisation by, for the sources that ask them."""
    organisation = config.table("organisation")
    return {name: organisation[name] for name in ("municipality_code", "org_numbers") if organisation.get(name)}


def attempt(ctx: Context, work: Callable[[], tuple[int, int]]) -> SourceResult:
    """Let one source work and say how it fared; whatever it raises becomes an Issue, so that the others go on.

    `work` returns how many accounts and posts it brought home. A wrong setting (ConfigError) is no weather: it stops
    the run.
    """
    started = time.monotonic()
    counts = (0, 0)
    try:
        counts = work()
    except ConfigError:
        raise
    except (SourceError, CredentialError) as trouble:
        if not ctx.http.allowance.spent:
            _note(ctx, _kind(trouble), str(trouble), trouble.until if isinstance(trouble, Throttled) else None)
    except Exception as bug:  # noqa: BLE001  one source's bug, fed by a stranger's data, must not cost us the others
        # its words may hold what strangers wrote, so they are not kept
        place = traceback.extract_tb(bug.__traceback__)[-1]
        _note(ctx, "failed", f"{type(bug).__name__} at {Path(place.filename).name}:{place.lineno}")
    if ctx.http.allowance.spent:
        _note_spent(ctx)
    return SourceResult(
        source=ctx.source,
        completeness=ctx.completeness,
        accounts=counts[0],
        posts=counts[1],
        issues=ctx.told(),
        seconds=round(time.monotonic() - started, 3),
    )


def _kind(trouble: Exception) -> str:
    kinds = {
        Guarded: "guarded",
        Blocked: "blocked",
        Throttled: "throttled",
        Changed: "changed",
        CredentialError: "credentials",
    }
    return next((kind for cls, kind in kinds.items() if isinstance(trouble, cls)), "failed")


def _note(ctx: Context, kind: str, detail: str, until: object = None) -> None:
    ctx.completeness = Completeness.UNAVAILABLE
    ctx.issues.append(Issue(source=ctx.source, kind=kind, detail=detail, until=until))  # type: ignore[arg-type]


def _note_spent(ctx: Context) -> None:
    """Time was up: what the source brought is kept, and the run says that it is not all."""
    if ctx.completeness is not Completeness.UNAVAILABLE:
        ctx.completeness = Completeness.TRUNCATED
    detail = f"stopped after {ctx.http.allowance.seconds:g} seconds: raise max_seconds in [sources.{ctx.source}]"
    ctx.issues.append(Issue(source=ctx.source, kind="failed", detail=detail))


def failed(result: SourceResult) -> bool:
    """True when a source could not be looked at in whole or in part, other than by our own page limits."""
    if result.completeness in (Completeness.UNAVAILABLE, Completeness.QUOTA):
        return True
    return any(issue.kind in FAILURES for issue in result.issues)


def exit_code(results: list[SourceResult]) -> int:
    """0 done · 3 a source failed · 4 when every source failed for want of credentials."""
    troubled = [result for result in results if failed(result)]
    if not troubled:
        return 0
    wanting = [r for r in troubled if any(issue.kind == "credentials" for issue in r.issues)]
    return CredentialError.exit_code if results and len(wanting) == len(results) else SourceError.exit_code
