"""How the full-text index takes in what is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# The words of a batch are gathered in memory, up to this many bytes, and written as one segment: of FTS5's own 1 MiB a
# batch of 20,000 posts makes several. Eight segments are merged into one, not four: a search looks into a few more, and
# a word is written anew less often. Together a quarter more rows a second.
GATHERED, MERGED = 1 << 24, 8
INDEXING = f"""
INSERT INTO mentions_fts (mentions_fts, rank) VALUES ('hashsize', {GATHERED});
INSERT INTO mentions_fts (mentions_fts, rank) VALUES ('automerge', {MERGED});
"""  # noqa: S608  (numbers)


@migrations()
def m050_whole_batches(db: sqlite_utils.Database) -> None:
    """A batch of posts is written into the index as one segment."""
    build(db, INDEXING)
