"""What stands around one post of the log: its conversation, its copies, the post that it answers."""

from __future__ import annotations

from listener.store.database import Store
from listener.store.mention_rows import name
from listener.store.talk import QUERIES, Logged, read_logged

MOST = 50


def thread_of(store: Store, logged: Logged) -> list[Logged]:
    """The posts of its conversation that are logged, oldest first, at most MOST; itself only if there are others."""
    post = logged.post
    above = [value for value in (post.thread, post.reply_to) if value]
    names = [name(post.platform, value, store.salt) for value in above]
    first = post.thread or post.id
    sql = f"""SELECT m.*, {QUERIES} FROM mentions m WHERE m.id IN (
            SELECT id FROM mentions WHERE name IN ({", ".join("?" * len(names)) or "NULL"})
            UNION SELECT id FROM (SELECT id FROM mentions WHERE thread = ? AND platform = ? ORDER BY place LIMIT ?)
            UNION SELECT ?)
        ORDER BY m.place LIMIT ?"""  # noqa: S608  (ours)
    found = [read_logged(row) for row in store.rows(sql, (*names, first, post.platform, MOST, logged.id, MOST))]
    return found if len(found) > 1 else []


def newest_copies(store: Store, logged: Logged, most: int) -> list[Logged]:
    """The newest posts that say nearly the same, without itself; the first of them all too, when it is another."""
    sql = f"""SELECT m.*, {QUERIES} FROM mentions m WHERE m.id IN (
            SELECT id FROM (SELECT id FROM mentions WHERE cluster = :cluster AND cluster <> id
                ORDER BY place DESC LIMIT :most) UNION SELECT :cluster) AND m.id <> :id
        ORDER BY m.place DESC LIMIT :most"""  # noqa: S608  (ours)
    given = {"cluster": logged.cluster, "id": logged.id, "most": most}
    return [read_logged(row) for row in store.rows(sql, given)]
