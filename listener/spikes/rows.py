"""A series read from CSV lines of `timestamp,count`: what is no such row told, gaps filled, forged times left out."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import NamedTuple

from listener.clock import FIRST_YEAR, LAST_YEAR
from listener.spikes.buckets import after, between, bucket_of, step_of

LONGEST = 200  # characters of a row
MOST = 1_000_000_000  # mentions in one row
GAP = timedelta(weeks=2)  # the longest that is filled with zeros; a later row must be borne out by the next
LOOKED_AT = 100  # rows that tell the series' own step
FAR = "a timestamp far from those around it"
TWICE = "a timestamp that was there before"
BACK = "a timestamp out of order: sort the rows by time, oldest first"
NAMED = 5  # rows out of order that are each told
_NO_OFFSET = re.compile(rb'\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?"?\s*(?:[,;\t]|$)')
COLUMNS = ("timestamp", "count")


class Broken(ValueError):
    """A line that is no row of a series; the message says why."""


class Bucket(NamedTuple):
    """One bucket of the series; `mentions` None is unknown: the series stopped and went on after more than GAP."""

    start: datetime
    mentions: int | None


Row = tuple[int, datetime, int]  # line number, moment, count
Told = tuple[int, str]  # line number, what is wrong with it
Rows = Iterator[Row | Told]


def read_rows(lines: Iterable[tuple[int, bytes]]) -> Rows:
    """Each line as a row, or why it is none. The first may name the columns, in any order; `;` and tab too."""
    places, mark = (0, 1), ","
    for number, line in lines:
        text = line.decode("utf-8", "replace").strip()
        if number == 1:
            mark = max(",;\t", key=text.count)
            named = [name.strip(' "').lower() for name in text.split(mark)]
            if set(COLUMNS) <= set(named):
                places = (named.index("timestamp"), named.index("count"))
                continue
        try:
            yield (number, *read_row(text, mark, places))
        except Broken as wrong:
            yield number, str(wrong)


def read_row(text: str, mark: str = ",", places: tuple[int, int] = (0, 1)) -> tuple[datetime, int]:
    """A moment, UTC (so taken where it has no offset), and a count. Raises Broken."""
    if len(text) > LONGEST:
        raise Broken("the line is too long")
    try:
        cells = next(csv.reader([text], delimiter=mark, strict=True), [])
        moment, count = (cells[place].strip() for place in places)
    except (csv.Error, IndexError) as wrong:
        raise Broken("not a timestamp and a count") from wrong
    return read_moment(moment), read_count(count)


def read_moment(text: str) -> datetime:
    """Raises Broken for what is no time, or not between 1970 and 9000."""
    try:
        when = datetime.fromisoformat(text)
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise Broken("no timestamp: write it as 2026-11-22T07:00:00+01:00") from wrong
    if not FIRST_YEAR < when.year < LAST_YEAR:
        raise Broken("a timestamp not between 1970 and 9000")
    return when


def lacks_offset(line: bytes) -> bool:
    """Whether a line holds a time of day that does not say by which clock."""
    return _NO_OFFSET.search(line[:LONGEST]) is not None


def read_count(text: str) -> int:
    """Raises Broken for what is no whole number of 0 or more."""
    if not (text.isascii() and text.isdigit()):
        raise Broken("no count: write a whole number of 0 or more")
    if int(text) > MOST:
        raise Broken("a count above 1,000,000,000")
    return int(text)


def in_order(rows: Rows) -> Rows:
    """The rows whose times go forward.

    A row at a time already read is told as read twice. Of those out of order the first five are told and, when the
    series is over, the last with how many there were: a series written newest first is nothing else. The first row, and
    one more than GAP later than the row before, are taken only when the next follows within GAP: one forged date must
    not silence the true ones. A lonely row is taken.
    """
    back, latest = 0, 0
    for row in _forward(rows):
        if row[1] == BACK:
            back, latest = back + 1, row[0]
            if back > NAMED:
                continue
        yield row
    if back > NAMED:
        yield latest, f"the last of {back} rows out of order"


def _forward(rows: Rows) -> Rows:
    """The rows whose times go forward, and each other one with what is wrong with it."""
    last: datetime | None = None
    held: Row | None = None
    for row in rows:
        if len(row) == 2:
            yield row
            continue
        if held is not None:
            follows = held[1] <= row[1] <= held[1] + GAP
            yield held if follows else (held[0], BACK if held[1] - GAP <= row[1] < held[1] else FAR)
            last = held[1] if follows else last
            held = None
        if last is None or row[1] - last > GAP:
            held = row
        elif row[1] <= last:
            yield row[0], TWICE if row[1] == last else BACK
        else:
            last = row[1]
            yield row
    if held is not None:
        yield held if last is None else (held[0], FAR)


def in_buckets(rows: Rows, step: timedelta) -> Iterator[Bucket | Told]:
    """The rows, in order of time, as buckets of `step`.

    Rows of one bucket are added up, and a bucket without any is 0. Over more than GAP the count is unknown, and left
    out but for one.
    """
    start: datetime | None = None
    count = 0
    for row in rows:
        if len(row) == 2:
            yield row
            continue
        begins = bucket_of(row[1], step)
        if start is not None and begins != start:
            yield Bucket(start, count)
            yield from skipped(after(start, step), begins, step)
            count = 0
        start, count = begins, count + row[2]
    if start is not None:
        yield Bucket(start, count)


def skipped(start: datetime, until: datetime, step: timedelta) -> Iterator[Bucket]:
    """The buckets nobody wrote a row for: zeros, or one unknown when they are too many."""
    if until - start > GAP:
        yield Bucket(start, None)
        return
    for empty in between(start, until, step):
        yield Bucket(empty, 0)


def own_step(rows: Rows) -> tuple[Rows, timedelta]:
    """The rows again, and the step that the first of them were made with."""
    first: list[Row | Told] = []
    for row in rows:
        first.append(row)
        if len(first) == LOOKED_AT:
            break
    return chain(first, rows), step_of([row[1] for row in first if len(row) == 3])
