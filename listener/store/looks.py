"""Accounts whose pictures look alike, whatever their size, their encoding or their colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from listener.logos import Look
from listener.store.database import Store, as_json
from listener.store.traits import Alike, forget_look, read_alike

LOOK, RECOLOURED = "look", "recoloured"  # kinds of Alike: the same picture, and the same in other colours
APART = 18  # of 256 bits of the lines that may differ: see listener/logos/looks.py
OTHER_COLOURS = 10.0  # mean difference of the colours, of 255: saved anew it is at most 7, in other colours 24 and more
BAND = 2  # bytes; two that differ in 18 bits share some of the 16 bands all but surely
MET = 40  # accounts looked up for one band, whoever floods us with copies
SHOWN = 20


def save_looks(store: Store, looks: Mapping[str, Look | None]) -> None:
    """Keep what the pictures that were looked at look like, by the key of the account; strangers are passed over."""
    with store.transaction():
        for key, look in looks.items():
            forget_look(store, key)
            if look is None or store.row("SELECT 1 FROM accounts WHERE key = ?", (key,)) is None:
                continue
            store.conn.execute("INSERT INTO account_looks VALUES (?, ?, ?)", (key, look.lines, look.colours))
            rows = [(band, key) for band in bands(look.lines)]
            store.conn.executemany("INSERT INTO look_bands VALUES (?, ?)", rows)


def bands(lines: bytes) -> Iterator[int]:
    """The numbers under which the lines are found again: which two bytes they are, and what these hold."""
    for at in range(0, len(lines), BAND):
        yield at << 8 * BAND | int.from_bytes(lines[at : at + BAND], "big")


def look_alikes(store: Store, case_id: int) -> list[Alike]:
    """Other cases whose picture looks like this one's, those most alike first, at most SHOWN of each kind."""
    sql = """SELECT l.* FROM account_looks l JOIN cases c ON c.account_key = l.account_key WHERE c.id = ?"""
    own = store.row(sql, (case_id,))
    if own is None:
        return []
    met = {
        row["account_key"]
        for band in bands(own["lines"])
        for row in store.rows(
            "SELECT account_key FROM look_bands WHERE band = ? AND account_key <> ? LIMIT ?",
            (band, own["account_key"], MET),
        )
    }
    found: list[tuple[int, str, str]] = []
    sql = "SELECT * FROM account_looks WHERE account_key IN (SELECT value FROM json_each(?))"
    for row in store.rows(sql, (as_json(sorted(met)),)):
        if (apart := differing(own["lines"], row["lines"])) <= APART:
            kind = RECOLOURED if colours_apart(own["colours"], row["colours"]) > OTHER_COLOURS else LOOK
            found.append((apart, kind, row["account_key"]))
    found.sort()
    kept = [each for kind in (LOOK, RECOLOURED) for each in [one for one in found if one[1] == kind][:SHOWN]]
    return [read_alike(other, kind, "") for _apart, kind, key in kept for other in store.rows(_CASE, (key, case_id))]


_CASE = """SELECT c.id, c.verdict, c.state, c.platform, a.display_name, a.handle, a.url FROM cases c
    JOIN accounts a ON a.key = c.account_key WHERE c.account_key = ? AND c.id <> ?"""


def differing(one: bytes, other: bytes) -> int:
    """How many bits differ."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def colours_apart(one: bytes, other: bytes) -> float:
    """The mean difference of two pictures' patches, 0–255."""
    return sum(abs(mine - theirs) for mine, theirs in zip(one, other, strict=True)) / len(one)
