"""The pages beside queue and case, each with what it takes to be asked for."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.wrappers import Response

from listener.review import mention, mentions
from listener.review.roles import Right

View = Callable[..., str | Response | tuple[str, int]]
PAGES: tuple[tuple[str, str, View, Right, tuple[str, ...]], ...] = (
    ("/mentions", "mentions", mentions.show, Right.READ, ("GET",)),
    ("/mentions.csv", "mentions_csv", mentions.export_csv, Right.REVIEW, ("GET",)),
    ("/mention/<int:mention_id>", "mention", mention.show, Right.READ, ("GET",)),
    ("/mention/<int:mention_id>/clear", "mention_clear", mention.in_clear, Right.REVIEW, ("POST",)),
)
