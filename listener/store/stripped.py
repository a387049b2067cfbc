"""Posts of which nothing but address, id and time may be kept: the words go from tables and index alike."""

from __future__ import annotations

from listener.store.database import Store
from listener.store.disposal import REINDEXED
from listener.store.word_list import learn

# Of the post and of its copies, which say the same.
_ALIKE = "SELECT id FROM mentions WHERE cluster = (SELECT cluster FROM mentions WHERE id = :id)"
_STRIPPED = (
    f"""UPDATE mentions SET author = NULL, writer = '', title = NULL, text = '', reply_to = NULL, thread = NULL,
        links = '[]', reach = NULL, unit = NULL, tags = '[]', facets = '' WHERE id IN ({_ALIKE})""",  # noqa: S608
    f"UPDATE mention_queries SET spans = '[]' WHERE mention_id IN ({_ALIKE})",  # noqa: S608  (our own text)
    f"DELETE FROM mention_bands WHERE mention_id IN ({_ALIKE})",  # noqa: S608
    f"""DELETE FROM answer_texts WHERE step_id IN (SELECT id FROM answer_steps
        WHERE mention_id IN ({_ALIKE}))""",  # noqa: S608
)


def strip(store: Store, mention_id: int) -> None:
    """Take the words of a post, and of its copies, out of the log for good.

    Must run inside the transaction that says why; call `disposal.wipe` afterwards, or their bytes stay in the file.
    """
    for sql in _STRIPPED:
        store.conn.execute(sql, {"id": mention_id})
    for sql in REINDEXED:
        store.conn.execute(sql)
    learn(store.conn)
