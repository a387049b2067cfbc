"""Which keys lie side by side on a Swedish keyboard, where å stands next to p and ö and ä next to l."""

from __future__ import annotations

# SS 66 22 41 (the layout sold in Sweden): each row, and how far its first key is shifted, in key widths.
ROWS = (("1234567890+", 0.0), ("qwertyuiopå", 0.5), ("asdfghjklöä", 0.75), ("zxcvbnm", 1.25))


def _beside() -> frozenset[str]:
    keys = [(char, number, shift + place) for number, (row, shift) in enumerate(ROWS) for place, char in enumerate(row)]
    return frozenset(
        a + b
        for a, row_a, place_a in keys
        for b, row_b, place_b in keys
        if a != b and abs(row_a - row_b) <= 1 and abs(place_a - place_b) <= (1.0 if row_a == row_b else 0.75)
    )


BESIDE = _beside()


def next_to(a: str, b: str) -> bool:
    """Whether two lower-case letters or digits lie on keys that touch."""
    return a + b in BESIDE
