"""Whether the register may know a candidate, told from its handle and address without reading them in full."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from listener.models import Account
from listener.registry import Registry
from listener.text.tokens import proper_handle

_TOKEN = re.compile(r"[a-z0-9]+")
_STRANGE = np.array([re.fullmatch(r"[A-Za-z0-9_.]", chr(code)) is None for code in range(256)], dtype=np.bool_)
_PLAIN_ADDRESS = re.compile(r"[!-$&-~]*")  # printable ASCII without % and space: what is read as it stands
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
        tokens = [_tokens(name) for name in (*names, *(identity for _platform, identity in registry.ids))]
        common = Counter(token for some in tokens for token in set(some))
        self._tokens = {min(some, key=common.__getitem__) for some in tokens if some}
        self._odd = any(not some for some in tokens)  # a key without a Latin letter or digit: every address is read
        self._ids = {identity for _platform, identity in registry.ids}
        self._beginnings: dict[str, bool] = {}

    def leading(self, rows: Sequence[Candidate], left: Iterable[int], strange: Container[int]) -> Iterator[int]:
        """Of the candidates that are left, those that a row is about by its id, its strange handle or its address.

        A handle that is not strange, and a row's, was found already: `letters` holds it.
        """
        beginnings, ids, by_handle = self._beginnings, self._ids, self._registry.by_handle
        for number in left:
            row = rows[number]
            handle, url = row.handle, row.url
            if (row.platform_id and str(row.platform_id) in ids) or (
                handle and number in strange and by_handle(row.platform, handle) is not None
            ):
                yield number
            elif url:
                plain = handle if handle and number not in strange else None
                beginning = url.removesuffix(plain) if plain else url
                if (plain is None or beginnings.get(beginning) is not False) and self._may_lead_to(url, plain, row):
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
        if self._odd or not _PLAIN_ADDRESS.fullmatch(address):
            return True
        low = address.lower()
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
    return "".join(filter(str.isalnum, handle)).lower()


def _handles(name: str) -> Iterable[str]:
    """What of a key's name may be a candidate's handle: the whole, what its owner chose, and each part of a path."""
    return {name, proper_handle(name), *(part.lstrip("@") for part in name.split("/"))}


def _tokens(name: str) -> list[str]:
    """The pieces of a key that stand in every address of it; a server is not one, for others have accounts there."""
    chosen = proper_handle(name)
    return _TOKEN.findall(chosen) or _TOKEN.findall(name)
