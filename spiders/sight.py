"""Reading a stranger's page for what it shows: names, imprint, logo, forms, links; pure, from text to a Sight."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from parsel import Selector

from listener.harvest import page_addresses, page_base, read_html
from listener.models import LinkKind
from listener.profiles import read_link
from listener.urls import host
from spiders.forms import read_forms
from spiders.optouts import page_optouts
from spiders.plan import Sight
from spiders.sketches import shape_sketch, text_sketch, visible_text

EXCERPT, LONG, SHORT = 1_000, 600, 200  # characters kept of a page's text, of a description, of a name
MOST_LINKS = 100
MOST_PICTURES = 50
MOST_READ = 5_000  # links and images of a page that are looked at
LONGEST_URL = 2_000
LONGEST_LD = 200_000  # characters of one JSON-LD script

_LOGO = re.compile(r"logo|logga|vapen|sk[oö]ld|emblem|brand", re.IGNORECASE)
_FOOTER = re.compile(r"footer|sidfot|contentinfo|imprint|colophon", re.IGNORECASE)
_IMPRINT = re.compile(
    r"[^.|\n]{0,120}(?:©|copyright|org(?:anisations)?\.?\s?-?n(?:umme)?r)[^|\n]{0,160}", re.IGNORECASE
)
_FOR_SALE = re.compile(
    r"domain(?: name)? (?:is |may be )?for sale|buy this domain|dom[aä]n(?:en)? (?:är )?till salu|köp (?:den )?domänen"
    r"|this domain is parked|domain parking|parked free|parkerad (?:domän|hos)|domänen är (?:parkerad|registrerad)"
    r"|sedoparking|parkingcrew|hugedomains|afternic|dan\.com|bodis\.com",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"welcome to nginx|apache2? (?:debian |ubuntu )?default page|it works!|^index of /|iis windows server|coming soon"
    r"|under construction|kommer snart|under uppbyggnad|default web ?site page|this site is not available"
    r"|här kommer en ny webbplats",
    re.IGNORECASE,
)
_LITTLE = 1_500  # characters of text; a page with more is lived in, whatever it says of sales


def read_sight(html: str, url: str, start: str = "", status: int = 200) -> Sight:
    """What the page shows. Never raises."""
    page, text = read_html(html)
    root: etree._Element = page.root
    start = start or url
    if reserved := page_optouts(root):
        return Sight(start=start, url=url, status=status, reserved=reserved)
    base = page_base(page, url)
    said = visible_text(root)
    title = _cut(root.findtext(".//title") or "", SHORT)
    named = _structured(root)
    profiles, outward = _led_to(page, text, base)
    return Sight(
        start=start,
        url=url,
        status=status,
        title=title,
        name=_cut(_meta(root, "og:site_name") or named.get("name", "") or _meta(root, "application-name"), SHORT),
        headline=_cut(next((visible_text(each, LONG) for each in root.iter("h1")), ""), SHORT),
        description=_cut(_meta(root, "description") or _meta(root, "og:description"), LONG),
        text=said[:EXCERPT],
        imprint=_imprint(root, said),
        logo=_logo(root, base, named.get("logo", "")),
        pictures=tuple(_pictures(root, base)),
        forms=read_forms(root, base),
        profiles=profiles,
        outward=outward,
        words=text_sketch(said),
        shape=shape_sketch(root),
        parked=parked(f"{title}\n{said}"),
    )


def parked(said: str) -> str:
    """`for sale` or `placeholder` when a page that says little says that nobody lives there; else empty."""
    if len(said) > _LITTLE:
        return ""
    if _FOR_SALE.search(said):
        return "for sale"
    return "placeholder" if _PLACEHOLDER.search(said) else ""


def _cut(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


def _meta(root: etree._Element, name: str) -> str:
    for meta in root.iter("meta"):
        if name in ((meta.get("property") or "").casefold(), (meta.get("name") or "").casefold()):
            return meta.get("content") or ""
    return ""


def _structured(root: etree._Element) -> dict[str, str]:
    """Name and logo that schema.org gives the page's owner, in JSON-LD or microdata."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "") and script.text:
            owner = next(filter(_is_owner, _nodes(script.text[:LONGEST_LD])), None)
            if owner:
                return {"name": _said(owner["name"]), "logo": _said(owner.get("logo"))}
    found: dict[str, str] = {}
    for element in root.iter(etree.Element):
        prop = element.get("itemprop")
        if prop in ("name", "logo"):
            found.setdefault(prop, _value(element))
    return found


