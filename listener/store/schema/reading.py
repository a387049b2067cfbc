"""Reading at the review page: whose texts people had shown in clear and why, and the indexes its pages are read by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# Who looked, when and for which of the reasons stays; words of their own go with the post.
# The indexes hold few rows each: copies, posts of a thread, posts about a unit. What is no such post costs nothing.
READING = """
CREATE TABLE mention_looks (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, mention_id INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE TABLE mention_look_texts (look_id INTEGER PRIMARY KEY REFERENCES mention_looks(id), text TEXT NOT NULL);
CREATE INDEX mention_looks_by_mention ON mention_looks (mention_id);
CREATE INDEX mention_looks_by_person ON mention_looks (who, id);
CREATE TRIGGER mention_looks_stand BEFORE UPDATE ON mention_looks
    BEGIN SELECT RAISE(ABORT, 'what people had shown is append-only'); END;
CREATE TRIGGER mention_looks_stay BEFORE DELETE ON mention_looks
    BEGIN SELECT RAISE(ABORT, 'what people had shown is append-only'); END;
CREATE TRIGGER mention_look_texts_go AFTER DELETE ON mentions
    BEGIN DELETE FROM mention_look_texts WHERE look_id IN (SELECT id FROM mention_looks WHERE mention_id = old.id); END;
ALTER TABLE searches ADD COLUMN who TEXT;
CREATE INDEX searches_by_person ON searches (who, id) WHERE who IS NOT NULL;
CREATE INDEX mentions_by_copy ON mentions (cluster, place) WHERE cluster <> id;
CREATE INDEX mentions_by_thread ON mentions (thread, place) WHERE thread IS NOT NULL;
CREATE INDEX mentions_by_unit ON mentions (unit, place) WHERE unit IS NOT NULL;
CREATE INDEX faults_by_url ON faults (url, run_id);
CREATE INDEX events_by_person ON events (who, id);
CREATE INDEX source_results_by_source ON source_results (source, run_id);
"""


@migrations()
def m032_reading(db: sqlite_utils.Database) -> None:
    build(db, READING)
