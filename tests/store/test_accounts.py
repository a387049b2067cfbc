"""What a new sighting does to a case, and that only what is flagged is kept in clear text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from almby_findings import NOW, finding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.models import FLAGGED, Completeness, Decision, Issue, Observation, SourceResult, State, UnitKind, Verdict
from listener.store import Store
from listener.store.accounts import Saved, mark_missing, save_findings
from listener.store.cases import find_case, history, list_cases, load_case, save_decision, undo, verify_chain
from listener.store.runs import load_cursor, load_sources, start_run

NextRun = Callable[[], tuple[int, datetime]]


def see(store: Store, run: tuple[int, datetime], *found: Any, source: str = "bluesky") -> Saved:
    return save_findings(store, run[0], source, found, run[1])


def dismiss(store: Store, case_id: int, now: datetime, reason: str = "namesake") -> None:
    save_decision(store, Decision(case_id=case_id, who="sara", to=State.DISMISSED, reason=reason), now)


def test_a_flagged_account_opens_one_case_however_often_it_is_seen(store: Store, next_run: NextRun) -> None:
    assert see(store, next_run(), finding()) == Saved(new=1, seen=1)
    assert see(store, next_run(), finding()) == Saved(seen=1)
    (case,) = list_cases(store)
    assert case.state is State.NEW
    assert case.account.display_name == "Almby kommun"
    assert case.finding.signals[0].detail == "name 'Almby kommun' equals 'Almby kommun'"
    assert [event.kind for event in history(store, case.id)] == ["opened"]


def test_saving_the_same_run_twice_repeats_nothing(store: Store, next_run: NextRun) -> None:
    run = next_run()
    result = SourceResult(
        source="bluesky",
        completeness=Completeness.TRUNCATED,
        accounts=1,
        issues=(Issue(source="bluesky", kind="truncated", detail="first 100 only"),),
    )
    for _time in range(2):
        save_findings(store, run[0], "bluesky", [finding()], run[1], cursor={"page": "7"}, result=result)
    assert len(list_cases(store)) == 1
    assert store.db["events"].count == store.db["observations"].count == store.db["issues"].count == 1
    assert load_cursor(store, "bluesky") == {"page": "7"}
    assert load_sources(store, run[0]) == (result,)


def test_dismissed_stays_dismissed_until_the_account_changes(store: Store, next_run: NextRun) -> None:
    run = next_run()
    see(store, run, finding())
    dismiss(store, 1, run[1])
    for _week in range(2):
        assert see(store, next_run(), finding()) == Saved(seen=1)
        assert load_case(store, 1).state is State.DISMISSED
    later = next_run()
    changed = finding(handle="almbykommun.example", avatar="https://cdn.example/our-logo.png")
    assert see(store, later, changed) == Saved(regressed=1, seen=1)
    (case,) = list_cases(store)
    assert case.state is State.REGRESSED
    assert case.account.handle == "almbykommun.example"
    assert [(e.kind, e.reason) for e in history(store, 1)] == [
        ("opened", ""),
        ("decision", "namesake"),
        ("regressed", "account_changed"),
    ]
    assert verify_chain(store) is None


def test_a_change_that_claims_nothing_leaves_a_dismissed_case_alone(store: Store, next_run: NextRun) -> None:
    run = next_run()
    see(store, run, finding())
    dismiss(store, 1, run[1])
    see(store, next_run(), finding(Verdict.UNRELATED, display_name="Annas bageri"))
    assert load_case(store, 1).state is State.DISMISSED


def test_the_same_handle_under_a_new_id_is_a_new_case_linked_to_the_old(store: Store, next_run: NextRun) -> None:
    run = next_run()
    see(store, run, finding())
    dismiss(store, 1, run[1])
    see(store, next_run(), finding(platform_id="did:plc:two"))
    old, new = sorted(list_cases(store), key=lambda case: case.id)
    assert (old.state, new.state, new.linked_case) == (State.DISMISSED, State.NEW, old.id)


def test_who_takes_over_a_handle_after_a_rename_is_linked_too(store: Store, next_run: NextRun) -> None:
    see(store, next_run(), finding())
    see(store, next_run(), finding(handle="renamed.example"))
    see(store, next_run(), finding(platform_id="did:plc:two"))
    assert load_case(store, 2).linked_case == 1


def test_an_account_known_by_handle_keeps_its_case_when_its_id_is_learned(store: Store, next_run: NextRun) -> None:
    bare = finding(platform_id=None, display_name=None, description=None, avatar=None, links=None)
    see(store, next_run(), bare, source="website")
    see(store, next_run(), finding())
    (case,) = list_cases(store)
    assert (case.id, case.account.id) == (1, "bluesky:did:plc:one")
    assert find_case(store, "bluesky:@Almby-Kommun.example") == find_case(store, "bluesky:did:plc:one") == case
    assert find_case(store, "bluesky:did:plc:nobody") is None


def test_a_mere_link_to_the_account_does_not_unsettle_what_its_platform_told(store: Store, next_run: NextRun) -> None:
    run = next_run()
    see(store, run, finding())
    glimpse = finding(Verdict.UNCLEAR, 0.4, platform_id=None, display_name="Följ oss", source="website")
    assert see(store, run, glimpse, source="website") == Saved(seen=1)
    (case,) = list_cases(store)
    assert (case.finding.verdict, case.account.display_name) == (Verdict.IMPOSTOR, "Almby kommun")


def test_what_a_sighting_leaves_unknown_stays_known(store: Store, next_run: NextRun) -> None:
    run = next_run()
    see(store, run, finding())
    dismiss(store, 1, run[1])
    assert see(store, next_run(), finding(description=None, avatar=None, links=None)) == Saved(seen=1)
    assert load_case(store, 1).account.description == "Vi svarar dygnet runt"


def test_another_verdict_on_an_open_case_is_an_event(store: Store, next_run: NextRun) -> None:
    see(store, next_run(), finding(Verdict.UNCLEAR, 0.5))
    assert see(store, next_run(), finding(Verdict.IMPOSTOR)) == Saved(changed=1, seen=1)
    assert [(e.kind, e.verdict) for e in history(store, 1)] == [
        ("opened", Verdict.UNCLEAR),
        ("verdict", Verdict.IMPOSTOR),
    ]
    told = store.rows("SELECT kind, verdict, from_state, to_state FROM weekly_changes ORDER BY at")
    assert [tuple(row.values()) for row in told] == [
        ("opened", "unclear", None, "new"),
        ("verdict", "impostor", "new", "new"),
    ]
    assert load_case(store, 1).state is State.NEW


def test_an_open_case_whose_account_enters_the_register_closes_itself(store: Store, next_run: NextRun) -> None:
    see(store, next_run(), finding(Verdict.UNAPPROVED_UNIT))
    see(store, next_run(), finding(Verdict.OFFICIAL, 0.0))
    assert load_case(store, 1).state is State.REGISTERED
    see(store, next_run(), finding(Verdict.OFFICIAL, 0.0))
    assert load_case(store, 1).state is State.REGISTERED
    see(store, next_run(), finding(Verdict.UNAPPROVED_UNIT))
    assert [e.reason for e in history(store, 1)] == ["", "in_register", "left_register"]


def test_a_removed_impostor_that_comes_back_is_regressed(store: Store, next_run: NextRun) -> None:
    run = next_run()
    see(store, run, finding())
    save_decision(store, Decision(case_id=1, who="sara", to=State.RESOLVED, reason="removed"), run[1])
    for _week in range(2):
        run = next_run()
        mark_missing(store, run[0], run[1], ["bluesky"])
    assert (load_case(store, 1).state, load_case(store, 1).observation) == (State.RESOLVED, Observation.GONE)
    see(store, next_run(), finding())
    assert (load_case(store, 1).state, load_case(store, 1).observation) == (State.REGRESSED, Observation.SEEN)


@pytest.mark.parametrize("dark_week", [[], ["mastodon"]])
def test_gone_needs_two_complete_runs_and_a_dark_week_is_not_one(
    store: Store, next_run: NextRun, dark_week: list[str]
) -> None:
    see(store, next_run(), finding())
    observed = []
    for complete in (dark_week, ["bluesky"], dark_week, ["bluesky"], dark_week):
        run = next_run()
        mark_missing(store, run[0], run[1], complete)
        assert mark_missing(store, run[0], run[1], complete) == 0, "repeating it changes nothing"
        observed.append(load_case(store, 1).observation)
    assert observed[:4] == ["not_checked"] * 3 + ["gone"]
    assert observed[4] == "gone"
    assert load_case(store, 1).state is State.NEW


def test_who_is_not_flagged_is_nowhere_in_clear_text(store: Store, next_run: NextRun) -> None:
    private = finding(
        Verdict.UNRELATED, 0.1, platform_id="did:plc:private", handle="majken-sagovik", display_name="Majken Sagovik"
    )
    assert see(store, next_run(), private) == Saved()
    see(store, next_run(), private)
    assert store.db["accounts"].count == store.db["cases"].count == 0
    assert store.db["skipped"].count == 1
    store.close()
    written = b"".join(path.read_bytes() for path in store.path.parent.iterdir() if path.is_file())
    for word in (b"did:plc:private", b"majken-sagovik", b"Majken"):
        assert word not in written


SPARED = st.sampled_from(sorted(set(Verdict) - FLAGGED))
WHO = st.from_regex(r"[a-zåäö]{12,20}", fullmatch=True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(WHO, min_size=1, max_size=5, unique=True), verdict=st.sampled_from(sorted(set(Verdict) - FLAGGED))
)
def test_nobody_who_is_not_flagged_is_ever_written_down(store: Store, people: list[str], verdict: Verdict) -> None:
    run_id = start_run(store, "audit", NOW, ["bluesky"])
    strangers = [
        finding(verdict, platform_id=None, handle=name, display_name=name.title(), description=name, url=name)
        for name in people
    ]
    save_findings(store, run_id, "bluesky", [finding(), *strangers], NOW)
    written = b"".join(path.read_bytes() for path in store.path.parent.glob("listener.db*"))
    for name in people:
        assert name.encode() not in written
        assert name.title().encode() not in written


def test_a_watched_case_wakes_by_date_or_by_change(store: Store, next_run: NextRun) -> None:
    run = next_run()
    see(store, run, finding(), finding(platform_id="did:plc:two", handle="two.example"))
    until = next_run()[1]
    for case_id in (1, 2):
        decision = Decision(case_id=case_id, who="sara", to=State.WATCHING, reason="until_date", until=until)
        save_decision(store, decision, NOW)
    see(store, run, finding(display_name="Almby kommun kundtjänst"))
    assert load_case(store, 1).state is State.REGRESSED
    assert load_case(store, 2).state is State.WATCHING
    assert {case.id for case in list_cases(store, states={State.REGRESSED}, now=until)} == {1, 2}
    start_run(store, "audit", until, [])
    assert load_case(store, 2).state is State.TRIAGE
    assert history(store, 2)[-1].reason == "due"


def test_hostile_names_are_stored_and_come_back(store: Store, next_run: NextRun) -> None:
    names = ["nul\0l", "half \ud800 pair", "x" * 10_000, "\u202eevil", "'; DROP TABLE cases; --"]
    found = [
        finding(platform_id=f"did:plc:{number}", handle=name, display_name=name) for number, name in enumerate(names)
    ]
    see(store, next_run(), *found)
    see(store, next_run(), *found)
    stored = [case.account.display_name for case in sorted(list_cases(store), key=lambda case: case.id)]
    assert stored == ["nul\0l", "half ? pair", "x" * 10_000, "\u202eevil", "'; DROP TABLE cases; --"]


def test_an_undone_dismissal_is_open_again_and_regresses_by_its_own_rules(store: Store, next_run: NextRun) -> None:
    run = next_run()
    see(store, run, finding(Verdict.UNAPPROVED_UNIT))
    dismiss(store, 1, run[1])
    undo(store, 1, "sara", run[1])
    see(store, next_run(), finding(Verdict.UNAPPROVED_UNIT, display_name="Almby simhall"))
    assert load_case(store, 1).state is State.NEW


def test_a_unit_kind_learned_later_is_told(store: Store, next_run: NextRun) -> None:
    see(store, next_run(), finding(Verdict.UNAPPROVED_UNIT))
    learned = msgspec.structs.replace(finding(Verdict.UNAPPROVED_UNIT), unit_kind=UnitKind.TEAM)
    see(store, next_run(), learned)
    assert history(store, 1)[-1].unit_kind is UnitKind.TEAM
