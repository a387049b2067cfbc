"""Why the machine flagged an account: the waterfall of its score, and what would change the verdict."""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app, g

from listener.errors import ListenerError
from listener.explain import Explanation, is_weighed, tell
from listener.explain.waterfall import Step, waterfall
from listener.explain.words import QUESTIONS, UNKNOWN, alternative, because, figure, follows, reason, signed
from listener.language import _
from listener.models import Asks, Case, Finding
from listener.organisation import Organisation, load_organisation
from listener.registry import Registry, load_registry
from listener.review.shown import page
from listener.screen.index import Index
from listener.store.cases import load_case
from listener.verdict import gather

INDEX, TOLD = "INDEX", "TOLD"
MOST_TOLD = 500  # explanations that are kept


class Row(NamedTuple):
    """One step: how strongly its reason speaks by itself (0 to 1), what it adds to the score, and why, in a sentence.

    Where the score is full, a strong reason adds nothing; so its own weight is what is drawn.
    """

    sentence: str
    weight: float
    weighed: str
    added: str
    score: str
    lowers: bool


class Part(NamedTuple):
    """One of the four questions with its steps."""

    asks: Asks
    heading: str
    rows: tuple[Row, ...]


def index() -> Index:
    """Our names as they are now, built once for each state of the settings and the register.

    Raises ListenerError when the register cannot be read.
    """
    path = g.config.registry
    mark = (path.stat().st_mtime_ns, path.stat().st_size) if path.is_file() else None
    kept: tuple[object, Index] | None = current_app.config.get(INDEX)
    if kept is None or kept[0] != mark:
        organisation: Organisation = load_organisation(g.config)
        registry = load_registry(path) if mark else Registry(())
        kept = (mark, Index(organisation, registry))
        current_app.config[INDEX] = kept
    return kept[1]


def steps(finding: Finding) -> list[Part]:
    """The waterfall; where the register cannot be read, the signals as they are."""
    try:
        ours = index()
        evidence = gather(ours.look(finding.account), finding.signals) if is_weighed(finding) else None
        questions, rest = waterfall(finding, evidence, ours.organisation.thresholds)
    except ListenerError:
        return []
    parts, score = [], 0
    for question in questions:
        rows = []
        for step in question.steps:
            rows.append(_row(step, score, reason(step)))
            score = round(step.score * 100)
        if rows:
            parts.append(Part(question.asks, _(QUESTIONS[question.asks]), tuple(rows)))
    if rest:
        own = _row(rest, score, _("the rule's own part"))
        parts.append(Part(Asks.CLAIMS, _("What the rule itself does"), (own,)))
    return parts


def _row(step: Step, before: int, sentence: str) -> Row:
    """Hundredths, so that what is shown adds up."""
    after = round(step.score * 100)
    weight = min(max(step.strength, 0.0), 1.0)
    return Row(sentence, weight, figure(weight), signed(after - before), figure(after / 100), after < before)


def show(case_id: int) -> str:
    """The whole explanation of a case."""
    case = load_case(g.store, case_id)
    return page("case_why.html", case=case, parts=steps(case.finding), **_told(case))


def _explained(case: Case) -> Explanation:
    """The explanation with what would tip it, which for a web site takes the better part of a second: kept a while."""
    ours = index()
    kept: dict[tuple[int, str, float], tuple[Index, Explanation]] = current_app.config.setdefault(TOLD, {})
    key = (case.id, case.account.fingerprint, case.finding.score)
    known = kept.get(key)
    if known is None or known[0] is not ours:
        if len(kept) >= MOST_TOLD:
            kept.clear()
        known = kept[key] = (ours, tell(case.finding, ours))
    return known[1]


def _told(case: Case) -> dict[str, object]:
    try:
        told = _explained(case)
    except ListenerError as wrong:
        return {"because": str(wrong), "follows": "", "unknown": [], "changes": []}
    return {
        "because": because(told),
        "follows": follows(case.finding.verdict),
        "unknown": [_(UNKNOWN[name]) for name in told.unknown],
        "changes": [alternative(told, other) for other in told.alternatives],
    }
