"""How far a post reached, as a platform's row counts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listener.posts import Reach
from listener.sources.fields import count_of


def reach_of(row: Mapping[str, Any] | None, **names: str) -> Reach | None:
    """The counts of a row: field of Reach -> the platform's name for it. None where the row counts nothing."""
    counts = {field: count_of((row or {}).get(name)) for field, name in names.items()}
    return Reach(**counts) if any(count is not None for count in counts.values()) else None
