"""Which addresses we may talk to: public ones on the usual ports, checked again on what a name resolves to."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from listener.errors import Guarded
from listener.urls import ascii_host, shown_url

PORTS = frozenset({80, 443})
LOCAL_NAMES = ("localhost", "ip6-localhost", "ip6-loopback")

# A host whose last label is a number is an IPv4 address to the system's resolver: 2130706433, 0x7f.1 and 0177.0.0.1
# all mean 127.0.0.1 (inet_aton). Only the plain spelling has an honest use.
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", re.IGNORECASE)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # leaves out mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96) addresses
_CARRIES_IPV4 = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))  # 6to4 and Teredo: a tunnel to anywhere


def check_url(url: str, allow_loopback: bool = False) -> None:
    """Raise Guarded unless `url` is http(s), on a usual port, and its host may be looked up."""
    try:
        parts = urlsplit(url)
        port, name = parts.port, parts.hostname or ""
    except ValueError as wrong:
        raise Guarded(f"{shown_url(url)[:200]!r} is no address") from wrong
    if parts.scheme not in ("http", "https"):
        raise Guarded(f"{shown_url(url)[:200]!r}: only http and https are fetched")
    check_address(name, allow_loopback)
    if port is not None and port not in PORTS and not (allow_loopback and _names_loopback(name)):
        raise Guarded(f"{shown_url(url)[:200]!r}: only ports 80 and 443 are fetched")


def check_address(host: str, allow_loopback: bool = False) -> None:
    """Raise Guarded when `host` is an address that is not public, an odd spelling of one, or a name of this machine.

    Other names pass: what they resolve to is checked by `resolve_public`.
    """
    name = _as_connected(host)
    if not name or not name.isprintable() or " " in name:
        raise Guarded(f"{host[:200]!r} is no host")
    if _loopback_name(name):
        if not allow_loopback:
            raise Guarded(f"{host[:200]} is this machine")
        return
    try:
        address = ip_address(name)
    except ValueError:
        if _NUMBER.fullmatch(name) or ":" in name:
            raise Guarded(f"{host[:200]} is an odd spelling of an address") from None
        return
    if not is_public(address) and not (allow_loopback and _is_loopback(address)):
        raise Guarded(f"{host[:200]} is not a public address")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """True for an address that anyone on the internet can reach, and that stands for no other address."""
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return True
    return address in _GLOBAL_UNICAST and not any(address in net for net in _CARRIES_IPV4)


def resolve_public(host: str, port: int, allow_loopback: bool = False) -> list[str]:
    """The addresses `host` resolves to, each checked; connect to these and never look the name up again.

    Port 0 stands for any. Raises Guarded when one address is not public (then the name is not to be trusted) or the
    port is unusual, OSError when the name does not resolve.
    """
    check_address(host, allow_loopback)
    try:
        found = socket.getaddrinfo(host.strip("[]"), port or None, type=socket.SOCK_STREAM)
    except UnicodeError as wrong:  # a label that is empty or longer than 63
        raise OSError(f"{host[:200]}: not a name that can be looked up") from wrong
    addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
    for address in addresses:
        try:
            check_address(address, allow_loopback)
        except Guarded as refused:
            raise Guarded(f"{host[:200]} leads to {address}: {refused}") from refused
    if port and port not in PORTS and not all(_names_loopback(address) for address in addresses):
        raise Guarded(f"{host[:200]}:{port}: only ports 80 and 443 are fetched")
    return addresses


def _as_connected(host: str) -> str:
    """The host as clients connect to it; empty when they differ, or refuse it.

    Clients map what is not ASCII (UTS 46) or percent-encoded before they connect: `127。0。0。1` is 127.0.0.1 to them.
    """
    name = host.strip("[]").rstrip(".")
    return name if (name.isascii() and "%" not in name) or not name.isprintable() else ascii_host(name)


def _loopback_name(name: str) -> bool:
    return name.lower() in LOCAL_NAMES or name.lower().endswith(".localhost")


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def _names_loopback(host: str) -> bool:
    name = _as_connected(host)
    if _loopback_name(name):
        return True
    try:
        return _is_loopback(ip_address(name))
    except ValueError:
        return False
