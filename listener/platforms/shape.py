"""What the platform tables are made of: one shape for every way an address is written."""

from __future__ import annotations

import re
from typing import NamedTuple

from listener.models import LinkKind

PROFILE, POST, SHARE, OTHER = LinkKind.PROFILE, LinkKind.POST, LinkKind.SHARE, LinkKind.OTHER


class Shape(NamedTuple):
    """One shape of address. `form` is the canonical address of such a profile, with the handle or id as {}.

    `space` sets apart profiles that bear the same handle in another name space: reddit's r/x is not its u/x.
    """

    kind: LinkKind
    pattern: re.Pattern[str]
    form: str = ""
    space: str = ""


class Platform(NamedTuple):
    """One platform: its hosts, a profile's usual address, and its shapes; the first that matches decides."""

    name: str
    hosts: tuple[str, ...]
    form: str
    shapes: tuple[Shape, ...] = ()
    ids: re.Pattern[str] | None = None  # group 1: the id inside a handle that is one, or ends in one
    exact: re.Pattern[str] | None = None  # handles (ids, invitations) whose case counts
    homes: bool = False  # its handles say on which server they live: almby@lemmy.world
    below: str = ""  # what `almby.t.me` stands for, as a path with {sub} or {host}


def shape(kind: LinkKind, pattern: str, form: str = "", space: str = "") -> Shape:
    """`pattern` is matched against the unquoted path of an address, without closing slash, and its query."""
    return Shape(kind, re.compile(rf"{pattern}/?(?:[?&].*)?", re.IGNORECASE | re.DOTALL), form, space)


def words(text: str) -> frozenset[str]:
    """A set of words, written as a line of text."""
    return frozenset(text.split())


def pages(names: str) -> Shape:
    """The platform's own pages: paths that begin with one of these words."""
    return shape(OTHER, rf"/(?:{'|'.join(map(re.escape, names.split()))})(?:/.*)?")


HANDLE = r"(?P<handle>[^/?&#]{1,200})"
REST = r"(?:/.*)?"

# paths that are pages of the platform itself, on every platform
HOUSE = pages(
    "about ads advertise api app apps business careers contact copyright dashboard developer developers directory "
    "discover docs download embed explore feed feeds fonts hashtag help home index.html index.php jobs js legal "
    "login logout manifest.json messages notifications oauth policies policy press pricing privacy robots.txt "
    "search security settings signin signup sitemap static store support terms tos trending upload"
)

# hosts below a platform's own: widgets and trackers, then pages about the platform, then short links to posts
WIDGET_HOSTS = words("api apis assets badges cdn connect embed graph pixel platform static syndication w widgets")
HOUSE_HOSTS = words(
    "about accounts ads analytics blog business careers creators dev developer developers docs education engineering "
    "faq help investor investors jobs legal newsroom on policies press publish secure shop status studio support "
    "transparency upload"
)
SHORT_HOSTS = words("clips pic player vm vt")
