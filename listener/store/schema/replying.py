"""Questions to us, the steps people took with them, and who watched which account of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# A question goes with its post. What was done with it stays, without the words that may tell of a person.
ANSWERS = """
CREATE TABLE questions (
    mention_id INTEGER PRIMARY KEY REFERENCES mentions(id) ON DELETE CASCADE, sentence TEXT NOT NULL,
    told_by TEXT NOT NULL, addressed TEXT NOT NULL);
CREATE TABLE answer_steps (
    id INTEGER PRIMARY KEY, mention_id INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, step TEXT NOT NULL,
    answer TEXT NOT NULL);
CREATE INDEX answer_steps_by_mention ON answer_steps (mention_id);
CREATE TABLE answer_texts (step_id INTEGER PRIMARY KEY REFERENCES answer_steps(id), text TEXT NOT NULL);
CREATE TRIGGER answer_steps_stand BEFORE UPDATE ON answer_steps
    BEGIN SELECT RAISE(ABORT, 'steps are append-only: add a new one'); END;
CREATE TRIGGER answer_steps_stay BEFORE DELETE ON answer_steps
    BEGIN SELECT RAISE(ABORT, 'steps are append-only: add a new one'); END;
CREATE TRIGGER answer_texts_go AFTER DELETE ON mentions
    BEGIN DELETE FROM answer_texts WHERE step_id IN (SELECT id FROM answer_steps WHERE mention_id = old.id); END;
CREATE INDEX mentions_of_ours ON mentions (place) WHERE direction = 'out';
"""

SUPERVISION = """
CREATE TABLE supervision (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, platform TEXT NOT NULL, platform_id TEXT,
    url TEXT NOT NULL, unit TEXT NOT NULL, removed INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX supervision_by_time ON supervision (at);
CREATE TRIGGER supervision_stands BEFORE UPDATE ON supervision
    BEGIN SELECT RAISE(ABORT, 'the supervision log is append-only: add a new note'); END;
CREATE TRIGGER supervision_stays BEFORE DELETE ON supervision
    BEGIN SELECT RAISE(ABORT, 'the supervision log is append-only: add a new note'); END;
"""


@migrations()
def m012_answers(db: sqlite_utils.Database) -> None:
    build(db, ANSWERS)


@migrations()
def m013_supervision(db: sqlite_utils.Database) -> None:
    build(db, SUPERVISION)
