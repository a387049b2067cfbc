"""What goes wrong with rows of a series of counts."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_("not a timestamp and a count"),
    N_("no timestamp: write it as 2026-11-22T07:00:00+01:00"),
    N_("a timestamp not between 1970 and 9000"),
    N_("no count: write a whole number of 0 or more"),
    N_("a count above 1,000,000,000"),
    N_("a timestamp far from those around it"),
    N_("a timestamp that was there before"),
    N_("a timestamp out of order: sort the rows by time, oldest first"),
    N_("the last of {count} rows out of order"),
)
