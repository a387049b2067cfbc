"""The manifest of the evidence: one row a file, each sealing the rows before it; what is destroyed leaves its row."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.store.database import Store, storable

BEGINNING = "0" * 64
DESTROYED, TIMESTAMP = "destroyed", "timestamp"
SEALED = (
    *("id", "case_id", "run_id", "at", "kind", "source", "tool", "who", "reason", "target", "details_hash"),
    "prev_hash",
)
DETAILS = ("url", "path", "sha256", "size", "event_id", "fingerprint")


class Kept(Record, frozen=True):
    """What is to be entered: a file that was written, of `size` bytes; `suffix` is how its name will end."""

    kind: str
    suffix: str
    sha256: str
    size: int
    url: str
    at: datetime
    source: str = ""
    event_id: int | None = None
    fingerprint: str | None = None


class Snapshot(Record, frozen=True):
    """One row. `kind` = answer | page | finding | picture | screenshot | timestamp | destroyed.

    A row of kind `destroyed` says that the file of the row `target` was destroyed: when, by whom and why; what was
    known of that file then is None. `who` took it: a person, or the machine.
    """

    id: int
    case_id: int | None
    run_id: int | None
    at: datetime
    kind: str
    source: str
    tool: str
    who: str
    reason: str
    target: int | None
    hash: str
    url: str | None
    path: str | None
    sha256: str | None
    size: int | None
    event_id: int | None
    fingerprint: str | None


def seal(row: Mapping[str, Any]) -> str:
    """The hash of a row: SHA-256 over its columns in order, the hash of the row before it included."""
    return hashlib.sha256(json.dumps([row[name] for name in SEALED]).encode("ascii")).hexdigest()


def details_seal(details: Mapping[str, Any]) -> str:
    """The hash that stands for a file's particulars; the nonce goes with them when they are destroyed."""
    return hashlib.sha256(json.dumps([details[name] for name in ("nonce", *DETAILS)]).encode("ascii")).hexdigest()


def add_snapshots(
    store: Store, kept: Iterable[Kept], *, case_id: int | None, run_id: int | None, tool: str, who: str
) -> list[int]:
    """Enter files of one case (or of none) in the manifest, in one transaction; returns the rows' ids."""
    with store.transaction():
        return [_enter(store, file, case_id, run_id, tool, who) for file in kept]


def _enter(store: Store, file: Kept, case_id: int | None, run_id: int | None, tool: str, who: str) -> int:
    columns = {"case_id": case_id, "run_id": run_id, "at": rfc3339(file.at), "kind": file.kind, "source": file.source}
    columns |= {"tool": tool, "who": storable(who), "reason": "", "target": None}
    number = head(store)[0] + 1
    details = {
        "url": storable(file.url),
        "path": f"{stem(case_id, file.kind, number)}{file.suffix}",
        "sha256": file.sha256,
        "size": file.size,
        "event_id": file.event_id,
        "fingerprint": file.fingerprint,
    }
    return _append(store, columns, details)


def stem(case_id: int | None, kind: str, number: int) -> str:
    """Where the file of row `number` stands in the evidence folder, without its suffix."""
    folder = case_id if case_id is not None else f"{TIMESTAMP}s" if kind == TIMESTAMP else "pages"
    return f"{folder}/{number:06d}"


