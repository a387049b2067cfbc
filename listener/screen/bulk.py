"""A stream of candidates judged one after the other, in constant memory."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from listener.logos.avatars import Avatars
from listener.models import Account, Finding
from listener.organisation import Organisation
from listener.registry import Registry
from listener.screen.index import Index
from listener.verdict import judge


@contextmanager
def kept() -> Iterator[None]:
    """What is built inside stays: Python's search for cycles leaves it out, then and later, until `gc.unfreeze`.

    It would go through half a million objects again and again: a seventh of the time that an index takes.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Python does not search for cycles inside: what a batch makes is let go by itself, and an eighth of the time was
    spent on looking through it.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


class Screener:
    """Judges candidates against an index built once."""

    def __init__(self, organisation: Organisation, registry: Registry, avatars: Avatars | None = None) -> None:
        self.organisation, self.registry = organisation, registry
        self.index = Index(organisation, registry, avatars)

    def judge(self, account: Account) -> Finding:
        """The finding on one candidate."""
        return judge(account, self.organisation, self.registry, self.index)


def screen(
    accounts: Iterable[Account], organisation: Organisation, registry: Registry, avatars: Avatars | None = None
) -> Iterator[Finding]:
    """One finding per account, in their order; `avatars` compares profile pictures, those on this machine without."""
    screener = Screener(organisation, registry, avatars)
    for account in accounts:
        yield screener.judge(account)
