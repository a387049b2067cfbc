"""The sites a probe asks, each with a rule for "there" and one for "not there"; whatever fits neither is unknown."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec

from listener.errors import SourceError
from listener.models import Record
from listener.urls import host, registrable_domain

OWN = Path(__file__).with_name("probe_sites.toml")
# Lists that other programs bring, read from their installed package and never copied: package -> its file.
LISTS = {"maigret": ("maigret", "resources/data.json"), "sherlock": ("sherlock_project", "resources/data.json")}
MOST_BYTES = 30_000_000
# Platforms that are asked through their own interfaces, or not at all: none lets a program read its pages.
CLOSED = frozenset(
    {
        "facebook.com", "instagram.com", "threads.net", "threads.com", "tiktok.com", "linkedin.com", "x.com",
        "twitter.com", "reddit.com", "snapchat.com", "youtube.com", "t.me", "telegram.me", "discord.com", "discord.gg",
        "bsky.app", "pinterest.com", "onlyfans.com", "vk.com", "flashback.org",
    }
)  # fmt: skip
UNFIT = frozenset({"porn", "erotic", "dating", "leaks", "stalking"})  # what a municipality has no business asking
_UNFIT_FIELDS = (
    "disabled",
    "activation",
    "requestPayload",
    "request_payload",
    "protection",
    "headers",
    "isNSFW",
    "ignore403",
)
_HANDLE = "{handle}"


class Said(StrEnum):
    """What a site says of a handle."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Site(Record, frozen=True):
    """One site. `url` and `probe` hold {handle}: the page for people, and what is asked.

    Without `present` texts the status decides: 200 is there, 404 or 410 is not. With them, a page that holds one of
    them is there, one that holds an `absent` text is not. `handles` is a regular expression they must fit.
    """

    name: str
    url: str
    probe: str = ""
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    handles: str = ""

    @property
    def place(self) -> str:
        """Where its requests go: what is registered of the host that is asked."""
        return registrable_domain(host((self.probe or self.url).replace(_HANDLE, "name")))

    def fits(self, handle: str) -> bool:
        """Whether the site may have such a handle at all."""
        try:
            return not self.handles or re.fullmatch(self.handles, handle) is not None
        except re.error:
            return False

    def page(self, handle: str) -> str:
        return self.url.replace(_HANDLE, quote(handle, safe=""))

    def question(self, handle: str) -> str:
        return (self.probe or self.url).replace(_HANDLE, quote(handle, safe=""))


class Page(NamedTuple):
    """An answer as the rules see it: `whole` is False when the body was cut at our limit."""

    url: str
    status: int
    body: bytes
    whole: bool = True


def read_page(site: Site, handle: str, page: Page) -> Said:
    """What an answer says: both sides need their sign, and a page with both signs says nothing."""
    gone = page.status in (404, 410)
    if not site.present:
        there = page.status == 200 and handle.casefold() in page.url.casefold()
        return Said.PRESENT if there else Said.ABSENT if gone else Said.UNKNOWN
    if page.status != 200 and not gone:
        return Said.UNKNOWN
    shown = any(text.encode() in page.body for text in site.present)
    missing = any(text.encode() in page.body for text in site.absent)
    if shown == missing:
        return Said.ABSENT if gone and not shown else Said.UNKNOWN
    if missing:
        return Said.ABSENT
    return Said.PRESENT if page.status == 200 else Said.UNKNOWN


def load_sites(wanted: str, file: Path | None = None) -> tuple[Site, ...]:
    """The sites of a list: `own`, `maigret`, `sherlock`, or a file in the form of either; "" takes the best there is.

    Raises SourceError when it is not there, or cannot be read.
    """
    if file is not None:
        return _distinct(read_list(_load_json(file)))
    for name in (wanted,) if wanted else LISTS:
        path = _installed(name)
        if path is not None:
            return _distinct(read_list(_load_json(path)))
    if wanted not in ("", "own"):
        raise SourceError(
            f"no list {wanted!r}: pip install --no-deps {LISTS.get(wanted, ('maigret',))[0]}, or leave list out"
        )
    return read_own(OWN.read_text(encoding="utf-8"))


def _installed(name: str) -> Path | None:
    """The data file of an installed package, which is not imported."""
    package, inside = LISTS.get(name, ("", ""))
    found = find_spec(package) if package else None
    path = Path(found.origin).parent / inside if found is not None and found.origin else None
    return path if path is not None and path.is_file() else None


