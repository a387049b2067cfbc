"""Which answers show which flagged account: by its platform id, its address or its handle, and by nothing looser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

from listener.models import Account

STRONG, WEAK = 2, 1  # an id or an address, against a handle
SHORTEST_ID = 5  # characters; a shorter number stands in every answer
SHORTEST_HANDLE = 3
_WORD = re.compile(rb"[a-z0-9_.\-\x80-\xff]")
_BEFORE_HANDLE = frozenset(b"\"'@/=:>")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://(?:www\.)?", re.IGNORECASE)


class Showing:
    """Finds flagged accounts in answers. `accounts` are (case id, account)."""

    def __init__(self, accounts: Iterable[tuple[int, Account]]) -> None:
        import ahocorasick_rs

        self._told: dict[bytes, list[tuple[int, int]]] = {}
        for case_id, account in accounts:
            for needle, strength in needles(account):
                self._told.setdefault(needle, []).append((case_id, strength))
        self._needles = list(self._told)
        self._finder = ahocorasick_rs.BytesAhoCorasick(self._needles) if self._needles else None

    def cases(self, answer: bytes) -> dict[int, int]:
        """The cases whose account stands in the bytes, and how surely (STRONG or WEAK)."""
        if self._finder is None:
            return {}
        text = answer.lower().replace(b"\\/", b"/")
        found: dict[int, int] = {}
        for index, start, end in self._finder.find_matches_as_indexes(text, overlapping=True):
            for case_id, strength in self._told[self._needles[index]]:
                if found.get(case_id, 0) < strength and _stands_alone(text, start, end, strength):
                    found[case_id] = strength
        return found


def _stands_alone(text: bytes, start: int, end: int, strength: int) -> bool:
    """Whether the match is a whole word, and a handle one that is marked as such."""
    if end < len(text) and _WORD.match(text, end) and not _ends_sentence(text, end):
        return False
    if strength == WEAK:
        return start > 0 and text[start - 1] in _BEFORE_HANDLE
    return start == 0 or not _WORD.match(text, start - 1) or text[start - 4 : start] == b"www."


def _ends_sentence(text: bytes, end: int) -> bool:
    return text[end : end + 1] == b"." and (end + 1 == len(text) or not _WORD.match(text, end + 1))


def needles(account: Account) -> list[tuple[bytes, int]]:
    """What to look for: lower-case bytes, each in the spellings of addresses and of JSON."""
    wanted: list[tuple[str, int]] = []
    if account.platform_id and len(account.platform_id) >= SHORTEST_ID:
        wanted.append((account.platform_id, STRONG))
    if account.url:
        address = _SCHEME.sub("", account.url).rstrip("/")
        if "." in address or "/" in address or ":" in address:
            wanted.append((address, STRONG))
    handle = (account.handle or "").lstrip("@")
    if len(handle) >= SHORTEST_HANDLE:
        wanted.append((handle, STRONG if account.platform == "web" or "@" in handle else WEAK))
    return list(dict.fromkeys((spelling, strength) for text, strength in wanted for spelling in spellings(text)))


def spellings(text: str) -> list[bytes]:
    """The text in lower case as UTF-8, percent-encoded, and escaped in JSON."""
    low = text.lower().encode("utf-8", "replace").decode()
    encoded = quote(low, safe="/:@?&=.-_~%").lower()
    return list(dict.fromkeys(word.encode() for word in (low, encoded, json.dumps(low)[1:-1])))
