"""An invented municipality's year of decisions, in which the right threshold is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from screened import screener

from listener.models import Account, Asks, Decision, Finding, Signal, State
from listener.screen.index import Index
from listener.store import Store
from listener.store.accounts import save_findings
from listener.store.cases import find_case, save_decision
from listener.store.runs import start_run
from listener.tune.lessons import Lesson, Truth
from listener.verdict import gather, weigh

START = datetime(2025, 12, 1, 7, 0, tzinfo=UTC)
RIGHT = 0.62  # what is harmless lies below, what is not above
Signals = tuple[tuple[str, Asks, float], ...]
History = Iterable[tuple[Signals, Truth | None]]


@cache
def index() -> Index:
    return screener().index


def harmless(count: int) -> Iterator[Signals]:
    """Claims between the default threshold and the right one."""
    return ((("text_names_us", Asks.CLAIMS, 0.51 + 0.1 * n / count),) for n in range(count))


def impostors(count: int) -> Iterator[Signals]:
    return (
        (("name_holds", Asks.CLAIMS, 0.66 + 0.3 * n / count), ("fraud_wording", Asks.POSES, 0.85)) for n in range(count)
    )


def units(count: int) -> Iterator[Signals]:
    return ((("name_unit_place", Asks.CLAIMS, 0.64 + 0.3 * n / count),) for n in range(count))


def finding(number: int, signals: Signals) -> Finding:
    """What the policy makes of these signals, at the default thresholds."""
    account = Account(
        platform="bluesky",
        platform_id=f"did:plc:{number}",
        handle=f"konto{number}.example",
        display_name="Almby anslagstavla",
        source="bluesky",
    )
    told = tuple(Signal(feature=f, asks=a, score=s, detail=f"the description says '{f}'") for f, a, s in signals)
    return weigh(index().look(account), told)


def lessons(*told: tuple[Iterator[Signals], Truth | None]) -> list[Lesson]:
    """A case a day, as read from a store."""
    cases = ((signals, truth) for many, truth in told for signals in many)
    found = []
    for number, (signals, truth) in enumerate(cases, 1):
        one = finding(number, signals)
        evidence = gather(index().look(one.account), one.signals)
        opened = START + timedelta(days=number)
        found.append(Lesson(case=number, name="Almby", opened_at=opened, evidence=evidence, truth=truth))
    return found


def fill(store: Store, *told: tuple[Iterator[Signals], State, str]) -> None:
    """The same in a store: all found in one run, each decided as told."""
    cases = [(signals, to, reason) for many, to, reason in told for signals in many]
    findings = [finding(number, signals) for number, (signals, _to, _reason) in enumerate(cases, 1)]
    assert all(found.flagged for found in findings)
    with store.transaction():
        save_findings(store, start_run(store, "audit", START, ["bluesky"]), "bluesky", findings, START)
        for found, (_signals, to, reason) in zip(findings, cases, strict=True):
            case = find_case(store, found.account.id)
            assert case is not None
            save_decision(store, Decision(case_id=case.id, who="sara", to=to, reason=reason), START)
