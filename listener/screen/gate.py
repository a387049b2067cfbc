"""The gate before `judge`: of thousands of candidates the few that can be about us, at a few microseconds each.

A candidate that is turned away here is one of which `judge` would say `unrelated`, score 0 and no reason; the gate may
only err by letting through. It asks what `judge` asks: whether the register knows the account, whether its name or
handle holds anything of ours, and whether the rest of it names us (`verdict._speaks_of_us`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from listener.profiles import read_link
from listener.screen.index import Index
from listener.screen.known import Known, is_plain
from listener.screen.sayings import Sayings
from listener.screen.shortlist import Shortlist
from listener.text.tokens import proper_handle
from listener.urls import on_site

_ODD_LINK = re.compile(r"[^!-$&-~ ]")  # a link that is not read as it stands


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


class Gate:
    """Built once from an index; then asked for batch after batch."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._domains = index.organisation.domains
        self._known = Known(index.registry)
        self._shortlist = Shortlist(index, self._known.letters)
        self._sayings = Sayings(index.organisation)

    def passing(self, rows: Sequence[Candidate]) -> list[bool]:
        """For each candidate whether it must be judged."""
        handles = [_handle(row) for row in rows]
        held = self._shortlist.held([*(row.display_name or "" for row in rows), *handles])
        passing: list[bool] = (held[: len(rows)] | held[len(rows) :]).tolist()
        for number in self._speaking(rows):
            passing[number] = True
        for number, row in enumerate(rows):
            if not passing[number] and self._marked(row):
                passing[number] = True
        self._prepare(rows, handles, passing)
        return passing

    def _marked(self, row: Candidate) -> bool:
        """Whether the register, our own side or a picture may say more of the account than its names do."""
        if row.platform == "web" or row.official_links or row.verified_links:
            return True
        if row.platform_id and self._known.has_id(str(row.platform_id)):
            return True
        if row.handle and self._known.has_handle(row.platform, row.handle):
            return True
        if row.url and self._known.may_lead_to(row.url, row.handle):
            return True
        return bool(row.avatar) and self._index.avatars.can_look(row.avatar)

    def _speaking(self, rows: Sequence[Candidate]) -> Iterator[int]:
        """Candidates whose texts or links may name us."""
        numbers, texts = [], []
        for number, row in enumerate(rows):
            if row.description or row.location:
                numbers.append(number)
                texts.append(f"{row.description or ''} {row.location or ''}")
            if row.links and self._domains:
                links = " ".join(row.links)
                if not _ODD_LINK.search(links):
                    numbers.append(number)
                    texts.append(links)
                elif any(on_site(link, self._domains) for link in row.links):
                    yield number
        for place in self._sayings.held(texts):
            yield numbers[place]

    def _prepare(self, rows: Sequence[Candidate], handles: Sequence[str], passing: Sequence[bool]) -> None:
        """Look for what is near the names that are to be read closely, all at once."""
        self._index.prepare(
            text
            for row, handle, passes in zip(rows, handles, passing, strict=True)
            if passes
            for text in (row.display_name, handle)
            if text
        )


def _handle(row: Candidate) -> str:
    """The handle that `Index.look` reads."""
    if row.handle:
        plain = is_plain(row.handle) and not row.handle.endswith(".social")
        return row.handle if plain else proper_handle(row.handle)
    link = read_link(row.url) if row.url else None
    return proper_handle(link.handle) if link else ""
