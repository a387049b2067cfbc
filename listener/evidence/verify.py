"""Is the evidence as it was taken? Every row of the manifest and every file is read again, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from listener.evidence.folder import Folder, sha256_of
from listener.models import Record
from listener.store import Store
from listener.store.database import StoreError
from listener.store.snapshots import (
    DESTROYED,
    TIMESTAMP,
    Snapshot,
    check_manifest,
    load_snapshots,
    standing,
    stem,
)

Stamped = Callable[[Path, str], str]  # a timestamp's file, and the hash it must be of -> why it is not, or nothing


class Alteration(Record, frozen=True):
    """Something that is not as it was.

    `kind` = manifest | changed | size | missing | added | undestroyed | timestamp. `where` is the row's number, or the
    file's path in the evidence folder; `was` and `now` are hashes, of `size` bytes: the file's that the row was given.
    """

    kind: str
    where: str
    was: str = ""
    now: str = ""


class Checked(Record, frozen=True):
    """What was read, and everything that is not as it was."""

    files: int
    destroyed: int
    timestamps: int
    alterations: tuple[Alteration, ...]


def verify(store: Store, folder: Folder, case_id: int | None = None, stamped: Stamped | None = None) -> Checked:
    """Check one case, or with None all of them; the manifest is one chain and is always checked whole.

    `stamped` checks the timestamps, which vouch for the manifest as it was when they were taken. Raises StoreError
    when there is no such case.
    """
    if case_id is not None and store.row("SELECT 1 FROM cases WHERE id = ?", (case_id,)) is None:
        from listener.store.cases import load_case

        load_case(store, case_id)
    wrong = check_manifest(store)
    alterations = [Alteration(kind="manifest", where=str(wrong))] if wrong is not None else []
    try:
        rows = load_snapshots(store)
    except (ValueError, TypeError) as unreadable:  # a time that is none: somebody wrote into the manifest
        if wrong is None:
            raise StoreError(str(unreadable)) from unreadable
        return Checked(files=0, destroyed=0, timestamps=0, alterations=tuple(alterations))
    chosen = [row for row in rows if case_id is None or row.case_id == case_id or row.kind == TIMESTAMP]
    files = standing(chosen)
    for snapshot in files:
        alterations += check_file(folder, snapshot)
    alterations += _strays(folder, rows, case_id)
    stamps = [row for row in files if row.kind == TIMESTAMP]
    alterations += _timestamps(folder, rows, stamps, stamped)
    gone = sum(row.kind == DESTROYED for row in chosen)
    return Checked(files=len(files), destroyed=gone, timestamps=len(stamps), alterations=tuple(alterations))


def check_file(folder: Folder, snapshot: Snapshot) -> Iterator[Alteration]:
    """Whether the file of a row is there, and is the one that was entered."""
    path = folder.found(snapshot) if _inside(str(snapshot.path)) else None
    if path is None:
        yield Alteration(kind="missing", where=str(snapshot.path), was=str(snapshot.sha256))
        return
    try:
        now = sha256_of(path)
    except OSError as unreadable:
        now = unreadable.strerror or str(unreadable)
    size = path.stat().st_size
    if now == snapshot.sha256 and size != snapshot.size:
        yield Alteration(kind="size", where=str(snapshot.path), was=str(snapshot.size), now=str(size))
    elif now != snapshot.sha256:
        yield Alteration(kind="changed", where=str(snapshot.path), was=str(snapshot.sha256), now=now)


def _inside(path: str) -> bool:
    """Whether a path of the manifest leads into the folder: the manifest may have been altered."""
    return not path.startswith("/") and ".." not in path.split("/")


def _strays(folder: Folder, rows: list[Snapshot], case_id: int | None) -> Iterator[Alteration]:
    """Files that the manifest does not know, or says were destroyed."""
    known = {str(row.path) for row in standing(rows)}
    kinds = {row.id: row.kind for row in rows}
    destroyed = {
        stem(row.case_id, kinds.get(row.target, ""), row.target)
        for row in rows
        if row.kind == DESTROYED and row.target is not None
    }
    below = "" if case_id is None else str(case_id)
    for path in folder.files(below) if folder.root.is_dir() else ():
        if path not in known:
            back = path.partition(".")[0] in destroyed
            yield Alteration(kind="undestroyed" if back else "added", where=path)


def _timestamps(
    folder: Folder, rows: list[Snapshot], stamps: list[Snapshot], stamped: Stamped | None
) -> Iterator[Alteration]:
    """Timestamps that do not vouch for the row before them."""
    hashes = {row.id: row.hash for row in rows}
    for stamp in stamps if stamped else ():
        path = folder.found(stamp)
        if path is not None and stamped is not None and (why := stamped(path, hashes.get(stamp.id - 1, ""))):
            yield Alteration(kind="timestamp", where=str(stamp.path), now=why)
