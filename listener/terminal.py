"""Strangers' text made harmless for a terminal: nothing in a name may move the cursor, hide or turn the line round."""

from __future__ import annotations

import re
import unicodedata

HIDING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and symbols that show nothing
WIDE = frozenset({"W", "F"})
# Marks heaped on one letter paint over the lines around it: no language sets more than three of these.
_MARK = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_HEAP = re.compile(f"({_MARK}{{3}}){_MARK}+")


def plain(text: str, width: int | None = None) -> str:
    """`text` on one line with every invisible or controlling character written out, as in `evil<U+202E>gnp.exe`.

    Line breaks and tabs become spaces, and of a heap of marks on one letter the first stay. With `width`, at most so
    many terminal columns, cut with an ellipsis.
    """
    shown = _HEAP.sub(r"\1…", "".join(map(visible, text)))
    if width is None or columns(shown) <= width:
        return shown
    room, kept = width - 1, ""
    for character in shown:
        room -= columns(character)
        if room < 0:
            break
        kept += character
    return kept + "…"


def seen(table: bytes, on_terminal: bool) -> bytes:
    """Lines of a table as they are for a file or a program; on a terminal with what could steer it written out."""
    if not on_terminal:
        return table
    lines = table.decode("utf-8", "replace").splitlines(keepends=True)
    return "".join(plain(line.rstrip("\r\n")) + "\n" for line in lines).encode("utf-8", "replace")


def visible(character: str) -> str:
    """One character as it may be printed."""
    if character in "\n\t":
        return " "
    if character in BLANK_LETTERS or unicodedata.category(character) in HIDING:
        return f"<U+{ord(character):04X}>"
    return character


def columns(text: str) -> int:
    """How many terminal columns a printable text takes: none for a combining mark, two for a wide character."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in WIDE else 1
        for character in text
    )


def padded(text: str, width: int) -> str:
    """`text` filled with spaces to `width` columns; never cut."""
    return text + " " * (width - columns(text))
