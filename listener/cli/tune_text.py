"""A proposal of thresholds as people read it: what it is built on, now beside proposed, every case it would move."""

from __future__ import annotations

from collections.abc import Iterator

from listener.cli.case_text import aligned, reason_label
from listener.explain.words import figure
from listener.language import N_, _, ngettext
from listener.report.labels import verdict_label
from listener.terminal import plain
from listener.thresholds import Thresholds
from listener.tune import NEEDED, Guard, Lessons, Proposal, Shift
from listener.tune.fit import outcome

LISTED = 40  # more would hide the table above them; --format json lists all
KINDS = {
    "found": N_("rightly flagged"),
    "harmless": N_("dismissed"),
    "impostor": N_("confirmed as impostors"),
    "unit": N_("confirmed as units or employees"),
    "found_spared": N_("rightly flagged in spite of signs that it is somebody else"),
    "harmless_spared": N_("dismissed with such signs"),
}
LEFT_OUT = {
    "undecided": N_("not decided"),
    "says_nothing": N_("closed with a reason that says nothing about the match"),
    "register": N_("decided by the register"),
    "site": N_("web sites"),
    "older": N_("judged by signs that this version no longer looks for"),
}
RIGHT = {
    "found": N_("you found it right: still flagged"),
    "missed": N_("WRONG: you found it right, and it would be missed"),
    "mixed": N_("WRONG WORD: you called it something else"),
    "alarms": N_("WRONG: you dismissed it"),
    "spared": N_("RIGHT: you dismissed it"),
}


def text(proposal: Proposal, lessons: Lessons) -> Iterator[str]:
    """The whole proposal."""
    built = ngettext("Built on {count} decided case.", "Built on {count} decided cases.", proposal.lessons)
    yield built.format(count=proposal.lessons)
    left = [f"{_(LEFT_OUT[why])}: {count}" for why, count in sorted(lessons.left_out.items())]
    if left:
        yield _("Not among them: {list}.").format(list=" · ".join(left))
    lacking = [guard for guard in proposal.guards if not guard.enough]
    if lacking:
        yield ""
        yield from (f"- {too_few(guard)}" for guard in lacking)
        yield _(
            "Why {count}: with {count} and not one missed, up to {share} in 100 may still be missed; with five, "
            "{few} in 100."
        ).format(count=NEEDED, share=may_be_missed(NEEDED), few=may_be_missed(5))
    if proposal.tested is None:
        yield _("Nothing can be proposed yet. The thresholds stand as they are.")
        return
    yield ""
    yield from aligned(list(table(proposal)), (44, 12, 12, 36))
    yield ""
    yield from conclusion(proposal)


def too_few(guard: Guard) -> str:
    """What one threshold lacks."""
    first, second = guard.kinds
    words = _(
        "{name} stays: too few decisions. So far {first}: {have}, {second}: {others}; {count} of each are needed."
    )
    return words.format(
        name=guard.name, have=guard.have[0], first=_(KINDS[first]), others=guard.have[1], second=_(KINDS[second]),
        count=NEEDED,
    )  # fmt: skip


def may_be_missed(count: int) -> int:
    """Of 100: the share that may be missed though none of `count` was, at 95 % (1 - 0.05^(1/count))."""
    share: float = 1 - 0.05 ** (1 / count)
    return round(100 * share)


def table(proposal: Proposal) -> Iterator[tuple[str, ...]]:
    """Now beside proposed, and beside the honest figure."""
    before, after, tested = proposal.before, proposal.after, proposal.tested
    if tested is None:
        return
    yield "", _("now"), _("proposed"), _("tested on cases left out")
    for name in ("flag", "posing", "spared"):
        yield name, _threshold(proposal.now, name), _threshold(proposal.proposed, name), ""
    rows = (
        (_("rightly flagged"), "found"),
        (_("missed"), "missed"),
        (_("impostor and unit taken for each other"), "mixed"),
        (_("false alarms"), "alarms"),
        (_("rightly left alone"), "spared"),
    )
    for title, field in rows:
        yield title, *(str(getattr(column, field)) for column in (before, after, tested))
    yield _("cost, in false alarms"), *(figure(column.cost) for column in (before, after, tested))
    yield _("queue, cases a week"), figure(proposal.queue[0]), figure(proposal.queue[1]), ""


def _threshold(thresholds: Thresholds, name: str) -> str:
    return figure(getattr(thresholds, name))


def conclusion(proposal: Proposal) -> Iterator[str]:
    """What is proposed, and the cases it would move."""
    if not proposal.changes:
        yield _("No other thresholds prove better on cases they were not fitted to: they stand as they are.")
        return
    changes = ", ".join(
        f"{name} {figure(getattr(proposal.now, name))} → {figure(value)}" for name, value in proposal.changes.items()
    )
    yield _("Proposed: {changes}.").format(changes=changes)
    if not proposal.shifts:
        return
    yield ""
    yield _("Cases that would get another verdict:")
    yield from (f"  {shift_line(shift)}" for shift in sorted(proposal.shifts, key=agreed)[:LISTED])
    if len(proposal.shifts) > LISTED:
        more = _("  … and {count} more: --format json lists them all")
        yield more.format(count=len(proposal.shifts) - LISTED)


def agreed(shift: Shift) -> int:
    """Where a case stands in the list: those that people decided otherwise first, then the undecided."""
    if shift.truth is None:
        return 1
    return 2 if outcome(shift.truth, shift.after) in ("found", "spared") else 0


def shift_line(shift: Shift) -> str:
    """One case: what it was, what it would be, and whether a person agrees."""
    said = _("nobody has decided yet")
    if shift.truth is not None:
        said = f"{_(RIGHT[outcome(shift.truth, shift.after)])} ({reason_label(shift.reason)})"
    arrow = f"{verdict_label(shift.before)} → {verdict_label(shift.after)}"
    return f"{_('Case')} {shift.case} · {plain(shift.name, 40)} · {arrow} · {said}"
