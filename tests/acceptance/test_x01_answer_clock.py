"""X1: a question is due one day of office hours after it came, 08–17, julafton closed."""

from __future__ import annotations

from datetime import datetime

import pytest

from listener.clock import HOME, local
from listener.office_hours import Hours, due


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-11-27 16:30", "2026-11-30 16:30"),
        ("2026-11-27 18:00", "2026-12-01 08:00"),
        ("2026-12-23 15:00", "2026-12-28 15:00"),
    ],
)
def test_the_answer_is_due_within_a_day_of_office_hours(received: str, expected: str) -> None:
    asked = datetime.fromisoformat(received).replace(tzinfo=HOME)
    assert f"{local(due(asked, Hours())):%Y-%m-%d %H:%M}" == expected
