"""How the full-text index takes in what is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.capitals import capitals
from listener.store.schema.steps import build, migrations
from listener.store.word_list import learn
from listener.text.words import TOKENISER

if TYPE_CHECKING:
    import sqlite_utils

# The words of a batch are gathered in memory, up to this many bytes, and written as one segment: of FTS5's own 1 MiB a
# batch of 20,000 posts makes several. Sixteen segments are merged into one, not four: a search looks into a few more,
# and a word is written anew less often. Beyond CROWDED a write waits until they are merged.
GATHERED, MERGED, CROWDED = 1 << 24, 16, 32
INDEXING = f"""
INSERT INTO mentions_fts (mentions_fts, rank) VALUES ('hashsize', {GATHERED});
INSERT INTO mentions_fts (mentions_fts, rank) VALUES ('automerge', {MERGED});
INSERT INTO mentions_fts (mentions_fts, rank) VALUES ('crisismerge', {CROWDED});
"""  # noqa: S608  (numbers)


@migrations()
def m050_whole_batches(db: sqlite_utils.Database) -> None:
    """A batch of posts is written into the index as one segment."""
    build(db, INDEXING)


# The index is never asked how often a word stands where: it need not know how long posts are. The words of posts stand
# beside it with the latest place of each, for what a star at the beginning of a word means.
LISTED = """
CREATE TABLE mention_words (word TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE mention_words_upto (upto INTEGER NOT NULL);
INSERT INTO mention_words_upto VALUES (0);
DROP TABLE mentions_fts;
CREATE VIRTUAL TABLE mentions_fts USING fts5(
    text, facets, content='mentions', content_rowid='place', columnsize=0, tokenize="@TOKENISER@");
""".replace("@TOKENISER@", TOKENISER)
REBUILT = "INSERT INTO mentions_fts (mentions_fts) VALUES ('rebuild')"


@migrations()
def m051_letter_case_and_words(db: sqlite_utils.Database) -> None:
    """The index knows which words are written with capitals, and a list of words what a star stands for."""
    build(db, LISTED)
    build(db, INDEXING)
    marked: list[tuple[str, int]] = []
    for row in db.query("SELECT id, text, title, facets FROM mentions"):
        if told := capitals(row["text"], row["title"] or ""):
            marked.append((f"{' '.join(told)} {row['facets']}", row["id"]))
    db.conn.executemany("UPDATE mentions SET facets = ? WHERE id = ?", marked)
    if db.execute("SELECT 1 FROM mentions").fetchone():
        db.execute(REBUILT)
        learn(db.conn)


@migrations()
def m052_seldom_merged(db: sqlite_utils.Database) -> None:
    """The index writes a word anew half as often."""
    build(db, INDEXING)
