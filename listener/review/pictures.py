"""Pictures beside each other: our logos, and what evidence keeps of an account, drawn anew."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from flask import abort, g, make_response, request, url_for
from werkzeug.wrappers import Response

from listener.evidence.folder import Folder
from listener.evidence.reading import read_answer
from listener.language import _
from listener.logos import LogoError
from listener.logos.opening import open_picture
from listener.models import OPEN_STATES, Account, Case, Nearest, State
from listener.organisation import load_organisation
from listener.store.barred import barred
from listener.store.cases import find_case
from listener.store.due import may_keep_picture
from listener.store.snapshots import latest_picture, load_snapshot

LARGEST = 512  # pixels a side of what is sent
COARSE = 6  # pixels a side of what is left of a blurred picture
MOST_LOGO = 5_000_000  # bytes
# What platforms' moderators call what nobody should meet unprepared.
ABUSIVE = frozenset(
    {"porn", "sexual", "nudity", "graphic-media", "gore", "nsfl", "nsfw", "corpse", "self-harm", "intolerant"}
)
# How files of known kinds begin; nothing else is sent as it is.
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)  # fmt: skip


class Shown(NamedTuple):
    """Where the page finds a picture; an empty address when none is kept, and then why."""

    address: str
    blurred: bool = False
    why: str = ""


def ours(nearest: Nearest | None) -> tuple[list[str], Shown]:
    """Addresses of our logos, and the picture of the official account where evidence keeps one."""
    logos = load_organisation(g.config).logos
    addresses = [url_for("logo", number=number) for number, path in enumerate(logos[:3]) if Path(path).is_file()]
    known = find_case(g.store, f"{nearest.platform}:@{nearest.handle}") if nearest and nearest.handle else None
    return addresses, theirs(known) if known else Shown("")


def theirs(case: Case) -> Shown:
    """The picture of a flagged account, blurred until it is asked for where others warn of it."""
    if barred(g.store, case.id):
        return Shown("", why=_("of this account nothing may be kept"))
    row = latest_picture(g.store, case.id)
    if row is None:
        return Shown("", why=why_none(case))
    hidden = is_abusive(case.account) and request.args.get("show") != "picture"
    return Shown(url_for("picture", case_id=case.id, row=row, seen="blurred" if hidden else None), hidden)


def why_none(case: Case) -> str:
    """Why no picture of an account is kept."""
    if not case.account.avatar:
        return _("the account shows none, or its platform does not tell")
    if not may_keep_picture(case.finding.verdict, case.state in (State.CONFIRMED, State.ACTION)):
        return _("this may be a private person's account, so it is saved once the case is confirmed")
    if case.state not in OPEN_STATES | {State.WATCHING}:
        return _("the case is closed")
    return _("it could not be fetched; the next run tries again")


def is_abusive(account: Account) -> bool:
    """Whether somebody who moderates has put a warning on the account."""
    return any(label.casefold() in ABUSIVE for label in account.labels)


def logo(number: int) -> Response:
    """One of our own logos, as the file of ours is."""
    logos = load_organisation(g.config).logos
    path = Path(logos[number]) if number < len(logos) else None
    if path is None or not path.is_file() or path.stat().st_size > MOST_LOGO:
        abort(404)
    content = path.read_bytes()
    kind = "image/svg+xml" if path.suffix.lower() == ".svg" else kind_of(content)
    if not kind:
        abort(404)
    return sent(content, kind)


def picture(case_id: int, row: int) -> Response:
    """A picture that evidence keeps of an account: the bytes that were taken, drawn anew and small."""
    snapshot = load_snapshot(g.store, row)
    if snapshot is None or snapshot.case_id != case_id or snapshot.kind != "picture" or barred(g.store, case_id):
        abort(404)
    answer = read_answer(Folder.of(g.config.store), snapshot)
    if answer is None:
        abort(404)
    blurred = request.args.get("seen") == "blurred"
    try:
        return sent(redrawn(answer.body, COARSE if blurred else LARGEST), "image/png")
    except LogoError:
        kind = "" if blurred or _can_redraw() else kind_of(answer.body)
    if not kind:
        abort(404)
    return sent(answer.body, kind)


def redrawn(content: bytes, largest: int) -> bytes:
    """A picture as a PNG of at most so many pixels a side. Raises LogoError when it cannot be opened."""
    pixels = open_picture(content).pixels
    from PIL import Image

    image = Image.fromarray(pixels)
    image.thumbnail((largest, largest))
    if largest < LARGEST:
        image = image.convert("L").resize((LARGEST // 4, LARGEST // 4), Image.Resampling.BICUBIC)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _can_redraw() -> bool:
    from importlib.util import find_spec

    return find_spec("PIL") is not None


def kind_of(content: bytes) -> str:
    """The media type of a picture of a kind that browsers know well, by its first bytes; empty for any other."""
    return next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), "")


def sent(content: bytes, kind: str) -> Response:
    """A picture as an answer that can be nothing else."""
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
