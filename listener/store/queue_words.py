"""What the queue is searched by: the words of each case's account, and an index of every three letters in a row."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from listener.models import Account
from listener.store.database import Store, storable
from listener.text.fold import fold
from listener.text.skeleton import skeleton

LONGEST = 200  # letters of a name, a handle, an address
FEW = 5_000  # accounts that are looked at one by one; beyond that all are, which takes 30 ms of 100,000
MOST_RUNS = 50  # that begin with one or two letters; what more begin with is in many names
MOST_ASKED = 16  # runs of three letters that the index is asked for: what it finds is read again anyway


class Sought(NamedTuple):
    """A text as it is looked for: as it is written and as it is read, folded, and the case that it may number."""

    text: str
    read: str
    number: int | None


def sought(text: str) -> Sought:
    """`text` as somebody typed it."""
    number = re.fullmatch(r"#?(\d{1,15})", text, re.ASCII)
    return Sought(fold(text), fold(skeleton(text)), int(number[1]) if number else None)


def words_of(account: Account) -> str:
    """What the account is searched by, folded: its name as written and as it is read, its handle and its address.

    Line breaks end it, so that each of its letters begins a run of three.
    """
    name = (account.display_name or "")[:LONGEST]
    said = (name, skeleton(name), (account.handle or "")[:LONGEST], (account.url or "")[:LONGEST])
    return "\n".join(dict.fromkeys(map(fold, said))) + "\n\n"


# Words that are still the same are left alone, and with them the index. One statement for all: at each that may have to
# be taken back the index is written out, which takes 100 microseconds.
_SAVED = """INSERT INTO account_words (id, account_key, words)
    SELECT c.id, c.account_key, s.value ->> 1 FROM json_each(?) s JOIN cases c ON c.account_key = s.value ->> 0
    WHERE true ORDER BY s.key
    ON CONFLICT (id) DO UPDATE SET words = excluded.words WHERE words <> excluded.words"""


def save_words(store: Store, accounts: Iterable[tuple[str, Account]]) -> None:
    """What accounts with a case are searched by from now on, each after its key; of one key the last counts.

    Must run inside the transaction that keeps them.
    """
    rows = [(key, storable(words_of(account))) for key, account in accounts]
    if rows:
        store.conn.execute(_SAVED, (msgspec.json.encode(rows).decode(),))


def forget_words(store: Store, key: str) -> None:
    """The account is found by its words no more."""
    store.conn.execute("DELETE FROM account_words WHERE account_key = ?", (key,))


def index_anew(conn: sqlite3.Connection) -> None:
    """Make the index from the words that there are: of those that went it else keeps the letters for a while."""
    conn.execute("INSERT INTO account_index (account_index) VALUES ('rebuild')")


def few_cases(store: Store, asked: Sought, units: list[str]) -> list[int] | None:
    """The cases whose accounts or units (one of `units`) are meant, and the one that is numbered, when they are few.

    None when the index knows of more than FEW, or cannot tell.
    """
    ways = [_asked(store, way) for way in dict.fromkeys((asked.text, asked.read))]
    if None in ways:
        return None
    runs = " OR ".join(way for way in ways if way)
    near = store.rows(_NEAR, {"runs": runs, "most": FEW + 1}) if runs else []
    given = {"units": as_array(units), "number": asked.number, "most": FEW + 1}
    of_units = [] if len(near) > FEW else store.rows(_OF_UNITS, given)
    if max(len(near), len(of_units)) > FEW:
        return None
    given = {"near": as_array([row["rowid"] for row in near]), "text": asked.text, "read": asked.read}
    return sorted({row["id"] for row in (*store.rows(_HELD, given), *of_units)})


_NEAR = "SELECT rowid FROM account_index WHERE account_index MATCH :runs LIMIT :most"
_HELD = """SELECT id FROM account_words WHERE id IN (SELECT value FROM json_each(:near))
    AND (instr(words, :text) OR instr(words, :read))"""
_OF_UNITS = """SELECT id FROM cases WHERE id = :number
    UNION ALL SELECT * FROM (SELECT id FROM cases WHERE unit IN (SELECT value FROM json_each(:units)) LIMIT :most)"""
_BEGINNING = "SELECT term FROM account_runs WHERE term >= :text AND term <= :last LIMIT :most"
_LAST = chr(0x10FFFF)


def _asked(store: Store, text: str) -> str | None:
    """What the index is asked for a text, empty when nobody can bear it and None when it cannot be asked.

    All runs of three letters of the text, wherever they stand; of one or two letters any run that begins with them.
    """
    if len(text) >= 3:
        runs = dict.fromkeys(text[start : start + 3] for start in range(len(text) - 2))
        return f"({' AND '.join(map(_quoted, list(runs)[:MOST_ASKED]))})"
    rows = store.rows(_BEGINNING, {"text": text, "last": text + _LAST, "most": MOST_RUNS + 1}) if text else []
    if not text or len(rows) > MOST_RUNS:
        return None
    return f"({' OR '.join(_quoted(row['term']) for row in rows)})" if rows else ""


def _quoted(letters: str) -> str:
    return '"' + letters.replace('"', '""') + '"'


def as_array(values: Sequence[int | str]) -> str:
    """What `json_each` reads."""
    return msgspec.json.encode(values).decode()
