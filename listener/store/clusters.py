"""Which posts are copies of which: each new one is held against the recent ones that share a band with it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from typing import Any, NamedTuple

import msgspec

from listener.near_duplicates import SAME, Compared, Print, fingerprints, likeness
from listener.store.database import Store, as_json

WINDOW = 50_000  # posts back that copies are looked for
PRUNED = 5_000  # posts between two times that older bands are dropped
MOST_MET = 64  # posts looked up for one band, whoever floods us with variants
MOST_LOOKED = 200  # posts that are looked up for one post, the rarest bands first
MOST_COMPARED = 16
KEPT = 4_000  # posts that are kept ready to be compared

# All the bands of a batch in one look: the latest posts of each band that any has.
MET = f"""SELECT k.value, (SELECT json_group_array(mention_id) FROM (
        SELECT mention_id FROM mention_bands WHERE band = k.value ORDER BY mention_id DESC LIMIT {MOST_MET}))
    FROM json_each(?) k WHERE EXISTS (SELECT 1 FROM mention_bands WHERE band = k.value)"""  # noqa: S608  (a number)
TEXTS = "SELECT m.id, m.text, m.cluster FROM json_each(?) k CROSS JOIN mentions m ON m.id = k.value"


class Seen(NamedTuple):
    """A post that others are held against, and the cluster that it is in."""

    cluster: int
    compared: Compared


class Clusters:
    """The copies among what is being logged in one transaction, and what was logged before it; `flush` when it is."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.seen: dict[int, Seen] = {}
        self.bands: dict[int, array[int]] = {}  # of this transaction: band -> ids
        self.before: dict[int, tuple[int, ...]] = {}  # of those being placed: band -> ids

    def place(self, rows: Sequence[dict[str, Any]]) -> None:
        """Set `cluster` of rows of `mentions`, and remember them for those that follow.

        Write them before the next are placed: only so many are remembered, the others looked up again.
        """
        if len(self.seen) > KEPT:
            self.seen.clear()
        said = [Compared(row["text"]) for row in rows]
        prints = fingerprints(said)
        self.before = dict(self.logged(prints))
        for row, compared, made in zip(rows, said, prints, strict=True):
            if made is not None:
                self.put(row, compared, made)

    def put(self, row: dict[str, Any], compared: Compared, made: Print) -> None:
        """One row into its cluster."""
        if self.join(row, compared, made) < SAME:
            self.seen[row["id"]] = Seen(row["cluster"], compared)
            for key in made.keys:
                if (numbers := self.bands.get(key)) is None:
                    self.bands[key] = array("q", (row["id"],))
                else:
                    numbers.append(row["id"])

    def join(self, row: dict[str, Any], compared: Compared, made: Print) -> float:
        """Put the row with the post that is most like it, and say how much it is; 0 when none is."""
        share = 0.0
        numbers = self.met(made)
        self.prepare([number for number in numbers if number not in self.seen])
        for number in numbers:
            known = self.seen.get(number)
            likewise = likeness(compared, known.compared) if known else 0.0
            if known and likewise > share:
                row["cluster"], share = known.cluster, likewise
            if share >= SAME:
                break
        return share

    def met(self, made: Print) -> Sequence[int]:
        """The post that says the same, else those that share most bands with it; a band that few have says most."""
        if same := self.sharing(made.exact):
            return same[:1]
        weights: dict[int, float] = {}
        looked = 0
        for numbers in sorted(filter(None, map(self.sharing, made.bands)), key=len):
            weight = len(numbers) ** -0.5
            for number in numbers:
                weights[number] = weights.get(number, 0.0) + weight
            looked += len(numbers)
            if looked >= MOST_LOOKED:
                break
        return nlargest(MOST_COMPARED, weights, key=weights.__getitem__)

    def sharing(self, key: int) -> Sequence[int]:
        """The latest posts with this band."""
        now, before = self.bands.get(key), self.before.get(key, ())
        if now is None:
            return before
        return [*now[: -MOST_MET - 1 : -1], *before[: max(0, MOST_MET - len(now))]]

    def logged(self, prints: Iterable[Print | None]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The bands of these posts that posts logged before have too, with the ids of the latest."""
        asked = as_json([key for made in prints if made is not None for key in made.keys])
        for key, numbers in self.store.conn.execute(MET, (asked,)):
            yield key, msgspec.json.decode(numbers, type=tuple[int, ...])

    def prepare(self, numbers: Sequence[int]) -> None:
        """Make posts that were logged before ready to be compared; one that is deleted is left out."""
        if numbers:
            for number, text, cluster in self.store.conn.execute(TEXTS, (as_json(numbers),)):
                self.seen[number] = Seen(cluster, Compared(text))

    def flush(self, first: int, last: int) -> None:
        """Write the bands of the posts [first, last], and now and then drop those that are out of the window."""
        rows = ((key, number) for key in sorted(self.bands) for number in self.bands[key])
        self.store.conn.executemany("INSERT OR IGNORE INTO mention_bands VALUES (?, ?)", rows)
        if last // PRUNED != (first - 1) // PRUNED:
            self.store.conn.execute("DELETE FROM mention_bands WHERE mention_id <= ?", (last - WINDOW,))
        self.bands.clear()
