"""From the lines of a series to its unusual windows, as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from listener.spikes.detector import Detector, Spike
from listener.spikes.rows import Bucket, Told, in_buckets, in_order, own_step, read_rows


def spikes_in(lines: Iterable[tuple[int, bytes]], step: timedelta | None, budget: float) -> Iterator[Spike | Told]:
    """Each unusual window when it is over, the one still open last; in between, the lines that are no rows.

    `lines` come with their numbers. Without a `step` the first hundred rows are read to find the series' own.
    """
    rows = in_order(read_rows(lines))
    if step is None:
        rows, step = own_step(rows)
    detector = Detector(step, budget)
    for bucket in in_buckets(rows, step):
        if not isinstance(bucket, Bucket):
            yield bucket
        elif over := detector.add(bucket.start, bucket.mentions):
            yield over
    if detector.open:
        yield detector.open
