"""What an account looked like each time it was kept, and what has changed between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from difflib import SequenceMatcher
from typing import NamedTuple

from flask import abort, g, request

from listener.evidence.folder import Folder
from listener.evidence.reading import read_finding
from listener.language import N_, _
from listener.models import Account, Finding
from listener.report import labels
from listener.report.defang import defang
from listener.review.shown import page
from listener.store.barred import barred
from listener.store.cases import load_case
from listener.store.snapshots import Snapshot, load_snapshots, standing

LONGEST = 4_000  # letters of a field that are compared
FIELDS = {
    "handle": N_("handle"),
    "display_name": N_("name"),
    "description": N_("description"),
    "url": N_("address"),
    "avatar": N_("profile picture"),
    "links": N_("links to"),
    "followers": N_("followers"),
    "labels": N_("labels"),
}
SAME, GONE, CAME = "same", "gone", "came"


class Piece(NamedTuple):
    """A stretch of text: in both (`same`), only before (`gone`), or only after (`came`)."""

    text: str
    how: str


class Change(NamedTuple):
    """One field that is not as it was."""

    name: str
    pieces: tuple[Piece, ...]


class Taken(NamedTuple):
    """One time the account was kept: its row, when, and how many files."""

    row: int
    at: datetime
    files: int


def times(snapshots: list[Snapshot]) -> list[Taken]:
    """When what was found was kept, oldest first."""
    files = standing(snapshots)
    return [Taken(row.id, row.at, sum(other.at == row.at for other in files)) for row in files if row.kind == "finding"]


def show(case_id: int) -> str:
    """Two of the times beside each other: the last two unless others are chosen."""
    case = load_case(g.store, case_id)
    snapshots = [] if barred(g.store, case_id) else load_snapshots(g.store, case_id)
    taken = times(snapshots)
    rows = [each.row for each in taken]
    before, after = chosen(rows, request.args.get("from", "")), chosen(rows, request.args.get("to", ""))
    if before is None and len(rows) > 1:
        before = rows[-2]
    if after is None and rows:
        after = rows[-1]
    found = [each for each in snapshots if each.id in (before, after)]
    read = {each.id: read_finding(Folder.of(g.config.store), each) for each in found}
    old, new = read.get(before or 0), read.get(after or 0)
    return page(
        "case_changes.html",
        case=case,
        taken=taken,
        before=before,
        after=after,
        unread=any(finding is None for finding in read.values()),
        changes=list(differences(old, new)) if old and new else None,
        shown=new,
    )


def chosen(rows: list[int], text: str) -> int | None:
    """The row that an address names, 404 when it is none of them."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) in rows):
        abort(404)
    return int(text)


def differences(old: Finding, new: Finding) -> Iterator[Change]:
    """What is not as it was: the verdict first, then each field of the account."""
    if old.verdict is not new.verdict:
        before, after = labels.verdict_label(old.verdict), labels.verdict_label(new.verdict)
        yield Change(_("Verdict"), (Piece(before, GONE), Piece(after, CAME)))
    for field, name in FIELDS.items():
        before, after = told(old.account, field), told(new.account, field)
        if before != after:
            yield Change(_(name), tuple(compared(before, after)))


def told(account: Account, field: str) -> str:
    """A field as text; addresses lead nowhere."""
    value = getattr(account, field)
    if value is None:
        return ""
    if field in ("links", "labels"):
        return " ".join(sorted(defang(str(each)) for each in value[:50]))
    text = str(value)[:LONGEST]
    return defang(text) if field in ("url", "avatar") else text


def compared(before: str, after: str) -> Iterator[Piece]:
    """Both texts in one, word by word."""
    old, new = before.split(), after.split()
    for tag, low, high, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(" ".join(old[low:high]), SAME)
            continue
        if high > low:
            yield Piece(" ".join(old[low:high]), GONE)
        if last > first:
            yield Piece(" ".join(new[first:last]), CAME)
