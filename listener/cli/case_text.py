"""A case as people read it: the suspect beside the official account, every reason as a sentence, the whole trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time

from listener.clock import local
from listener.language import N_, _, ngettext
from listener.models import Asks, Case, Finding, State
from listener.records.harmless import closing_reason
from listener.records.notice import GROUNDS
from listener.report.defang import defang, defang_text
from listener.report.labels import OBSERVATIONS, UNITS, VERDICTS, label, platform_label, state_label, verdict_label
from listener.sentences import in_language
from listener.store.events import MACHINE, Event
from listener.store.prepared import PREPARED
from listener.store.proposals import Proposal
from listener.terminal import padded, plain

UNKNOWN = "–"
ASKS = {
    Asks.CLAIMS: N_("It speaks under our name:"),
    Asks.POSES: N_("It pretends:"),
    Asks.OURS: N_("It may be ours:"),
    Asks.SPARES: N_("It may be somebody else's, openly:"),
}
REASONS = {
    "look_closer": N_("must be looked at more closely"),
    "reopened": N_("opened again"),
    "other": N_("other reason"),
    "platform_report": N_("reported to the platform"),
    "internal_contact": N_("contact within the organisation"),
    "police_report": N_("reported to the police"),
    "domain_dispute": N_("domain dispute"),
    "child_abuse": N_("child abuse: nothing but address, id and time is kept"),
    "removed": N_("the account is removed"),
    "renamed": N_("the account is renamed"),
    "registered": N_("registered"),
    "handed_over": N_("handed over to us"),
    "namesake": N_("namesake"),
    "parody": N_("parody"),
    "fan_group": N_("fan or citizen group"),
    "employee_private": N_("employee's private account"),
    "third_party": N_("third party that may use the name"),
    "duplicate": N_("duplicate"),
    "not_ours_harmless": N_("not ours, but harmless"),
    "wrong_match": N_("wrong match"),
    "until_date": N_("until a date"),
    "until_change": N_("until it changes"),
    "in_register": N_("stands in the register"),
    "account_changed": N_("the account has changed"),
    "left_register": N_("no longer stands in the register"),
    "came_back": N_("the removed account is back"),
    "due": N_("the watch is over"),
    "expired": N_("its time on the allow-list is over"),
}
REASON_NAMES = {**VERDICTS, **REASONS, **{f"ground_{key}": name for key, name in GROUNDS.items()}}  # a verdict, too
KINDS = {
    "opened": N_("opened"),
    "decision": N_("decision"),
    "regressed": N_("has come back"),
    "verdict": N_("new verdict"),
    "undo": N_("undone"),
    "assign": N_("assigned"),
    "snooze": N_("watch"),
    "proposed": N_("proposed"),
    "refused": N_("proposal refused"),
    "withdrawn": N_("proposal taken back"),
    "undo_proposed": N_("proposed to be taken back"),
    "forwarded": N_("forwarded"),
    "prepared": N_("report prepared"),
}


def reason_label(reason: str) -> str:
    """What a reason key is called."""
    return label(REASON_NAMES, reason)


def moment(when: datetime) -> str:
    """2026-11-16 08:00, by Swedish time."""
    return f"{local(when):%Y-%m-%d %H:%M}"


def until(when: datetime) -> str:
    """2026-12-24, by Swedish time; with the hour when it is not the beginning of that day."""
    here = local(when)
    return f"{here:%Y-%m-%d}" if here.time() == time() else f"{here:%Y-%m-%d %H:%M}"


def proposal_line(proposal: Proposal) -> str:
    """What waits for a second person, in one line; what was said with it left out."""
    told = _("{who} proposes {time}: {state} ({reason})")
    if proposal.undoes is not None:
        told = _("{who} proposes {time} to take back: {state} ({reason})")
    return told.format(
        who=plain(proposal.who)[:60],
        time=moment(proposal.at),
        state=state_label(proposal.to),
        reason=reason_label(proposal.reason),
    )


def name_of(case: Case) -> str:
    """What the account calls itself, harmless to print."""
    return plain(case.account.display_name or case.account.handle or case.account.url or UNKNOWN)


def verdict_of(finding: Finding) -> str:
    """The verdict, with the kind of unit where there is one."""
    kind = f": {label(UNITS, finding.unit_kind)}" if finding.unit_kind else ""
    return verdict_label(finding.verdict) + kind


def table(cases: Sequence[Case], now: datetime) -> Iterator[str]:
    """The queue, one line a case under a heading; ages in days."""
    heading = (_("case"), _("verdict"), _("state"), _("platform"), _("name"), _("handle"), _("days"), _("assigned to"))
    rows = [heading, *(columns(case, now) for case in cases)]
    yield from aligned(rows, (6, 40, 20, 12, 32, 36, 5, 20))


def columns(case: Case, now: datetime) -> tuple[str, ...]:
    return (
        str(case.id),
        verdict_of(case.finding),
        state_label(case.state),
        platform_label(case.account.platform),
        case.account.display_name or UNKNOWN,
        case.account.handle or UNKNOWN,
        str((now - case.opened_at).days),
        case.assignee or "",
    )


def aligned(rows: Sequence[Sequence[str]], most: Sequence[int]) -> Iterator[str]:
    """Rows as columns two spaces apart, each as wide as its widest cell but at most `most`."""
    from listener.terminal import columns as width

    cells = [[plain(cell, limit) for cell, limit in zip(row, most, strict=True)] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield "  ".join(padded(cell, wide) for cell, wide in zip(row, widths, strict=True)).rstrip()


def show(case: Case, events: Sequence[Event], kept: tuple[int, datetime | None] = (0, None)) -> Iterator[str]:
    """Everything a reviewer needs on one case; `kept`: how many snapshots there are, and when the last was taken."""
    finding = case.finding
    yield f"{_('Case')} {case.id}: {verdict_of(finding)} · {state_label(case.state)}"
    yield f"  {label(OBSERVATIONS, case.observation)} · {_('score')} {_hundredths(finding.score)}"
    opened, seen = moment(case.opened_at), moment(case.last_seen_at)
    yield "  " + _("opened {opened} · last seen {seen}").format(opened=opened, seen=seen)
    yield "  " + snapshots_line(*kept)
    yield from ("  " + line for line in notes(case, events))
    yield ""
    yield from sides(case)
    yield ""
    yield from reasons(finding)
    yield _("History:")
    yield from (f"  {event_line(event)}" for event in events)


def snapshots_line(count: int, last: datetime | None) -> str:
    """How many times the account was kept as evidence, and when last."""
    if last is None:
        return _("no evidence kept")
    told = ngettext("{count} snapshot, {time}", "{count} snapshots, the last {time}", count)
    return told.format(count=count, time=moment(last))


def notes(case: Case, events: Iterable[Event]) -> Iterator[str]:
    """What stands out: who has it, until when it is watched, whom it follows, what was decided before it came back."""
    if reason := closing_reason(case):
        told = _("judged harmless by now; if you agree: listen review decide {case} dismissed --reason {reason}")
        yield told.format(case=case.id, reason=reason)
    if case.assignee:
        yield _("assigned to {who}").format(who=plain(case.assignee))
    if case.snoozed_until and case.state is State.DISMISSED:
        yield _("on the allow-list until {time}").format(time=until(case.snoozed_until))
    elif case.snoozed_until:
        yield _("watched until {time}").format(time=until(case.snoozed_until))
    if case.linked_case:
        yield _("the same handle belonged to the account of case {number}").format(number=case.linked_case)
    decided = [event for event in events if event.kind in ("decision", "snooze")]
    if case.state is State.REGRESSED and decided:
        old = decided[-1]
        yield _("decided before: {state} ({reason}) by {who} {time}").format(
            state=state_label(old.to_state), reason=reason_label(old.reason), who=plain(old.who), time=moment(old.at)
        )
        if old.text:
            yield f"“{plain(old.text)}”"


def sides(case: Case) -> Iterator[str]:
    """The suspect and the nearest official account, side by side; the suspect's addresses cannot be clicked."""
    account, nearest = case.account, case.finding.nearest
    followers = UNKNOWN if account.followers is None else str(account.followers)
    rows = [
        ("", _("flagged account"), _("official account")),
        (_("platform"), platform_label(account.platform), platform_label(nearest.platform) if nearest else UNKNOWN),
        (_("name"), account.display_name or UNKNOWN, nearest.unit if nearest else UNKNOWN),
        (_("handle"), account.handle or UNKNOWN, (nearest.handle if nearest else None) or UNKNOWN),
        (_("address"), defang(account.url) if account.url else UNKNOWN, nearest.url if nearest else UNKNOWN),
        (_("created"), moment(account.created_at) if account.created_at else UNKNOWN, ""),
        (_("followers"), followers, ""),
        (_("id"), account.platform_id or UNKNOWN, ""),
    ]
    yield from aligned(rows, (12, 60, 60))
    if account.description:
        yield f"{_('description')}: {defang_text(account.description)}"
    if account.labels:
        yield f"{_('labels')}: {plain(', '.join(account.labels))}"
    for link in account.links or ():
        yield f"{_('links to')}: {defang(link)}"


