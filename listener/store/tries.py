"""How often logging in was tried in vain: who must wait, counted by name, by place and by both."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from listener.clock import rfc3339
from listener.store.database import Store
from listener.store.log_ins import Outcome
from listener.store.people import LONGEST_NAME

TRIES = 5  # refused log-ins for one name from one place, before it has to wait
PLACE_TRIES = 20  # from one place, whoever it asks for
NAME_TRIES = 50  # for one name, from places where nobody of that name ever came in
WAIT = timedelta(minutes=15)
NEIGHBOURS = 64  # bits of an IPv6 address that are one subscriber's (RFC 6177): within them anybody takes any other


def take_try(store: Store, person: str, place: str, now: datetime) -> int | None:
    """Count one more try to log in; its number, or None when so many were refused that this one must wait.

    It counts as refused until `forgive` is told, so that of many at once none slips by. `place` is the address.
    """
    asked = {"at": rfc3339(now), "person": person[:LONGEST_NAME], "place": area(place), "since": rfc3339(now - WAIT)}
    with store.transaction():
        store.conn.execute("DELETE FROM refused_logins WHERE at <= :since", asked)
        row = store.rows(_COUNTED, asked)[0]
        if row["both"] >= TRIES or row["places"] >= PLACE_TRIES:
            return None
        if row["names"] >= NAME_TRIES and not _came_from(store, asked["person"], asked["place"]):
            return None
        return store.conn.execute(_NOTED, asked).lastrowid


def forgive(store: Store, number: int) -> None:
    """The try of that number was no refused one."""
    with store.transaction():
        store.conn.execute("DELETE FROM refused_logins WHERE id = ?", (number,))


def area(place: str) -> str:
    """An address, or of IPv6 the network that one subscriber has; what is no address as it is."""
    try:
        address = ip_address(place)
    except ValueError:
        return place
    return str(ip_network((address, NEIGHBOURS), strict=False)) if isinstance(address, IPv6Address) else place


_COUNTED = """SELECT count(*) FILTER (WHERE person = :person AND place = :place) AS both,
    count(*) FILTER (WHERE person = :person) AS names, count(*) FILTER (WHERE place = :place) AS places
    FROM refused_logins WHERE at > :since"""
_NOTED = "INSERT INTO refused_logins (at, person, place) VALUES (:at, :person, :place)"


def _came_from(store: Store, person: str, place: str) -> bool:
    """Whether somebody of that name came in from there before: strangers must not shut their own door on them."""
    sql = "SELECT DISTINCT place FROM log_ins WHERE person = ? AND outcome = ?"
    return any(area(row["place"]) == place for row in store.rows(sql, (person, Outcome.LOGGED_IN.value)))
