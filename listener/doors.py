"""How the review page is entered: the [review] table of listener.toml, refused at load when it cannot hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from listener.errors import ConfigError
from listener.models import Record
from listener.settings_check import check_kinds, check_known, is_address

Network = IPv4Network | IPv6Network
OIDC = {
    "issuer": "address",
    "client_id": "text",
    "roles": "table",
    "claims": "texts",
    "name_claim": "text",
    "scopes": "texts",
}
HEADERS = {"person": "text", "name": "text", "groups": "text", "roles": "table"}
CLAIMS = ("groups", "roles")
SCOPES = ("openid", "profile", "email")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)*[a-z0-9-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Role(StrEnum):
    """Who somebody is at the review page; who has several gets the first in this order."""

    DECIDER = "decider"
    REGISTRAR = "registrar"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    READER = "reader"


class Roles(Record, frozen=True):
    """Which groups of the directory have which role."""

    groups: dict[str, tuple[str, ...]] = {}

    def of(self, named: Sequence[str]) -> str:
        """The role of somebody in these groups; empty when there is none."""
        return next((role for role in Role if set(self.groups.get(role, ())) & set(named)), "")


class Oidc(Record, frozen=True):
    """The provider people log in at. Its secret is LISTEN_OIDC_CLIENT_SECRET."""

    issuer: str
    client_id: str
    roles: Roles
    claims: tuple[str, ...] = CLAIMS
    name_claim: str = "name"
    scopes: tuple[str, ...] = SCOPES


class HeaderLogIn(Record, frozen=True):
    """Names of the headers in which a trusted proxy says who asks; `groups` holds them with commas or semicolons."""

    person: str
    groups: str
    roles: Roles
    name: str = ""


class Doors(Record, frozen=True):
    """The [review] table. `log_days` is how long log-ins are kept, `tips` whether anybody may send one in."""

    hosts: tuple[str, ...] = ()
    secure_cookies: bool = False
    session: timedelta = timedelta(hours=10)
    idle: timedelta = timedelta(minutes=60)
    proxies: tuple[Network, ...] = ()
    local_accounts: bool = True
    log_days: int = 180
    tips: bool = False
    oidc: Oidc | None = None
    headers: HeaderLogIn | None = None


def read_doors(path: Path, table: Mapping[str, Any], allow_loopback: bool = False) -> Doors:
    """The settings of [review] in `path`, whose kinds are checked. Raises ConfigError with what to write instead.

    `allow_loopback` lets the provider be on this machine, without TLS: for tests.
    """
    hours, minutes = table.get("session_hours", 10), table.get("idle_minutes", 60)
    if not 1 <= hours <= 24:
        raise ConfigError(f"{path}: [review] session_hours: a session lasts 1 to 24 hours")
    if not 1 <= minutes <= hours * 60:
        raise ConfigError(f"{path}: [review] idle_minutes: at least 1, and no longer than a session")
    for host in table.get("hosts", []):
        if not _HOST.fullmatch(host):
            raise ConfigError(f'{path}: [review] hosts: write names alone, hosts = ["granskning.example.org"]')
    proxies = tuple(_network(path, text) for text in table.get("trusted_proxies", []))
    headers = _headers(path, table["headers"]) if "headers" in table else None
    if headers and not proxies:
        raise ConfigError(f"{path}: [review.headers] needs [review] trusted_proxies: nobody else may say who asks")
    return Doors(
        hosts=tuple(table.get("hosts", ())),
        secure_cookies=table.get("secure_cookies", False),
        session=timedelta(hours=hours),
        idle=timedelta(minutes=minutes),
        proxies=proxies,
        local_accounts=table.get("local_accounts", True),
        log_days=table.get("log_days", 180),
        tips=table.get("tips", False),
        oidc=_oidc(path, table["oidc"], allow_loopback) if "oidc" in table else None,
        headers=headers,
    )


def _network(path: Path, text: str) -> Network:
    """An address or a network of them; a whole family of addresses is nobody in particular."""
    try:
        found = ip_network(text)
    except ValueError as wrong:
        raise ConfigError(f"{path}: [review] trusted_proxies: {text!r} is no address: write 10.0.0.5") from wrong
    if found.prefixlen < (8 if found.version == 4 else 32):
        raise ConfigError(f"{path}: [review] trusted_proxies: {text!r} is too wide: name the proxies alone")
    return found


def _oidc(path: Path, table: Mapping[str, Any], allow_loopback: bool) -> Oidc:
    where = "[review.oidc]"
    check_known(path, where, table, OIDC)
    check_kinds(path, where, table, OIDC)
    for key in ("issuer", "client_id", "roles"):
        if not table.get(key):
            raise ConfigError(f"{path}: {where} needs {key}")
    issuer = table["issuer"]
    if not is_issuer(issuer, allow_loopback):
        raise ConfigError(f"{path}: {where} issuer: write it as its provider does, with https:// and no question mark")
    return Oidc(
        issuer=issuer,
        client_id=table["client_id"],
        roles=_roles(path, where, table["roles"]),
        claims=tuple(table.get("claims", CLAIMS)),
        name_claim=table.get("name_claim", "name"),
        scopes=tuple(dict.fromkeys(("openid", *table.get("scopes", SCOPES)))),
    )


def is_issuer(address: str, allow_loopback: bool) -> bool:
    """Whether a provider may be at this address: encrypted, unless it is on this machine and that is allowed."""
    if not is_address(address) or "?" in address or "#" in address:
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or (allow_loopback and parts.hostname in LOOPBACK)


def _headers(path: Path, table: Mapping[str, Any]) -> HeaderLogIn:
    where = "[review.headers]"
    check_known(path, where, table, HEADERS)
    check_kinds(path, where, table, HEADERS)
    for key in ("person", "groups", "roles"):
        if not table.get(key):
            raise ConfigError(f"{path}: {where} needs {key}")
    named = {key: table[key] for key in ("person", "name", "groups") if key in table}
    for key, name in named.items():
        if not _HEADER.fullmatch(name):
            raise ConfigError(f'{path}: {where} {key}: write the name of a header, "X-Remote-User"')
    return HeaderLogIn(**named, roles=_roles(path, where, table["roles"]))


def _roles(path: Path, where: str, table: Mapping[str, Any]) -> Roles:
    """Groups by role. A role that is none of ours would leave its people outside without a word."""
    check_known(path, where.replace("]", ".roles]"), table, tuple(Role))
    for role, groups in table.items():
        if not isinstance(groups, list) or not all(isinstance(each, str) and each for each in groups):
            raise ConfigError(f'{path}: {where} roles: write groups for each role, {role} = ["…"]')
    return Roles(groups={role: tuple(groups) for role, groups in table.items()})