def _is_owner(node: dict[str, Any]) -> bool:
    kind = node.get("@type")
    kinds = [each for each in (kind if isinstance(kind, list) else [kind])[:10] if isinstance(each, str)]
    return "name" in node and re.search(r"organi[sz]ation|website|government", " ".join(kinds), re.I) is not None


def _value(element: etree._Element) -> str:
    return next(filter(None, map(element.get, ("content", "src", "href"))), None) or element.text or ""


def _nodes(script: str) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-LD script, outermost first; none of a broken one."""
    try:
        waiting = deque([json.loads(script, strict=False)])
    except (ValueError, RecursionError):
        return
    while waiting:
        node = waiting.popleft()
        if isinstance(node, dict):
            yield node
        inner = node.values() if isinstance(node, dict) else node
        waiting.extend(value for value in inner if isinstance(value, dict | list))


def _said(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("url") or value.get("@value")
    return value if isinstance(value, str) else ""


def _imprint(root: etree._Element, said: str) -> str:
    """The footer, and the sentences about copyright and organisation number."""
    pieces = [visible_text(each, LONG) for each in islice(root.iter("footer"), 2)]
    if not pieces:
        marked = (
            each for each in root.iter("div", "section", "p") if _FOOTER.search(_marks(each, "id", "class", "role"))
        )
        pieces = [visible_text(each, LONG) for each in islice(marked, 1)]
    pieces += [match[0] for match in islice(_IMPRINT.finditer(said[-20_000:]), 3)]
    return _cut(" ".join(dict.fromkeys(pieces)), LONG)


def _marks(element: etree._Element, *names: str) -> str:
    return " ".join(element.get(name) or "" for name in names)


def _logo(root: etree._Element, base: str, named: str) -> str:
    """The address of the likely logo: what schema.org calls so, an image marked so, a large icon, og:image."""
    likely = [named]
    images = islice(root.iter("img"), MOST_READ)
    likely += [_source(image) for image in images if _LOGO.search(_marks(image, "id", "class", "alt", "src"))]
    icons = [each for each in root.iter("link") if "icon" in (each.get("rel") or "").casefold()]
    likely += [icon.get("href") or "" for icon in icons if "apple" in (icon.get("rel") or "").casefold()]
    likely += [_meta(root, "og:image"), *(icon.get("href") or "" for icon in icons)]
    return next((address for each in likely[:20] if (address := _join(base, each))), "")


def _source(image: etree._Element) -> str:
    return image.get("src") or image.get("data-src") or ""


def _pictures(root: etree._Element, base: str) -> list[str]:
    images = islice(root.iter("img"), MOST_READ)
    found = dict.fromkeys(address for image in images if (address := _join(base, _source(image))))
    return list(found)[:MOST_PICTURES]


def _join(base: str, address: str) -> str:
    """The absolute http(s) address; empty when there is none worth keeping."""
    if not address or address.startswith("data:"):
        return ""
    try:
        whole = urljoin(base, address.strip())
        parts = urlsplit(whole)
    except ValueError:
        return ""
    return whole if parts.scheme in ("http", "https") and parts.netloc and len(whole) <= LONGEST_URL else ""


def _led_to(page: Selector, text: str, base: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The social profiles and the other hosts that a page links to or frames, each once."""
    here, profiles, outward = host(base), {}, {}
    frames = [each.get("src") or "" for each in page.root.iter("iframe", "frame")]
    for address in dict.fromkeys([*islice(page_addresses(page, text), MOST_READ), *frames[:MOST_LINKS]]):
        link = read_link(address, base)
        if link.platform != "web":
            if link.kind is LinkKind.PROFILE:
                profiles[link.canonical] = True
        elif link.handle and link.handle != here.removeprefix("www."):
            outward[link.handle] = True
        if len(profiles) + len(outward) >= MOST_LINKS:
            break
    return tuple(profiles), tuple(outward)
