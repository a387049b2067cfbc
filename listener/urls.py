"""Addresses: cleaned to show, folded to compare, and split into host and registrable domain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import parse_qs, quote, unquote

import idna
from publicsuffixlist import PublicSuffixList

LONGEST = 8192  # characters; a longer text is no address anyone typed
_LONGEST_HOST = 253  # RFC 1035
_JUNK = dict.fromkeys((*range(32), 127, 0x200B, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_SCHEME = re.compile(r"(https?):[/\\]*", re.I)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d{1,5}(?:[/?#]|$))", re.I)  # `orebro.se:8080/` is a host and a port
_PARTS = re.compile(
    r"([^/\\?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)  # RFC 3986 appendix B; browsers take \ for /
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_-])?|\[[0-9a-f:.]+\]")
_SAME_SITE = re.compile(r"(?:www\d?|m|mobile)\.(?=[^.]+\.)")
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|twclid|ttclid|yclid|mc_[ce]id|igsh(?:id)?|mibextid|ref_src|ref_url|_ga|_rd[rc]"
    r"|fref|__\w+__|trk|originalsubdomain|si|lang|language|hl|locale|sprak|setlang"
)
# jump pages that keep the address they lead to in a parameter: (host and path, parameter)
_JUMPS = (
    (re.compile(r"(?:lm?|www|m)\.facebook\.com/(?:l\.php|flx/warn/?)"), "u"),
    (re.compile(r"l\.(?:instagram|threads)\.(?:com|net)/?"), "u"),
    (re.compile(r"(?:www\.)?youtube\.com/redirect"), "q"),
    (re.compile(r"(?:www\.)?google\.(?:com|se)/url"), "q"),
    (re.compile(r"(?:www\.)?google\.(?:com|se)/url"), "url"),
    (re.compile(r"(?:www\.)?linkedin\.com/(?:redir/redirect|safety/go/?)"), "url"),
    (re.compile(r"out\.reddit\.com/.*"), "url"),
    (re.compile(r"[\w.-]+\.safelinks\.protection\.outlook\.com/?"), "url"),
    (re.compile(r"slack-redir\.net/link"), "url"),
)
_LOGIN = re.compile(r"^((?:[a-z][a-z0-9+.-]*:[/\\]+|[/\\]*))[^/\\?#]*@", re.I)
_JUMP_MARK = re.compile(r"[?&](?:u|q|url)=")


class Address(NamedTuple):
    """The parts of an http address; `host` in lower-case ASCII without a final dot, `port` empty when usual."""

    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str


def read_address(text: str) -> Address | None:
    """The parts of an address as typed, scheme or not; None when it leads to no host over http. Never raises."""
    if not text.isprintable():
        text = text.translate(_JUNK)
    text = text.strip().strip("<>\"'").strip()
    if not text or len(text) > LONGEST:
        return None
    scheme = _SCHEME.match(text)
    if scheme is None and _OTHER_SCHEME.match(text):
        return None
    rest = text[scheme.end() :] if scheme else text.lstrip("/\\")
    parts = _PARTS.fullmatch(rest)
    if parts is None:
        return None
    place, path, query, fragment = parts.groups(default="")
    name, port = _host_and_port(place)
    if not name or (scheme is None and ("." not in name or "@" in place)):  # `anna@orebro.se` is a mailbox
        return None
    return Address(scheme[1].lower() if scheme else "https", name, port, path.replace("\\", "/"), query, fragment)


def _host_and_port(netloc: str) -> tuple[str, str]:
    """Host and unusual port; what stands before an `@` is a name to log in with, never the host."""
    place = netloc.rpartition("@")[2]
    name, colon, port = place.rpartition(":")
    if not colon or not port.isascii() or not (port.isdigit() or not port):
        name, port = place, ""
    return ascii_host(name), "" if port in ("80", "443") else port


@lru_cache(maxsize=4096)
def ascii_host(name: str) -> str:
    """A host name as the name servers know it (lower case, IDNA); empty when it can be none."""
    name = unquote(name, errors="replace") if "%" in name else name
    if len(name) > _LONGEST_HOST:
        return ""
    if not name.isascii():
        name = _punycode(name)
    name = name.lower().removesuffix(".")
    return name if _HOST.fullmatch(name) and ".." not in name else ""


def _punycode(name: str) -> str:
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except UnicodeError:
        pass
    try:
        return name.encode("idna").decode("ascii")  # the older standard, which takes emoji
    except UnicodeError:
        return ""


def clean_url(text: str) -> str | None:
    """An address fit to show and follow: with scheme, ASCII host and quoted path; None when there is none in `text`."""
    address = read_address(text)
    if address is None:
        return None
    place = f"{address.host}:{address.port}" if address.port else address.host
    path = quote(address.path, safe="/%:@!$&'()*+,;=~", errors="replace") or "/"
    query = "?" + quote(address.query, safe="/%:@!$&'()*+,;=~?[]", errors="replace") if address.query else ""
    return f"{address.scheme}://{place}{path}{query}"


def shown_url(url: str) -> str:
    """The address as messages may hold it: no name and password, no fragment, no values in its query. Never raises."""
    place, _mark, query = _LOGIN.sub(r"\1", url.strip()).partition("#")[0].partition("?")
    names = (f"{name}=…" if equals else "…" for name, equals, _value in (p.partition("=") for p in query.split("&")))
    return f"{place}?{'&'.join(names)}" if query else place


def url_key(url: str) -> str:
    """What two spellings of one address share: no scheme, www., m., case, closing slash, tracking or language query."""
    address = read_address(url)
    if address is None:
        return unicodedata.normalize("NFC", url).strip().casefold()
    place = _SAME_SITE.sub("", address.host, count=1) + (f":{address.port}" if address.port else "")
    path = unquote(address.path, errors="replace")
    path = re.sub(r"/{2,}", "/", unicodedata.normalize("NFC", path).casefold()).rstrip("/")
    pairs = (pair for pair in address.query.casefold().split("&") if pair)
    query = "&".join(sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair.partition("=")[0])))
    return place + path + (f"?{query}" if query else "")


def host(url: str) -> str:
    """The host an address leads to, ASCII and lower case; empty when there is none."""
    address = read_address(url)
    return address.host if address else ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()  # takes 70 ms, so only when asked for


@lru_cache(maxsize=16384)
def registrable_domain(host: str) -> str:
    """What someone registered of a host: `bibliotek.orebro.se` -> `orebro.se`; an IP address stays as it is."""
    if is_ip(host):
        return host
    return _suffixes().privatesuffix(host) or host


def is_ip(host: str) -> bool:
    """True for an IPv4 or IPv6 address, brackets or not."""
    if ":" not in host and not host[-1:].isdigit():
        return False
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=256)
def _sites(domains: tuple[str, ...]) -> tuple[str, ...]:
    found = (host(domain).removeprefix("www.") for domain in domains)
    return tuple(name for name in found if name)


def on_site(url: str, domains: Sequence[str]) -> bool:
    """True when `url` leads to one of the domains or below it: a real suffix match on the labels of the host."""
    name = host(url)
    return bool(name) and any(name == site or name.endswith("." + site) for site in _sites(tuple(domains)))


def unwrap(url: str) -> str:
    """Where a jump page (l.facebook.com/l.php?u=…, Outlook's safe links, …) leads; other addresses as they are."""
    for _jump in range(3):  # jump pages are wrapped in jump pages
        target = _jump_target(url)
        if target is None:
            return url
        url = target
    return url


def _jump_target(url: str) -> str | None:
    if not _JUMP_MARK.search(url) or (address := read_address(url)) is None:
        return None
    place = address.host + address.path
    for jump, parameter in _JUMPS:
        if jump.fullmatch(place):
            target = parse_qs(address.query).get(parameter, [""])[0]
            if read_address(target):
                return target
    return None
