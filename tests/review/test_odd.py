"""What differs between a suspect's name and ours: words first, then letters, each told in words too."""

from __future__ import annotations

import pytest

from listener.review.odd import beside


@pytest.mark.parametrize(
    ("theirs", "ours", "marked", "told"),
    [
        ("Almby kommun", "Almby kommun", [], []),
        ("ALMBY_kommun", "Almby kommun", [], []),
        ("almby.kommun", "almbykommun", [], []),
        ("4lmbykommun", "almbykommun", ["4"], ["letter 1: 4 where ours has a"]),
        ("Aimby kommun", "Almby kommun", ["i"], ["letter 2: i where ours has l"]),
        ("Almby komun", "Almby kommun", [], ["before letter 10: ours has m"]),
        ("almbykommun-support", "almbykommun", ["support"], ["not in ours: support"]),
        ("almbykommunsupport", "almbykommun", ["support"], ["letter 12: support is not in ours"]),
        ("Almby simhall", "Almby kommun", ["simhall"], ["not in ours: simhall"]),
        ("Almby k\u043emmun", "Almby kommun", ["\u043e"], ["letter 8: \u043e is U+043E CYRILLIC SMALL LETTER O"]),
        ("Fritidsbanken", "", [], []),
    ],
)
def test_what_differs_is_marked_and_told(theirs: str, ours: str, marked: list[str], told: list[str]) -> None:
    found = beside(theirs, ours)
    assert "".join(piece.text for piece in found.pieces) == theirs
    assert [piece.text for piece in found.pieces if piece.differs] == marked
    assert list(found.told) == told


def test_a_wall_of_signs_is_told_of_in_a_few_lines() -> None:
    assert len(beside("\U0001f600" * 5_000, "Almby kommun").told) == 12
