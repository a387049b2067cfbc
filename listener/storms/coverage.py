"""How far the log can be trusted: which hours some source may not have told in full, and how far any was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from listener.clock import read_time
from listener.models import Completeness
from listener.store.storms import STREAM, Read, hour_of

Span = tuple[datetime, datetime]
FIRST_LOOK_BACK = timedelta(days=7)  # what a source is asked for the first time (listen.FIRST_TIME)
AWAY = timedelta(days=10)  # a source that told less than all for longer is no part of what is usual
_GAP = re.compile(r"from (\S+Z) to (\S+Z)")  # in what a stream tells of a gap


def read_until(reads: Iterable[Read], beat: datetime | None, now: datetime) -> datetime:
    """Up to when anything was read; `now` when no run says, as in a log that was filled by hand.

    A session that goes on has read up to its last `beat`.
    """
    ends = [read.read_to if read.kind == STREAM else read.started_at for read in reads]
    if beat is not None and any(read.kind == STREAM and read.ended_at is None for read in reads):
        ends.append(beat)
    return min(now, max(ends)) if ends else now


def unread(reads: Sequence[Read], until: datetime) -> set[int]:
    """The hours (since 1970) up to `until` in which a source may have said more than we were told.

    One that has not told all for more than AWAY is taken out of the reckoning: a dead source must not keep us from
    knowing what is usual elsewhere.
    """
    hours: set[int] = set()
    by_source = sorted(reads, key=lambda read: read.source)  # stable: by time within a source
    for _source, told in groupby(by_source, key=lambda read: read.source):
        for since, end in joined(gaps(list(told), until)):
            if end - since <= AWAY:
                hours.update(range(hour_of(since), hour_of(min(end, until)) + 1))
    return hours


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch, as one."""
    found: list[Span] = []
    for since, end in sorted(spans):
        if found and since <= found[-1][1]:
            since, end = found[-1][0], max(found.pop()[1], end)
        found.append((since, end))
    return found


def gaps(reads: Sequence[Read], until: datetime) -> list[Span]:
    """The spans of time that one source did not tell in full, of its runs in order.

    A run that failed is made up for by the next that does not; what a limit cut off is not asked for again.
    """
    found: list[Span] = []
    read_to = reads[0].started_at - FIRST_LOOK_BACK
    pending = False
    if reads[0].kind == STREAM:  # who only listens has not heard what was said before
        found.append((read_to, reads[0].started_at))
    for read in reads:
        if read.kind == STREAM:
            found += of_stream(read)
        elif read.completeness is Completeness.UNAVAILABLE:
            pending = True
            continue
        elif read.completeness is not Completeness.COMPLETE:
            found.append((read_to, read.started_at))
        pending = False
        read_to = read.read_to if read.kind == STREAM else read.started_at
    return [*found, (read_to, until)] if pending else found


def of_stream(read: Read) -> list[Span]:
    """The gaps a session told, or all of it when it only told that it was not whole."""
    if read.completeness is Completeness.COMPLETE:
        return []
    told = [found for detail in read.details if (found := of_detail(detail))]
    return told or [(read.started_at, read.read_to)]


def of_detail(detail: str) -> Span | None:
    """The span in `… told nothing from 2026-11-22T07:00:00Z to 2026-11-22T08:00:00Z`."""
    match = _GAP.search(detail)
    try:
        return (read_time(match[1]), read_time(match[2])) if match else None
    except ValueError:
        return None
