"""People who may log in to the review page, their and their sessions."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from unicodedata import normalize

from listener.clock import read_time, rfc3339
from listener.errors import LockedError
from listener.language import _
from listener.models import Record
from listener.store.database import BUSY_SECONDS, Store, StoreError
from listener.store.events import MACHINE
from listener.terminal import plain
from listener.text.skeleton import skeleton

LONGEST = timedelta(hours=10)  # a working day: after that everybody logs in again
IDLE = timedelta(minutes=60)
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last request is kept
LONGEST_NAME = 200
API = "api:"  # before the name of a token, where it signs what it does
LANGUAGE = "language"  # the choice of that name: which one the page speaks


class Person(Record, frozen=True):
    """A local account. `password` is an argon2 hash; `closed_at` is set when it may log in no longer."""

    name: str
    role: str
    password: str
    added_at: str
    closed_at: str | None = None


class Login(Record, frozen=True):
    """Who is logged in, as what, and the secret that every form of this session must carry.

    `how` is local, oidc, proxy or token.
    """

    person: str
    role: str
    form: str
    how: str = "local"


def add_person(store: Store, name: str, role: str, password: str, now: datetime) -> None:
    """Add a local account, or give it a new role and password; its sessions end. `password` is a hash."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise StoreError(_("a person needs a name of at most {most} letters").format(most=LONGEST_NAME))
    known = store.row("SELECT 1 FROM people WHERE name = ?", (name,)) is not None
    if reserved(name) or (not known and reads(name) in map(reads, _names(store))):
        raise StoreError(_("{name}: somebody else signs with that name: take another").format(name=name))
    sql = """INSERT INTO people (name, role, password, added_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
        SET role = excluded.role, password = excluded.password, closed_at = NULL"""
    with store.transaction():
        store.db.execute(sql, (name, role, password, rfc3339(now)))
        store.db.execute("DELETE FROM sessions WHERE person = ?", (name,))


def set_password(store: Store, name: str, password: str) -> None:
    """Give a local account another password; `password` is a hash. Its sessions end."""
    with store.transaction():
        store.db.execute("UPDATE people SET password = ? WHERE name = ?", (password, name))
        store.db.execute("DELETE FROM sessions WHERE person = ?", (name,))


def close_person(store: Store, name: str, now: datetime) -> None:
    """Let nobody log in as `name` any more, and end its sessions. Raises StoreError when there is no such account."""
    closed = 0
    with store.transaction():
        for table, column in (("people", "name"), ("outsiders", "person")):
            sql = f"UPDATE {table} SET closed_at = ? WHERE {column} = ? AND closed_at IS NULL"  # noqa: S608
            closed += store.db.execute(sql, (rfc3339(now), name)).rowcount
        if not closed:
            raise StoreError(_("{name}: there is no such person").format(name=name))
        store.db.execute("DELETE FROM sessions WHERE person = ?", (name,))


def reserved(name: str) -> bool:
    """Whether only the machine, or a token, may sign with this name."""
    return name.casefold() == MACHINE or name.casefold().startswith(API)


def people(store: Store) -> list[Person]:
    """Every local account, by name."""
    return [Person(**row) for row in store.rows("SELECT * FROM people ORDER BY name")]


def find_person(store: Store, name: str) -> Person | None:
    """The open account of that name."""
    row = store.row("SELECT * FROM people WHERE name = ? AND closed_at IS NULL", (name,))
    return Person(**row) if row else None


def begin_session(
    store: Store, person: str, role: str, now: datetime, how: str = "local", longest: timedelta = LONGEST
) -> str:
    """A new session; returns its token, which is kept nowhere but with the one who logged in."""
    token, form, at = secrets.token_urlsafe(32), secrets.token_urlsafe(32), rfc3339(now)
    row = (sealed(token), person, role, form, at, at, how)
    with store.transaction():
        store.db.execute("DELETE FROM sessions WHERE began_at <= ?", (rfc3339(now - longest),))
        sql = "INSERT INTO sessions (token, person, role, form, began_at, seen_at, how) VALUES (?, ?, ?, ?, ?, ?, ?)"
        store.db.execute(sql, row)
    return token