def _load_json(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(MOST_BYTES))
    except OSError as wrong:
        raise SourceError(f"{path}: no list of sites ({wrong.strerror or type(wrong).__name__})") from wrong
    except (ValueError, RecursionError) as wrong:
        raise SourceError(f"{path}: no list of sites ({str(wrong)[:100]})") from wrong
    if not isinstance(content, dict):
        raise SourceError(f"{path}: no list of sites ({type(content).__name__})")
    return content


def read_own(text: str) -> tuple[Site, ...]:
    """Our own table, in its order."""
    return msgspec.convert(tomllib.loads(text)["site"], tuple[Site, ...])


def read_list(content: Mapping[str, Any]) -> Iterator[Site]:
    """The sites of maigret's or sherlock's data file that can say both yes and no, the best known first."""
    rows = content.get("sites")
    if not isinstance(rows, dict):
        named = [(name, row) for name, row in content.items() if isinstance(row, dict) and "errorType" in row]
        yield from filter(None, (_of_sherlock(name, row) for name, row in named))
        return
    engines = content.get("engines")
    kinds = engines if isinstance(engines, dict) else {}
    told = [(name, _with_engine(row, kinds)) for name, row in rows.items() if isinstance(row, dict)]
    told.sort(key=lambda one: _rank(one[1]))
    yield from filter(None, (_of_maigret(name, row) for name, row in told))


def _rank(row: Mapping[str, Any]) -> int:
    rank = row.get("alexaRank")
    return rank if isinstance(rank, int) else 1 << 60


def _with_engine(row: Mapping[str, Any], engines: Mapping[str, Any]) -> dict[str, Any]:
    engine = engines.get(row.get("engine", ""))
    shared = engine.get("site") if isinstance(engine, dict) else None
    return {**(shared if isinstance(shared, dict) else {}), **row}


def _of_maigret(name: str, row: Mapping[str, Any]) -> Site | None:
    """A site of maigret's list; None when it is off, closed, unfit, or cannot say both yes and no."""
    present, absent = _texts(row.get("presenseStrs")), _texts(row.get("absenceStrs"))
    kind = row.get("checkType")
    two_sided = kind == "status_code" or (kind == "message" and present and absent)
    if (
        not two_sided
        or row.get("type", "username") != "username"
        or row.get("requestMethod", "GET") != "GET"
        or UNFIT & set(_texts(row.get("tags")))
    ):
        return None
    filled = {mark: str(row.get(mark, "")) for mark in ("urlMain", "urlSubpath")}
    texts = (present, absent) if kind == "message" else ((), ())
    return _site(name, row, "{username}", filled, texts)


def _of_sherlock(name: str, row: Mapping[str, Any]) -> Site | None:
    """A site of sherlock's list that answers by its status; its texts are of one side only."""
    if row.get("errorType") != "status_code" or row.get("request_method", "GET") != "GET":
        return None
    return _site(name, row, "{}", {}, ((), ()))


def _site(
    name: str,
    row: Mapping[str, Any],
    mark: str,
    filled: Mapping[str, str],
    texts: tuple[tuple[str, ...], tuple[str, ...]],
) -> Site | None:
    addresses = []
    for key in ("url", "urlProbe"):
        text = str(row.get(key, ""))
        for part, value in filled.items():
            text = text.replace(f"{{{part}}}", value.rstrip("/"))
        addresses.append(text.replace(mark, _HANDLE))
    url, probe = addresses
    if any(row.get(field) for field in _UNFIT_FIELDS) or _HANDLE not in url or (probe and _HANDLE not in probe):
        return None
    site = Site(
        name=name[:60], url=url, probe=probe, present=texts[0], absent=texts[1], handles=str(row.get("regexCheck", ""))
    )
    return site if site.place and site.place not in CLOSED and _on_one_site(site) else None


def _on_one_site(site: Site) -> bool:
    """Whether the page that is asked is the page's own site: a copy of a closed platform speaks for nobody."""
    return site.place == registrable_domain(host(site.page("name")))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(text for text in value if isinstance(text, str) and text) if isinstance(value, list) else ()


def _distinct(sites: Iterable[Site]) -> tuple[Site, ...]:
    """Each address once: lists have the same site under several names."""
    return tuple({site.question("name"): site for site in reversed(tuple(sites))}.values())[::-1]
