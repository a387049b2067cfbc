"""Alerts on their way out, and crises as they went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# A delivery is begun before it is sent and marked after: a kill in between repeats it once, never loses it.
ALERTS = """
CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL,
    title TEXT NOT NULL, cause TEXT NOT NULL, links TEXT NOT NULL, key TEXT NOT NULL, posts TEXT NOT NULL);
CREATE INDEX alerts_by_key ON alerts (key, at);
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY, alert_id INTEGER NOT NULL REFERENCES alerts(id) ON DELETE CASCADE, channel TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, begun_at TEXT, sent_at TEXT, trouble TEXT NOT NULL DEFAULT '',
    UNIQUE (alert_id, channel));
CREATE INDEX deliveries_waiting ON deliveries (alert_id) WHERE sent_at IS NULL;
"""

CRISES = """
CREATE TABLE crisis_steps (
    id INTEGER PRIMARY KEY, crisis INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL,
    told TEXT NOT NULL);
CREATE INDEX crisis_steps_by_crisis ON crisis_steps (crisis);
CREATE TRIGGER crisis_steps_stand BEFORE UPDATE ON crisis_steps
    BEGIN SELECT RAISE(ABORT, 'crises are append-only: add a new step'); END;
CREATE TRIGGER crisis_steps_stay BEFORE DELETE ON crisis_steps
    BEGIN SELECT RAISE(ABORT, 'crises are append-only: add a new step'); END;
"""


@migrations()
def m009_alerts(db: sqlite_utils.Database) -> None:
    build(db, ALERTS)


@migrations()
def m010_crises(db: sqlite_utils.Database) -> None:
    build(db, CRISES)
