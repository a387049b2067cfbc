"""Who may log in to the review page, who is logged in, and what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# A session is known by the hash of its token: who can read the store cannot take one over.
PEOPLE = """
CREATE TABLE people (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, added_at TEXT NOT NULL, closed_at TEXT)
    WITHOUT ROWID;
CREATE TABLE sessions (
    token TEXT PRIMARY KEY, person TEXT NOT NULL, role TEXT NOT NULL, form TEXT NOT NULL, began_at TEXT NOT NULL,
    seen_at TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX sessions_by_person ON sessions (person);
CREATE TABLE people_choices (
    person TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (person, name)) WITHOUT ROWID;
CREATE TABLE refused_logins (id INTEGER PRIMARY KEY, at TEXT NOT NULL, person TEXT NOT NULL, place TEXT NOT NULL);
CREATE INDEX refused_by_time ON refused_logins (at);
"""


@migrations()
def m030_people(db: sqlite_utils.Database) -> None:
    build(db, PEOPLE)


# Notes and proposals are added and closed, never rewritten; only retention may take the words away. `account_words`
# is what the queue is searched by: names as they are written and as they are read, folded, handle and address.
CASE_WORK = """
CREATE TABLE case_notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, case_id INTEGER NOT NULL REFERENCES cases(id), at TEXT NOT NULL,
    who TEXT NOT NULL, text TEXT);
CREATE INDEX case_notes_by_case ON case_notes (case_id);
CREATE TRIGGER case_notes_stand BEFORE UPDATE ON case_notes WHEN new.text IS NOT NULL OR new.who <> old.who
    OR new.at <> old.at OR new.case_id <> old.case_id OR new.id <> old.id
    BEGIN SELECT RAISE(ABORT, 'notes are append-only: add a new one'); END;
CREATE TRIGGER case_notes_stay BEFORE DELETE ON case_notes
    BEGIN SELECT RAISE(ABORT, 'notes are append-only: add a new one'); END;
CREATE TABLE proposals (
    id INTEGER PRIMARY KEY AUTOINCREMENT, case_id INTEGER NOT NULL REFERENCES cases(id),
    event_id INTEGER NOT NULL REFERENCES events(id), at TEXT NOT NULL, who TEXT NOT NULL, to_state TEXT NOT NULL,
    reason TEXT NOT NULL, text TEXT, until TEXT, assignee TEXT, closed_at TEXT, closed_by TEXT, outcome TEXT);
CREATE UNIQUE INDEX proposals_open ON proposals (case_id) WHERE closed_at IS NULL;
CREATE TABLE account_traits (
    trait TEXT NOT NULL,
    account_key TEXT NOT NULL REFERENCES accounts(key) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (trait, account_key)) WITHOUT ROWID;
CREATE INDEX traits_by_account ON account_traits (account_key);
CREATE TABLE account_words (
    account_key TEXT PRIMARY KEY REFERENCES accounts(key) ON UPDATE CASCADE ON DELETE CASCADE, words TEXT NOT NULL)
    WITHOUT ROWID;
-- All that the queue asks of a case, so that no finding has to be read past to sort or count them.
CREATE INDEX cases_by_severity ON cases (
    (CASE verdict WHEN 'impostor' THEN 5 WHEN 'lookalike_site' THEN 5 WHEN 'official_changed' THEN 4
     WHEN 'employee_official' THEN 3 WHEN 'unapproved_unit' THEN 2 ELSE 1 END) DESC, opened_at, id, state,
    snoozed_until, account_key, verdict, unit_kind, platform, unit, assignee);
CREATE INDEX cases_by_date ON cases (state, snoozed_until) WHERE snoozed_until IS NOT NULL;
"""


@migrations()
def m031_case_work(db: sqlite_utils.Database) -> None:
    build(db, CASE_WORK)
    from listener.store.traits import add_known_traits

    add_known_traits(db.conn)


# The queue of every day is one in ten of the cases: it is sorted, counted and searched without passing the others.
WAITING = """
CREATE INDEX cases_waiting ON cases (
    (CASE verdict WHEN 'impostor' THEN 5 WHEN 'lookalike_site' THEN 5 WHEN 'official_changed' THEN 4
     WHEN 'employee_official' THEN 3 WHEN 'unapproved_unit' THEN 2 ELSE 1 END) DESC, opened_at, id, state,
    snoozed_until, account_key, verdict, unit_kind, platform, unit, assignee)
    WHERE state IN ('new', 'triage', 'confirmed', 'action', 'regressed', 'watching');
CREATE INDEX cases_by_platform ON cases (platform);
CREATE INDEX cases_by_unit ON cases (unit) WHERE unit IS NOT NULL;
CREATE INDEX cases_by_assignee ON cases (assignee) WHERE assignee IS NOT NULL;
"""


@migrations()
def m035_waiting(db: sqlite_utils.Database) -> None:
    build(db, WAITING)


# The words under the number of the case, so that none has to be looked up by a key, and two line breaks; and of
# every three letters in a row the cases that have them, kept up as the words change: 6 MB of 100,000 accounts.
WORDS = """
CREATE TABLE words_by_case (
    id INTEGER PRIMARY KEY REFERENCES cases(id),
    account_key TEXT NOT NULL UNIQUE REFERENCES accounts(key) ON UPDATE CASCADE ON DELETE CASCADE,
    words TEXT NOT NULL);
INSERT INTO words_by_case
    SELECT c.id, w.account_key, w.words || char(10, 10) FROM account_words w JOIN cases c USING (account_key);
DROP TABLE account_words;
ALTER TABLE words_by_case RENAME TO account_words;
CREATE VIRTUAL TABLE account_index USING fts5(
    words, content='account_words', content_rowid='id', columnsize=0, detail=none, tokenize='trigram case_sensitive 1');
INSERT INTO account_index (account_index) VALUES ('rebuild');
CREATE VIRTUAL TABLE account_runs USING fts5vocab(account_index, row);
CREATE TRIGGER account_words_added AFTER INSERT ON account_words
    BEGIN INSERT INTO account_index (rowid, words) VALUES (new.id, new.words); END;
CREATE TRIGGER account_words_changed AFTER UPDATE OF words ON account_words BEGIN
    INSERT INTO account_index (account_index, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO account_index (rowid, words) VALUES (new.id, new.words);
END;
CREATE TRIGGER account_words_gone AFTER DELETE ON account_words
    BEGIN INSERT INTO account_index (account_index, rowid, words) VALUES ('delete', old.id, old.words); END;
"""


@migrations()
def m036_words_indexed(db: sqlite_utils.Database) -> None:
    """The queue's search need not read every account's words."""
    build(db, WORDS)
