"""Which posts of the log only some may read, and which nobody: asked by whoever shows, counts or hands on a text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from listener.store.database import Store, as_json

SECRET, NEVER = "secrecy", "child_abuse"  # the grounds: people of the review may read it; nobody is shown it
TAG = "sekretess"  # of a saved query or a topic whose posts are SECRET
Eyes = Literal["", "open", "secret"]  # all posts; those that everybody may read; those and what is SECRET


def restricted(store: Store, ids: Iterable[int]) -> dict[int, str]:
    """Those of these posts that only some may read, with the ground; a ground given for one holds for its copies.

    A ground that a person once gave holds, though the step was taken back since: better too few read it.
    """
    sql = """SELECT m.id, c.ground FROM mentions m JOIN closed_clusters c ON c.cluster = m.cluster
        WHERE m.id IN (SELECT value FROM json_each(?))"""
    return {row["id"]: row["ground"] for row in store.rows(sql, (as_json(list(ids)),))}


def closed_clusters(store: Store) -> dict[int, str]:
    """The clusters that are closed, with the ground, for those who go through the whole log."""
    return {row["cluster"]: row["ground"] for row in store.rows("SELECT cluster, ground FROM closed_clusters")}


def open_to(eyes: Eyes, place: str) -> tuple[str, ...]:
    """The condition that the post at the place in this column is one that such eyes may read; none for all posts."""
    if not eyes:
        return ()
    only = f" WHERE ground = '{NEVER}'" if eyes == "secret" else ""
    return (f"{place} NOT IN (SELECT place FROM closed_posts{only})",)  # noqa: S608  (our own words)
