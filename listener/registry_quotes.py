"""Which quotation mark of a CSV file opens a cell that does not end as it should."""

from __future__ import annotations

import io
from typing import NamedTuple

QUOTE = '"'


class Opened(NamedTuple):
    """A quoted cell: the line and the cell (from 0) of its first mark, and the line of the mark that ends it, if any.

    `after` is what stands behind that mark, where only a separator may.
    """

    line: int
    cell: int
    closed: int | None
    after: str


def badly_opened(text: str, begins: int, mark: str) -> Opened | None:
    """The first quoted cell at or after line `begins`, where a record begins, that is not closed or goes on behind its
    end; None when there is none. Cells are parted by `mark` and quoted as in RFC 4180.
    """
    cell, opened, closed = 0, 0, 0  # lines; 0 when not within a quoted cell, or not behind one
    fresh = True  # at the beginning of a cell
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if number < begins:
            continue
        for sign in line:
            if closed and sign == QUOTE:  # two in a row stand for one: the cell goes on
                closed = 0
            elif opened and not closed:
                closed = number if sign == QUOTE else 0
            elif sign == mark or sign in "\r\n":
                cell = cell + 1 if sign == mark else 0
                opened, closed, fresh = 0, 0, True
            elif opened:
                return Opened(opened, cell, closed, sign)
            else:
                opened, fresh = (number, False) if fresh and sign == QUOTE else (0, False)
    return Opened(opened, cell, None, "") if opened and not closed else None
