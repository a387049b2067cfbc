"""An explanation laid out for a terminal, a screen reader or a Markdown page."""

from __future__ import annotations

from collections.abc import Iterator

from listener.cli.case_text import moment, verdict_of
from listener.explain import Explanation, Step
from listener.explain.subject import Subject
from listener.explain.words import (
    QUESTIONS,
    UNKNOWN,
    alternative,
    answered,
    because,
    figure,
    follows,
    reason,
    rest_reason,
    signed,
)
from listener.language import _
from listener.models import OPEN_STATES
from listener.report.defang import defang, defang_text
from listener.report.labels import platform_label, state_label, verdict_label
from listener.terminal import plain

BAR = 20  # cells of a bar from 0 to 1


class Rows:
    """Numbers cut to hundredths so that what is printed still adds up: each part is what the running score grew by."""

    def __init__(self) -> None:
        self.score = 0

    def next(self, step: Step) -> tuple[str, str, str, str]:
        """Strength, part and running score of a step, and its bar."""
        before, self.score = self.score, round(step.score * 100)
        strength = figure(step.strength) if step.strength else "    "
        return strength, signed(self.score - before), figure(self.score / 100), bar(before, self.score)


def bar(before: int, after: int) -> str:
    """What a step added, drawn with hyphens where it lies between 0 and 1 (given in hundredths)."""
    low, high = sorted((before, after))
    first, last = low * BAR // 100, -(-high * BAR // 100)
    drawn = "-" * (last - first) if high > low else ""
    return "[" + (" " * first + drawn).ljust(BAR) + "]"


def text(told: Explanation, subject: Subject, *, bars: bool) -> Iterator[str]:
    """For a terminal; without colour, and without bars when a screen reader would stumble on them."""
    yield from opening(told, subject)
    rows = Rows()
    for number, question in enumerate(told.questions, 1):
        yield ""
        yield f"{number}. {_(QUESTIONS[question.asks])} {answered(question)}"
        if question.steps and number == 1:
            yield "   " + _("strength · adds · score so far (signals that say the same add less)")
        for step in question.steps:
            strength, part, score, drawn = rows.next(step)
            passed = passes(told, step)
            yield f"   {strength}  {part:>5}  {score}  {drawn + '  ' if bars else ''}{reason(step)}{passed}"
    yield ""
    if told.rest:
        _strength, part, score, drawn = rows.next(told.rest)
        yield f"         {part:>5}  {score}  {drawn + '  ' if bars else ''}{rest_reason(told, told.rest)}"
    yield _("Score: {score} of 1, the sum of what is added. {flag} or more is flagged.").format(
        score=figure(told.finding.score, told.thresholds.flag), flag=figure(told.thresholds.flag)
    )
    for heading, lines in closing(told, subject):
        yield ""
        yield heading
        yield from (f"  - {line}" for line in lines)


def passes(told: Explanation, step: Step) -> str:
    """What is said of the step that brings a flagged account over the threshold."""
    flag = told.thresholds.flag
    if not (told.finding.flagged and step.score - step.added < flag <= step.score):
        return ""
    return " " + _("(with this it passes {flag})").format(flag=figure(flag))


def markdown(told: Explanation, subject: Subject) -> Iterator[str]:
    """The same as a Markdown page, its addresses defanged and its strangers' words escaped."""
    verdict, *lines = opening(told, subject)
    yield f"# {escaped(verdict)}"
    yield ""
    yield from (escaped(line) + "  " for line in lines)
    rows = Rows()
    for number, question in enumerate(told.questions, 1):
        yield ""
        yield f"## {number}. {_(QUESTIONS[question.asks])}"
        yield ""
        yield escaped(answered(question))
        if question.steps:
            yield ""
            yield f"| {_('strength')} | {_('adds')} | {_('score so far')} | {_('why')} |"
            yield "|---|---|---|---|"
        for step in question.steps:
            strength, part, score, _bar = rows.next(step)
            yield f"| {strength} | {part} | {score} | {escaped(reason(step))} |"
    for heading, others in closing(told, subject):
        yield ""
        yield f"## {heading.rstrip(':')}"
        yield ""
        yield from (f"- {escaped(line)}" for line in others)


def escaped(line: str) -> str:
    """A line that Markdown shows as it is, with addresses that lead nowhere."""
    safe = defang_text(line)
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#~" else letter for letter in safe)


def opening(told: Explanation, subject: Subject) -> Iterator[str]:
    """The verdict in words, what follows from it, what decided, and which account it is about."""
    finding = told.finding
    yield f"{_('Verdict')}: {verdict_of(finding)}"
    yield follows(finding.verdict)
    yield f"{_('Why')}: {because(told)}"
    account = finding.account
    name = " · ".join(
        plain(part) for part in (account.display_name, account.handle or account.platform_id) if part
    ) or defang(account.url or "–")
    yield f"{_('Account')}: {name} · {platform_label(account.platform)}"
    if finding.unit:
        yield f"{_('Compared with')}: {plain(finding.unit)}"
    yield known(subject)
    if subject.case and subject.case.finding.verdict is not finding.verdict:
        stored = verdict_label(subject.case.finding.verdict)
        yield _("The case still says: {verdict}. An open case is brought up to date by the next run.").format(
            verdict=stored
        )


def known(subject: Subject) -> str:
    """Where what is known of the account comes from."""
    if subject.known == "register":
        return _("Known from: the register. It was not looked up on its platform.")
    if subject.known == "store" and subject.case:
        return _("Known from: case {case} ({state}), last seen {time}.").format(
            case=subject.case.id, state=state_label(subject.case.state), time=moment(subject.case.last_seen_at)
        )
    return _("Known from: what you gave. It was not looked up on its platform.")


def closing(told: Explanation, subject: Subject) -> Iterator[tuple[str, list[str]]]:
    """What is unknown, and what would change the verdict: headings with their lines."""
    if told.unknown:
        yield _("Unknown (adds nothing, takes nothing away):"), [_(UNKNOWN[name]) for name in told.unknown]
    changes = [alternative(told, other) for other in told.alternatives if other.kind != "threshold"]
    changes += decision(told, subject)
    changes += [alternative(told, other) for other in told.alternatives if other.kind == "threshold"]
    if changes:
        yield _("What would change this:"), changes


def decision(told: Explanation, subject: Subject) -> list[str]:
    """That a reviewer's word changes it, where there is or will be a case."""
    if subject.case and subject.case.state in OPEN_STATES:
        decide = _(
            "Your decision: `listen review decide {case} STATE --reason REASON`; it stands until the account changes."
        )
        return [decide.format(case=subject.case.id)]
    if told.finding.flagged and not subject.case:
        return [_("Your decision, once a run has found it and made it a case: `listen review decide`.")]
    return []