def reasons(finding: Finding) -> Iterator[str]:
    """Every signal as a sentence with its score, by the question it answers, strongest first."""
    for asks, heading in ASKS.items():
        signals = sorted((s for s in finding.signals if s.asks is asks), key=lambda signal: -signal.score)
        if signals:
            yield _(heading)
        yield from (f"  {_hundredths(signal.score)}  {plain(in_language(signal.detail, _))}" for signal in signals)


def event_line(event: Event) -> str:
    """One step of the trail: when, what, from where to where, who, why, in whose words."""
    who = _("automatic") if event.who == MACHINE else plain(event.who)
    parts = [moment(event.at), label(KINDS, event.kind), movement(event), who]
    if event.kind in ("opened", "verdict"):
        parts.append(verdict_label(event.verdict))
    if event.reason:
        parts.append(reason_label(event.reason))
    if event.assignee:
        parts.append(f"→ {plain(event.assignee)}")
    if event.until:
        parts.append(_("until {time}").format(time=until(event.until)))
    if event.undoes:
        parts.append(_("takes back event {number}").format(number=event.undoes))
    if event.text:
        parts.append(f"“{plain(event.text.splitlines()[0] if event.kind == PREPARED else event.text)}”")
    elif event.text_hash:
        parts.append(_("(words deleted by retention)"))
    return f"{event.id:>4}  " + " · ".join(part for part in parts if part)


def movement(event: Event) -> str:
    if event.from_state is None or event.from_state is event.to_state:
        return state_label(event.to_state)
    return f"{state_label(event.from_state)} → {state_label(event.to_state)}"


def _hundredths(score: float) -> str:
    """0.98, or 0,98 in Swedish."""
    return f"{score:.2f}".replace(".", _("."))
