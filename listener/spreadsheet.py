"""Tables that survive spreadsheets: written so that no cell becomes a formula, and read back as they were."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

# what makes Excel and its like take a cell for a formula (OWASP, CSV injection), full-width forms included
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
BOM = "\ufeff"


def neutralise(text: str) -> str:
    """`text` after an apostrophe when a spreadsheet would take it for a formula; `restore` undoes it exactly."""
    return "'" + text if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """The cell as it was before `neutralise`."""
    return text[1:] if text.startswith("'") and _NEUTRALISED.match(text) else text


def write_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str], excel: bool) -> bytes:
    """A table as RFC 4180 in UTF-8; for `excel` with BOM, `;` and neutralised cells. None and missing are empty."""
    text = io.StringIO(newline="")
    if excel:
        text.write(BOM)
    writer = csv.writer(text, delimiter=";" if excel else ",", lineterminator="\r\n")
    writer.writerow([_cell(column, excel) for column in columns])
    writer.writerows([_cell(row.get(column), excel) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8", errors="replace")


def _cell(value: object, excel: bool) -> str:
    text = "" if value is None else str(value)
    return neutralise(text) if excel else text
