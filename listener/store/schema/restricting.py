"""Which posts only some may read: a ground that was given for one holds for all its copies, those to come too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from listener.store.schema.steps import build, migrations

if TYPE_CHECKING:
    import sqlite_utils

# A cluster is closed once and stays so: a step that is taken back, or a post that is past its time, opens nothing.
# What nobody may be shown outweighs what some may read.
RESTRICTING = """
CREATE TABLE closed_clusters (cluster INTEGER PRIMARY KEY, ground TEXT NOT NULL);
INSERT INTO closed_clusters
    SELECT m.cluster, min(s.answer) FROM answer_steps s CROSS JOIN mentions m ON m.id = s.mention_id
    WHERE s.step = 'remove' AND s.answer IN ('child_abuse', 'secrecy') GROUP BY m.cluster;
INSERT OR IGNORE INTO closed_clusters SELECT cluster, 'secrecy' FROM mentions WHERE instr(tags, '"sekretess"') > 0;
CREATE TRIGGER clusters_closed_by_people AFTER INSERT ON answer_steps
    WHEN new.step = 'remove' AND new.answer IN ('child_abuse', 'secrecy')
    BEGIN INSERT INTO closed_clusters SELECT cluster, new.answer FROM mentions WHERE id = new.mention_id
        ON CONFLICT (cluster) DO UPDATE SET ground = min(ground, excluded.ground); END;
CREATE TRIGGER clusters_closed_when_logged AFTER INSERT ON mentions WHEN instr(new.tags, '"sekretess"') > 0
    BEGIN INSERT OR IGNORE INTO closed_clusters VALUES (new.cluster, 'secrecy'); END;
CREATE TRIGGER clusters_closed_when_tagged AFTER UPDATE OF tags ON mentions WHEN instr(new.tags, '"sekretess"') > 0
    BEGIN INSERT OR IGNORE INTO closed_clusters VALUES (new.cluster, 'secrecy'); END;
"""


@migrations()
def m075_restricting(db: sqlite_utils.Database) -> None:
    build(db, RESTRICTING)
