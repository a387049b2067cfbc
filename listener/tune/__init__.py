"""Thresholds refitted from the reviewers' own decisions; docs/explanation/tuning.md gives the method and its limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from listener.models import FLAGGED, Record, Verdict
from listener.thresholds import Thresholds
from listener.tune.fit import Costs, Tally, fit, tally
from listener.tune.lessons import Lesson, Lessons, Truth, read_lessons
from listener.verdict import rule

__all__ = ["Costs", "Guard", "Lessons", "Proposal", "Shift", "propose", "read_lessons"]

NEEDED = 20  # of each kind: with twenty and none missed, up to 14 in 100 may still be; with five, 45 in 100
MOST_LESSONS = 1000  # the latest; keeps the fit within seconds
WORTH = 2.0  # a change that saves less than two false alarms, tested on cases it was not fitted on, is not worth it


class Guard(Record):
    """What one threshold is fitted from: the two kinds it tells apart, and how many decisions there are of each."""

    name: str
    kinds: tuple[str, str]
    have: tuple[int, int]

    @property
    def enough(self) -> bool:
        return min(self.have) >= NEEDED


class Shift(Record):
    """A case that the proposed thresholds give another verdict. `truth` is what people said, None when nobody has."""

    case: int
    name: str
    before: Verdict
    after: Verdict
    truth: Truth | None
    reason: str


class Proposal(Record):
    """What the history says of the thresholds now and of those proposed (the same, when none are better).

    `tested` is the tally of decisions by thresholds fitted without them, one at a time: None when nothing was fitted.
    `queue` holds cases a week, now and proposed, over the weeks from the first case to today.
    """

    now: Thresholds
    proposed: Thresholds
    guards: tuple[Guard, ...]
    before: Tally
    after: Tally
    tested: Tally | None
    queue: tuple[float, float]
    shifts: tuple[Shift, ...]
    lessons: int

    @property
    def changes(self) -> dict[str, float]:
        """The thresholds that would move, and where to."""
        names = [guard.name for guard in self.guards]
        return {n: getattr(self.proposed, n) for n in names if getattr(self.proposed, n) != getattr(self.now, n)}


def propose(lessons: Sequence[Lesson], now: Thresholds, today: datetime, costs: Costs) -> Proposal:
    """Fit what there are decisions enough for; the thresholds of now stand unless others prove worth it."""
    recent = sorted(lessons, key=lambda lesson: lesson.opened_at)[-MOST_LESSONS:]
    decided = [lesson for lesson in recent if lesson.truth is not None]
    guards = tuple(_guards(decided))
    names = [guard.name for guard in guards if guard.enough]
    proposed, tested = now, None
    before = tally(decided, [now] * len(decided), costs)
    if names:
        fitted, tested = fit(decided, now, names, costs)
        if before.cost - tested.cost >= WORTH:
            proposed = fitted
    return Proposal(
        now=now,
        proposed=proposed,
        guards=guards,
        before=before,
        after=tally(decided, [proposed] * len(decided), costs),
        tested=tested,
        queue=(_queue(recent, now, today), _queue(recent, proposed, today)),
        shifts=tuple(_shifts(recent, now, proposed)),
        lessons=len(decided),
    )


def _guards(decided: Sequence[Lesson]) -> Iterator[Guard]:
    harmless = [lesson for lesson in decided if lesson.truth is Truth.HARMLESS]
    found = [lesson for lesson in decided if lesson.truth is not Truth.HARMLESS]
    impostors = sum(lesson.truth is Truth.IMPOSTOR for lesson in found)
    units = sum(lesson.truth is Truth.UNIT for lesson in found)
    spared = sum(lesson.evidence.spares > 0 for lesson in harmless)
    wronged = sum(lesson.evidence.spares > 0 for lesson in found)
    yield Guard(name="flag", kinds=("found", "harmless"), have=(len(found), len(harmless)))
    yield Guard(name="posing", kinds=("impostor", "unit"), have=(impostors, units))
    yield Guard(name="spared", kinds=("found_spared", "harmless_spared"), have=(wronged, spared))


def _queue(lessons: Sequence[Lesson], thresholds: Thresholds, today: datetime) -> float:
    """Cases a week that these thresholds would have put into the queue."""
    if not lessons:
        return 0.0
    weeks = max(1.0, (today - lessons[0].opened_at).total_seconds() / (7 * 86_400))
    return sum(rule(lesson.evidence, thresholds).verdict in FLAGGED for lesson in lessons) / weeks


def _shifts(lessons: Sequence[Lesson], now: Thresholds, proposed: Thresholds) -> Iterator[Shift]:
    for lesson in lessons:
        before, after = rule(lesson.evidence, now).verdict, rule(lesson.evidence, proposed).verdict
        if before is not after:
            fields = msgspec.structs.asdict(lesson)
            kept = {name: fields[name] for name in ("case", "name", "truth", "reason")}
            yield Shift(before=before, after=after, **kept)