def _append(store: Store, columns: dict[str, Any], details: dict[str, Any] | None) -> int:
    """One row more, sealed, with its particulars; must run inside a transaction."""
    last = store.row("SELECT id, hash FROM snapshots ORDER BY id DESC LIMIT 1")
    whole = {"nonce": secrets.token_hex(16), **details} if details else None
    row: dict[str, Any] = {
        "id": last["id"] + 1 if last else 1,
        **columns,
        "details_hash": details_seal(whole) if whole else None,
        "prev_hash": last["hash"] if last else BEGINNING,
    }
    row["hash"] = seal(row)
    marks = ", ".join(f":{name}" for name in row)
    store.db.execute(f"INSERT INTO snapshots ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608  (our own names)
    if whole:
        values = (row["id"], *(whole[name] for name in ("nonce", *DETAILS)))
        store.db.execute("INSERT INTO snapshot_details VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    head = json.dumps([row["id"], row["hash"]])
    store.db.execute("INSERT OR REPLACE INTO settings VALUES ('evidence_head', ?)", (head,))
    return int(row["id"])


def destroy_snapshots(store: Store, ids: Iterable[int], *, reason: str, who: str, tool: str, now: datetime) -> int:
    """Forget these files and enter that they were destroyed; returns how many. Must run inside a transaction.

    The files themselves go when the caller settles the folder.
    """
    count = 0
    for target in ids:
        row = store.row("SELECT case_id FROM snapshots WHERE id = ?", (target,))
        gone = store.db.execute("DELETE FROM snapshot_details WHERE snapshot_id = ?", (target,)).rowcount
        if row is None or not gone:
            continue
        columns = {"case_id": row["case_id"], "run_id": None, "at": rfc3339(now), "kind": DESTROYED, "source": ""}
        _append(store, columns | {"tool": tool, "who": storable(who), "reason": reason, "target": target}, None)
        count += 1
    return count


SELECT = """SELECT s.*, d.url, d.path, d.sha256, d.size, d.event_id, d.fingerprint
            FROM snapshots s LEFT JOIN snapshot_details d ON d.snapshot_id = s.id"""


def load_snapshots(store: Store, case_id: int | None = None) -> list[Snapshot]:
    """Every row of one case, or of all of them, oldest first."""
    where = "" if case_id is None else "WHERE s.case_id = :case"
    return [read_snapshot(row) for row in store.rows(f"{SELECT} {where} ORDER BY s.id", {"case": case_id})]


def standing(snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    """Those whose file is there: neither destroyed, nor the word that one was."""
    return [snapshot for snapshot in snapshots if snapshot.path is not None]


def read_snapshot(row: Mapping[str, Any]) -> Snapshot:
    columns = {name: row[name] for name in Snapshot.__struct_fields__}
    return Snapshot(**{**columns, "at": read_time(row["at"])})


def check_manifest(store: Store) -> int | None:
    """The number of the first row that was altered, removed or slipped in; None when the manifest is whole.

    Someone who can write the store and knows the method can seal the whole of it anew: keep a copy of the last hash
    elsewhere, or have it timestamped.
    """
    before, expected = BEGINNING, 1
    destroyed = {row["target"] for row in store.rows("SELECT target FROM snapshots WHERE kind = ?", (DESTROYED,))}
    for row in sealed_rows(store):
        if row["id"] != expected or row["prev_hash"] != before or row["hash"] != _sealed_again(row):
            return expected
        there = row["snapshot_id"] is not None
        if there != (row["details_hash"] is not None and row["id"] not in destroyed):
            return expected
        if there and row["details_hash"] != _details_again(row):
            return expected
        before, expected = row["hash"], expected + 1
    strays = store.rows("SELECT 1 FROM snapshot_details WHERE snapshot_id NOT IN (SELECT id FROM snapshots)")
    head = store.row("SELECT value FROM settings WHERE key = 'evidence_head'")
    last = head["value"] if head else json.dumps([0, BEGINNING])
    return None if last == json.dumps([expected - 1, before]) and not strays else expected


def sealed_rows(store: Store) -> list[dict[str, Any]]:
    """Every row with all that its seals cover, as stored, in order."""
    sql = """SELECT s.*, d.snapshot_id, d.nonce, d.url, d.path, d.sha256, d.size, d.event_id, d.fingerprint
             FROM snapshots s LEFT JOIN snapshot_details d ON d.snapshot_id = s.id ORDER BY s.id"""
    return store.rows(sql)


def _sealed_again(row: Mapping[str, Any]) -> str:
    try:
        return seal(row)
    except (TypeError, ValueError):  # a column that holds bytes
        return ""


def _details_again(row: Mapping[str, Any]) -> str:
    try:
        return details_seal(row)
    except (TypeError, ValueError):
        return ""


def head(store: Store) -> tuple[int, str]:
    """The last row's number and hash: what a timestamp is taken of; (0, zeros) when there is none."""
    last = store.row("SELECT id, hash FROM snapshots ORDER BY id DESC LIMIT 1")
    return (int(last["id"]), str(last["hash"])) if last else (0, BEGINNING)


def snapshots_of(store: Store, case_id: int) -> list[int]:
    """The rows of a case whose files are there."""
    return [snapshot.id for snapshot in standing(load_snapshots(store, case_id))]


def counted_until(store: Store, until: datetime) -> dict[int, tuple[int, datetime]]:
    """By case, how many snapshots were taken before then, and when the last was."""
    sql = """SELECT s.case_id, count(DISTINCT s.at) AS n, max(s.at) AS last FROM snapshots s
             JOIN snapshot_details d ON d.snapshot_id = s.id
             WHERE s.case_id IS NOT NULL AND s.at < ? GROUP BY s.case_id"""
    return {row["case_id"]: (row["n"], read_time(row["last"])) for row in store.rows(sql, (rfc3339(until),))}


def counted(store: Store, case_id: int) -> tuple[int, datetime | None]:
    """How many snapshots of a case there are (each time one was taken counts once), and when the last was taken."""
    sql = """SELECT count(DISTINCT s.at) AS n, max(s.at) AS last FROM snapshots s
             JOIN snapshot_details d ON d.snapshot_id = s.id WHERE s.case_id = ? AND s.kind <> 'timestamp'"""
    row = store.rows(sql, (case_id,))[0]
    return int(row["n"]), read_time(row["last"]) if row["last"] else None


def load_snapshot(store: Store, number: int) -> Snapshot | None:
    """One row of the manifest whose file is there."""
    row = store.row(f"{SELECT} WHERE s.id = ? AND d.path IS NOT NULL", (number,))
    return read_snapshot(row) if row else None


def latest_picture(store: Store, case_id: int) -> int | None:
    """The row of the last profile picture that is kept of a case."""
    sql = """SELECT max(s.id) AS id FROM snapshots s JOIN snapshot_details d ON d.snapshot_id = s.id
             WHERE s.case_id = ? AND s.kind = 'picture'"""
    number = store.rows(sql, (case_id,))[0]["id"]
    return None if number is None else int(number)
