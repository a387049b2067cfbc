"""Mentions as a table for a spreadsheet: as many as anybody reads, masked, without what only some may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import msgspec

from listener.clock import rfc3339
from listener.lexicons import mask
from listener.review.mention_filters import Look
from listener.spreadsheet import neutralise, write_csv
from listener.store import Store
from listener.store.mention_page import Seen, bounds, looked_through, ways
from listener.store.mention_rows import EPOCH, ID_BITS

MOST = 5_000  # rows
SECONDS = 20.0  # that it may read the log for
LONGEST = 5_000  # letters of a text
COLUMNS = (
    "number", "published_at", "source", "platform", "writer", "text", "lang", "direction", "unit", "tags", "cluster",
    "reach",
)  # fmt: skip


def as_csv(store: Store, look: Look, excel: bool) -> bytes:
    """The newest MOST mentions of a filter that everybody may read; no cell of either form is a formula.

    The form for Excel has BOM and `;`. No address: most platforms write the author's name into it.
    """
    wanted = msgspec.structs.replace(look.wanted, eyes="open")
    asked = look.typed.within(lang=wanted.lang or None) if look.typed else None
    found = looked_through(store, ways(store, wanted, asked), asked, bounds(wanted, asked), SECONDS)
    seen = (one for one in islice(found, MOST) if isinstance(one, Seen))
    return write_csv(cells(seen, excel), COLUMNS, excel=excel)


def cells(seen: Iterable[Seen], excel: bool) -> Iterator[dict[str, Any]]:
    """A row for each post; Excel's own form is neutralised where it is written."""
    for one in seen:
        row = {name: text_of(value) for name, value in columns(one).items()}
        yield row if excel else {name: neutralise(value) for name, value in row.items()}


def columns(one: Seen) -> dict[str, Any]:
    post, row = one.found.mention.post, one.row
    return {
        "number": row["id"],
        "published_at": rfc3339(post.published_at) if post.published_at else None,
        "source": post.source,
        "platform": post.platform,
        "writer": one.found.writer,
        "text": mask(post.text[:LONGEST]),
        "lang": post.lang,
        "direction": one.found.direction,
        "unit": row["unit"],
        "tags": " ".join(msgspec.json.decode(row["tags"], type=list[str])),
        "cluster": row["cluster"],
        "reach": reach(row["reach"]),
    }


def reach(kept: str | None) -> str:
    """likes=3 replies=1."""
    counts = msgspec.json.decode(kept, type=dict[str, int | None]) if kept else {}
    return " ".join(f"{name}={count}" for name, count in counts.items() if count is not None)


def text_of(value: object) -> str:
    return "" if value is None else str(value)


def moment_of(place: int) -> datetime:
    """The second in which a place of the log lies."""
    return EPOCH + timedelta(seconds=min(place >> ID_BITS, 253_402_000_000))
