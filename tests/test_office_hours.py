"""When the office is open, and when a day of office hours has passed: by the Swedish calendar and its clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.clock import HOME, local
from listener.office_hours import Hours, due, is_open, next_opening

HOURS = Hours()
MOMENTS = st.datetimes(
    datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2099-12-01"), timezones=st.just(UTC)
)
CLOCKS = st.sampled_from(
    [Hours(), Hours(opens=time(0), closes=time(23, 59)), Hours(opens=time(7, 30), closes=time(12))]
)
HALF = Hours(
    half_days=((date(2026, 4, 2), time(12)), (date(2026, 4, 30), time(15))), closed_days=frozenset({date(2026, 5, 15)})
)


def here(text: str) -> datetime:
    """A moment by the clock in Sweden."""
    return datetime.fromisoformat(text).replace(tzinfo=HOME)


def clock(when: datetime) -> str:
    return f"{local(when):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-11-24 08:00", "2026-11-25 08:00"),  # a Tuesday at the opening
        ("2026-11-24 07:59", "2026-11-25 08:00"),  # before it: counted from the opening
        ("2026-11-24 16:59", "2026-11-25 16:59"),
        ("2026-11-24 17:00", "2026-11-26 08:00"),  # closed: counted from Wednesday's opening
        ("2026-11-28 12:00", "2026-12-01 08:00"),  # Saturday
        ("2026-04-01 13:00", "2026-04-02 13:00"),  # skärtorsdag is a working day
        ("2026-04-02 13:00", "2026-04-07 13:00"),  # over Easter: långfredag, annandag påsk
        ("2026-04-30 09:00", "2026-05-04 09:00"),  # valborg is one, första maj a Friday
        ("2026-05-13 09:00", "2026-05-15 09:00"),  # Kristi himmelsfärdsdag
        ("2026-06-05 09:00", "2026-06-08 09:00"),  # 6 June is a Saturday in 2026
        ("2026-06-18 15:00", "2026-06-22 15:00"),  # midsommarafton
        ("2026-10-30 10:00", "2026-11-02 10:00"),  # alla helgons dag
        ("2025-12-23 15:00", "2025-12-29 15:00"),  # julafton on a Wednesday, two Christmas days, a weekend
        ("2026-12-30 15:00", "2027-01-04 15:00"),  # nyårsafton, nyårsdagen, a weekend
        ("2027-01-05 10:00", "2027-01-07 10:00"),  # trettondedag jul
        ("2026-03-27 16:00", "2026-03-30 16:00"),  # summer time begins in between
        ("2026-10-23 16:00", "2026-10-26 16:00"),  # and ends
    ],
)
def test_a_day_of_office_hours_ends_at_the_same_clock_time(received: str, expected: str) -> None:
    assert clock(due(here(received), HOURS)) == expected


def test_the_clocks_change_and_the_answer_is_due_by_the_clock_on_the_wall() -> None:
    before, after = here("2026-03-27 16:00"), here("2026-10-23 16:00")
    assert due(before, HOURS) - before.astimezone(UTC) == timedelta(hours=71)
    assert due(after, HOURS) - after.astimezone(UTC) == timedelta(hours=73)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-04-02 13:00", "2026-04-08 08:00"),  # closed since noon
        ("2026-04-01 11:00", "2026-04-02 11:00"),
        ("2026-04-01 13:00", "2026-04-07 08:00"),  # nobody is there at 13 the next day
        ("2026-05-13 09:00", "2026-05-18 09:00"),  # the Friday after Kristi himmelsfärdsdag is closed
    ],
)
def test_half_days_and_days_of_our_own_count(received: str, expected: str) -> None:
    assert clock(due(here(received), HALF)) == expected


@pytest.mark.parametrize(
    ("at", "there"),
    [
        ("2026-12-24 10:00", False),
        ("2026-12-31 10:00", False),
        ("2026-06-19 10:00", False),
        ("2026-04-03 10:00", False),
        ("2026-12-28 08:00", True),
        ("2026-12-28 07:59", False),
        ("2026-12-28 16:59", True),
        ("2026-12-28 17:00", False),
    ],
)
def test_the_office_is_closed_on_holidays_and_the_three_eves(at: str, there: bool) -> None:
    assert is_open(here(at), HOURS) is there


@given(MOMENTS, CLOCKS)
def test_an_answer_is_due_while_somebody_is_there_and_not_before_it_was_asked(when: datetime, hours: Hours) -> None:
    found = due(when, hours)
    assert is_open(found, hours)
    assert found > when
    assert found - when < timedelta(days=13)  # a long weekend on both sides of the day that counts


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)), st.sampled_from([HOURS, HALF]))
def test_what_comes_later_is_never_due_earlier(when: datetime, later: timedelta, hours: Hours) -> None:
    assert due(when, hours) <= due(when + later, hours)


@given(
    st.datetimes(datetime.fromisoformat("2026-03-25"), datetime.fromisoformat("2026-05-18"), timezones=st.just(UTC)),
    st.integers(0, 3000),
)
def test_half_days_keep_the_order_too(when: datetime, minutes: int) -> None:
    assert due(when, HALF) <= due(when + timedelta(minutes=minutes), HALF)
    assert is_open(due(when, HALF), HALF)


@given(MOMENTS)
def test_the_next_opening_is_the_first_one(when: datetime) -> None:
    opening = next_opening(when, HOURS)
    assert opening >= when
    assert is_open(opening, HOURS)
    assert not is_open(opening - timedelta(seconds=1), HOURS)
