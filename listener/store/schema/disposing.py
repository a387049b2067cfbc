"""What is only ever added to can still be disposed of by decision, and in no other way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# A disposal says here which class it deletes and before when, deletes, and takes the line away, all in one transaction:
# so these logs let go of what is past its time, and of nothing else.
DISPOSING = """
CREATE TABLE disposing ("class" TEXT PRIMARY KEY, before TEXT NOT NULL) WITHOUT ROWID;
DROP TRIGGER supervision_stays;
CREATE TRIGGER supervision_stays BEFORE DELETE ON supervision
    WHEN NOT EXISTS (SELECT 1 FROM disposing WHERE "class" = 'supervision' AND old.at < before)
    BEGIN SELECT RAISE(ABORT, 'the supervision log is append-only: add a new note'); END;
DROP TRIGGER mention_looks_stay;
CREATE TRIGGER mention_looks_stay BEFORE DELETE ON mention_looks
    WHEN NOT EXISTS (SELECT 1 FROM disposing WHERE "class" = 'looks' AND old.at < before)
    BEGIN SELECT RAISE(ABORT, 'what people had shown is append-only'); END;
CREATE INDEX mention_looks_by_time ON mention_looks (at);
"""


@migrations()
def m070_disposing(db: sqlite_utils.Database) -> None:
    build(db, DISPOSING)
