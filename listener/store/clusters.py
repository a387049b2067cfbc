"""Which posts are copies of which: each new one is held against the recent ones that share a band with it."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from listener.near_duplicates import SAME, Compared, fingerprints, likeness
from listener.store.database import Store, as_json

WINDOW = 50_000  # posts back that copies are looked for
PRUNED = 5_000  # posts between two times that older bands are dropped
MOST_MET = 64  # posts looked up for one band, whoever floods us with variants
MOST_LOOKED = 200  # posts that are looked up for one post, the rarest bands first
MOST_COMPARED = 20
NEAR = 0.25  # of what the bands of the likeliest weigh: whose weigh less is hardly ever the copied one
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
    """The copies among what is being logged in one transaction, and what was logged before it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.seen: dict[int, Seen] = {}

    def place(self, rows: Sequence[dict[str, Any]]) -> None:
        """Set `cluster` of rows of `mentions` with ascending ids, and write their bands for those that follow.

        Write the rows before the next are placed: only so many are remembered, the others looked up again.
        """
        if len(self.seen) > KEPT:
            self.seen.clear()
        said = [Compared(row["text"]) for row in rows]
        prints = [made.keys if made is not None else () for made in fingerprints(said)]
        held = self.held(Counter(chain.from_iterable(prints)))
        kept: list[tuple[int, int]] = []
        for row, compared, keys in zip(rows, said, prints, strict=True):
            if not keys:
                continue
            same, shared = held.get(keys[0]), [held[key] for key in keys if key in held]
            if self.join(row, compared, [same[0]] if same else likely(shared)) < SAME:
                self.seen[row["id"]] = Seen(row["cluster"], compared)
                kept += ((key, row["id"]) for key in keys)
                for numbers in shared:
                    numbers.appendleft(row["id"])
        self.store.conn.executemany("INSERT OR IGNORE INTO mention_bands VALUES (?, ?)", sorted(kept))

    def held(self, keys: Mapping[int, int]) -> dict[int, deque[int]]:
        """The bands that more than one post has, with the ids of the latest posts logged before, latest first."""
        held = {key: deque(numbers, MOST_MET) for key, numbers in self.logged(keys)}
        return {key: deque(maxlen=MOST_MET) for key, posts in keys.items() if posts > 1} | held

    def logged(self, keys: Collection[int]) -> Iterator[tuple[int, list[int]]]:
        """Those of the bands that posts logged before have too, with the ids of the latest."""
        for key, numbers in self.store.conn.execute(MET, (as_json(sorted(keys)),)):
            yield key, msgspec.json.decode(numbers, type=list[int])

    def join(self, row: dict[str, Any], compared: Compared, numbers: Sequence[int]) -> float:
        """Put the row with the one of these posts that is most like it, and say how much it is; 0 when none is."""
        share = 0.0
        self.prepare([number for number in numbers if number not in self.seen])
        for number in numbers:
            known = self.seen.get(number)
            likewise = likeness(compared, known.compared) if known else 0.0
            if known and likewise > share:
                row["cluster"], share = known.cluster, likewise
            if share >= SAME:
                break
        return share

    def prepare(self, numbers: Sequence[int]) -> None:
        """Make posts that were logged before ready to be compared; one that is deleted is left out."""
        if numbers:
            for number, text, cluster in self.store.conn.execute(TEXTS, (as_json(numbers),)):
                self.seen[number] = Seen(cluster, Compared(text))

    def prune(self, first: int, last: int) -> None:
        """Now and then, behind the posts [first, last], drop the bands that are out of the window."""
        if last // PRUNED != (first - 1) // PRUNED:
            self.store.conn.execute("DELETE FROM mention_bands WHERE mention_id <= ?", (last - WINDOW,))


def likely(shared: Iterable[Sequence[int]]) -> list[int]:
    """The posts that share most bands, best first; a band that few have says most."""
    weights: dict[int, float] = defaultdict(float)
    looked = 0
    for numbers in sorted(filter(None, shared), key=len):
        weight = len(numbers) ** -0.5
        for number in numbers:
            weights[number] += weight
        looked += len(numbers)
        if looked >= MOST_LOOKED:
            break
    best = nlargest(MOST_COMPARED, weights, key=weights.__getitem__)
    return [number for number in best if weights[number] >= NEAR * weights[best[0]]]
