"""Strangers' text made safe to show: addresses that lead nowhere, one line, nothing invisible."""

from __future__ import annotations

import re

from listener import terminal

LONGEST = 300
SCHEME = re.compile(r"(?i)\bh(tt|xx)ps?://")
ADDRESS = re.compile(r"(?i)\bhttps?://[^\s'\"<>]+")


def plain(text: str) -> str:
    """One line with invisible, controlling and text-turning characters written out; long text is cut."""
    cut = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    return terminal.plain(" ".join(cut.split()))


def defang(url: str) -> str:
    """`https://almby-kommun.example/x` as `hxxps://almby-kommun[.]example/x`: readable, and nothing to click on."""
    safe = SCHEME.sub(lambda found: found[0].lower().replace("http", "hxxp"), plain(url))
    scheme, mark, rest = safe.partition("://")
    host, slash, path = (rest if mark else scheme).partition("/")
    return (scheme + mark if mark else "") + defang_host(host) + slash + path


def defang_host(host: str) -> str:
    """`almby.example` as `almby[.]example`."""
    return host.replace("[.]", ".").replace(".", "[.]")


def defang_text(text: str, hosts: frozenset[str] = frozenset()) -> str:
    """A sentence with every address in it, and every bare name in `hosts`, defanged."""
    safe = ADDRESS.sub(lambda found: defang(found[0]), plain(text))
    for host in sorted(hosts, key=len, reverse=True):
        safe = re.sub(re.escape(host), lambda found: defang_host(found[0]), safe, flags=re.IGNORECASE)
    return safe
