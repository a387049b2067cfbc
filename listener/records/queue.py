"""The review queue as rows: one flat record a case, for tables, scripts and spreadsheets."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from listener.clock import rfc3339
from listener.models import OPEN_STATES, Asks, Case, Record, Signal, State, UnitKind, Verdict
from listener.store import Store
from listener.store.cases import list_cases


class Wanted(Record, frozen=True):
    """Which cases to list: of these states (none: the open ones), and of these kinds (none: all)."""

    states: frozenset[State] = frozenset()
    verdicts: frozenset[Verdict] = frozenset()
    unit_kinds: frozenset[UnitKind] = frozenset()
    platforms: frozenset[str] = frozenset()
    closed_too: bool = False


class CaseRow(Record, frozen=True):
    """One case, flat; names and addresses exactly as found, times RFC 3339 in UTC. `reason` is the strongest signal."""

    case: int
    state: str
    verdict: str
    unit_kind: str | None
    unit: str | None
    score: float
    platform: str
    platform_id: str | None
    handle: str | None
    display_name: str | None
    url: str | None
    nearest_handle: str | None
    nearest_url: str | None
    reason: str | None
    observation: str
    opened_at: str
    changed_at: str
    last_seen_at: str
    assignee: str | None
    snoozed_until: str | None
    linked_case: int | None


COLUMNS = CaseRow.__struct_fields__


def wanted_cases(store: Store, wanted: Wanted, now: datetime) -> list[Case]:
    """The cases asked for, gravest and oldest first; a watched case whose date has come counts as open."""
    states: Collection[State] | None = wanted.states or OPEN_STATES
    if wanted.closed_too:
        states = wanted.states or None
    cases = list_cases(store, states=states, verdicts=wanted.verdicts or None, now=None if wanted.states else now)
    return [
        case
        for case in cases
        if (not wanted.unit_kinds or case.finding.unit_kind in wanted.unit_kinds)
        and (not wanted.platforms or case.account.platform in wanted.platforms)
    ]


def strongest(case: Case) -> Signal | None:
    """The signal that says most against the account, else for it; None when the finding has none."""
    against = (Asks.POSES, Asks.CLAIMS)
    return max(case.finding.signals, key=lambda signal: (signal.asks in against, signal.score), default=None)


def read_row(case: Case) -> CaseRow:
    """A case as one row."""
    account, finding, why = case.account, case.finding, strongest(case)
    return CaseRow(
        case=case.id,
        state=case.state.value,
        verdict=finding.verdict.value,
        unit_kind=finding.unit_kind.value if finding.unit_kind else None,
        unit=finding.unit,
        score=finding.score,
        platform=account.platform,
        platform_id=account.platform_id,
        handle=account.handle,
        display_name=account.display_name,
        url=account.url,
        nearest_handle=finding.nearest.handle if finding.nearest else None,
        nearest_url=finding.nearest.url if finding.nearest else None,
        reason=why.detail if why else None,
        observation=case.observation.value,
        opened_at=rfc3339(case.opened_at),
        changed_at=rfc3339(case.changed_at),
        last_seen_at=rfc3339(case.last_seen_at),
        assignee=case.assignee,
        snoozed_until=rfc3339(case.snoozed_until) if case.snoozed_until else None,
        linked_case=case.linked_case,
    )
