"""Which posts are copies of which: each new one is held against the recent ones that share a band with it."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from listener.near_duplicates import SAME, Compared, Print, fingerprint, likeness
from listener.store.database import Store

WINDOW = 50_000  # posts back that copies are looked for
PRUNED = 5_000  # posts between two times that older bands are dropped
MOST_MET = 150  # posts looked up for one band, whoever floods us with variants
MOST_COMPARED = 8


KEPT = 20_000  # posts that are kept ready to be compared


MET = "SELECT mention_id FROM mention_bands WHERE band = ? ORDER BY mention_id DESC LIMIT ?"


class Seen(NamedTuple):
    """A post that others are held against, and the cluster that it is in."""

    cluster: int
    compared: Compared


class Clusters:
    """The copies among what is being logged in one transaction, and what was logged before it; `flush` when it is."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.seen: dict[int, Seen | None] = {}
        self.bands: dict[int, list[int]] = {}  # of this transaction: band -> ids

    def place(self, row: dict[str, Any]) -> None:
        """Set `cluster` of a row of `mentions` that is about to be written, and remember it for those that follow."""
        compared = Compared(row["text"])
        made = fingerprint(compared)
        if made is None:
            return
        if self.join(row, compared, made) < SAME:
            self.seen[row["id"]] = Seen(row["cluster"], compared)
            for key in made.keys:
                self.bands.setdefault(key, []).append(row["id"])

    def join(self, row: dict[str, Any], compared: Compared, made: Print) -> float:
        """Put the row with the post that is most like it, and say how much it is; 0 when none is."""
        share = 0.0
        for number, _shared in self.met(made).most_common(MOST_COMPARED):
            known = self.known(number)
            likewise = likeness(compared, known.compared) if known else 0.0
            if known and likewise > share:
                row["cluster"], share = known.cluster, likewise
            if share >= SAME:
                break
        return share

    def met(self, made: Print) -> Counter[int]:
        """The posts that share bands with it, and how many bands; of a band that many share, the latest."""
        found: Counter[int] = Counter()
        for key in made.keys:
            now = self.bands.get(key, ())[-MOST_MET:]
            found.update(now)
            if len(now) < MOST_MET:
                found.update([number for (number,) in self.store.conn.execute(MET, (key, MOST_MET - len(now)))])
        return found

    def known(self, number: int) -> Seen | None:
        """A post by its id; None when it is deleted."""
        if number not in self.seen:
            row = self.store.row("SELECT text, cluster FROM mentions WHERE id = ?", (number,))
            if len(self.seen) >= KEPT:
                self.seen.clear()
            self.seen[number] = Seen(row["cluster"], Compared(row["text"])) if row else None
        return self.seen[number]

    def flush(self, first: int, last: int) -> None:
        """Write the bands of the posts [first, last], and now and then drop those that are out of the window."""
        rows = sorted((key, number) for key, numbers in self.bands.items() for number in numbers)
        self.store.conn.executemany("INSERT OR IGNORE INTO mention_bands VALUES (?, ?)", rows)
        if last // PRUNED != (first - 1) // PRUNED:
            self.store.conn.execute("DELETE FROM mention_bands WHERE mention_id <= ?", (last - WINDOW,))
        self.bands.clear()
