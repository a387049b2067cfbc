"""The evidence of a case in one ZIP: the files, the manifest, their hashes, and how anybody can check them."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from listener.clock import rfc3339
from listener.evidence.folder import Folder
from listener.evidence.verify import Checked
from listener.evidence.wacz import Member, wacz_members
from listener.store import Store
from listener.store.snapshots import SEALED, TIMESTAMP, Snapshot, load_snapshots, sealed_rows, standing

COLUMNS = (*SEALED, "hash", "nonce", "url", "path", "sha256", "size", "event_id", "fingerprint")
README = """EVIDENCE OF CASE {case}                                              (English below)

Filerna under records/ togs av listen och är oförändrade sedan dess om kontrollen stämmer:

    sha256sum -c SHA256SUMS

Varje .warc.gz (WARC 1.1, ISO 28500) håller en fråga och dess svar: vad som frågades, vad som kom tillbaka, när och hur.
Den läses med `zcat`, warcio eller ReplayWeb.page. manifest.csv har en rad för varje fil; varje rad är förseglad med
SHA-256 tillsammans med raden före (kolumnen prev_hash), så att ingen rad kan ändras, tas bort eller skjutas in utan att
det märks. Rader av slaget "destroyed" säger att en fil förstörts, när, av vem och varför. Filerna under timestamps/ är
RFC 3161-stämplar över hash-kolumnen i raden före sin egen.

Kontrollen när detta skrevs ({time}): {result}

----

The files under records/ were taken by listen and have not changed since, if this agrees:

    sha256sum -c SHA256SUMS

Each .warc.gz (WARC 1.1, ISO 28500) holds one question and its answer: what was asked, what came back, when and how.
Read it with `zcat`, warcio or ReplayWeb.page. manifest.csv has one row a file; each row is sealed by SHA-256 together
with the row before it (column prev_hash), so that none can be changed, removed or slipped in unnoticed. A row of the
kind "destroyed" says that a file was destroyed, when, by whom and why. The files under timestamps/ are RFC 3161 tokens
over the hash column of the row before their own.

The check when this was written ({time}): {result}
"""


def export(
    store: Store, folder: Folder, case_id: int, target: Path, checked: Checked, now: datetime
) -> tuple[int, int]:
    """Write the ZIP (a WACZ when `target` ends so); returns how many files it holds, and how many it has no room for.

    A WACZ holds pages and answers: screenshots and timestamps are left out of it. The ZIP holds all, and the whole
    manifest's sealed columns, for they are one chain; the particulars only of this case's rows. Raises OSError.
    """
    rows = [row for row in standing(load_snapshots(store)) if row.case_id == case_id or row.kind == TIMESTAMP]
    files = [(row, path) for row in rows if (path := folder.found(row)) is not None]
    if target.suffix == ".wacz":
        paths = [path for row, path in files if str(row.path).endswith(".warc.gz")]
        _write(target, wacz_members((path.read_bytes() for path in paths), f"case {case_id}", now), now)
        return len(paths), len(files) - len(paths)
    _write(target, _members(store, files, case_id, checked, now), now)
    return len(files), 0


def _members(
    store: Store, files: list[tuple[Snapshot, Path]], case_id: int, checked: Checked, now: datetime
) -> Iterator[Member]:
    result = "ok" if not checked.alterations else "; ".join(f"{a.kind}: {a.where}" for a in checked.alterations)
    yield "README.txt", README.format(case=case_id, time=rfc3339(now), result=result).encode(), True
    yield "manifest.csv", _manifest(store, case_id), True
    sums = "".join(f"{row.sha256}  {_inside(row)}\n" for row, _path in files)
    yield "SHA256SUMS", sums.encode(), True
    for row, path in files:
        yield _inside(row), path.read_bytes(), False


def _inside(row: Snapshot) -> str:
    return str(row.path) if row.kind == TIMESTAMP else f"records/{row.path}"


def _manifest(store: Store, case_id: int) -> bytes:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in sealed_rows(store):
        ours = row["case_id"] == case_id or row["kind"] == TIMESTAMP
        writer.writerow(row if ours else {name: row[name] for name in (*SEALED, "hash")})
    return buffer.getvalue().encode()


def _write(target: Path, members: Iterable[Member], now: datetime) -> None:
    """Write the ZIP beside its place, its owner's alone, and move it there whole."""
    part = target.with_name(f".{target.name}.part")
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(number, "wb") as file, zipfile.ZipFile(file, "w") as packed:
            for name, content, packable in members:
                place = zipfile.ZipInfo(name, now.timetuple()[:6])
                place.external_attr = 0o600 << 16
                place.compress_type = zipfile.ZIP_DEFLATED if packable else zipfile.ZIP_STORED
                packed.writestr(place, content)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise
