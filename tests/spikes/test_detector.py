"""What is called unusual, and what is not: rhythms, nights, growth, past storms, gaps; and nothing known in advance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from listener.clock import local
from listener.spikes import Spike, find_spikes
from listener.spikes.buckets import after, bucket_of, step_of

HOUR, DAY, FIVE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=5)
MONDAY = datetime(2026, 8, 9, 22, tzinfo=UTC)  # midnight in Sweden
Series = list[tuple[datetime, int | None]]


def town(a_day: float, weeks: int = 8, step: timedelta = HOUR, seed: int = 1) -> Series:
    """A town that sleeps at night and rests on Sundays."""
    draw = np.random.default_rng(seed)
    times = [MONDAY]
    while after(times[-1], step) < MONDAY + weeks * 7 * DAY:
        times.append(after(times[-1], step))
    awake = [0.2 if local(at).hour < 7 and step < DAY else 1.35 if local(at).weekday() < 6 else 0.6 for at in times]
    return [(at, int(draw.poisson(a_day * (step / DAY) * rate))) for at, rate in zip(times, awake, strict=True)]


def storm(series: Series, at: datetime, counts: list[int]) -> Series:
    """The series with so many more mentions from then on."""
    first = [when for when, _count in series].index(at)
    more = dict(enumerate(counts, first))
    return [(when, None if count is None else count + more.get(n, 0)) for n, (when, count) in enumerate(series)]


@pytest.mark.parametrize(
    ("a_day", "counts"),
    [(2, [3, 4, 5, 3, 2, 2]), (24, [6, 9, 15, 20, 14, 8, 6]), (240, [60, 150, 200, 180, 90, 40])],
)
def test_a_storm_is_found_within_three_hours_and_told_once(a_day: float, counts: list[int]) -> None:
    began = MONDAY + 40 * DAY + 14 * HOUR
    found = find_spikes(storm(town(a_day), began, counts), HOUR)
    about = [spike for spike in found if spike.start < began + 12 * HOUR and spike.end > began]
    assert len(about) == 1
    spike = about[0]
    assert -5 * HOUR <= spike.start - began <= 2 * HOUR
    assert began < spike.raised <= began + 3 * HOUR
    assert began + (len(counts) - 2) * HOUR <= spike.end <= began + (len(counts) + 3) * HOUR
    assert spike.peak >= max(counts)
    assert spike.count >= 0.8 * sum(counts) > 3 * spike.expected


@pytest.mark.parametrize("days", [1, 2, 3, 7])
@pytest.mark.parametrize("a_day", [9, 240])
def test_days_of_storm_make_no_day_after_them_unusual(a_day: int, days: int) -> None:
    began = MONDAY + 70 * DAY
    for seed in range(4):
        found = find_spikes(storm(town(a_day, 14, DAY, seed), began, [20 * a_day] * days), DAY)
        assert [spike.start for spike in found if spike.end > began] == [began]
        assert all(spike.count > 3 * spike.expected for spike in found)


@pytest.mark.parametrize("hours", [1, 4, 72])
def test_hours_of_storm_make_no_hour_after_them_unusual(hours: int) -> None:
    began = MONDAY + 40 * DAY + 8 * HOUR
    found = find_spikes(storm(town(240), began, [300] * hours), HOUR)
    assert len([spike for spike in found if began <= spike.start < began + 5 * DAY]) == 1
    assert all(spike.count > spike.expected for spike in found)


@pytest.mark.parametrize("a_day", [2, 24, 240])
def test_a_calm_town_raises_at_most_one_alarm_a_week(a_day: float) -> None:
    weeks = 8
    assert sum(len(find_spikes(town(a_day, weeks, seed=seed), HOUR)) for seed in range(3)) <= 3 * (weeks - 1)


def test_the_rhythm_is_learnt_though_the_clocks_change() -> None:
    """Every weekday at nine by Swedish time a newsletter brings six mentions; in October that is an hour later."""
    series = [
        (at, (count or 0) + (6 if local(at).hour == 9 and local(at).weekday() < 5 else 0))
        for at, count in town(24, weeks=14)
    ]
    found = find_spikes(series, HOUR)
    assert not [spike for spike in found if spike.start > MONDAY + 3 * 7 * DAY and spike.score > 6]
    late = MONDAY + 12 * 7 * DAY + HOUR  # in winter: Swedish midnight is an hour later
    assert local(late).hour == 0
    assert [s for s in find_spikes(storm(series, late + 3 * HOUR, [30, 30]), HOUR) if s.start >= late]


def test_slow_growth_is_no_storm_and_hides_none() -> None:
    series = [(at, (count or 0) * n // 900) for n, (at, count) in enumerate(town(240, weeks=12))]
    later = [spike for spike in find_spikes(series, HOUR) if spike.start > MONDAY + 42 * DAY]
    assert len(later) <= 6
    began = MONDAY + 80 * DAY + 12 * HOUR
    assert any(s.start <= began < s.end for s in find_spikes(storm(series, began, [150] * 8), HOUR))


def test_past_storms_do_not_hide_the_next() -> None:
    series = town(24)
    storms = [MONDAY + day * DAY + 13 * HOUR for day in (14, 25, 36, 47)]
    for began in storms:
        series = storm(series, began, [20, 40, 40, 30, 20])
    found = find_spikes(series, HOUR)
    assert all(any(spike.start <= began + HOUR < spike.end for spike in found) for began in storms)


def test_an_outage_is_no_storm_and_nor_is_its_end() -> None:
    series = town(240)
    quiet = [MONDAY + 35 * DAY + n * HOUR for n in range(30)]
    found = find_spikes([(at, 0 if at in quiet else count) for at, count in series], HOUR)
    assert not [spike for spike in found if quiet[0] <= spike.start < quiet[-1] + DAY]


def test_what_nobody_knows_is_not_learnt_as_calm() -> None:
    """Two weeks without an answer: as unknown they change nothing; as zeros the same hours would look unusual after."""
    series = town(48, weeks=6)
    away = [(at, None if 14 <= (at - MONDAY).days < 28 else count) for at, count in series]
    assert not [spike for spike in find_spikes(away, HOUR) if spike.start >= MONDAY + 28 * DAY]
    began = MONDAY + 30 * DAY + 12 * HOUR
    assert find_spikes(storm(away, began, [15, 30, 30, 20]), HOUR)[-1].start <= began + HOUR


def test_a_window_never_reaches_over_what_nobody_knows() -> None:
    began = MONDAY + 30 * DAY
    series = [(at, None if at == began + HOUR else 2 if at in (began, began + 2 * HOUR) else 0) for at, _ in town(2)]
    assert not find_spikes(series, HOUR)
    assert find_spikes([(at, count or 0) for at, count in series], HOUR)


@pytest.mark.parametrize("budget", [0.1, 1.0, 5.0])
def test_a_decision_reads_nothing_that_comes_later(budget: float) -> None:
    series = storm(town(24, weeks=4), MONDAY + 20 * DAY + 12 * HOUR, [20, 30, 20, 10])
    whole = find_spikes(series, HOUR, budget)
    for end in range(24 * 14, len(series), 31):
        until = series[end][0]
        part = find_spikes(series[:end], HOUR, budget)
        assert [spike for spike in part if not open_at(spike, until)] == [s for s in whole if not open_at(s, until)]
        assert {spike.raised for spike in part} == {spike.raised for spike in whole if spike.raised <= until}


def open_at(spike: Spike, until: datetime) -> bool:
    """Whether the window could not be over yet."""
    return spike.raised > until or until - spike.end < DAY


def test_a_larger_budget_tells_more() -> None:
    told = [sum(len(find_spikes(town(24, seed=seed), HOUR, b)) for seed in range(3)) for b in (0.05, 1.0, 20.0)]
    assert told == sorted(told)
    assert told[0] < told[2]


@pytest.mark.parametrize("step", [FIVE, DAY])
def test_finer_and_coarser_buckets(step: timedelta) -> None:
    series = town(48, weeks=3 if step == FIVE else 12, step=step)
    at = series[-len(series) // 6][0]
    counts = [10, 10, 10, 10, 12, 8, 10, 10] if step == FIVE else [400, 300]
    found = find_spikes(storm(series, at, counts), step)
    assert any(spike.start - step <= at < spike.end for spike in found)
    assert not [spike for spike in find_spikes(series, step) if spike.score > 6]


def test_a_series_that_is_too_short_or_empty_says_nothing() -> None:
    assert find_spikes([], HOUR) == []
    assert find_spikes(storm(town(24)[:48], MONDAY + DAY, [500]), HOUR) == []
    assert find_spikes([(at, None) for at, _count in town(24)], HOUR) == []


def test_the_first_words_of_a_silent_query_are_no_storm_but_the_next_are() -> None:
    silent: Series = [(at, 0) for at, _count in town(2)]
    at = MONDAY + 30 * DAY
    assert find_spikes(storm(silent, at, [1, 0, 1]), HOUR) == []
    assert len(find_spikes(storm(silent, at, [1, 1, 2]), HOUR)) == 1


def test_swedish_days_follow_each_other_though_two_are_odd() -> None:
    assert bucket_of(datetime(2026, 10, 25, 22, 59, tzinfo=UTC), DAY) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert after(datetime(2026, 10, 24, 22, tzinfo=UTC), DAY) == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert after(datetime(2027, 3, 27, 23, tzinfo=UTC), DAY) == datetime(2027, 3, 28, 22, tzinfo=UTC)


def test_the_step_of_a_series() -> None:
    hours = [MONDAY + n * HOUR for n in (0, 1, 2, 5, 6, 7)]
    assert step_of(hours) == HOUR
    assert step_of([MONDAY + n * timedelta(minutes=1) for n in range(9)]) == FIVE
    assert step_of([MONDAY + n * DAY for n in range(9)]) == DAY
    assert step_of([MONDAY]) == HOUR
