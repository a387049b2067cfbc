"""How the full-text index takes in what is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.mention_rows import facets, read_post
from listener.store.schema.steps import build, migrations
from listener.store.word_list import learn
from listener.text.words import TOKENISER, nfc

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
    if db.execute("SELECT 1 FROM mentions").fetchone():
        facets_anew(db)
        db.execute(REBUILT)
        learn(db.conn)


@migrations()
def m052_seldom_merged(db: sqlite_utils.Database) -> None:
    """The index writes a word anew half as often."""
    build(db, INDEXING)


@migrations()
def m053_fields(db: sqlite_utils.Database) -> None:
    """The index knows authors, replies and which texts begin with their headline."""
    if facets_anew(db):
        db.execute(REBUILT)


ALL_KEPT = "SELECT * FROM mentions WHERE id > ? AND (text <> '' OR facets <> '') ORDER BY id LIMIT 10000"


def facets_anew(db: sqlite_utils.Database) -> bool:
    """Give every post the words of ours that it would be given today; returns whether any was given others.

    Those of which nothing but address, id and time is kept stay without.
    """
    upto, changed = 0, False
    while rows := list(db.query(ALL_KEPT, (upto,))):
        upto = rows[-1]["id"]
        told = [(facets(read_post(row), row["lang"]), row["id"], row["facets"]) for row in rows]
        other = [(new, number) for new, number, old in told if new != old]
        db.conn.executemany("UPDATE mentions SET facets = ? WHERE id = ?", other)
        changed = changed or bool(other)
    return changed


@migrations()
def m054_outlets(db: sqlite_utils.Database) -> None:
    """The index knows hosts and what outlets are called."""
    if facets_anew(db):
        db.execute(REBUILT)


# The headline has a column of its own: what it says is told apart from words of ours, which no writer can imitate then.
HEADED = """
DROP TABLE mentions_fts;
CREATE VIRTUAL TABLE mentions_fts USING fts5(
    text, facets, title, content='mentions', content_rowid='place', columnsize=0, tokenize="@TOKENISER@");
""".replace("@TOKENISER@", TOKENISER)
HEADLINES = "SELECT id, title FROM mentions WHERE id > ? AND title IS NOT NULL ORDER BY id LIMIT 10000"


@migrations()
def m055_headlines_and_exact_words(db: sqlite_utils.Database) -> None:
    """The index knows headlines for themselves, and every word of ours stands for one value only."""
    build(db, HEADED)
    build(db, INDEXING)
    if db.execute("SELECT 1 FROM mentions").fetchone():
        if composed(db):
            db.execute("DELETE FROM mention_words")
            db.execute("UPDATE mention_words_upto SET upto = 0")
            learn(db.conn)
        facets_anew(db)
        db.execute(REBUILT)


def composed(db: sqlite_utils.Database) -> bool:
    """Bring every headline into the form in which texts are compared; returns whether any was in another."""
    upto, changed = 0, False
    while rows := db.execute(HEADLINES, (upto,)).fetchall():
        upto = rows[-1][0]
        other = [(new, number) for number, title in rows if (new := nfc(title)) != title]
        db.conn.executemany("UPDATE mentions SET title = ? WHERE id = ?", other)
        changed = changed or bool(other)
    return changed
