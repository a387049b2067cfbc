"""Which of our accounts somebody looked at, and which nobody did in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from listener.errors import RegistryError
from listener.language import _
from listener.models import Entry, Record, Status
from listener.profiles import read_link
from listener.store import Store
from listener.store.supervision import Look, load_looks
from listener.urls import url_key


class Watched(Record):
    """An official account and the last look at it; `look` None: nobody ever looked. `late`: longer ago than allowed."""

    entry: Entry
    look: Look | None
    late: bool


def official(entries: Iterable[Entry]) -> list[Entry]:
    """The accounts that must be watched: the approved ones."""
    return [entry for entry in entries if entry.status is Status.APPROVED]


def watched(store: Store, entries: Iterable[Entry], days: int, now: datetime) -> list[Watched]:
    """Every official account with the last look at it up to now; those nobody ever looked at first, then the oldest."""
    last: dict[str, Look] = {}
    for look in load_looks(store, None, now + timedelta(seconds=1)):
        last |= dict.fromkeys(names(look.platform, look.platform_id, look.url), look)
    rows = []
    for entry in official(entries):
        looks = [last[name] for name in names(entry.platform, entry.platform_id, entry.url) if name in last]
        latest = max(looks, key=lambda look: look.id, default=None)
        late = latest is None or now - latest.at > timedelta(days=days)
        rows.append(Watched(entry=entry, look=latest, late=late))
    return sorted(rows, key=lambda row: (row.look is not None, row.look.at if row.look else now, row.entry.line))


def names(platform: str, platform_id: str | None, url: str) -> list[str]:
    """What an account is known by: its id survives a new handle, its address a register without ids."""
    return [*([f"{platform}:{platform_id}"] if platform_id else []), url_key(url)]


def chosen(entries: Sequence[Entry], account: str) -> Entry:
    """The official account of this address or handle. Raises RegistryError when there is none, or more than one."""
    wanted, handle = url_key(account), account.strip().lstrip("@").casefold()
    platform, _colon, name = handle.partition(":")
    link = read_link(account)
    found = [
        entry
        for entry in official(entries)
        if url_key(entry.url) == wanted
        or (link.canonical and url_key(link.canonical) == url_key(entry.url))
        or (entry.handle is not None and entry.handle.casefold() == handle)
        or (entry.handle is not None and (entry.platform, entry.handle.casefold()) == (platform, name.lstrip("@")))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        several = _("{account}: there are {count}: give the address, as in {url}")
        raise RegistryError(several.format(account=account, count=len(found), url=found[0].url))
    none = _("{account}: no approved account in the register: `listen supervision list` shows those there are")
    raise RegistryError(none.format(account=account))
