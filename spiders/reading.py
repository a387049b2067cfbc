"""Reading one fetched page, sitemap or robots.txt: pure, from text to records."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import islice
from typing import NamedTuple
from urllib.parse import urljoin

from lxml import etree

from listener.harvest import cut_short, links_written, loose_tags, page_addresses, page_base, read_html
from listener.models import LinkKind
from listener.profiles import read_link
from spiders.plan import SiteLink
from spiders.sketches import first_words

LINKS_A_PAGE = 2_000
MOST_ADDRESSES = 20_000  # of a page, read for profiles
LONGEST_TEXT = 500  # characters of a link's text that are read
SITEMAP_BYTES = 20_000_000
GZIP_MAGIC = b"\x1f\x8b"
_HREF = re.compile(r"<a\s[^<>]{0,500}?href", re.IGNORECASE)
_NOWHERE = ("mailto:", "tel:", "javascript:", "data:")


class Onward(NamedTuple):
    """A link that may lead to another page of ours; `text` is as it stands in the page, line breaks and all."""

    url: str
    text: str


class Anchor(NamedTuple):
    """An <a>, <area> or <link> as it stands in the page."""

    href: str
    text: str
    rel: str


class Page(NamedTuple):
    """What one page gives: its links to profiles, and where to go from here."""

    links: tuple[SiteLink, ...]
    onward: tuple[Onward, ...]


def read_page(html: str, url: str) -> Page:
    """The page's links to profiles (each once) and its other links, in document order. Never raises.

    lxml reads the page; where it loses most of the links, they are read one by one.
    """
    page, text = read_html(html)
    base = page_base(page, url)
    title, anchors = _anchors(page.root)
    written = links_written(text)
    lost = len(anchors) < written / 2 and len(anchors) < len(_HREF.findall(text)) / 2
    if lost or cut_short(page):
        title, anchors = "", _loose_anchors(text)  # a title without end holds the page
    addresses = islice(page_addresses(page, text, written), MOST_ADDRESSES)
    profiles = (profile for address in addresses if (profile := _profile(address, base)))
    mine = {_profile(anchor.href, base) for anchor in anchors if "me" in anchor.rel.split()}
    links = (SiteLink(url, profile, profile in mine, title) for profile in dict.fromkeys(profiles))
    site = "/".join(base.split("/", 3)[:3])
    onward = (Onward(address, anchor.text) for anchor in anchors if (address := _join(site, base, anchor.href)))
    return Page(tuple(links), tuple(onward))


def _anchors(root: etree._Element) -> tuple[str, list[Anchor]]:
    """Title and links, read by lxml."""
    title = root.findtext(".//title") or ""
    named = (each for each in root.iter("a", "area", "link") if each.get("href"))
    return _words(title), [_anchor(each) for each in islice(named, LINKS_A_PAGE)]


def _anchor(element: etree._Element) -> Anchor:
    text = first_words(element, LONGEST_TEXT) if len(element) else element.text or ""
    return Anchor(element.get("href", ""), text, element.get("rel", "").casefold())


def _loose_anchors(text: str) -> list[Anchor]:
    """The links of a page whose tags are so tangled that lxml loses them."""
    return [Anchor(tag.href, tag.text, tag.rel.casefold()) for tag in islice(loose_tags(text), LINKS_A_PAGE)]


def _profile(address: str, base: str) -> str:
    """The canonical address of the profile a link leads to; empty when it leads to none, or stays on the site."""
    if "//" not in address:
        return ""
    return _known_profile(urljoin(base, address) if address.startswith("//") else address)


@lru_cache(maxsize=20_000)
def _known_profile(address: str) -> str:
    """Read once for a whole crawl: menus and footers are the same on every page."""
    link = read_link(address)
    return link.canonical if link.kind is LinkKind.PROFILE and link.platform != "web" else ""


def _words(text: str) -> str:
    return " ".join(text.split())[:200]


def _join(site: str, base: str, href: str) -> str:
    """The absolute http(s) address without its fragment; empty when there is none. `site` is the root of `base`.

    Nearly all links are whole or start at the root; urljoin, ten times slower, is for the rest.
    """
    href = href.strip()
    if "#" in href:
        href = href.partition("#")[0]
    if href[:1] == "/" and href[1:2] != "/":
        return site + href
    if href.startswith(("http://", "https://")):
        return href
    if not href or href.startswith(_NOWHERE):
        return ""
    try:
        address = urljoin(base, href)
    except ValueError:
        return ""
    return address if address.startswith(("http://", "https://")) else ""


class Place(NamedTuple):
    """One `loc` of a sitemap: a page, or another sitemap."""

    url: str
    is_sitemap: bool


def read_sitemap(body: bytes) -> Iterator[Place]:
    """The places of a sitemap or sitemap index, gzipped or not; what is broken after some of it ends it there."""
    if body.startswith(GZIP_MAGIC):
        body = _unzip(body)
    reader = etree.iterparse(BytesIO(body), tag="{*}loc", resolve_entities=False, no_network=True, recover=True)
    try:
        for _event, element in reader:
            parent = element.getparent()
            name = etree.QName(parent).localname if parent is not None else ""
            if element.text and name in ("url", "sitemap"):
                yield Place(element.text.strip(), name == "sitemap")
            element.clear()
    except etree.XMLSyntaxError:
        return


def _unzip(body: bytes) -> bytes:
    """At most SITEMAP_BYTES of it: a small file may hold terabytes of nothing."""
    try:
        return zlib.decompressobj(wbits=31).decompress(body, SITEMAP_BYTES)
    except zlib.error:
        return b""
