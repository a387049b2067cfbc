"""Tokens with which other systems ask the review page: shown once, kept as hashes, ended when they must be."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from listener.clock import read_time, rfc3339
from listener.errors import LockedError
from listener.language import _
from listener.models import Record
from listener.store.database import Store, StoreError
from listener.store.people import API, Login, sealed, unless_busy

PREFIX = "listen_"  # what a search for leaked secrets looks for
USED_EVERY = timedelta(hours=1)  # how exactly the last use is kept
SOON = timedelta(days=30)  # before a token ends, people are told
_NAME = re.compile(r"[\w.-]{1,60}")
_TOKEN = re.compile(rf"{PREFIX}[\w-]{{43}}")


class Token(Record, frozen=True):
    """A token without its secret; `ends_at` is when it holds no longer, None when it holds until it is closed."""

    name: str
    role: str
    added_at: str
    used_at: str | None = None
    closed_at: str | None = None
    ends_at: datetime | None = None

    def ended(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now


def add_token(store: Store, name: str, role: str, now: datetime, ends_at: datetime | None = None) -> str:
    """A new token; returns it, for the only time. Raises StoreError for a name that is taken or no name."""
    if not _NAME.fullmatch(name):
        raise StoreError(_("a token needs a name of at most 60 letters, digits, dots and hyphens"))
    token = PREFIX + secrets.token_urlsafe(32)
    with store.transaction():
        if store.row("SELECT 1 FROM tokens WHERE name = ?", (name,)):
            raise StoreError(_("{name}: there is such a token already; its name stays with it").format(name=name))
        sql = "INSERT INTO tokens (name, role, token, added_at, ends_at) VALUES (?, ?, ?, ?, ?)"
        store.db.execute(sql, (name, role, sealed(token), rfc3339(now), ends_at and rfc3339(ends_at)))
    return token


def close_token(store: Store, name: str, now: datetime) -> None:
    """Let nobody ask with it any more. Raises StoreError when there is none."""
    with store.transaction():
        sql = "UPDATE tokens SET closed_at = ? WHERE name = ? AND closed_at IS NULL"
        if not store.db.execute(sql, (rfc3339(now), name)).rowcount:
            raise StoreError(_("{name}: there is no such token").format(name=name))


def end_token(store: Store, name: str, ends_at: datetime | None) -> None:
    """Let it hold until then, or until it is closed. Raises StoreError when there is none that is open."""
    with store.transaction():
        sql = "UPDATE tokens SET ends_at = ? WHERE name = ? AND closed_at IS NULL"
        if not store.db.execute(sql, (ends_at and rfc3339(ends_at), name)).rowcount:
            raise StoreError(_("{name}: there is no such token").format(name=name))


def tokens(store: Store) -> list[Token]:
    """Every token, by name."""
    sql = "SELECT name, role, added_at, used_at, closed_at, ends_at FROM tokens ORDER BY name"
    rows = store.rows(sql)
    return [Token(**row | {"ends_at": row["ends_at"] and read_time(row["ends_at"])}) for row in rows]


def ended_on(store: Store, token: str, now: datetime) -> datetime | None:
    """When a token ended that would hold else; None for any other."""
    row = _bearer(store, token)
    ends_at = read_time(row["ends_at"]) if row and row["ends_at"] else None
    return ends_at if ends_at and ends_at <= now else None


def _bearer(store: Store, token: str) -> dict[str, Any] | None:
    if not _TOKEN.fullmatch(token):
        return None
    return store.row("SELECT * FROM tokens WHERE token = ? AND closed_at IS NULL", (sealed(token),))


def token_login(store: Store, token: str, now: datetime) -> Login | None:
    """Whose token it is; None when it is nobody's, closed or ended. It needs no form: no browser sends it by itself."""
    row = _bearer(store, token)
    if row is None or (row["ends_at"] and read_time(row["ends_at"]) <= now):
        return None
    if row["used_at"] is None or now - read_time(row["used_at"]) >= USED_EVERY:
        with suppress(LockedError), unless_busy(store):
            store.db.execute("UPDATE tokens SET used_at = ? WHERE name = ?", (rfc3339(now), row["name"]))
    return Login(person=API + row["name"], role=row["role"], form="", how="token")
