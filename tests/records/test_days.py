"""Days to come, as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from listener.clock import local
from listener.records.days import read_time_to_come
from listener.store import StoreError

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-12-24", "2026-12-24 00:00"),
        ("24/12", "2026-12-24 00:00"),
        ("24/12 2027", "2027-12-24 00:00"),
        ("24.12.2026", "2026-12-24 00:00"),
        ("6/1", "2027-01-06 00:00"),
        ("20/11", "2027-11-20 00:00"),
        ("24 december", "2026-12-24 00:00"),
        ("den 24 Dec 2026", "2026-12-24 00:00"),
        (" 5  maj ", "2027-05-05 00:00"),
        ("5 October 2027", "2027-10-05 00:00"),
        ("14d", "2026-12-04 07:00"),
        ("2026-12-24T08:00", "2026-12-24 08:00"),
    ],
)
def test_a_day_is_read(written: str, day: str) -> None:
    assert f"{local(read_time_to_come(written, NOW)):%Y-%m-%d %H:%M}" == day


@pytest.mark.parametrize(
    "written", ["", "snart", "31/2", "24 brumaire", "0/0", "24/12 0026", "9" * 400, "١/٢", "yesterday"]
)
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(StoreError, match="write it as 2026-11-27"):
        read_time_to_come(written, NOW)


@pytest.mark.parametrize("written", ["2026-11-20", "2026-11-19", "1/1 2026", "0d"])
def test_what_is_past_is_refused(written: str) -> None:
    with pytest.raises(StoreError, match="give a day to come, such as 2026-11-27"):
        read_time_to_come(written, NOW)
