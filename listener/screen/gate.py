"""The gate before `judge`: of thousands of candidates the few that can be about us, at a few microseconds each.

A candidate that is turned away here is one of which `judge` would say `unrelated`, score 0 and no reason; the gate may
only err by letting through. It asks what `judge` asks: whether the register knows the account, whether its name or
handle holds anything of ours, and whether the rest of it names us (`verdict._speaks_of_us`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import compress, count, repeat
from operator import attrgetter, not_

import numpy as np

from listener.profiles import read_link
from listener.screen.hashes import Truths
from listener.screen.index import Index
from listener.screen.known import Candidate, Known, strange_handles
from listener.screen.sayings import Sayings
from listener.screen.shortlist import Shortlist
from listener.text.tokens import proper_handle
from listener.urls import on_site

_SITES = "web"  # the platform of web sites
_ODD_LINK = re.compile(r"[^!-$&-~ ]")  # a link that is not read as it stands


_platform, _handle, _display_name = attrgetter("platform"), attrgetter("handle"), attrgetter("display_name")
_description, _location = attrgetter("description"), attrgetter("location")
_avatar, _links = attrgetter("avatar"), attrgetter("links")
_official_links, _verified_links = attrgetter("official_links"), attrgetter("verified_links")


class Gate:
    """Built once from an index; then asked for batch after batch."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._domains = index.organisation.domains
        self._known = Known(index.registry)
        self._shortlist = Shortlist(index, self._known.letters)
        self._sayings = Sayings(index.organisation)

    def passing(self, rows: Sequence[Candidate]) -> Truths:
        """For each candidate whether it must be judged."""
        given = [handle or "" for handle in map(_handle, rows)]
        strange = strange_handles(given)
        handles = _handles(rows, given, strange)
        held = self._shortlist.held([*(name or "" for name in map(_display_name, rows)), *handles])
        passing: Truths = held[: len(rows)] | held[len(rows) :]
        passing[list(self._speaking(rows))] = True
        passing[list(self._marked(rows))] = True
        passing[list(self._known.leading(rows, given, strange, passing))] = True
        self._prepare(rows, handles, np.flatnonzero(passing).tolist())
        return passing

    def _marked(self, rows: Sequence[Candidate]) -> Iterator[int]:
        """Candidates of which our side, a site or a picture says more than their names do."""
        for links in (_official_links, _verified_links):
            yield from _numbers(map(links, rows))
        if _SITES in set(map(_platform, rows)):
            yield from (number for number, platform in enumerate(map(_platform, rows)) if platform == _SITES)
        can_look = self._index.avatars.can_look
        yield from (number for number in _numbers(map(_avatar, rows)) if can_look(rows[number].avatar or ""))

    def _speaking(self, rows: Sequence[Candidate]) -> Iterator[int]:
        """Candidates whose texts or links may name us."""
        told = [description or "" for description in map(_description, rows)]
        places = [place or "" for place in map(_location, rows)]
        if self._sayings.counts_digits:
            texts = [f"{one} {other}" if one or other else "" for one, other in zip(told, places, strict=True)]
        else:
            texts = told + places
        numbers = [*range(len(rows)), *range(len(rows))][: len(texts)]
        for number in _numbers(map(_links, rows)) if self._domains else ():
            links = rows[number].links or ()
            joined = " ".join(links)
            if not _ODD_LINK.search(joined):
                numbers.append(number)
                texts.append(joined)
            elif any(on_site(link, self._domains) for link in links):
                yield number
        for place in self._sayings.held(texts):
            yield numbers[place]

    def _prepare(self, rows: Sequence[Candidate], handles: Sequence[str], passing: Iterable[int]) -> None:
        """Look for what is near the names that are to be read closely, all at once."""
        names = (text for number in passing for text in (rows[number].display_name, handles[number]))
        self._index.prepare(text for text in names if text)


def _handles(rows: Sequence[Candidate], given: Sequence[str], strange: Set[int]) -> list[str]:
    """The handles that `Index.look` reads."""
    handles = list(given)
    social = map(str.endswith, given, repeat(".social"))
    for number in {*strange, *_numbers(social)}:
        handles[number] = proper_handle(given[number])
    for number in _numbers(map(not_, given)):
        if url := rows[number].url:
            handles[number] = proper_handle(read_link(url).handle)
    return handles


def _numbers(held: Iterable[object]) -> Iterator[int]:
    """Where something is held."""
    return compress(count(), held)
