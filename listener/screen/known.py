"""Whether the register may know a candidate, told from its handle and address without reading them in full."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import compress, count
from operator import attrgetter
from typing import Protocol

import numpy as np

from listener.models import Account
from listener.registry import Registry
from listener.screen.hashes import Truths
from listener.text.tokens import proper_handle

_TOKEN = re.compile(r"[a-z0-9]+")
_STRANGE = np.array([re.fullmatch(r"[A-Za-z0-9_.]", chr(code)) is None for code in range(256)], dtype=np.bool_)
_PLAIN_ADDRESS = re.compile(r"[!-$&-~]*")  # printable ASCII without % and space: what is read as it stands
_PLAIN_NAME = re.compile(r"[a-z0-9_]*")  # what is a handle as it stands
_REMEMBERED = 10_000


class Candidate(Protocol):
    """What the gate looks at: an Account, or a row that is not one yet."""

    @property
    def platform(self) -> str: ...
    @property
    def platform_id(self) -> str | int | None: ...
    @property
    def handle(self) -> str | None: ...
    @property
    def display_name(self) -> str | None: ...
    @property
    def description(self) -> str | None: ...
    @property
    def location(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def avatar(self) -> str | None: ...
    @property
    def links(self) -> tuple[str, ...] | None: ...
    @property
    def verified_links(self) -> tuple[str, ...] | None: ...
    @property
    def official_links(self) -> tuple[str, ...] | None: ...


class Known:
    """The register's keys, cut into what must stand in a candidate's handle or address for them to be found."""

    def __init__(self, registry: Registry) -> None:
        """`letters` holds what the letters of a plain handle are when a row bears it."""
        self._registry = registry
        names = [key.partition(":")[2] for key in registry.keys]
        self.letters = {_letters(form) for name in names for form in _handles(name)}
        tokens = [_tokens(name.lower()) for name in (*names, *(identity for _platform, identity in registry.ids))]
        common = Counter(token for some in tokens for token in set(some))
        self._tokens = {min(some, key=common.__getitem__) for some in tokens if some}
        self._odd = any(not some for some in tokens)  # a key without a Latin letter or digit: every address is read
        self._ids = {identity for _platform, identity in registry.ids}
        self._beginnings: dict[str, bool] = {}

    def leading(self, rows: Sequence[Candidate], given: Sequence[str], strange: Set[int], found: Truths
                ) -> Iterator[int]:  # fmt: skip
        """Of the candidates not found yet, those that a row is about by its id, its strange handle or its address.

        A handle (`given`) that is not strange, and a row's, was found already: `letters` holds it.
        """
        if self._ids:
            identities = map(attrgetter("platform_id"), rows)
            yield from (number for number, one in enumerate(identities) if one and str(one) in self._ids)
        for number in strange:
            if not found[number] and given[number] and self._registry.by_handle(rows[number].platform, given[number]):
                yield number
        plain = list(given)
        for number in strange:
            plain[number] = ""
        urls = list(map(attrgetter("url"), rows))
        beginnings = list(map(str.removesuffix, compress(urls, urls), compress(plain, urls)))
        new = {beginning for beginning in set(beginnings) if self._beginnings.get(beginning) is not False}
        if not new:
            return
        for number, beginning in zip(compress(count(), urls), beginnings, strict=True):
            if beginning in new and not found[number]:
                if self._beginnings.get(beginning) is False and plain[number]:
                    continue  # known by now
                if self._may_lead_to(urls[number], plain[number] or None, rows[number]):
                    yield number

    def _may_lead_to(self, address: str, handle: str | None, row: Candidate) -> bool:
        """Whether an address is a row's, when its (plain) handle was found not to be."""
        if handle and address.endswith(handle):
            beginning = address.removesuffix(handle)
            if len(self._beginnings) < _REMEMBERED:
                ours = beginning[-1:] not in ("/", "@") or self._holds_token(beginning)
                self._beginnings[beginning] = ours
                if not ours:
                    return False
        if not self._holds_token(address):
            return False
        identity = None if row.platform_id is None else str(row.platform_id)
        account = Account(platform=row.platform, platform_id=identity, handle=row.handle, url=address)
        return self._registry.find(account) is not None

    def _holds_token(self, address: str) -> bool:
        if self._odd:
            return True
        if _PLAIN_ADDRESS.fullmatch(address):
            low = address.lower()
        elif "%" in address or " " in address or not address.isprintable():
            return True
        else:  # as a key is made: composed or as it stands, then folded
            low = f"{address} {unicodedata.normalize('NFC', address)}".casefold()
        if not self._tokens.isdisjoint(_TOKEN.findall(low)):
            return True
        return not self._tokens.isdisjoint(_TOKEN.findall(low.replace(".", "")))


def strange_handles(handles: Sequence[str]) -> set[int]:
    """The numbers of the handles that hold more than Latin letters, digits, `_` and dots."""
    whole = np.frombuffer("".join(handles).encode("ascii", "replace"), dtype=np.uint8)
    places = np.flatnonzero(_STRANGE.take(whole))
    ends = np.cumsum(np.fromiter(map(len, handles), dtype=np.int64, count=len(handles)))
    return set(np.searchsorted(ends, places, side="right").tolist())


def _letters(handle: str) -> str:
    return (handle if handle.isalnum() else "".join(filter(str.isalnum, handle))).lower()


def _handles(name: str) -> Iterable[str]:
    """What of a key's name may be a candidate's handle: the whole, what its owner chose, and each part of a path."""
    if _PLAIN_NAME.fullmatch(name):
        return (name,)
    return {name, proper_handle(name), *(part.lstrip("@") for part in name.split("/"))}


def _tokens(name: str) -> list[str]:
    """The pieces of a key that stand in every address of it; a server is not one, for others have accounts there."""
    chosen = name if _PLAIN_NAME.fullmatch(name) else proper_handle(name)
    return _TOKEN.findall(chosen) or _TOKEN.findall(name)
