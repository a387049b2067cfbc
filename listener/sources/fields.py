"""What the fields of a platform's answer hold, read without trusting their type, size or characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from bs4 import BeautifulSoup
from publicsuffixlist import PublicSuffixList

from listener import clock
from listener.errors import Changed
from listener.urls import clean_url, host

LONGEST = 20_000  # characters of one text that are kept
_MARKUP = 200_000  # characters of HTML that are read
_MOST_LINKS = 50
_LINK = re.compile(
    r"https?://[^\s<>\"'“”]{3,2000}|(?<![\w@./-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?:/[^\s<>\"'“”]{0,500})?"
)
_TRAILING = ".,;:!?)]}»…*"


def required(row: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises Changed when it is not."""
    text = text_of(row.get(name))
    if not text:
        raise Changed(f"the answer has no {name!r} where every one had")
    return text


def rows_of(content: object, name: str) -> list[dict[str, Any]]:
    """The rows under `name` of an answer (or the answer itself, without a name).

    What is no object stands as an empty one, which no reader takes for a record: `sources.read_rows` tells of it.
    Raises Changed when there is no list, or nothing in it is an object.
    """
    if name:
        content = content.get(name) if isinstance(content, Mapping) else None
    if not isinstance(content, list):
        raise Changed(f"the answer holds no list {name!r}".replace(" ''", ""))
    if content and not any(isinstance(row, dict) for row in content):
        raise Changed(f"the list {name!r} of the answer holds no objects".replace(" ''", ""))
    return [row if isinstance(row, dict) else {} for row in content]


def text_of(value: object) -> str | None:
    """A text without NULs and lone surrogates, at most LONGEST characters; None when it is no text."""
    if not isinstance(value, str):
        return None
    text = value[:LONGEST].replace("\x00", "")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def count_of(value: object) -> int | None:
    """A number of followers and the like; None for what cannot be one (the store holds 63 bits)."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < 2**63 else None


def time_of(value: object) -> datetime | None:
    """An aware UTC time from RFC 3339 text or a datetime; None when it is neither."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        return clock.read_time(value)
    except (ValueError, OverflowError):
        return None


def url_of(value: object) -> str | None:
    """An address fit to follow; None when the value holds none."""
    text = text_of(value)
    return clean_url(text) if text else None


def plain_text(markup: object) -> str | None:
    """HTML as the text a reader sees, a line a paragraph; None when there is none."""
    text = text_of(markup) if not isinstance(markup, str) else markup[:_MARKUP]
    if text is None:
        return None
    if "<" not in text and "&" not in text:  # most are; bs4 warns of what looks like an address
        return text_of("\n".join(line for line in map(_one_space, text.splitlines()) if line))
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup.find_all(["script", "style", "template"]):
        tag.decompose()
    for tag in soup.find_all(["br", "p", "div", "li", "h1", "h2", "h3", "tr", "blockquote"]):
        tag.append("\n")
    return text_of("\n".join(line for line in map(_one_space, soup.get_text().splitlines()) if line))


def _one_space(line: str) -> str:
    return " ".join(line.split())


def links_of(markup: object) -> tuple[str, ...]:
    """The addresses that HTML links to, in order, each once; mentions of accounts and hashtags are none."""
    if not isinstance(markup, str) or "<" not in markup:
        return ()
    soup = BeautifulSoup(markup[:_MARKUP], "html.parser")
    tags = soup.find_all("a", href=True, limit=_MOST_LINKS)
    return distinct(str(tag["href"]) for tag in tags if not {"mention", "hashtag"} & set(tag.get("class") or ()))


def links_in(text: str | None) -> tuple[str, ...]:
    """The addresses written in a text: with http(s), or a bare `almby.se/bibliotek` under a real top domain."""
    found = (match[0].rstrip(_TRAILING) for match in _LINK.finditer((text or "")[:LONGEST]))
    return distinct(link for link in found if "://" in link or _is_domain(link))


def distinct(links: Iterable[object]) -> tuple[str, ...]:
    """Addresses cleaned, each once, in order; what is none is left out."""
    cleaned = (url_of(link) for link in links)
    return tuple(dict.fromkeys(link for link in cleaned if link))[:_MOST_LINKS]


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def _is_domain(link: str) -> bool:
    """`almby.se` and `almby.example/skola` are addresses, `t.ex`, `Hej.Kom` and `08.30/09` are not."""
    name, slash, _path = link.partition("/")
    top = name.rpartition(".")[2]
    return bool(_suffixes().privatesuffix(host(name))) or (bool(slash) and top.isalpha() and len(top) > 1)
