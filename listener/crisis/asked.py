"""Which posts of a picture are questions to us, and which of those are taken care of, by the answer clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from listener.answers.clock import questions, refresh
from listener.answers.questions import ours_of
from listener.answers.settings import Duties
from listener.organisation import Organisation
from listener.registry import Registry
from listener.store import Store


class Asked(NamedTuple):
    """A post's number with the sentence that asks, and the numbers of those that wait for nothing more."""

    sentences: Mapping[int, str]
    done: frozenset[int]

    def answered(self, post: int) -> bool:
        return post in self.done


def asked_of_us(
    store: Store, duties: Duties, organisation: Organisation, registry: Registry, since: datetime, now: datetime
) -> Asked:
    """The questions since then as they stand now: answered, forwarded, not to be answered, or taken away by
    whoever asked, is all taken care of."""
    refresh(store, duties, ours_of(organisation, registry.entries), now)
    found = [one for one in questions(store, duties, now, since) if one.sentence]
    return Asked(
        {one.logged.id: one.sentence for one in found},
        frozenset(one.logged.id for one in found if not one.waits),
    )
