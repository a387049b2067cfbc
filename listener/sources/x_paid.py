"""What X has been paid for: every user and post that it returned, each id once a UTC day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from listener.context import Context
from listener.posts import Post
from listener.sources import read_rows
from listener.sources.x_rows import authors_in, read_post, rows_in

BATCH = 100  # ids a look-up
REMEMBERED = 5000  # ids a day that are known to be paid


def paid_users(ctx: Context, content: dict[str, Any]) -> list[dict[str, Any]]:
    """The users of an answer, paid for. Raises Changed."""
    rows = rows_in(content)
    pay(ctx, "users", _ids(rows))
    return rows


def paid_posts(ctx: Context, content: dict[str, Any], kind: str) -> list[Post]:
    """The posts of an answer, paid for as `kind`, and their authors as users. Raises Changed."""
    rows, authors = rows_in(content), authors_in(content)
    pay(ctx, kind, _ids(rows))
    pay(ctx, "users", _ids(authors))
    handles = {str(row.get("id")): str(row.get("username")) for row in authors}
    return list(read_rows(ctx, rows, lambda row: read_post(row, handles)))


def _ids(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    return (str(row["id"]) for row in rows if row.get("id"))


def affordable(ctx: Context, ids: list[str], kind: str) -> Iterator[list[str]]:
    """The ids in batches, as far as they can be paid; those that were paid today are free and come first."""
    free = _paid(ctx, kind)
    owed = [number for number in ids if number not in free]
    ids = [number for number in ids if number in free] + owed[: ctx.afford(kind, len(owed)) if owed else 0]
    yield from (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def pay(ctx: Context, kind: str, ids: Iterable[str]) -> None:
    """Count what was returned, and remember it until the day is over: an id that was paid today is free."""
    paid = _paid(ctx, kind)
    fresh = dict.fromkeys(number for number in ids if number not in paid)
    ctx.spend(kind, len(fresh))
    paid |= fresh
    ctx.next_cursor[f"paid_{kind}"] = " ".join([f"{ctx.now:%Y-%m-%d}", *list(paid)[-REMEMBERED:]])


def _paid(ctx: Context, kind: str) -> dict[str, None]:
    """The ids that were paid today, in that order."""
    if f"paid_{kind}" not in ctx.memory:
        day, *ids = ctx.cursor.get(f"paid_{kind}", "").split(" ")
        ctx.memory[f"paid_{kind}"] = dict.fromkeys(ids if day == f"{ctx.now:%Y-%m-%d}" else ())
    return ctx.memory[f"paid_{kind}"]  # type: ignore[no-any-return]
