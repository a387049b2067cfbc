"""Who really asks, behind a proxy: forwarded headers count from listed addresses alone and are taken away elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from listener.doors import HeaderLogIn, Network

# What proxies write of whom they ask for. Nothing behind this reads them.
FORWARDED = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX", "HTTP_X_FORWARDED_SERVER", "HTTP_X_FORWARDED_SCHEME", "HTTP_X_FORWARDED_SSL",
    "HTTP_X_REAL_IP", "HTTP_FORWARDED",
)  # fmt: skip
UNHEEDED = "listen.unheeded"  # in the environment: headers said who asks, and nobody listened
MOST_HOPS = 20
_WITH_PORT = re.compile(r"(\d+\.\d+\.\d+\.\d+):\d+|\[([0-9A-Fa-f:.]+)\](?::\d+)?")
Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class TrustedProxies:
    """A WSGI application that sees the client where one of `networks` forwards it.

    Of a chain of addresses the last that is no proxy of ours counts; of scheme and host the last word. Headers of
    `log_in` reach the application from these networks alone.
    """

    def __init__(self, app: Application, networks: Sequence[Network], log_in: HeaderLogIn | None) -> None:
        self.app = app
        self.networks = networks
        names = (log_in.person, log_in.groups, log_in.name) if log_in else ()
        self.said = tuple(environ_name(name) for name in names if name)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        peer = address_of(environ.get("REMOTE_ADDR", ""))
        if peer is not None and self.trusts(peer):
            self.forward(environ, peer)
        elif any(environ.get(name) for name in self.said):
            environ[UNHEEDED] = True
            for name in self.said:
                environ.pop(name, None)
        for name in FORWARDED:
            environ.pop(name, None)
        return self.app(environ, start_response)

    def trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self.networks)

    def forward(self, environ: Environ, peer: IPv4Address | IPv6Address) -> None:
        """Let the environment say what the proxy says."""
        environ["REMOTE_ADDR"] = str(self.client(environ.get("HTTP_X_FORWARDED_FOR", ""), peer))
        scheme = last_of(environ.get("HTTP_X_FORWARDED_PROTO", "")).lower()
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        host = last_of(environ.get("HTTP_X_FORWARDED_HOST", ""))
        if host:
            environ["HTTP_HOST"] = host  # held against the names we answer to, as any other

    def client(self, chain: str, peer: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
        """The last address of the chain that is no proxy of ours; what is no address ends it."""
        found = peer
        for hop in chain.rsplit(",", MOST_HOPS)[::-1] if chain else ():
            address = address_of(hop.strip())
            if address is None:
                return found
            found = address
            if not self.trusts(address):
                return found
        return found


def environ_name(header: str) -> str:
    """What WSGI calls a header."""
    return "HTTP_" + header.upper().replace("-", "_")


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """An address, with a port or without; None when it is none."""
    found = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address(next(filter(None, found.groups())) if found else text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def last_of(text: str) -> str:
    """The last word of a list: the nearest proxy wrote it."""
    return text.rpartition(",")[2].strip()
