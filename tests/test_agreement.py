"""Live = history: the matcher and a search of the log say the same of random queries and posts, with the same spans.

A tenth of what `python bench/agreement.py` compares.
"""

from __future__ import annotations

from pathlib import Path

from agreement import compare, drawn, lived


def test_live_and_history_agree(tmp_path: Path) -> None:
    queries, posts = drawn(4711, queries=100, posts=100)
    compared = compare(tmp_path, queries, posts)
    assert compared.different == {}
    assert compared.matched >= 1_000


def test_together_and_alone_agree() -> None:
    """Every kind of query and text, each query asked alone."""
    queries, posts = drawn(1177, queries=80, posts=60)
    alone = {
        (f"{number}", post.id): spans
        for number, query in enumerate(queries)
        for post in posts
        if (spans := query.matches(post)) is not None
    }
    assert lived(queries, posts) == alone
    assert len(alone) >= 250
