"""Words of ours, which the index holds beside those of a post: spelled so that no two values share one.

They stand in a column of their own, where nobody who writes posts can put a word.
"""

from __future__ import annotations

import re

ODD = "qoqodd"  # in what the post says the index may see other words than we do
LONGER = "qwqlonger"  # it goes on after its first paragraph, or may
LONGEST = 160  # signs of a value as it is spelled; a longer one shares its word with those that begin alike
_BARE = re.compile("[a-pr-z0-9]*")
_SPELLED = str.maketrans({"q": "qq", ".": "qd", "-": "qh", "_": "qu", "/": "qs"})
_OTHER = re.compile("[^a-z0-9._/-]")


def spelled(value: str) -> str:
    """A folded value in letters and digits of ASCII, sign for sign, so that what begins alike is spelled alike."""
    if _BARE.fullmatch(value):
        return value[:LONGEST]
    parts = (f"qx{ord(sign):x}x" if _OTHER.match(sign) else sign.translate(_SPELLED) for sign in value[:LONGEST])
    return "".join(parts)[:LONGEST]


def whole(value: str) -> bool:
    """Whether its word tells all of it."""
    return 0 < len(value) <= LONGEST and len(spelled(value)) < LONGEST


def held(word: str) -> str:
    """The condition for the index that a post is given this word of ours."""
    return f"facets:{word}"
