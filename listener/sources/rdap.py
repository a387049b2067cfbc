"""What the registry says of sites that others found: since when, through whom, and whether it is on hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from listener import clock
from listener.context import Context
from listener.errors import Changed, SourceError
from listener.language import N_
from listener.models import Account, Record, Term
from listener.quotas import Quota
from listener.sources import About, failed_part
from listener.sources.fields import text_of, time_of
from listener.urls import ascii_host, clean_url, is_ip, registrable_domain, shown_url

ABOUT = About(
    access="official_api",
    finds=("accounts",),
    per_term=False,
    platform="web",
    note=N_(
        "registration date, registrar and status of sites that other sources found; no persons; settings: base_url"
    ),
    base_url="https://data.iana.org/rdap/dns.json",
    keys={"base_url": "address"},
    quotas=(Quota(kind="lookups", most=100, window="day"),),
)
REGISTRAR = "registrar:"  # how its label begins
FRESH = timedelta(days=30)  # which server answers for an ending changes seldom
# Of the statuses of RFC 8056 those that tell something: the site is off, or will be.
TELLING = frozenset(
    {"client hold", "server hold", "inactive", "pending delete", "redemption period", "pending transfer", "locked"}
)
NOWHERE = "-"  # an ending whose registry has no RDAP


class Registration(Record):
    """What is kept of an answer. Who holds the domain, and every address of a person, is never read."""

    created_at: datetime | None
    registrar: str | None
    statuses: tuple[str, ...]


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  it finds nothing by words
    """Nothing: only what is known already is asked about."""
    ctx.http.allowance.left()
    yield from ()


def known(ctx: Context, accounts: list[Account]) -> Iterator[Account]:
    """The sites whose registration was not known, with it. A registry that fails does not cost us the others.

    Raises SourceError when nobody can tell which registry to ask.
    """
    closed: set[str] = set()
    for account in accounts:
        domain = registrable_domain(ascii_host(account.handle or ""))
        ending = domain.partition(".")[2]
        if (
            account.created_at
            or not ending
            or is_ip(domain)
            or any(label.startswith(REGISTRAR) for label in account.labels)
        ):
            continue
        server = _server(ctx, ending.rpartition(".")[2])
        if server == NOWHERE or server in closed:
            continue
        if not ctx.afford("lookups"):
            return
        try:
            registration = _look_up(ctx, server, domain)
        except SourceError as failed:
            closed.add(server)
            failed_part(ctx, server, failed)
            continue
        if registration is not None:
            yield described(account, registration)


def described(account: Account, registration: Registration) -> Account:
    """The account with what the registry says of it."""
    told = [f"{REGISTRAR} {registration.registrar}"] if registration.registrar else []
    labels = tuple(dict.fromkeys((*account.labels, *told, *registration.statuses)))
    return msgspec.structs.replace(account, created_at=registration.created_at, labels=labels)


def read_registration(row: Mapping[str, Any]) -> Registration:
    """The answer to a look-up of one domain (RFC 9083). Raises Changed when it is about something else."""
    if row.get("objectClassName") != "domain":
        raise Changed("the answer is no RDAP domain")
    events = [event for event in _dicts(row.get("events")) if event.get("eventAction") == "registration"]
    statuses = [status for status in _list(row.get("status")) if isinstance(status, str)]
    return Registration(
        created_at=next((made for event in events if (made := time_of(event.get("eventDate")))), None),
        registrar=next((name for entity in _dicts(row.get("entities")) if (name := _registrar(entity))), None),
        statuses=tuple(status for status in statuses[:20] if status in TELLING),
    )


def _registrar(entity: Mapping[str, Any]) -> str | None:
    """The name of a registrar that is an organisation; no other entity is looked into."""
    card = _list(entity.get("vcardArray"))
    if "registrar" not in _list(entity.get("roles")) or len(card) != 2:
        return None
    named = {line[0]: line[3] for line in _list(card[1]) if isinstance(line, list) and len(line) > 3 and _plain(line)}
    if named.get("kind") == "individual":
        return None
    name = " ".join((text_of(named.get("fn")) or "").split())
    return name[:100] or None


def _plain(line: list[Any]) -> bool:
    return isinstance(line[0], str) and isinstance(line[3], str)


def _look_up(ctx: Context, server: str, domain: str) -> Registration | None:
    """What the registry says of a domain; None when it does not have it."""
    ctx.spend("lookups")
    answer = ctx.http.get(f"{server}domain/{domain}", headers={"Accept": "application/rdap+json"}, max_bytes=500_000)
    if answer.status == 404:
        return None
    if not answer.ok:
        raise SourceError(f"{shown_url(answer.url)} answers {answer.status}")
    row = answer.json()
    if not isinstance(row, dict):
        raise Changed("the answer is no RDAP domain")
    return read_registration(row)


def _server(ctx: Context, ending: str) -> str:
    """The address of the registry's RDAP server for a top domain, NOWHERE when it has none; asked once a month."""
    server, _space, asked_at = ctx.next_cursor.get(ending, "").partition(" ")
    if asked_at and ctx.now - clock.read_time(asked_at) < FRESH:
        return server
    if "servers" not in ctx.memory:
        answer = ctx.http.get(str(ctx.settings.get("base_url", ABOUT.base_url)))
        if not answer.ok:
            raise SourceError(f"{shown_url(answer.url)} answers {answer.status}")
        ctx.memory["servers"] = read_servers(answer.json())
    server = str(ctx.memory["servers"].get(ending, NOWHERE))
    ctx.next_cursor[ending] = f"{server} {clock.rfc3339(ctx.now)}"
    return server


def read_servers(content: object) -> dict[str, str]:
    """Top domain -> address of its RDAP server, https first, of IANA's bootstrap file (RFC 9224). Raises Changed."""
    found: dict[str, str] = {}
    services = content.get("services") if isinstance(content, Mapping) else None
    if not isinstance(services, list):
        raise Changed("the answer is no RDAP bootstrap file")
    for service in services:
        pair = _list(service)
        if len(pair) != 2:
            continue
        urls = sorted(filter(None, map(_address, _list(pair[1]))), key=lambda url: not url.startswith("https://"))
        found |= {ending.lower(): urls[0] for ending in _list(pair[0]) if urls and isinstance(ending, str)}
    return found


def _address(value: object) -> str | None:
    url = clean_url(value) if isinstance(value, str) and " " not in value else None
    return url.rstrip("/") + "/" if url else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]
