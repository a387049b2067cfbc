"""The .se and .nu zones, whole: every delegated name, by zone transfer or from a file, swept for those about us."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from listener.context import Context, Sift
from listener.errors import ConfigError, SourceError
from listener.language import N_
from listener.models import Account, Completeness, Term
from listener.sources import About, failed_part
from listener.sources.zone_transfer import Transfer, server_address, zone_serial

ABOUT = About(
    access="open_feed",
    finds=("accounts",),
    per_term=False,
    platform="web",
    note=N_("every name under .se and .nu, by zone transfer or from a file; settings: zones, server, port, files"),
    keys={"zones": "texts", "server": "text", "port": "number", "files": "texts"},
)
SERVER = "zonedata.iis.se"  # Internetstiftelsen hands out both zones there
ZONES = ("se", "nu")
BUFFER = 1 << 20  # bytes
MOST = 20_000  # sites of one zone: more look-alikes than anyone ever registered, or a server that makes them up


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which nothing is read."""
    if settings.get("files"):
        return
    zones = [str(zone).strip(".").lower() for zone in settings.get("zones", ZONES)]
    elsewhere = settings.get("server", SERVER) != SERVER
    if not zones or not all(zone and (elsewhere or zone in ZONES) for zone in zones):
        raise ConfigError('[sources.zone] zones: name some that the server hands out, as ["se", "nu"]')


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  zones are read whole, once a run
    """The sites about us in every zone; one zone that cannot be read does not cost us the others.

    Raises SourceError or Blocked when none can.
    """
    if ctx.sift is None:
        return
    files = [str(name) for name in ctx.settings.get("files", ())]
    zones = files or [str(zone).strip(".").lower() for zone in ctx.settings.get("zones", ZONES)]
    read = 0
    trouble: SourceError | None = None
    for zone in zones:
        try:
            for host in _in_file(ctx, ctx.sift, zone) if files else _in_zone(ctx, ctx.sift, zone):
                read += 1
                yield read_account(host)
            read += 1
        except SourceError as failed:
            trouble = failed
            failed_part(ctx, zone, failed)
    if trouble is not None and not read:
        ctx.issues.clear()  # run.attempt tells it
        raise trouble


def read_account(host: str) -> Account:
    """A domain as an account: its name is all that a zone tells."""
    return Account(platform="web", handle=host, url=f"https://{host}/", source="zone")


def _in_file(ctx: Context, sift: Sift, name: str) -> Iterator[str]:
    """The sites in a zone file. Raises SourceError."""
    path = Path(str(ctx.settings.get("folder", "."))) / name
    try:
        there = path.stat()
    except OSError as wrong:
        raise SourceError(f"{path}: {wrong.strerror}: name an existing file under files in [sources.zone]") from wrong
    mark = f"{there.st_mtime_ns}-{there.st_size} {sift.fingerprint}"
    if (before := _found_before(ctx, name, mark)) is not None:
        yield from before
        return
    found: list[str] = []
    yield from _noted(ctx, name, sift.hosts_in(str(path)), found)
    if len(found) <= MOST:
        _settle(ctx, name, mark, found)


def _in_zone(ctx: Context, sift: Sift, zone: str) -> Iterator[str]:
    """The sites in a zone as its server has it; what came before a transfer broke off is kept. Raises SourceError."""
    server, port = str(ctx.settings.get("server", SERVER)), int(ctx.settings.get("port", 53))
    address = server_address(server, port, ctx.allow_loopback)
    ends = time.monotonic() + ctx.http.allowance.left()
    mark = f"{zone_serial(address, port, zone)} {sift.fingerprint}"
    if (before := _found_before(ctx, zone, mark)) is not None:
        yield from before
        return
    found: list[str] = []
    with Transfer(address, port, zone, ends) as transfer:
        yield from _noted(ctx, zone, sift.hosts(io.BufferedReader(transfer, BUFFER)), found)
        if len(found) > MOST:
            return
        if transfer.trouble is None:
            _settle(ctx, zone, mark, found)
        elif transfer.names:
            ctx.incomplete(
                Completeness.TRUNCATED,
                f"the transfer of {zone} broke off after {transfer.names} names: {transfer.trouble}",
            )
        else:
            raise transfer.trouble


def _found_before(ctx: Context, zone: str, mark: str) -> list[str] | None:
    """What was found when the zone was as it is now; None when it has changed, or we have."""
    return ctx.cursor.get(f"{zone}.sites", "").split() if ctx.cursor.get(zone) == mark else None


def _noted(ctx: Context, zone: str, hosts: Iterator[str], found: list[str]) -> Iterator[str]:
    """The hosts as they come, each put into `found`; one more than MOST is the sign that they were too many."""
    for host in hosts:
        found.append(host)
        if len(found) > MOST:
            ctx.incomplete(Completeness.TRUNCATED, f"{zone}: more than {MOST} sites about you: the rest is left out")
            return
        yield host


def _settle(ctx: Context, zone: str, mark: str, found: list[str]) -> None:
    """The zone was swept to its end: until it changes it need not be swept again."""
    ctx.next_cursor |= {zone: mark, f"{zone}.sites": " ".join(found)}
