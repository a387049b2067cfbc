"""Host names from anywhere sifted for those about us: what sources are given that know no register."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import IO

import msgspec

from listener import __version__
from listener.errors import SourceError
from listener.organisation import Organisation
from listener.registry import Registry
from listener.screen.bulk import Screener
from listener.screen.opening import InputError, open_input
from listener.screen.sweep import Sweep


class NameSift:
    """The sweep of `listen screen --domains` as a source meets it. Nothing is built before the first name."""

    def __init__(self, organisation: Organisation, registry: Registry) -> None:
        self._organisation, self._registry = organisation, registry

    @cached_property
    def fingerprint(self) -> str:
        """Changes when the same names may be judged otherwise: other names of ours, another register or version."""
        told = msgspec.json.encode((self._organisation, [entry.url for entry in self._registry.entries], __version__))
        return hashlib.sha256(told).hexdigest()[:16]

    def hosts(self, stream: IO[bytes]) -> Iterator[str]:
        """Of host names, one a line, or a zone file: one for each registrable domain that would be flagged."""
        yield from Sweep(self._screener).hosts(stream)

    def hosts_in(self, path: str) -> Iterator[str]:
        """The same of a file, packed or not. Raises SourceError where it cannot be read."""
        try:
            with open_input(path) as stream:
                yield from self.hosts(stream)
        except InputError as wrong:
            raise SourceError(str(wrong)) from wrong

    @cached_property
    def _screener(self) -> Screener:
        return Screener(self._organisation, self._registry)
