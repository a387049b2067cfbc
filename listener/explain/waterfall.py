"""The score taken apart: what each signal added to it, in the order of the four questions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from listener.match import strength
from listener.models import Asks, Finding, Record, Signal
from listener.rulings import Rule
from listener.thresholds import Thresholds
from listener.verdict import Evidence

ORDER = (Asks.CLAIMS, Asks.POSES, Asks.OURS, Asks.SPARES)  # what raises the score, then what lowers it
GRAIN = 10_000  # scores are kept in ten-thousandths, so that the parts sum exactly
MOST = 9_990  # no score reaches 1
# The rules whose score is lowered by one question's answer: that question's signals carry what they take away.
LOWERING = {
    Rule.SPARED: Asks.SPARES,
    Rule.SITE_SPARED: Asks.SPARES,
    Rule.SITE_QUIET: Asks.SPARES,
    Rule.OURS_UNLISTED: Asks.OURS,
    Rule.OURS_QUIET: Asks.OURS,
}


class Step(Record):
    """One signal's part: `strength` 0..1 is how strongly it speaks, `added` what it did to the score, `score` after it.

    `detail` is the signal's own English sentence. Where several signals say the same, the later ones add less.
    """

    feature: str
    strength: float
    added: float
    score: float
    detail: str


class Question(Record):
    """One of the four questions: how strong the answer is, 0..1, and what is enough of it (None: no threshold)."""

    asks: Asks
    answer: float
    enough: float | None
    steps: tuple[Step, ...]


def waterfall(
    finding: Finding, evidence: Evidence | None, thresholds: Thresholds
) -> tuple[tuple[Question, ...], Step | None]:
    """The four questions with their steps, and the step of the rule itself when it moved the score."""
    by_asks = {asks: _strongest_first(finding.signals, asks) for asks in ORDER}
    parts = _parts(finding, evidence, by_asks)
    score, questions = 0, []
    for asks in ORDER:
        steps = []
        for signal, part in zip(by_asks[asks], parts[asks], strict=True):
            score += part
            steps.append(_step(signal.feature, signal.score, part, score, signal.detail))
        answer = round(strength(by_asks[asks], asks), 4)
        questions.append(Question(asks=asks, answer=answer, enough=_enough(asks, thresholds), steps=tuple(steps)))
    left = round(finding.score * GRAIN) - score
    rest = _step(finding.rule or "", 0.0, left, score + left, "") if left else None
    return tuple(questions), rest


def _parts(finding: Finding, evidence: Evidence | None, by_asks: dict[Asks, list[Signal]]) -> dict[Asks, list[int]]:
    """What each signal adds, in ten-thousandths, by question."""
    parts = {asks: [0] * len(signals) for asks, signals in by_asks.items()}
    if evidence is not None:
        _raise(parts, evidence, by_asks)
    elif finding.rule in (Rule.CHANGED, Rule.HANDLE_REUSED):
        parts[Asks.POSES] = _shared(round(finding.score * GRAIN), by_asks[Asks.POSES], Asks.POSES)
    elif finding.rule and finding.rule.startswith("site_"):
        _raise_by_strongest(parts, by_asks)
    lowering = LOWERING.get(finding.rule) if finding.rule else None
    taken = round(finding.score * GRAIN) - sum(map(sum, parts.values()))
    if lowering and taken < 0 and by_asks[lowering]:
        parts[lowering] = _shared(taken, by_asks[lowering], lowering)
    return parts


def _raise(parts: dict[Asks, list[int]], evidence: Evidence, by_asks: dict[Asks, list[Signal]]) -> None:
    """Claims first, then pretence on top of them: the score after each is the policy's own for what is heard."""
    before, heard = 0, evidence._replace(claims=0.0, poses=0.0)
    for asks in (Asks.CLAIMS, Asks.POSES):
        for count in range(1, len(by_asks[asks]) + 1):
            answer = strength(by_asks[asks][:count], asks)
            heard = heard._replace(claims=answer) if asks is Asks.CLAIMS else heard._replace(poses=answer)
            after = min(MOST, round(heard.score * GRAIN))
            parts[asks][count - 1], before = after - before, after


def _raise_by_strongest(parts: dict[Asks, list[int]], by_asks: dict[Asks, list[Signal]]) -> None:
    """A web site is as suspect as its strongest signal: each adds what it has above the ones before it."""
    before = 0
    for asks in (Asks.CLAIMS, Asks.POSES):
        for number, signal in enumerate(by_asks[asks]):
            after = max(before, min(MOST, round(signal.score * GRAIN)))
            parts[asks][number], before = after - before, after


def _shared(whole: int, signals: Sequence[Signal], asks: Asks) -> list[int]:
    """A whole divided as the signals' strength grows with each; the parts sum to it."""
    grown = [strength(signals[: count + 1], asks) for count in range(len(signals))]
    if not grown or not grown[-1]:
        return [0] * len(signals)
    marks = [0, *(round(whole * share / grown[-1]) for share in grown)]
    return [after - before for before, after in pairwise(marks)]


def _strongest_first(signals: Sequence[Signal], asks: Asks) -> list[Signal]:
    return sorted((signal for signal in signals if signal.asks is asks), key=lambda signal: -signal.score)


def _enough(asks: Asks, thresholds: Thresholds) -> float | None:
    enough = {Asks.POSES: thresholds.posing, Asks.SPARES: thresholds.spared, Asks.OURS: thresholds.certain}
    return enough.get(asks)


def _step(feature: str, told: float, added: int, score: int, detail: str) -> Step:
    return Step(feature=feature, strength=told, added=added / GRAIN, score=score / GRAIN, detail=detail)
