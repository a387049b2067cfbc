"""Names that someone may have registered to imitate us, made up here and looked up in the DNS."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from listener.context import Context
from listener.errors import SourceError
from listener.language import N_
from listener.likely_hosts import MOST, likely_hosts
from listener.models import Account, Completeness, Term
from listener.resolver import Outcome, Resolver
from listener.sources import About
from listener.urls import registrable_domain

ABOUT = About(
    access="open_feed",
    finds=("accounts",),
    per_term=False,
    platform="web",
    looks_up=True,
    note=N_("made-up look-alikes of your domains and names, those only; settings: names, nameservers, port, workers"),
    keys={"names": "number", "nameservers": "texts", "port": "number", "workers": "number"},
)
WORKERS = 10
NAMED = 6  # of our names are varied, the first ones: the name, its aliases, the place
ADDRESSES = ("A", "AAAA")
MAIL = "mx"  # the label of a site that has mail servers: whoever owns it can write in our name


class Looked(NamedTuple):
    """What looking one name up came to; `why` of UNKNOWN."""

    host: str
    outcome: Outcome
    mail: bool = False
    why: str = ""


class Suffix(NamedTuple):
    """What the names below an ending answer that nobody registered; `why` when that cannot be known."""

    records: frozenset[str] = frozenset()
    why: str = ""


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  names are made once a run, not for each term
    """The made-up names that are there. Raises SourceError when none could be looked up."""
    if ctx.sift is None:
        return
    settings = ctx.settings
    names = [term.text for term in ctx.terms if term.kind == "name"][:NAMED]
    made = likely_hosts(ctx.sites, names, int(settings.get("names", MOST)))
    hosts = list(ctx.sift.hosts(io.BytesIO("\n".join(made).encode())))
    resolver = Resolver(settings.get("nameservers", ()), int(settings.get("port", 53)))
    unknown: list[Looked] = []
    with ThreadPoolExecutor(max(1, int(settings.get("workers", WORKERS)))) as pool:
        endings = sorted({_ending(host) for host in hosts})
        suffixes = dict(zip(endings, pool.map(partial(_read_suffix, ctx, resolver), endings), strict=True))
        for looked in pool.map(lambda host: look_up(ctx, resolver, host, suffixes[_ending(host)]), hosts):
            if looked.outcome is Outcome.FOUND:
                yield read_account(looked.host, looked.mail)
            elif looked.outcome is Outcome.UNKNOWN:
                unknown.append(looked)
    _tell(ctx, unknown, len(hosts))


def read_account(host: str, mail: bool = False) -> Account:
    """A name that is there as an account."""
    labels = (MAIL,) if mail else ()
    return Account(platform="web", handle=host, url=f"https://{host}/", source="dns", labels=labels)


def look_up(ctx: Context, resolver: Resolver, host: str, suffix: Suffix) -> Looked:
    """Whether someone has registered a name. A failure is neither a hit nor an absence.

    What every name below its ending answers too is no hit; name servers of its own are one, whatever else it answers.
    """
    ctx.http.allowance.left()
    if suffix.why:
        return Looked(host, Outcome.UNKNOWN, why=suffix.why)
    first = resolver.ask(host, "A")
    if first.outcome in (Outcome.ABSENT, Outcome.UNKNOWN):
        return Looked(host, first.outcome, why=first.why)
    others = {kind: resolver.ask(host, kind) for kind in ("NS", "MX", "AAAA")}
    mail = _mail_servers(others["MX"].records)
    own = {*first.records, *others["AAAA"].records, *mail} - suffix.records
    if others["NS"].records or own:
        return Looked(host, Outcome.FOUND, mail=bool(mail - suffix.records))
    failed = next((answer.why for answer in others.values() if answer.outcome is Outcome.UNKNOWN), "")
    return Looked(host, Outcome.UNKNOWN if failed else Outcome.ABSENT, why=failed)


def _read_suffix(ctx: Context, resolver: Resolver, ending: str) -> Suffix:
    """Ask for a name below the ending that nobody can have: what it answers is a wildcard, or a server that lies."""
    ctx.http.allowance.left()
    nobody = f"x{secrets.token_hex(10)}.{ending}"
    answers = [resolver.ask(nobody, kind) for kind in (*ADDRESSES, "MX")]
    if failed := next((answer.why for answer in answers if answer.outcome is Outcome.UNKNOWN), ""):
        return Suffix(why=failed)
    return Suffix(frozenset(record for answer in answers for record in answer.records))


def _ending(host: str) -> str:
    return registrable_domain(host).partition(".")[2]


def _mail_servers(records: Iterable[str]) -> frozenset[str]:
    """MX records but the one that says that no mail is taken (RFC 7505)."""
    return frozenset(record for record in records if record.partition(" ")[2].strip("."))


def _tell(ctx: Context, unknown: list[Looked], asked: int) -> None:
    """Say which names could not be looked up. Raises SourceError when that was all of them."""
    if not unknown:
        return
    first = unknown[0]
    if len(unknown) == asked:
        raise SourceError(f"none of {asked} names could be looked up: {first.why}")
    ctx.incomplete(
        Completeness.TRUNCATED,
        f"{len(unknown)} of {asked} names could not be looked up, such as {first.host}: {first.why}",
    )
