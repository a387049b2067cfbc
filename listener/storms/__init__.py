"""Storms in the log: per saved query, from hourly counts of mentions, writers, new writers and threatening posts.

A storm is an unusual pattern, and nothing is said of whom or what it is about: people look and decide. What was not
read is not calm: such hours can be unusual, and teach nothing of what is usual.
"""

from __future__ import annotations

from datetime import datetime

from listener.store import Store
from listener.store.storms import Storm as Storm
from listener.store.storms import load_storms
from listener.storms.watching import watch as watch


def storms(store: Store, since: datetime, until: datetime) -> list[Storm]:
    """The storms that went on at some time in [since, until), those that are not over too, oldest first."""
    return load_storms(store, since, until)
