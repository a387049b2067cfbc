"""Links to social platforms on a page: what a visitor can click, and what the page says of its owner in its code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple, cast

from lxml.etree import XPath
from parsel import Selector
from w3lib.encoding import html_to_unicode

from listener.profiles import Link, profile_url, read_link

_LINKS = XPath("//a/@href | //area/@href | //link[contains(concat(' ', @rel, ' '), ' me ')]/@href", smart_strings=False)
_SAME_AS = XPath(
    "//*[@itemprop='sameAs']/@href | //*[@itemprop='sameAs']/@content | //*[@property='schema:sameAs']/@href",
    smart_strings=False,
)
_META = XPath(
    "//meta[@property='article:publisher' or @property='og:see_also' or @name='article:publisher']/@content",
    smart_strings=False,
)
_X_SITE = XPath("//meta[@name='twitter:site' or @property='twitter:site']/@content", smart_strings=False)
_FEDIVERSE = XPath("//meta[@name='fediverse:creator']/@content", smart_strings=False)
_JSON_LD = XPath("//script[contains(@type, 'ld+json')]/text()", smart_strings=False)
# One of these stands in every page that has something for the five above; each of them costs 0.3 ms of a page of 60 kB.
_CODE = ("sameAs", "article:publisher", "og:see_also", "twitter:site", "fediverse:creator", "ld+json")
# Neither goes back over what it has read: linear time over whatever a page holds.
_TAG = re.compile(r"<(a|area|link)\s([^<>]{1,3500})>([^<]{0,200})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?:^|[\s"'/])(href|rel)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_SAME_AS_TEXT = re.compile(r'"sameAs"\s*:\s*(\[[^\]]{0,4000}\]|"[^"]{0,500}")')
_QUOTED = re.compile(r'"((?:https?:)?\\?/[^"\s]+)"')
_X_HANDLE = re.compile(r"@?\w{1,15}")
# An attribute and a start tag as browsers cut them; possessive, so that they go back over nothing.
_ATTRIBUTE_AS_CUT = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|))?+"""
LONG_PAGE, LONG_TAG = 50_000, 3_000  # characters
MOST_ATTRIBUTES = 500
_TAG_NAME = r"<[A-Za-z][^\s/>]*+"
_ANY_TAG = re.compile(rf"({_TAG_NAME})(?:{_ATTRIBUTE_AS_CUT})*+")
_UP_TO_A_FLOOD = re.compile(
    rf"(?:[^<]++|<(?![A-Za-z])|{_TAG_NAME}(?:{_ATTRIBUTE_AS_CUT}){{0,{MOST_ATTRIBUTES}}}+(?!{_ATTRIBUTE_AS_CUT}))*+"
)
DEEPEST = 2_000  # elements inside each other; libxml2 ends a page at 2,048, without a word


def page_links(html: str | bytes, base_url: str) -> Iterator[Link]:
    """Every link of a page to a social platform, each spelling once, in page order: profiles, posts and share buttons.

    Found in a[href], area, link[rel=me], microdata and JSON-LD `sameAs`, article:publisher, twitter:site and
    fediverse:creator. Bytes are decoded as browsers do. A page too broken or too deep for the fast parser is read once
    more with the patient one. Never raises.
    """
    page, text = read_html(html if isinstance(html, str) else html_to_unicode(None, html)[1])
    base = page_base(page, base_url)
    seen: set[str] = set()
    for address in page_addresses(page, text):
        if address in seen:
            continue
        seen.add(address)
        link = read_link(address, base)
        if link.platform != "web":
            yield link


def read_html(html: str) -> tuple[Selector, str]:
    """A page for the readers, and its text without what no page may hold: zeros and halves of characters."""
    body = html.encode("utf-8", "replace")
    if b"\0" in body:
        body = body.replace(b"\0", b"")
    text = body.decode("utf-8")
    if len(text) > LONG_PAGE:
        body = without_floods(text).encode()
    return Selector(body=body or b"<html></html>", encoding="utf-8", type="html"), text


