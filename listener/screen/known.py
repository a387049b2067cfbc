"""Whether the register may know a candidate, told from its handle and address without reading them in full."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from listener.registry import Registry
from listener.text.tokens import proper_handle

_TOKEN = re.compile(r"[a-z0-9]+")
_PLAIN = re.compile(r"[A-Za-z0-9_.]*")
_PLAIN_ADDRESS = re.compile(r"[!-$&-~]*")  # printable ASCII without % and space: what is read as it stands
_REMEMBERED = 10_000


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

    def has_id(self, identity: str) -> bool:
        """Whether a row bears this id on some platform."""
        return identity in self._ids

    def has_handle(self, platform: str, handle: str) -> bool:
        """Whether a row bears this handle; not told of a plain one, whose letters `letters` holds when a row does."""
        return not is_plain(handle) and self._registry.by_handle(platform, handle) is not None

    def may_lead_to(self, address: str, handle: str | None) -> bool:
        """Whether an address may be a row's, when its handle was found not to be: wrong only by saying yes."""
        if handle and address.endswith(handle) and is_plain(handle):
            beginning = address[: -len(handle)]
            strange = self._beginnings.get(beginning)
            if strange is None:
                strange = beginning[-1:] in ("/", "@") and not self._holds_token(beginning)
                if len(self._beginnings) < _REMEMBERED:
                    self._beginnings[beginning] = strange
            if strange:
                return False
        return self._holds_token(address)

    def _holds_token(self, address: str) -> bool:
        if self._odd or not _PLAIN_ADDRESS.fullmatch(address):
            return True
        low = address.lower()
        if not self._tokens.isdisjoint(_TOKEN.findall(low)):
            return True
        return not self._tokens.isdisjoint(_TOKEN.findall(low.replace(".", "")))


def is_plain(handle: str) -> bool:
    """Whether a handle has nothing but Latin letters, digits, `_` and dots."""
    return _PLAIN.fullmatch(handle) is not None


def _letters(handle: str) -> str:
    return "".join(filter(str.isalnum, handle)).lower()


def _handles(name: str) -> Iterable[str]:
    """What of a key's name may be a candidate's handle: the whole, what its owner chose, and each part of a path."""
    return {name, proper_handle(name), *(part.lstrip("@") for part in name.split("/"))}


def _tokens(name: str) -> list[str]:
    """The pieces of a key that stand in every address of it; a server is not one, for others have accounts there."""
    chosen = proper_handle(name)
    return _TOKEN.findall(chosen) or _TOKEN.findall(name)