def current_login(
    store: Store, token: str, now: datetime, longest: timedelta = LONGEST, idle: timedelta = IDLE
) -> Login | None:
    """Whose session a token is; None when it is nobody's, too old or was left too long."""
    if not token:
        return None
    row = store.row("SELECT * FROM sessions WHERE token = ?", (sealed(token),))
    if row is None:
        return None
    began, seen = read_time(row["began_at"]), read_time(row["seen_at"])
    if now - began >= longest or now - seen >= idle:
        end_session(store, token)
        return None
    if now - seen >= SEEN_EVERY:
        with suppress(LockedError), unless_busy(store):
            store.db.execute("UPDATE sessions SET seen_at = ? WHERE token = ?", (rfc3339(now), row["token"]))
    return Login(person=row["person"], role=row["role"], form=row["form"], how=row["how"])


@contextmanager
def unless_busy(store: Store) -> Iterator[None]:
    """A transaction that does not wait: for what may be left out while an audit is writing. Raises LockedError."""
    store.conn.execute("PRAGMA busy_timeout = 0")
    try:
        with store.transaction():
            yield
    finally:
        store.conn.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def end_session(store: Store, token: str) -> None:
    """Log out."""
    with store.transaction():
        store.db.execute("DELETE FROM sessions WHERE token = ?", (sealed(token),))


def welcome(store: Store, issuer: str, subject: str, shown: str, role: str, now: datetime) -> str | None:
    """Somebody whom `issuer` vouches for: the name it signs with here, None when it may not come in any more.

    Issuer and subject say who it is. The name is given at the first visit, never to two, and is nobody's local
    account. Its sessions end when its role is another than last time.
    """
    with store.transaction():
        known = store.row("SELECT * FROM outsiders WHERE issuer = ? AND subject = ?", (issuer, subject))
        if known is None:
            person = _free_name(store, shown)
            sql = """INSERT INTO outsiders (person, issuer, subject, role, first_at, last_at)
                VALUES (?, ?, ?, ?, ?, ?)"""
            store.db.execute(sql, (person, issuer, subject, role, rfc3339(now), rfc3339(now)))
            return person
        if known["closed_at"] is not None:
            return None
        person = str(known["person"])
        if known["role"] != role:
            store.db.execute("DELETE FROM sessions WHERE person = ?", (person,))
        sql = "UPDATE outsiders SET role = ?, last_at = ? WHERE person = ?"
        store.db.execute(sql, (role, rfc3339(now), person))
        return person


class Outsider(Record, frozen=True):
    """Somebody whom a provider or a proxy vouches for, as they were when they last came in."""

    person: str
    role: str
    last_at: datetime


def outsider(store: Store, issuer: str, subject: str) -> Outsider | None:
    """Who that is; None when there is nobody, or when they may not come in any more."""
    sql = "SELECT person, role, last_at FROM outsiders WHERE issuer = ? AND subject = ? AND closed_at IS NULL"
    row = store.row(sql, (issuer, subject))
    return Outsider(person=row["person"], role=row["role"], last_at=read_time(row["last_at"])) if row else None


def end_sessions(store: Store, person: str) -> None:
    """Log somebody out everywhere."""
    with store.transaction():
        store.db.execute("DELETE FROM sessions WHERE person = ?", (person,))


def outsiders(store: Store) -> list[dict[str, Any]]:
    """Everybody who came in by a provider or a proxy: person, role, issuer, last_at, closed_at."""
    return store.rows("SELECT person, role, issuer, last_at, closed_at FROM outsiders ORDER BY person")


def _free_name(store: Store, shown: str) -> str:
    """`shown`, or that with a number when somebody has it already, in whatever letters."""
    name = " ".join(plain(shown, LONGEST_NAME // 2).split())
    if not name or reserved(name):
        name = f"? {name}".strip()
    taken = {reads(each) for each in _names(store)}
    names = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
    return next(each for each in names if reads(each) not in taken)


def reads(name: str) -> str:
    """What people take a name for: two who read alike must not sign as each other."""
    return skeleton(normalize("NFKC", name)).casefold()


def _names(store: Store) -> list[str]:
    return [row["name"] for row in store.rows("SELECT name FROM people UNION ALL SELECT person FROM outsiders")]


def choices_of(store: Store, person: str) -> dict[str, str]:
    """What somebody has chosen for themselves, by name."""
    rows = store.rows("SELECT name, value FROM people_choices WHERE person = ?", (person,))
    return {row["name"]: row["value"] for row in rows}


def save_choice(store: Store, person: str, name: str, value: str) -> None:
    """Keep what somebody chooses."""
    sql = "INSERT OR REPLACE INTO people_choices (person, name, value) VALUES (?, ?, ?)"
    with store.transaction():
        store.db.execute(sql, (person, name, value))


def sealed(token: str) -> str:
    """What is kept of a token: who reads the store cannot take a session over."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
