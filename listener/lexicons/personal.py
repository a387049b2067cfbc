"""Numbers that belong to one person: Swedish personal identity numbers, checked, and mobile numbers."""

from __future__ import annotations

import re

_IDENTITY = re.compile(r"(?<![\d-])(?:18|19|20)?(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})(?![\d-])", re.ASCII)
_MOBILE = re.compile(
    r"(?<![\d+])(?:(?:\+|00)46[ -]?(?:\(0\))?[ -]?7[02369](?:[ -]?\d){7}|07[02369](?:[ \-/]{0,2}\d){7}"
    r"|(?:(?:\+|00)44[ -]?(?:\(0\))?|0)7[1-9]\d{2}[ -]?\d{3}[ -]?\d{3})(?!\d)",
    re.ASCII,
)


def registered_persons(text: str) -> list[tuple[int, int]]:
    """Where Swedish personal identity and coordination numbers stand: a real date and a right check digit.

    Organisation numbers have no real month and stay. The check is Luhn over the last ten digits (SKV 704).
    """
    return [found.span() for found in _IDENTITY.finditer(text) if _is_person(*found.groups())]


def private_numbers(text: str) -> list[tuple[int, int]]:
    """Where personal identity numbers and mobile numbers (Swedish, British) stand."""
    return registered_persons(text) + [found.span() for found in _MOBILE.finditer(text)]


def _is_person(year: str, month: str, day: str, rest: str) -> bool:
    born = int(day) - 60 if int(day) > 60 else int(day)  # 60 is added in a coordination number
    if not (1 <= int(month) <= 12 and 1 <= born <= 31):
        return False
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(year + month + day + rest))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