def without_floods(text: str) -> str:
    """The text, without the attributes of tags that have hundreds: the parser compares each with all before it."""
    kept: list[str] = []
    start = 0
    while True:
        calm = _UP_TO_A_FLOOD.match(text, start)
        end = calm.end() if calm else start
        tag = _ANY_TAG.match(text, end)
        if tag is None:
            return "".join((*kept, text[start:])) if kept else text
        kept += text[start:end], tag[1] if len(tag[0]) > LONG_TAG else tag[0]
        start = tag.end()


def page_base(page: Selector, base_url: str) -> str:
    """The address that links are relative to: the page's own, unless it names another."""
    named = page.xpath("//base/@href").get()
    link = read_link(named, base_url) if named else None
    return link.canonical if link and link.canonical else base_url


def page_addresses(page: Selector, text: str, written: int | None = None) -> Iterator[str]:
    """Every address `page_links` reads, as it stands in the page; `text` is what `page` was made from.

    `written` is `links_written(text)`, when it is known.
    """
    found = _texts(_LINKS, page)
    yield from found
    if len(found) < (links_written(text) if written is None else written) / 2 or cut_short(page):
        anchors = [tag.href for tag in loose_tags(text) if tag.name != "link"]
        if len(found) < len(anchors) / 2 or cut_short(page):
            yield from anchors
    if any(word in text for word in _CODE):
        yield from _in_code(page)


def _in_code(page: Selector) -> Iterator[str]:
    """What the page says of its owner where visitors do not see it."""
    yield from _texts(_SAME_AS, page)
    yield from _texts(_META, page)
    for handle in _texts(_X_SITE, page):
        if _X_HANDLE.fullmatch(handle.strip()):
            yield profile_url("x", handle)
    for name in _texts(_FEDIVERSE, page):
        yield f"@{name.strip().lstrip('@')}"
    for script in _texts(_JSON_LD, page):
        yield from same_as(script)


def links_written(text: str) -> int:
    """How many links a page has at most: words that begin like `<a` count too. Where half are lost, look closely."""
    return text.count("<a") + text.count("<A")


def cut_short(page: Selector) -> bool:
    """Whether the fast parser gave up on a page nested deeper than it follows: what came after is not in the tree."""
    element, depth = page.root, 0
    while len(element) and depth < DEEPEST:
        element, depth = element[-1], depth + 1
    return depth >= DEEPEST


def _texts(path: XPath, page: Selector) -> list[str]:
    """What an XPath of attributes or texts finds, without a Selector for each."""
    return cast("list[str]", path(page.root))


def _without_comments(text: str) -> str:
    """The text without its closed comments (a regular expression would take quadratic time over unclosed ones)."""
    kept: list[str] = []
    start = 0
    while (opening := text.find("<!--", start)) >= 0 and (closing := text.find("-->", opening)) >= 0:
        kept.append(text[start:opening])
        start = closing + 3
    return "".join((*kept, text[start:]))


class LooseTag(NamedTuple):
    """An <a>, <area> or <link> as it stands in a page, and the text after it."""

    name: str
    href: str
    rel: str
    text: str


def loose_tags(text: str) -> Iterator[LooseTag]:
    """The links of a page whose tags are so tangled that a parser loses most of them, one by one.

    The tangle itself is left out: html.parser takes quadratic time over tags that never end.
    """
    for tag in _TAG.finditer(_without_comments(text)):
        said: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(tag[2]):
            said.setdefault(name.lower(), unescape("".join(values)))
        if "href" in said:
            yield LooseTag(tag[1].lower(), said["href"], said.get("rel", ""), unescape(tag[3]))


def same_as(script: str) -> Iterator[str]:
    """Addresses that JSON-LD says are the same thing as the page's owner; broken JSON is searched as text."""
    try:
        waiting = [json.loads(script, strict=False)]
    except (ValueError, RecursionError):
        for block in _SAME_AS_TEXT.findall(script):
            yield from (address.replace("\\/", "/") for address in _QUOTED.findall(block))
        return
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            named = node.get("sameAs")
            yield from (
                address for address in (named if isinstance(named, list) else [named]) if isinstance(address, str)
            )
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))
        elif isinstance(node, list):
            waiting.extend(value for value in node if isinstance(value, dict | list))
