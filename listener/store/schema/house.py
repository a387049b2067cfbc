"""The tables of the house: runs, cases, evidence, and the log of mentions as it first was (steps 1 to 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations
from listener.text.words import TOKENISER

if TYPE_CHECKING:
    import sqlite_utils

RUNS = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO settings VALUES ('salt', lower(hex(randomblob(32))));
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
    exit_code INTEGER, complete INTEGER, version TEXT NOT NULL, planned TEXT NOT NULL DEFAULT '[]');
CREATE TABLE source_results (
    run_id INTEGER NOT NULL REFERENCES runs(id), source TEXT NOT NULL, completeness TEXT NOT NULL,
    accounts INTEGER NOT NULL, posts INTEGER NOT NULL, seconds REAL NOT NULL, PRIMARY KEY (run_id, source));
CREATE TABLE issues (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id), source TEXT NOT NULL, kind TEXT NOT NULL,
    detail TEXT NOT NULL, until TEXT);
CREATE INDEX issues_by_run ON issues (run_id, source);
CREATE TABLE cursors (
    source TEXT NOT NULL, query TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (source, query, key)) WITHOUT ROWID;
CREATE TABLE faults (
    run_id INTEGER NOT NULL REFERENCES runs(id), rule TEXT NOT NULL, url TEXT NOT NULL, unit TEXT NOT NULL,
    detail TEXT NOT NULL, hint TEXT NOT NULL, PRIMARY KEY (run_id, rule, url, unit, detail));
CREATE TABLE reports (week TEXT PRIMARY KEY, made_at TEXT NOT NULL, complete INTEGER NOT NULL);
CREATE TABLE searches (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, query TEXT NOT NULL, purpose TEXT, source TEXT, refused TEXT);
CREATE TABLE retention_log (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, class TEXT NOT NULL, count INTEGER NOT NULL, before TEXT NOT NULL,
    decision_ref TEXT NOT NULL, who TEXT NOT NULL);
"""

CASES = """
CREATE TABLE accounts (
    key TEXT PRIMARY KEY, platform TEXT NOT NULL, platform_id TEXT, handle TEXT, handle_key TEXT, display_name TEXT,
    url TEXT, record TEXT NOT NULL, fingerprint TEXT NOT NULL, first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL, last_run_id INTEGER REFERENCES runs(id), observation TEXT NOT NULL,
    missed INTEGER NOT NULL DEFAULT 0, source TEXT NOT NULL);
CREATE INDEX accounts_by_handle ON accounts (platform, handle_key);
CREATE TABLE handles (
    platform TEXT NOT NULL, handle_key TEXT NOT NULL,
    account_key TEXT NOT NULL REFERENCES accounts(key) ON UPDATE CASCADE ON DELETE CASCADE, seen_at TEXT NOT NULL,
    PRIMARY KEY (platform, handle_key, account_key)) WITHOUT ROWID;
CREATE INDEX handles_by_account ON handles (account_key);
CREATE TABLE skipped (hash TEXT PRIMARY KEY, last_seen_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE observations (
    account_key TEXT NOT NULL REFERENCES accounts(key) ON UPDATE CASCADE ON DELETE CASCADE,
    run_id INTEGER NOT NULL REFERENCES runs(id), observation TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (account_key, run_id)) WITHOUT ROWID;
CREATE TABLE cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_key TEXT UNIQUE REFERENCES accounts(key) ON UPDATE CASCADE ON DELETE SET NULL,
    platform TEXT NOT NULL, verdict TEXT NOT NULL, unit TEXT, unit_kind TEXT, score REAL NOT NULL, state TEXT NOT NULL,
    finding TEXT, opened_at TEXT NOT NULL, opened_run INTEGER REFERENCES runs(id), changed_at TEXT NOT NULL,
    assignee TEXT, snoozed_until TEXT, linked_case INTEGER REFERENCES cases(id), decided_fingerprint TEXT,
    erased_at TEXT);
CREATE INDEX cases_by_state ON cases (state);
CREATE TABLE events (
    id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases(id), at TEXT NOT NULL, kind TEXT NOT NULL,
    who TEXT NOT NULL, from_state TEXT, to_state TEXT NOT NULL, reason TEXT NOT NULL, text_hash TEXT,
    verdict TEXT NOT NULL, unit_kind TEXT, rules_version TEXT NOT NULL, run_id INTEGER REFERENCES runs(id),
    undoes INTEGER UNIQUE REFERENCES events(id), assignee TEXT, until TEXT, fingerprint TEXT,
    prev_hash TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX events_by_case ON events (case_id);
CREATE INDEX events_by_time ON events (at);
CREATE TRIGGER events_stand BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only: add a new one'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only: add a new one'); END;
CREATE TABLE event_texts (
    event_id INTEGER PRIMARY KEY REFERENCES events(id), nonce TEXT NOT NULL, text TEXT NOT NULL);
"""

