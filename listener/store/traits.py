"""What accounts have in common: a name that reads the same, a site they link to, a picture; one row each."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

import msgspec

from listener.models import Account, Record, State, Verdict
from listener.store.database import Store, storable
from listener.store.queue_words import LONGEST, forget_words, words_of
from listener.text.fold import compact
from listener.text.skeleton import skeleton
from listener.urls import host, registrable_domain

NAME, SITE, PICTURE = "name", "site", "picture"
LINKS = 20  # of an account that are kept as traits
SHOWN = 20  # accounts told of for one trait
# The last part of a picture's address where it is a hash or a number of its own, as content stores name pictures.
_OWN_NAME = re.compile(r"[A-Za-z0-9_-]{20,128}")


class Alike(Record, frozen=True):
    """Another case, and what its account shares: `kind` = name | site | picture with its `value` as it is kept, or by
    `looks` look | recoloured.
    """

    kind: str
    value: str
    case_id: int
    verdict: Verdict
    state: State
    platform: str
    name: str


def traits_of(account: Account) -> Iterator[str]:
    """`kind:value` of all that other accounts may share with this one."""
    read = compact(skeleton((account.display_name or "")[:LONGEST]))
    if len(read) >= 4:  # shorter ones are everybody's
        yield f"{NAME}:{read}"
    sites = {registrable_domain(host(link)) for link in islice(account.links or (), LINKS)}
    if account.platform == "web" and account.handle:
        sites.add(registrable_domain(account.handle.lower()))
    yield from (f"{SITE}:{site[:LONGEST]}" for site in sorted(sites) if site)
    named = (account.avatar or "").partition("?")[0].rpartition("/")[2].partition("@")[0].partition(".")[0]
    if _OWN_NAME.fullmatch(named):
        yield f"{PICTURE}:{named}"


def save_traits(store: Store, key: str, account: Account, anew: bool) -> None:
    """The traits of an account that was seen; `anew` when it is new or looks different, and the old ones go.

    Must run inside the transaction that keeps it.
    """
    if anew:
        _forget_shared(store, key)
    _add(store.conn, key, account)


def forget_traits(store: Store, key: str) -> None:
    """Nothing of what an account shares with others, or is searched by, is kept any more."""
    _forget_shared(store, key)
    forget_words(store, key)


def _forget_shared(store: Store, key: str) -> None:
    store.conn.execute("DELETE FROM account_traits WHERE account_key = ?", (key,))
    forget_look(store, key)


def forget_look(store: Store, key: str) -> None:
    """Nothing of what the account's picture looks like is kept any more."""
    store.conn.execute("DELETE FROM look_bands WHERE account_key = ?", (key,))
    store.conn.execute("DELETE FROM account_looks WHERE account_key = ?", (key,))


def save_pictures(store: Store, pictures: Mapping[str, str]) -> None:
    """Note the SHA-256 of the pictures that were looked at, by the key of the account; strangers are passed over."""
    with store.transaction():
        for key, digest in pictures.items():
            if store.row("SELECT 1 FROM accounts WHERE key = ?", (key,)) is None:
                continue
            store.conn.execute(_OTHER_DIGESTS, (key, len(f"{PICTURE}:{digest}")))
            store.conn.execute(_ADD, (f"{PICTURE}:{digest}", key))


_OTHER_DIGESTS = "DELETE FROM account_traits WHERE account_key = ? AND trait LIKE 'picture:%' AND length(trait) = ?"


def alike(store: Store, case_id: int, besides: Collection[str] = ()) -> list[Alike]:
    """Other cases whose accounts share a trait with this one, at most SHOWN for each trait.

    `besides` are sites that tell nothing, such as our own.
    """
    mine = store.rows(
        "SELECT t.trait FROM account_traits t JOIN cases c ON c.account_key = t.account_key WHERE c.id = ?", (case_id,)
    )
    found = []
    for row in mine:
        kind, _colon, value = row["trait"].partition(":")
        if kind != SITE or value not in besides:
            found += [read_alike(other, kind, value) for other in store.rows(_OTHERS, (row["trait"], case_id, SHOWN))]
    return found


_OTHERS = """SELECT c.id, c.verdict, c.state, c.platform, a.display_name, a.handle, a.url FROM account_traits t
    JOIN cases c ON c.account_key = t.account_key JOIN accounts a ON a.key = c.account_key
    WHERE t.trait = ? AND c.id <> ? LIMIT ?"""


def read_alike(row: Mapping[str, object], kind: str, value: str) -> Alike:
    """A case as what it shares; the row names the account and its case."""
    return Alike(
        kind=kind,
        value=value,
        case_id=int(str(row["id"])),
        verdict=Verdict(str(row["verdict"])),
        state=State(str(row["state"])),
        platform=str(row["platform"]),
        name=str(row["display_name"] or row["handle"] or row["url"] or row["id"])[:LONGEST],
    )


def add_known_traits(conn: sqlite3.Connection) -> None:
    """The traits of every account that is kept already; for the step that made their table."""
    decode = msgspec.json.Decoder(Account).decode
    for key, record in conn.execute("SELECT key, record FROM accounts").fetchall():
        account = decode(record)
        _add(conn, key, account)
        row = (key, storable(words_of(account)))  # as that step has the table
        conn.execute("INSERT INTO account_words (account_key, words) VALUES (?, ?)", row)


_ADD = "INSERT OR IGNORE INTO account_traits (trait, account_key) VALUES (?, ?)"


def _add(conn: sqlite3.Connection, key: str, account: Account) -> None:
    conn.executemany(_ADD, [(storable(trait), key) for trait in traits_of(account)])
