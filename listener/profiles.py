"""What an address on a social platform is: whose profile, a post, a share button, or something else."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote, urljoin

from listener.models import LinkKind, Record
from listener.platforms import BY_HOST, PLATFORMS, platform_name
from listener.platforms.shape import HOUSE_HOSTS, SHORT_HOSTS, WIDGET_HOSTS, Platform, Shape
from listener.platforms.talk import NOT_FEDIVERSE
from listener.urls import Address, clean_url, host, is_ip, read_address, registrable_domain, unwrap, url_key

__all__ = ["PLATFORMS", "Link", "account_key", "platform_name", "profile_url", "read_link"]

_FEDIVERSE_NAME = re.compile(r"@([\w.-]{1,64})@([\w.-]{3,253})")
_SLASHES = re.compile(r"/{2,}")
_PLAIN_HOSTS = frozenset({"www", "m", "mobile"})
_BLUESKY_HOME = ".bsky.social"
# hosts whose short paths stand for a longer one on the platform
_SHORT = {
    "discord.gg": "/invite",
    "fb.watch": "/watch",
    "pin.it": "/pin",
    "redd.it": "/comments",
    "youtu.be": "/watch",
}
_SPACES = {
    name: {shape.space: shape.form for shape in platform.shapes if shape.space and shape.form}
    for name, platform in PLATFORMS.items()
}


class Link(Record, frozen=True):
    """One address, read.

    `platform` is `web` outside social platforms (then `handle` is the host without www.). `handle` keeps its case and
    is the id where the address holds nothing else; empty when nobody is named. `canonical` is the profile's one
    address, or the cleaned address itself; empty when `url` leads nowhere over http. `space` sets apart name spaces
    of one platform (reddit `r`, linkedin `in`, facebook `groups`).
    """

    url: str
    platform: str
    handle: str
    kind: LinkKind
    canonical: str
    platform_id: str | None = None
    space: str = ""

    @property
    def key(self) -> str:
        """What all spellings of this account share (see `account_key`); of the address, when it is no profile's."""
        if self.kind is not LinkKind.PROFILE:
            return f"{self.platform}:{url_key(self.canonical or self.url)}"
        return _key(PLATFORMS[self.platform], self.space, self.platform_id or self.handle)


def read_link(url: str, base: str | None = None) -> Link:
    """Read an address (relative to `base`, when given) or a fediverse name (@anna@social.example). Never raises."""
    bare = url.strip()
    if bare.startswith("@") and (name := _FEDIVERSE_NAME.fullmatch(bare)):
        return _fediverse(url, name[1], name[2].lower())
    target = unwrap(_join(base, url) if base else url)
    address = read_address(target)
    if address is None:
        return Link(url=url, platform="web", handle="", kind=LinkKind.OTHER, canonical="")
    found = _owner(address.host)
    if found is None:
        return _elsewhere(url, target, address, base)
    return _on_platform(url, target, address, *found)


def _join(base: str, url: str) -> str:
    try:
        return urljoin(base, url.strip())
    except ValueError:  # brackets that are no IPv6 address
        return ""


def _owner(name: str) -> tuple[Platform, str] | None:
    """The platform a host belongs to, and what stands before the platform's own host."""
    rest = name
    while rest:
        if platform := BY_HOST.get(rest):
            return platform, name[: -len(rest) - 1]
        rest = rest.partition(".")[2]
    return None


def _on_platform(url: str, target: str, address: Address, platform: Platform, sub: str) -> Link:
    first = sub.rpartition(".")[2]
    if first in WIDGET_HOSTS:
        return _nobody(url, target, platform, LinkKind.SHARE)
    if first in SHORT_HOSTS:
        return _nobody(url, target, platform, LinkKind.POST)
    if first in HOUSE_HOSTS:
        return _nobody(url, target, platform, LinkKind.OTHER)
    path = _path(address)
    if platform.below and sub and first not in _PLAIN_HOSTS:
        path = platform.below.format(sub=sub, host=address.host) + path
    elif prefix := _SHORT.get(address.host):
        path = prefix + path
    if found := _match(platform, path):
        return _link(url, target, platform, *found)
    return _nobody(url, target, platform, LinkKind.OTHER)


def _nobody(url: str, target: str, platform: Platform, kind: LinkKind) -> Link:
    return Link(url=url, platform=platform.name, handle="", kind=kind, canonical=clean_url(target) or "")


def _path(address: Address) -> str:
    """Path and query to match shapes against: unquoted, without doubled or closing slashes; `/#!/x` is `/x`."""
    path = address.fragment[1:] if address.fragment.startswith("!/") else address.path
    path = _SLASHES.sub("/", _unquoted(path)).rstrip("/ ")
    return f"{path or '/'}?{address.query}" if address.query else path


def _match(platform: Platform, path: str) -> tuple[Shape, re.Match[str]] | None:
    for shape in platform.shapes:
        if match := shape.pattern.fullmatch(path):
            return shape, match
    return None


def _link(url: str, target: str, platform: Platform, shape: Shape, match: re.Match[str]) -> Link:
    named = match.groupdict()
    identity = named.get("id")
    handle = named.get("handle") or identity or ""
    is_profile = shape.kind is LinkKind.PROFILE
    if is_profile and platform.homes:
        return _at_home(url, target, platform, shape.space, handle)
    canonical = shape.form.format(_quoted(identity or handle)) if is_profile else clean_url(target) or ""
    return Link(
        url=url,
        platform=platform.name,
        handle=handle,
        kind=shape.kind,
        canonical=canonical,
        platform_id=identity,
        space=shape.space,
    )


