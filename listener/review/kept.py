"""The evidence of a case: what was kept and whether it is as it was taken, and all of it in one file to hand over."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import g, make_response
from werkzeug.wrappers import Response

from listener.cli.evidence import ALTERATIONS, KINDS, REASONS
from listener.evidence.export import export
from listener.evidence.folder import Folder
from listener.evidence.settings import read_settings
from listener.evidence.timestamp import trouble_with
from listener.evidence.verify import Checked, verify
from listener.language import _
from listener.review.shown import page
from listener.store.cases import load_case
from listener.store.events import MACHINE
from listener.store.searches import save_search
from listener.store.snapshots import load_snapshots

SHOWN = 500  # rows


def show(case_id: int) -> str:
    """Every file that is kept of the case, and every one that was destroyed."""
    case = load_case(g.store, case_id)
    rows = load_snapshots(g.store, case_id)
    return page(
        "case_kept.html", case=case, rows=rows[-SHOWN:], count=len(rows), kinds=KINDS, why=REASONS, machine=MACHINE
    )


def check(case_id: int) -> str:
    """The same, with every file read again."""
    case = load_case(g.store, case_id)
    rows = load_snapshots(g.store, case_id)
    checked = checked_case(case_id)
    wrong = [
        _(ALTERATIONS[each.kind]).format(where=each.where, was=each.was, now=each.now) for each in checked.alterations
    ]
    return page(
        "case_kept.html", case=case, rows=rows[-SHOWN:], count=len(rows), kinds=KINDS, why=REASONS, machine=MACHINE,
        checked=checked, wrong=wrong,
    )  # fmt: skip


def download(case_id: int) -> Response:
    """All of it as a ZIP, with the manifest, the hashes and how to check them. That it was taken out is kept first."""
    load_case(g.store, case_id)
    save_search(g.store, g.now, f"#{case_id}", "evidence (zip)", who=g.login.person)
    folder = Folder.of(g.config.store)
    with TemporaryDirectory(prefix="listen-") as made:
        target = Path(made) / "evidence.zip"
        export(g.store, folder, case_id, target, checked_case(case_id), g.now)
        answer = make_response(target.read_bytes())
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="case-{case_id}-evidence.zip"'
    return answer


def checked_case(case_id: int) -> Checked:
    """The check of one case, timestamps included."""
    root = read_settings(g.config).timestamp_certificate

    def stamped(path: Path, of: str) -> str:
        return trouble_with(path.read_bytes(), of.encode(), root=root)

    return verify(g.store, Folder.of(g.config.store), case_id, stamped)
