"""Where one person decides alone, the report says how often, and what still cools off."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from almby_weeks import SCOPE, W46, W47, W48

from listener.config import load_config
from listener.models import Account, Decision, Finding, State, Verdict
from listener.records import four_eyes
from listener.report import FORMATS
from listener.report.weekly import weekly
from listener.store import Store
from listener.store.accounts import save_findings
from listener.store.cases import list_cases, undo
from listener.store.proposals import open_proposal
from listener.store.runs import start_run

ALONE = SCOPE._replace(four_eyes=False)
LATER = W47.end + timedelta(days=30)
SUNDAY, TUESDAY = W47.end - timedelta(hours=5), W47.start + timedelta(days=1)


@pytest.fixture
def cases(store: Store) -> list[int]:
    """Three suspected impostors."""
    run_id = start_run(store, "audit", W47.start, ["bluesky"])
    accounts = [Account(platform="bluesky", platform_id=f"did:{n}", handle=f"a{n}", source="bluesky") for n in range(3)]
    found = [Finding(account=account, verdict=Verdict.IMPOSTOR, score=0.9) for account in accounts]
    save_findings(store, run_id, "bluesky", found, W47.start)
    return sorted(case.id for case in list_cases(store))


@pytest.fixture
def decided(store: Store, cases: list[int], tmp_path: Path) -> Store:
    """One reported early in the week and one late, one taken back, one dismissed, which takes nobody else."""
    (tmp_path / "listener.toml").write_text("[review]\nfour_eyes = false\n", encoding="utf-8")
    config = load_config(tmp_path / "listener.toml", {})

    def decide(case: int, to: State, reason: str, when: timedelta) -> None:
        decision = Decision(case_id=case, who="sara", to=to, reason=reason)
        four_eyes.settle(config, store, decision, W47.start + when)

    decide(cases[0], State.ACTION, "platform_report", timedelta(days=1))
    decide(cases[1], State.DISMISSED, "namesake", timedelta(days=1))
    decide(cases[2], State.ACTION, "police_report", timedelta(days=2))
    undo(store, cases[2], "sara", W47.start + timedelta(days=2, hours=1))
    decide(cases[2], State.ACTION, "platform_report", SUNDAY - W47.start)
    return store


def test_decisions_taken_alone_are_counted_and_those_that_cool_off_named(decided: Store, cases: list[int]) -> None:
    report = weekly(decided, ALONE, W47, LATER)
    assert report.alone is not None
    assert (report.alone.decisions, report.alone.hours) == (2, 24)
    (cooling,) = report.alone.cooling
    assert (cooling.case, cooling.until) == (cases[2], SUNDAY + timedelta(hours=24))
    drawn = {form: draw(report, "sv") for form, draw in FORMATS.items()}
    for form in ("text", "html"):
        assert "Beslutat av en ensam" in drawn[form]
        assert "2 under veckan, 1 under betänketid vid dess slut" in drawn[form]
        assert f"Ärende {cases[2]}, åtgärdas: beslutat av en person ensam, betänketid till" in drawn[form]
        assert "måndag 23 november 19:00. Skicka inget dessförinnan." in drawn[form]
    assert json.loads(drawn["json"])["alone"]["cooling"][0]["until"] == "2026-11-23T18:00:00Z"
    english = FORMATS["text"](report, "en")
    assert "Decided by one alone" in english
    assert "cools off until Monday 23 November 19:00. Send nothing before then." in english


def test_a_past_week_stays_as_it_was(decided: Store, cases: list[int]) -> None:
    before = weekly(decided, ALONE, W47, LATER).alone
    undo(decided, cases[2], "sara", W48.start + timedelta(hours=2))
    assert weekly(decided, ALONE, W47, LATER).alone == before
    for week in (W46, W48):
        found = weekly(decided, ALONE, week, LATER).alone
        assert found is not None
        assert (found.decisions, found.cooling) == (0, ())


def test_while_the_week_goes_on_what_is_over_cools_no_more(decided: Store, cases: list[int]) -> None:
    found = weekly(decided, ALONE, W47, SUNDAY + timedelta(hours=1)).alone
    assert found is not None
    assert cases[2] in [one.case for one in found.cooling]


def test_where_two_decide_nothing_is_said(store: Store, cases: list[int], tmp_path: Path) -> None:
    (tmp_path / "listener.toml").write_text("", encoding="utf-8")
    config = load_config(tmp_path / "listener.toml", {})
    decision = Decision(case_id=cases[0], who="sara", to=State.ACTION, reason="platform_report")
    four_eyes.settle(config, store, decision, TUESDAY)
    proposal = open_proposal(store, cases[0])
    assert proposal is not None
    four_eyes.approve(store, proposal, "jonas", TUESDAY + timedelta(hours=1))
    report = weekly(store, SCOPE, W47, LATER)
    assert report.alone is None
    assert "one alone" not in FORMATS["text"](report, "en")
    found = weekly(store, ALONE, W47, LATER).alone
    assert found is not None
    assert found.decisions == 0, "two decided it, though one may now"
