"""The evidence folder beside the store: files written whole, entered in the manifest, and only then put in place."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from listener.store import Store
from listener.store.snapshots import DESTROYED, Snapshot, load_snapshots, standing, stem

UNFINISHED = "unfinished"
CHUNK = 1_000_000
_STAGED = re.compile(r"[0-9a-f]{64}(?:\.part)?")


class Folder:
    """Where evidence lies: `listener.evidence/<case>/<row>.warc.gz` beside `listener.db`, for its owner's eyes only.

    A file is first written under `unfinished/` and named by its hash; the manifest is told of it in one transaction;
    then it gets its name. A kill at any moment leaves a file that `settle` puts in place or throws away.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of(cls, store: Path) -> Folder:
        """The folder of the store at this path."""
        return cls(store.with_suffix(".evidence"))

    def stage(self, content: bytes) -> str:
        """Write a file whole, to disk; returns its SHA-256. Raises OSError when it cannot be."""
        digest = hashlib.sha256(content).hexdigest()
        folder = self.root / UNFINISHED
        _make(folder)
        unnamed, staged = folder / f"{digest}.part", folder / digest
        number = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with open(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            unnamed.unlink(missing_ok=True)
            raise
        unnamed.rename(staged)
        return digest

    def place(self, snapshot: Snapshot) -> None:
        """Give a staged file that the manifest knows its name. Raises OSError."""
        assert snapshot.path is not None
        final = self.root / snapshot.path
        _make(final.parent)
        with suppress(FileExistsError):
            os.link(self.root / UNFINISHED / str(snapshot.sha256), final)
        _sync(final.parent)

    def found(self, snapshot: Snapshot) -> Path | None:
        """Where the file of a row is: in its place, or still staged after a kill; None when it is nowhere."""
        assert snapshot.path is not None
        for path in (self.root / str(snapshot.path), self.root / UNFINISHED / str(snapshot.sha256)):
            if path.is_file() and not path.is_symlink():
                return path
        return None

    def files(self, below: str = "") -> Iterator[str]:
        """The paths of the files in place, of one case or of all, in order."""
        start = self.root / below if below else self.root
        for path in sorted(start.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            if (path.is_symlink() or not path.is_dir()) and not name.startswith(f"{UNFINISHED}/"):
                yield name

    def clear_staged(self) -> None:
        """Throw away what is staged: everything in the manifest is in its place."""
        folder = self.root / UNFINISHED
        for path in list(folder.iterdir()) if folder.is_dir() else ():
            if not _STAGED.fullmatch(path.name):
                continue
            if path.stat().st_nlink > 1:  # it has its place: only the second name goes
                path.unlink()
            else:
                destroy(path)


def settle(store: Store, folder: Folder) -> None:
    """Finish what a killed run began: place what the manifest knows, destroy what it calls destroyed or never knew.

    Call it with the run lock held. Raises OSError.
    """
    if not folder.root.is_dir():
        return
    rows = load_snapshots(store)
    for snapshot in standing(rows):
        if not (folder.root / str(snapshot.path)).exists() and folder.found(snapshot):
            folder.place(snapshot)
    folder.clear_staged()
    kinds = {snapshot.id: snapshot.kind for snapshot in rows}
    for snapshot in rows:
        if snapshot.kind == DESTROYED and snapshot.target is not None:
            destroy_file(folder, snapshot.case_id, kinds.get(snapshot.target, ""), snapshot.target)


def destroy_file(folder: Folder, case_id: int | None, kind: str, number: int) -> None:
    """Remove the file of a row, whatever its suffix."""
    place = folder.root / stem(case_id, kind, number)
    for path in place.parent.glob(f"{place.name}.*"):
        destroy(path)
    with suppress(OSError):
        place.parent.rmdir()  # the last of a case takes its folder along


def destroy(path: Path) -> None:
    """Overwrite a file with zeros, as far as the file system writes in place, and remove it."""
    with suppress(FileNotFoundError):
        if not path.is_symlink():
            _blank(path)
        path.unlink()


def _blank(path: Path) -> None:
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(bytes(min(left, CHUNK)))
        file.flush()
        os.fsync(file.fileno())


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
