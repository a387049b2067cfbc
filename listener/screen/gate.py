"""The gate before `judge`: of thousands of candidates the few that can be about us, at a few microseconds each.

A candidate that is turned away here is one of which `judge` would say `unrelated`, score 0 and no reason; the gate may
only err by letting through. It asks what `judge` asks: whether the register knows the account, whether its name or
handle holds anything of ours, and whether the rest of it names us (`verdict._speaks_of_us`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from itertools import chain

from listener.profiles import read_link
from listener.screen.index import Index
from listener.screen.known import Candidate, Known, strange_handles
from listener.screen.sayings import Sayings
from listener.screen.shortlist import Shortlist
from listener.text.skeleton import OVERRIDE
from listener.text.tokens import proper_handle
from listener.urls import on_site

_ODD_LINK = re.compile(r"[^!-$&-~ ]")  # a link that is not read as it stands


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
        given = [row.handle or "" for row in rows]
        strange = strange_handles(given)
        handles = _handles(rows, given, strange)
        held = self._shortlist.held([*(row.display_name or "" for row in rows), *handles])
        passing: list[bool] = (held[: len(rows)] | held[len(rows) :]).tolist()
        for number in self._speaking(rows):
            passing[number] = True
        left = [number for number, passes in enumerate(passing) if not passes]
        for number in chain(self._marked(rows, left), self._known.leading(rows, left, strange)):
            passing[number] = True
        self._prepare(rows, handles, passing)
        return passing

    def _marked(self, rows: Sequence[Candidate], left: Sequence[int]) -> Iterator[int]:
        """Candidates of which our side, a site, a picture or another direction says more than their names do."""
        avatars = self._index.avatars
        for number in left:
            row = rows[number]
            seen = row.avatar and avatars.can_look(row.avatar)
            turned = OVERRIDE in f"{row.display_name}{row.handle}{row.url}"  # read the other way round too
            if seen or turned or row.official_links or row.verified_links or row.platform == "web":
                yield number

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


def _handles(rows: Sequence[Candidate], given: Sequence[str], strange: Container[int]) -> list[str]:
    """The handles that `Index.look` reads."""
    handles = list(given)
    for number, handle in enumerate(given):
        if number in strange or handle.endswith(".social"):
            handles[number] = proper_handle(handle)
        elif not handle and (url := rows[number].url):
            handles[number] = proper_handle(read_link(url).handle)
    return handles