def _at_home(url: str, target: str, platform: Platform, space: str, handle: str) -> Link:
    """A profile on a platform of many servers: `almby` on one of them is not `almby` on another."""
    user, _at, server = handle.partition("@")
    full = f"{user}@{(server or host(target)).lower().removeprefix('www.')}"
    canonical = profile_url(platform.name, f"{space}/{full}" if space else full)
    return Link(url=url, platform=platform.name, handle=full, kind=LinkKind.PROFILE, canonical=canonical, space=space)


def _unquoted(text: str) -> str:
    """`text` without percent signs that stand for characters, composed."""
    return text if text.isascii() and "%" not in text else unicodedata.normalize("NFC", unquote(text, errors="replace"))


def _quoted(handle: str) -> str:
    if handle.isascii() and handle.isalnum():
        return handle
    return quote(handle, safe="@+:!$'()*,;=-._~", errors="replace")


def _elsewhere(url: str, target: str, address: Address, base: str | None) -> Link:
    """An address on no known platform: a fediverse server when it is written like one, else a web page."""
    name = address.host
    own = base is not None and host(base) == name
    if not own and not is_ip(name) and registrable_domain(name) not in NOT_FEDIVERSE:
        found = _match(PLATFORMS["mastodon"], _path(address))
        if found is not None:
            return _fediverse_link(url, target, name, *found)
    handle = name.removeprefix("www.")
    return Link(url=url, platform="web", handle=handle, kind=LinkKind.OTHER, canonical=clean_url(target) or "")


def _fediverse_link(url: str, target: str, name: str, shape: Shape, match: re.Match[str]) -> Link:
    handle = match.groupdict().get("handle") or ""
    if shape.kind is LinkKind.PROFILE:
        user, _at, server = handle.partition("@")  # `a.example/@anna@b.example` shows b's Anna on a
        return _fediverse(url, user, (server or name).lower())
    full = handle if not handle or "@" in handle else f"{handle}@{name}"
    return Link(url=url, platform="mastodon", handle=full, kind=shape.kind, canonical=clean_url(target) or "")


def _fediverse(url: str, user: str, server: str) -> Link:
    return Link(
        url=url,
        platform="mastodon",
        handle=f"{user}@{server}",
        kind=LinkKind.PROFILE,
        canonical=f"https://{server}/@{_quoted(user)}",
    )


def profile_url(platform: str, handle: str) -> str:
    """The usual address of a profile from its handle or id (`r/orebro` for reddit's r/); empty when there is none."""
    known = PLATFORMS.get(platform_name(platform) or "")
    handle = handle.strip().strip("@/ ")
    if known is None or not handle:
        return ""
    if known.name == "mastodon":
        user, _at, server = handle.partition("@")
        return f"https://{server}/@{_quoted(user)}" if server else ""
    space, form, rest = _space(known, handle)
    if known.homes:
        user, _at, server = rest.partition("@")
        return f"https://{server}/{space or 'u'}/{_quoted(user)}" if server else ""
    if not space and known.ids and (match := known.ids.fullmatch(rest)):
        return _id_form(known).format(_quoted(next(filter(None, match.groups()))))
    if known.name == "bluesky" and "." not in rest:
        rest += _BLUESKY_HOME
    return form.format(rest if known.name == "web" else _quoted(rest))


def _id_form(platform: Platform) -> str:
    """The address of a profile known by id."""
    forms = (shape.form for shape in platform.shapes if shape.form and "?P<id>" in shape.pattern.pattern)
    return next(forms, platform.form)


def _space(platform: Platform, handle: str) -> tuple[str, str, str]:
    """Name space, its form of address, and the handle proper: `r/orebro` -> (`r`, …, `orebro`)."""
    head, _slash, rest = handle.partition("/")
    form = _SPACES[platform.name].get(head) if rest and "/" not in rest else None
    return (head, form, rest) if form else ("", platform.form, handle)


def account_key(platform: str, handle: str) -> str:
    """What all spellings of one account share: `x:orebrokommun`, `facebook:groups/…`, `youtube:UC…`, `web:orebro.se`.

    `handle` may be a handle, an id or an address. Case and facebook's dots do not count; ids keep their case.
    """
    known = PLATFORMS.get(platform_name(platform) or "")
    if known is None:
        return f"{platform.casefold()}:{handle.casefold()}"
    if known.name == "web":
        return f"web:{url_key(handle)}"
    space, _form, rest = _space(known, handle)
    if "/" not in rest:
        return _key(known, space, rest)
    link = read_link(rest)
    is_profile = link.kind is LinkKind.PROFILE and link.platform == known.name
    return link.key if is_profile else f"{known.name}:{url_key(rest)}"


def _key(platform: Platform, space: str, handle: str) -> str:
    name = _unquoted(handle).strip("@/ ")
    if platform.ids and not space and (match := platform.ids.fullmatch(name)):
        name = next(filter(None, match.groups()))
    elif platform.name == "facebook" and not space:
        name = name.replace(".", "")  # facebook.com/almby.kommun and /almbykommun are one page
    elif platform.name == "bluesky" and "." not in name:
        name += _BLUESKY_HOME
    if space != "invite" and not (platform.exact and platform.exact.fullmatch(name)):
        name = name.casefold()
    return f"{platform.name}:{space}/{name}" if space else f"{platform.name}:{name}"