# The index knows only words: folding away å, ä, ö would make "får" and "far" one (FTS5's default does).
# TOKENISER also names the emoji as separators, which unicode61 is too old to know.
MENTIONS = """
CREATE TABLE mentions (
    id INTEGER PRIMARY KEY, platform TEXT NOT NULL, post_id TEXT NOT NULL, query TEXT NOT NULL, url TEXT, author TEXT,
    text TEXT NOT NULL, lang TEXT, published_at TEXT, day TEXT NOT NULL, source TEXT, spans TEXT NOT NULL,
    reply_to TEXT, links TEXT NOT NULL DEFAULT '[]', logged_at TEXT NOT NULL, run_id INTEGER REFERENCES runs(id),
    UNIQUE (platform, post_id, query));
CREATE INDEX mentions_by_day ON mentions (query, day);
CREATE INDEX mentions_by_time ON mentions (published_at);
CREATE INDEX mentions_by_logged ON mentions (logged_at);
CREATE VIRTUAL TABLE mentions_fts USING fts5(
    text, content='mentions', content_rowid='id', tokenize="@TOKENISER@");
""".replace("@TOKENISER@", TOKENISER)

VIEWS = """
CREATE VIEW to_review AS
SELECT c.id AS case_id, c.account_key, a.platform, a.platform_id, a.handle, a.display_name, a.url, c.verdict, c.unit,
       c.unit_kind, c.score, c.state, a.observation, c.opened_at, c.changed_at, a.first_seen_at, a.last_seen_at,
       c.assignee, c.linked_case,
       CASE c.verdict WHEN 'impostor' THEN 5 WHEN 'lookalike_site' THEN 5 WHEN 'official_changed' THEN 4
            WHEN 'employee_official' THEN 3 WHEN 'unapproved_unit' THEN 2 ELSE 1 END AS severity
FROM cases c JOIN accounts a ON a.key = c.account_key
WHERE c.state IN ('new', 'triage', 'confirmed', 'action', 'regressed');

CREATE VIEW closed_cases AS
SELECT c.id AS case_id, c.account_key, c.state, max(c.changed_at, a.last_seen_at) AS idle_since
FROM cases c JOIN accounts a ON a.key = c.account_key
WHERE c.state IN ('dismissed', 'resolved', 'registered');

CREATE VIEW weekly_changes AS
SELECT e.case_id, e.at, e.kind, e.from_state, e.to_state, e.verdict, e.unit_kind, c.unit, c.platform
FROM events e JOIN cases c ON c.id = e.case_id
WHERE e.from_state IS NOT e.to_state OR e.kind = 'verdict';

CREATE VIEW mention_counts AS
SELECT query, source, day, count(*) AS mentions FROM mentions GROUP BY query, source, day;

CREATE VIEW source_health AS
SELECT s.source, s.run_id AS last_run_id, coalesce(r.finished_at, r.started_at) AS last_at, s.completeness,
       (SELECT group_concat(i.detail, ' · ') FROM issues i
        WHERE i.run_id = s.run_id AND i.source = s.source) AS detail
FROM source_results s JOIN runs r ON r.id = s.run_id
WHERE s.run_id = (SELECT max(t.run_id) FROM source_results t WHERE t.source = s.source);
"""


USAGE = """
CREATE TABLE source_usage (
    source TEXT NOT NULL, kind TEXT NOT NULL, hour TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (source, kind, hour)) WITHOUT ROWID;
"""

# What is known of a file stands apart from its row, so that it can be destroyed and the chain of rows still hold.
EVIDENCE = """
CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY, case_id INTEGER REFERENCES cases(id), run_id INTEGER REFERENCES runs(id), at TEXT NOT NULL,
    kind TEXT NOT NULL, source TEXT NOT NULL, tool TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL,
    target INTEGER UNIQUE REFERENCES snapshots(id), details_hash TEXT, prev_hash TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX snapshots_by_case ON snapshots (case_id);
CREATE TRIGGER snapshots_stand BEFORE UPDATE ON snapshots
    BEGIN SELECT RAISE(ABORT, 'the manifest is append-only: add a new row'); END;
CREATE TRIGGER snapshots_stay BEFORE DELETE ON snapshots
    BEGIN SELECT RAISE(ABORT, 'the manifest is append-only: add a new row'); END;
CREATE TABLE snapshot_details (
    snapshot_id INTEGER PRIMARY KEY REFERENCES snapshots(id), nonce TEXT NOT NULL, url TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, size INTEGER NOT NULL, event_id INTEGER, fingerprint TEXT);
"""

# The settings under which its source last saw an account, as `asking.scope_of`; none when it was seen before this step.
SCOPE = """
ALTER TABLE accounts ADD COLUMN scope TEXT;
"""


@migrations()
def m001_runs(db: sqlite_utils.Database) -> None:
    build(db, RUNS)


@migrations()
def m002_cases(db: sqlite_utils.Database) -> None:
    build(db, CASES)


@migrations()
def m003_mentions(db: sqlite_utils.Database) -> None:
    build(db, MENTIONS)


@migrations()
def m004_views(db: sqlite_utils.Database) -> None:
    build(db, VIEWS)


@migrations()
def m005_usage(db: sqlite_utils.Database) -> None:
    build(db, USAGE)


@migrations()
def m006_evidence(db: sqlite_utils.Database) -> None:
    build(db, EVIDENCE)


@migrations()
def m007_scope(db: sqlite_utils.Database) -> None:
    build(db, SCOPE)
