"""Numbers that belong to one person: Swedish personal identity numbers, checked, and mobile numbers."""

from __future__ import annotations

import re

_IDENTITY = re.compile(r"(?<![\d-])(?:18|19|20)?(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})(?![\d-])", re.ASCII)
_MOBILE = re.compile(
    r"(?<![\d+])(?:(?:\+|00)46[ -]?(?:\(0\))?[ -]?7[02369](?:[ -]?\d){7}|07[02369](?:[ \-/]{0,2}\d){7}"
    r"|(?:(?:\+|00)44[ -]?(?:\(0\))?|0)7[1-9]\d{2}[ -]?\d{3}[ -]?\d{3})(?!\d)",
    re.ASCII,
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w")
_STREET = re.compile(
    r"(?<!\w)\w{0,40}(?:vägen|gatan|gata|väg|gränd|gränden|stigen|stig|torget|backen|allén|gården)\s{1,3}\d{1,3}"
    r"(?:\s?[a-h])?(?!\w)",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?]\s|\n")
NEAR = 200  # characters of a sentence that are looked at before and behind a number


def registered_persons(text: str) -> list[tuple[int, int]]:
    """Where Swedish personal identity and coordination numbers stand: a real date and a right check digit.

    Organisation numbers have no real month and stay. The check is Luhn over the last ten digits (SKV 704). One that is
    wrong, mistyped or made up, counts beside a mobile number, a mail address or a street and number in its sentence.
    """
    return [
        found.span()
        for found in _IDENTITY.finditer(text)
        if _has_date(*found.groups()[1:3]) and (_is_checked("".join(found.groups())) or _stands_beside(text, found))
    ]


def private_numbers(text: str) -> list[tuple[int, int]]:
    """Where personal identity numbers and mobile numbers (Swedish, British) stand."""
    return registered_persons(text) + [found.span() for found in _MOBILE.finditer(text)]


def addresses(text: str) -> list[tuple[int, int]]:
    """Where a Swedish street and a house number stand."""
    return [found.span() for found in _STREET.finditer(text)]


def _has_date(month: str, day: str) -> bool:
    born = int(day) - 60 if int(day) > 60 else int(day)  # 60 is added in a coordination number
    return 1 <= int(month) <= 12 and 1 <= born <= 31


def _is_checked(digits: str) -> bool:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _stands_beside(text: str, found: re.Match[str]) -> bool:
    """Whether the sentence of this number holds another particular of somebody."""
    if found[0][-5] != "-":
        return False
    before = _STOP.split(text[max(0, found.start() - NEAR) : found.start()])[-1]
    after = _STOP.split(text[found.end() : found.end() + NEAR])[0]
    return any(pattern.search(part) for part in (before, after) for pattern in (_MOBILE, _MAIL, _STREET))
