"""People who may log in to the review page, their sessions, and how often somebody was refused."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from listener.clock import read_time, rfc3339
from listener.language import _
from listener.models import Record
from listener.store.database import Store, StoreError

LONGEST = timedelta(hours=10)  # a working day: after that everybody logs in again
IDLE = timedelta(minutes=60)
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last request is kept
TRIES = 5  # refused log-ins for one name, or from one place, before it has to wait
WAIT = timedelta(minutes=15)
LONGEST_NAME = 200


class Person(Record, frozen=True):
    """A local account. `password` is an argon2 hash; `closed_at` is set when it may log in no longer."""

    name: str
    role: str
    password: str
    added_at: str
    closed_at: str | None = None


class Login(Record, frozen=True):
    """Who is logged in, as what, and the secret that every form of this session must carry."""

    person: str
    role: str
    form: str


def add_person(store: Store, name: str, role: str, password: str, now: datetime) -> None:
    """Add a local account, or give it a new role and password; its sessions end. `password` is a hash."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise StoreError(_("a person needs a name of at most {most} letters").format(most=LONGEST_NAME))
    sql = """INSERT INTO people (name, role, password, added_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
        SET role = excluded.role, password = excluded.password, closed_at = NULL"""
    with store.transaction():
        store.db.execute(sql, (name, role, password, rfc3339(now)))
        store.db.execute("DELETE FROM sessions WHERE person = ?", (name,))


def close_person(store: Store, name: str, now: datetime) -> None:
    """Let nobody log in as `name` any more, and end its sessions. Raises StoreError when there is no such account."""
    with store.transaction():
        if find_person(store, name) is None:
            raise StoreError(_("{name}: there is no such person").format(name=name))
        store.db.execute("UPDATE people SET closed_at = ? WHERE name = ?", (rfc3339(now), name))
        store.db.execute("DELETE FROM sessions WHERE person = ?", (name,))


def people(store: Store) -> list[Person]:
    """Every local account, by name."""
    return [Person(**row) for row in store.rows("SELECT * FROM people ORDER BY name")]


def find_person(store: Store, name: str) -> Person | None:
    """The open account of that name."""
    row = store.row("SELECT * FROM people WHERE name = ? AND closed_at IS NULL", (name,))
    return Person(**row) if row else None


def begin_session(store: Store, person: str, role: str, now: datetime) -> str:
    """A new session; returns its token, which is kept nowhere but with the one who logged in."""
    token, form, at = secrets.token_urlsafe(32), secrets.token_urlsafe(32), rfc3339(now)
    row = (_sealed(token), person, role, form, at, at)
    with store.transaction():
        store.db.execute("DELETE FROM sessions WHERE began_at <= ?", (rfc3339(now - LONGEST),))
        store.db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)", row)
    return token


def current_login(store: Store, token: str, now: datetime) -> Login | None:
    """Whose session a token is; None when it is nobody's, too old or was left too long."""
    row = store.row("SELECT * FROM sessions WHERE token = ?", (_sealed(token),))
    if row is None:
        return None
    began, seen = read_time(row["began_at"]), read_time(row["seen_at"])
    if now - began >= LONGEST or now - seen >= IDLE:
        end_session(store, token)
        return None
    if now - seen >= SEEN_EVERY:
        with store.transaction():
            store.db.execute("UPDATE sessions SET seen_at = ? WHERE token = ?", (rfc3339(now), row["token"]))
    return Login(person=row["person"], role=row["role"], form=row["form"])


def end_session(store: Store, token: str) -> None:
    """Log out."""
    with store.transaction():
        store.db.execute("DELETE FROM sessions WHERE token = ?", (_sealed(token),))


def note_refused(store: Store, person: str, place: str, now: datetime) -> None:
    """Keep a refused log-in for as long as it counts; `place` is the address it came from."""
    with store.transaction():
        store.db.execute("DELETE FROM refused_logins WHERE at <= ?", (rfc3339(now - WAIT),))
        sql = "INSERT INTO refused_logins (at, person, place) VALUES (?, ?, ?)"
        store.db.execute(sql, (rfc3339(now), person[:LONGEST_NAME], place))


def must_wait(store: Store, person: str, place: str, now: datetime) -> bool:
    """Whether so many log-ins for this name, or from this place, were refused that the next must wait."""
    sql = """SELECT count(*) FILTER (WHERE person = ?) AS names, count(*) FILTER (WHERE place = ?) AS places
        FROM refused_logins WHERE at > ?"""
    row = store.rows(sql, (person[:LONGEST_NAME], place, rfc3339(now - WAIT)))[0]
    return bool(row["names"] >= TRIES or row["places"] >= 4 * TRIES)


def choices_of(store: Store, person: str) -> dict[str, str]:
    """What somebody has chosen for themselves, by name."""
    rows = store.rows("SELECT name, value FROM people_choices WHERE person = ?", (person,))
    return {row["name"]: row["value"] for row in rows}


def save_choice(store: Store, person: str, name: str, value: str) -> None:
    """Keep what somebody chooses."""
    sql = "INSERT OR REPLACE INTO people_choices (person, name, value) VALUES (?, ?, ?)"
    with store.transaction():
        store.db.execute(sql, (person, name, value))


def _sealed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
