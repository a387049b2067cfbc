"""How the full-text index takes in what is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# The words of a batch are gathered in memory, up to this many bytes, and written as one segment: of FTS5's own 1 MiB a
# batch of 20,000 posts makes several, which are then merged. With 16 MiB a third less time goes into the index.
GATHERED = 1 << 24
INDEXING = f"INSERT INTO mentions_fts (mentions_fts, rank) VALUES ('hashsize', {GATHERED});"  # noqa: S608  (a number)


@migrations()
def m050_whole_batches(db: sqlite_utils.Database) -> None:
    """A batch of posts is written into the index as one segment."""
    build(db, INDEXING)
