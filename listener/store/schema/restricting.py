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


# The places of the posts in closed clusters: what the index finds is held against them without a row being read.
_PLACES = """SELECT place, new.ground FROM mentions WHERE id = new.cluster
        UNION ALL SELECT place, new.ground FROM mentions WHERE cluster = new.cluster AND cluster <> id"""
PLACES = f"""
CREATE TABLE closed_posts (place INTEGER PRIMARY KEY, ground TEXT NOT NULL);
CREATE INDEX closed_to_all ON closed_posts (place) WHERE ground = 'child_abuse';
INSERT INTO closed_posts SELECT m.place, c.ground FROM closed_clusters c CROSS JOIN mentions m ON m.id = c.cluster;
INSERT OR IGNORE INTO closed_posts
    SELECT m.place, c.ground FROM closed_clusters c CROSS JOIN mentions m ON m.cluster = c.cluster
    WHERE m.cluster <> m.id;
CREATE TRIGGER posts_closed_with_cluster AFTER INSERT ON closed_clusters
    BEGIN INSERT OR IGNORE INTO closed_posts {_PLACES}; END;
CREATE TRIGGER posts_closed_anew AFTER UPDATE OF ground ON closed_clusters WHEN new.ground <> old.ground
    BEGIN UPDATE closed_posts SET ground = new.ground WHERE place IN (SELECT place FROM ({_PLACES})); END;
CREATE TRIGGER posts_closed_when_logged AFTER INSERT ON mentions
    WHEN EXISTS (SELECT 1 FROM closed_clusters WHERE cluster = new.cluster)
    BEGIN INSERT OR IGNORE INTO closed_posts
        SELECT new.place, ground FROM closed_clusters WHERE cluster = new.cluster; END;
CREATE TRIGGER posts_closed_go AFTER DELETE ON mentions BEGIN DELETE FROM closed_posts WHERE place = old.place; END;
"""  # noqa: S608  (our own words)


@migrations()
def m076_closed_places(db: sqlite_utils.Database) -> None:
    build(db, PLACES)
