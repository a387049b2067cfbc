"""`listen verify URL`: registered, not registered or flagged; never "safe"."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from listener.cli.options import CONFIG, form, registry_file
from listener.language import N_, _
from listener.models import OPEN_STATES, Account, Record, State, Status

if TYPE_CHECKING:
    from listener.config import Config
    from listener.models import Case, Entry

OURS = frozenset({Status.APPROVED, Status.DEFENSIVE})
SUSPECT = OPEN_STATES | {State.WATCHING}
STANDINGS = {  # rows that are no account of ours, or none any more
    Status.PENDING: N_("applied for, not approved"),
    Status.ARCHIVED: N_("closed by us"),
    Status.KNOWN_THIRD_PARTY: N_("known and someone else's"),
    Status.PARODY_OK: N_("a known parody"),
}


class Answer(Record, frozen=True):
    """What is known of one address. `status` is the register's word for it, `case` the number of an open case.

    `own_site` is the domain of ours that a web page stands on; it needs no row of its own.
    """

    url: str
    answer: Literal["registered", "not_registered", "flagged"]
    platform: str
    handle: str | None
    canonical: str
    unit: str | None = None
    status: Status | None = None
    case: int | None = None
    own_site: str | None = None


@click.command(help=_("Is this address registered, unknown or flagged? It never says that an account is safe."))
@click.argument("url")
@form("text", "json")
@CONFIG
@registry_file(_("The registry.csv to look in."))
def verify(url: str, form: str, config_path: Path | None, registry_path: Path | None) -> None:
    import msgspec

    from listener.config import load_or_default
    from listener.terminal import plain

    answer = check(url, load_or_default(config_path, os.environ, registry_path))
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2))
    else:
        click.echo(plain(sentence(answer)))


def check(url: str, config: Config) -> Answer:
    """Look an address up in the register and among the open cases. Raises click.BadParameter when it is none."""
    from listener.mentions import whole
    from listener.profiles import read_link
    from listener.registry import load_registry

    url = whole(url.strip())
    link = read_link(url)
    if not link.canonical:
        raise click.BadParameter(
            _("{url!r} is no address: write it whole, as in https://x.com/name").format(url=url), param_hint="URL"
        )
    account = Account(
        platform=link.platform, platform_id=link.platform_id, handle=link.handle or None, url=link.canonical
    )
    entry = load_registry(config.registry).find(account)
    case = open_case(config, account, entry)
    own = own_site(config, account) if entry is None and case is None else None
    return Answer(
        url=url,
        answer="registered" if own else standing(entry, case),
        platform=link.platform,
        handle=account.handle,
        canonical=link.canonical,
        unit=entry.unit if entry else None,
        status=entry.status if entry else None,
        case=case.id if case else None,
        own_site=own,
    )


def own_site(config: Config, account: Account) -> str | None:
    """The domain of [organisation] that a web page stands on; None for any other page and for every profile."""
    from listener.organisation import load_organisation
    from listener.urls import on_site

    if account.platform != "web" or not config.table("organisation"):
        return None
    domains = load_organisation(config).domains
    return next((domain for domain in domains if on_site(account.url or "", (domain,))), None)


def open_case(config: Config, account: Account, entry: Entry | None) -> Case | None:
    """The open case about this account; None when there is no store yet."""
    from listener.store import open_store
    from listener.store.cases import find_case

    if not config.store.exists():
        return None
    keys = [account.id, *([f"{account.platform}:@{account.handle}"] if account.handle else [])]
    if entry is not None and entry.platform_id:
        keys.insert(0, f"{entry.platform}:{entry.platform_id}")
    with open_store(config.store, create=False) as store:
        cases = [find_case(store, key) for key in keys]
    return next((case for case in cases if case is not None and case.state in SUSPECT), None)


def standing(entry: Entry | None, case: Case | None) -> Literal["registered", "not_registered", "flagged"]:
    if case is not None or (entry is not None and entry.status is Status.IMPOSTOR_CONFIRMED):
        return "flagged"
    return "registered" if entry is not None and entry.status in OURS else "not_registered"


def sentence(answer: Answer) -> str:
    """The answer as people read it. Not being flagged is no proof of anything, and it says so."""
    status = _(STANDINGS[answer.status]) if answer.status in STANDINGS else answer.status
    known = {"address": answer.canonical, "unit": answer.unit, "status": status, "case": answer.case}
    if answer.own_site:
        ours = _("registered: {address} is on our own site, {domain}")
        return ours.format(address=answer.canonical, domain=answer.own_site)
    if answer.answer == "registered":
        return _("registered: {address} is an account of {unit}").format(**known)
    if answer.answer == "flagged" and answer.case is None:
        return _("flagged: {address} stands in the register as a confirmed impostor").format(**known)
    if answer.answer == "flagged":
        return _("flagged: {address} is case {case}; see `listen review show {case}`").format(**known)
    if answer.status is not None:
        return _("not registered: {address} stands in the register, but as: {status}").format(**known)
    return _("not registered: {address} is not in the register, which does not say whose it is").format(**known)
