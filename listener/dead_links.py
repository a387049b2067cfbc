"""Links of ours to names and domains that nobody holds any more: whoever takes one next speaks from where we stand."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable

from listener.asking import Harvest, key_of
from listener.config import Config
from listener.errors import SourceError
from listener.models import Account, Completeness, Entry, Fault, Finding, Status, Term, Verdict
from listener.organisation import Organisation
from listener.registry import Registry
from listener.resolver import Outcome, Resolver
from listener.urls import host, is_ip, on_site, registrable_domain

RULE = "dead_link"
DOMAIN_RULE = "dead_domain"
MOST = 100  # linked handles that one source is asked for
MOST_DOMAINS = 200  # that one run looks up
SECONDS = 60.0  # for all of them together


def linked_on(own: Harvest | None, platform: str) -> tuple[Account, ...]:
    """The accounts on a platform that our own site links to, as it was just read."""
    accounts = () if own is None else own.accounts
    return tuple(account for account in accounts if account.platform == platform and account.handle)[:MOST]


def as_terms(linked: Iterable[Account]) -> tuple[Term, ...]:
    """What to ask the platform for, so that each of them is looked up."""
    return tuple(Term(text=account.handle or "", kind="handle") for account in linked)


def dead_links(linked: Iterable[Account], harvest: Harvest) -> list[Fault]:
    """A fault for each linked account that its platform, seen in whole, does not have."""
    if harvest.result.completeness is not Completeness.COMPLETE:
        return []
    there = {key_of(account) for account in harvest.accounts}
    return [fault(account) for account in linked if key_of(account) not in there]


def fault(account: Account) -> Fault:
    """What is wrong, where, and what to do."""
    page = account.official_links[0] if account.official_links else ""
    return Fault(
        rule=RULE,
        url=account.url or "",
        unit="",
        detail=f"{page} links to {account.handle} on {account.platform}, and nobody has that name there",
        hint="Take the link away, or take the name back: whoever takes it next speaks from your page.",
    )


def own_links(findings: Iterable[Finding], registry: Registry) -> dict[str, list[Entry]]:
    """The registrable domains that our accounts lead to, by their profiles and by the register, with their rows."""
    led: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in registry.entries:
        if entry.status in (Status.APPROVED, Status.PENDING):
            _note(led, entry, entry.columns.get("website_link", ""))
    for finding in findings:
        known = registry.find(finding.account)
        if known is not None and finding.verdict in (Verdict.OFFICIAL, Verdict.OFFICIAL_CHANGED):
            _note(led, known, *(finding.account.links or ()))
    return {name: list(rows.values()) for name, rows in led.items()}


def _note(led: defaultdict[str, dict[str, Entry]], entry: Entry, *links: str) -> None:
    for link in links:
        name = host(link)
        if "." in name and not is_ip(name):
            led[registrable_domain(name)][entry.url] = entry


def dead_domains(
    config: Config, findings: Iterable[Finding], registry: Registry, organisation: Organisation
) -> list[Fault]:
    """A fault for each account of ours that leads to a domain which the DNS does not have.

    The name servers are those of [sources.dns], else the system's; a run on loopback asks no others than its own. What
    cannot be looked up is no fault.
    """
    settings = config.source("dns")
    servers = [str(server) for server in settings.get("nameservers", ())]
    led = own_links(findings, registry)
    wanted = [name for name in sorted(led) if not on_site(name, organisation.domains)][:MOST_DOMAINS]
    if not wanted or (config.allow_loopback and not servers):
        return []
    try:
        resolver = Resolver(servers, int(settings.get("port", 53)))
    except SourceError:
        return []
    ends = time.monotonic() + SECONDS
    return [
        _led_nowhere(entry, name)
        for name in wanted
        if time.monotonic() < ends and nobody_holds(resolver, name)
        for entry in led[name]
    ]


def nobody_holds(resolver: Resolver, domain: str) -> bool:
    """True when the name servers say that there is no such domain, though they know its ending.

    Those of a closed network deny every name outside it, its endings too, and so prove nothing.
    """
    ending = domain.partition(".")[2]
    absent = bool(ending) and resolver.ask(domain, "NS").outcome is Outcome.ABSENT
    return absent and resolver.ask(ending, "NS").outcome is Outcome.FOUND


def _led_nowhere(entry: Entry, domain: str) -> Fault:
    return Fault(
        rule=DOMAIN_RULE,
        url=entry.url,
        unit=entry.unit,
        detail=f"leads to {domain}, and the name servers know no such domain",
        hint="Take the link away, or take the domain back: whoever registers it next speaks from your account.",
    )
