"""Tokens of other systems that end soon: told while there is time to let them hold on."""

from __future__ import annotations

from datetime import datetime

from listener.clock import read_time
from listener.report.records import Ending
from listener.report.wording import Words
from listener.store import Store
from listener.store.tokens import SOON, tokens


def ending(store: Store, until: datetime) -> tuple[Ending, ...]:
    """Those that held at `until` and end within SOON of it, the next first."""
    found = [
        Ending(name=token.name, ends_at=token.ends_at)
        for token in tokens(store)
        if token.ends_at
        and read_time(token.added_at) <= until < token.ends_at <= until + SOON
        and (token.closed_at is None or read_time(token.closed_at) > until)
    ]
    return tuple(sorted(found, key=lambda token: token.ends_at))


def ending_sentence(token: Ending, words: Words) -> str:
    """The token diariet ends Sunday 22 November 2026 10:15, and its system is then refused."""
    told = words.say(
        "The token {name} ends {time}, and the system that has it is then refused. "
        "To let it hold on: listen serve token until"
    )
    return told.format(name=token.name, time=words.moment(token.ends_at, year=True))
