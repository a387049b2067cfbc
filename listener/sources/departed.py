"""Accounts that their platform says it has taken down: told once, as what it is, and never as merely not found."""

from __future__ import annotations

from collections.abc import Mapping

from listener.context import Context
from listener.models import Issue


def tell_departed(ctx: Context, told: Mapping[str, str]) -> None:
    """Tell of each account, by platform id and in a sentence, that this is the first run to find down."""
    before = set(ctx.cursor.get("departed", "").split())
    for number, sentence in told.items():
        if number not in before:
            ctx.issues.append(Issue(source=ctx.source, kind="unavailable", detail=sentence))
    ctx.next_cursor["departed"] = " ".join(told)
