"""The week's figures, counted from the trail."""

from __future__ import annotations

from datetime import timedelta

from almby_weeks import ENTRIES, MONDAY, SCOPE, SOURCES, W46, W47, W48, audit, decide, finding, log

from listener.clock import read_time
from listener.models import Fault, Finding, State, UnitKind, Verdict
from listener.report import FORMATS
from listener.report.records import Reach, Row, Weekly
from listener.report.weekly import weekly
from listener.store import Store

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
LATER = MONDAY + 2 * WEEK


def units(kind: UnitKind, count: int) -> tuple[Finding, ...]:
    verdict = Verdict.UNAPPROVED_UNIT
    return tuple(finding(f"{kind.replace('_', '-')}-{number}", verdict, kind=kind) for number in range(count))


def others(verdict: Verdict, count: int) -> tuple[Finding, ...]:
    return tuple(finding(f"{verdict.replace('_', '-')}-{number}", verdict) for number in range(count))


USPS = (
    *units(UnitKind.LOCAL_OFFICE, 15),
    *units(UnitKind.DEPARTMENT, 9),
    *units(UnitKind.TEAM, 3),
    *others(Verdict.EMPLOYEE_OFFICIAL, 4),
    *others(Verdict.IMPOSTOR, 2),
)
FIVE = ("local_office", "department", "team", "employee_official", "impostor")


def rows(report: Weekly) -> dict[str, Row]:
    return {row.kind: row for row in (*report.rows, *report.others)}


def test_the_table_counts_what_the_postal_service_counted(store: Store) -> None:
    audit(store, MONDAY, USPS)
    found = rows(weekly(store, SCOPE, W47, LATER))
    assert [found[kind].new for kind in FIVE] == [15, 9, 3, 4, 2]
    assert [found[kind].open for kind in FIVE] == [15, 9, 3, 4, 2]


def test_the_week_after_nothing_is_new_and_all_is_still_open(store: Store) -> None:
    audit(store, MONDAY, USPS)
    audit(store, MONDAY + WEEK, USPS)
    report = weekly(store, SCOPE, W48, LATER)
    assert [rows(report)[kind].new for kind in FIVE] == [0] * 5
    assert [rows(report)[kind].open for kind in FIVE] == [15, 9, 3, 4, 2]
    assert report.nothing_new


def test_a_case_dismissed_in_the_week_is_closed_and_one_undone_is_not(store: Store) -> None:
    from listener.store.cases import undo

    audit(store, MONDAY - WEEK, others(Verdict.IMPOSTOR, 3))
    decide(store, 1, State.DISMISSED, "namesake", MONDAY + DAY)
    decide(store, 2, State.DISMISSED, "namesake", MONDAY + DAY)
    undo(store, 2, "sara", MONDAY + 2 * DAY)
    row = rows(weekly(store, SCOPE, W47, LATER))["impostor"]
    assert (row.new, row.open, row.closed) == (0, 2, 1)
    assert row.oldest_days == 13  # from Monday morning of week 46 to the end of week 47


def test_a_case_opened_and_closed_in_one_week_is_both_new_and_closed(store: Store) -> None:
    audit(store, MONDAY, others(Verdict.IMPOSTOR, 1))
    decide(store, 1, State.DISMISSED, "namesake", MONDAY + DAY)
    row = rows(weekly(store, SCOPE, W47, LATER))["impostor"]
    assert (row.new, row.open, row.closed, row.oldest_days) == (1, 0, 1, None)


def test_a_past_week_stays_as_it_was_when_the_case_is_decided_later(store: Store) -> None:
    audit(store, MONDAY, USPS)
    before = weekly(store, SCOPE, W47, LATER).rows
    decide(store, 1, State.CONFIRMED, "unapproved_unit", MONDAY + WEEK)
    decide(store, 2, State.DISMISSED, "namesake", MONDAY + WEEK)
    assert weekly(store, SCOPE, W47, LATER).rows == before


def test_a_case_is_counted_under_the_verdict_it_has_come_to(store: Store) -> None:
    audit(store, MONDAY, (finding("almby", Verdict.UNCLEAR),))
    audit(store, MONDAY + DAY, (finding("almby", Verdict.IMPOSTOR),))
    found = rows(weekly(store, SCOPE, W47, LATER))
    assert (found["unclear"].open, found["impostor"].open, found["impostor"].new) == (0, 1, 1)


def test_a_closed_case_that_comes_back_is_open_again_but_not_new(store: Store) -> None:
    audit(store, MONDAY - WEEK, (finding("almby", Verdict.IMPOSTOR),))
    decide(store, 1, State.DISMISSED, "parody", MONDAY - WEEK + DAY)
    audit(store, MONDAY, (finding("almby", Verdict.IMPOSTOR, name="Almby kommun"),))
    report = weekly(store, SCOPE, W47, LATER)
    row = rows(report)["impostor"]
    assert (row.new, row.open, row.oldest_days, report.returned) == (0, 1, 6, 1)
    assert not report.nothing_new


def test_lookalike_sites_are_told_apart_from_impostor_accounts(store: Store) -> None:
    site = finding("almby-kommun.example", Verdict.LOOKALIKE_SITE)
    audit(store, MONDAY, (site, *others(Verdict.IMPOSTOR, 1)))
    report = weekly(store, SCOPE, W47, LATER)
    assert (rows(report)["impostor"].open, rows(report)["lookalike_site"].open) == (1, 1)
    assert "2 new flagged accounts, including 1 suspected impostor." in FORMATS["text"](report, "en")


def test_a_unit_of_unknown_kind_is_not_lost(store: Store) -> None:
    audit(store, MONDAY, (finding("almby", Verdict.UNAPPROVED_UNIT),))
    assert rows(weekly(store, SCOPE, W47, LATER))["unit"].open == 1


def test_a_source_that_is_down_makes_the_week_incomplete_until_a_rerun_mends_it(store: Store) -> None:
    audit(store, MONDAY, USPS, down={"mastodon": "500 from mastodon.example"})
    broken = weekly(store, SCOPE, W47, LATER).coverage
    assert (broken.complete, broken.searched, broken.planned) == (False, 3, 4)
    assert [source.name for source in broken.sources if source.failed] == ["mastodon"]
    audit(store, MONDAY + timedelta(hours=2), USPS)
    mended = weekly(store, SCOPE, W47, LATER).coverage
    assert (mended.complete, mended.searched, mended.planned) == (True, 4, 4)


def test_a_run_that_broke_off_leaves_the_week_incomplete(store: Store) -> None:
    audit(store, MONDAY, USPS, finished=False)
    coverage = weekly(store, SCOPE, W47, LATER).coverage
    assert coverage.broken_off
    assert not coverage.complete


def test_a_week_without_a_run_says_so_instead_of_all_clear(store: Store) -> None:
    audit(store, MONDAY - WEEK, USPS)
    report = weekly(store, SCOPE, W47, LATER)
    assert not report.coverage.complete
    text = FORMATS["text"](report, "en")
    assert "INCOMPLETE (no run this week)" in text
    assert "nobody looked" in text
    assert "running" not in text


def test_platforms_that_nobody_searches_are_named_with_our_accounts_there(store: Store) -> None:
    audit(store, MONDAY)
    unsearched = {found.platform: found for found in weekly(store, SCOPE, W47, LATER).coverage.unsearched}
    assert unsearched["facebook"].registered == 1
    assert unsearched["snapchat"].reason == "no_search"
    assert not {"bluesky", "mastodon", "web", "feeds", "tips"} & set(unsearched)


def test_a_source_that_is_off_is_among_the_unsearched(store: Store) -> None:
    audit(store, MONDAY)
    more = {"youtube": Reach(platform="youtube"), "x": Reach(platform="x", closed="X wants a contract")}
    scope = SCOPE._replace(sources={**SCOPE.sources, **more})
    report = weekly(store, scope, W47, LATER)
    reasons = {found.platform: found.reason for found in report.coverage.unsearched}
    assert (reasons["youtube"], reasons["facebook"], reasons["x"]) == ("off", "unbuilt", "gated")
    for form in ("text", "html"):
        assert "X wants a contract. Not asked until its terms are accepted" in FORMATS[form](report, "en")


def test_a_platform_that_another_source_shows_is_told_as_seen_in_part(store: Store) -> None:
    more = {"x": Reach(platform="x", closed="X wants a contract"), "tips": Reach(platform="tips")}
    seeing = Reach(platform="websearch", others=("snapchat", "x", "bluesky"), on=True)
    scope = SCOPE._replace(sources={**SCOPE.sources, **more, "websearch": seeing})
    audit(store, MONDAY, sources=("bluesky", "websearch"), down={"websearch": "asked too often"})
    blind = {line.platform: line.through for line in weekly(store, scope, W47, LATER).coverage.unsearched}
    assert set(blind.values()) == {()}, "a search that failed has shown nothing"
    audit(store, MONDAY + DAY, sources=("bluesky", "websearch"))
    report = weekly(store, scope, W47, LATER)
    found = {line.platform: line.through for line in report.coverage.unsearched}
    assert {name: found[name] for name in ("snapchat", "x", "facebook")} == {
        "snapchat": ("websearch",), "x": ("websearch",), "facebook": (),
    }  # fmt: skip
    assert "bluesky" not in found
    for form in ("text", "html"):
        assert "Seen in part only, through: Web search. X wants a contract." in FORMATS[form](report, "en")


def test_a_source_that_was_not_asked_is_named_where_others_looked_at_its_platform(store: Store) -> None:
    more = {
        "zone": Reach(platform="web"),
        "feeds": Reach(platform="news", posts=True),
        "gdelt": Reach(platform="gdelt", posts=True, on=True),
        "flashback": Reach(platform="flashback", posts=True, on=True),
    }
    audit(store, MONDAY, sources=("bluesky", "mastodon", "website", "flashback:posts"))
    coverage = weekly(store, SCOPE._replace(sources={**SCOPE.sources, **more}), W47, LATER).coverage
    reasons = {line.platform: line.reason for line in coverage.unsearched}
    assert {name: reasons.get(name) for name in ("zone", "news", "gdelt", "flashback", "web")} == {
        "zone": "off", "news": "off", "gdelt": "not_run", "flashback": None, "web": None,
    }  # fmt: skip


def test_a_source_that_is_on_and_was_not_asked_leaves_the_week_incomplete(store: Store) -> None:
    more = {name: Reach(platform=name) for name in ("tips", "youtube")}
    scope = SCOPE._replace(sources={**SCOPE.sources, **more}, enabled=(*SCOPE.sources, "tips"))
    audit(store, MONDAY, sources=("tips",))
    report = weekly(store, scope, W47, LATER)
    found = report.coverage
    assert (found.complete, found.searched, found.planned) == (False, 1, 4)
    reasons = {line.platform: line.reason for line in found.unsearched}
    assert [reasons[name] for name in ("bluesky", "mastodon", "web", "youtube")] == [*["not_run"] * 3, "off"]
    text = FORMATS["text"](report, "en")
    assert "INCOMPLETE (1 of 4 sources)" in text
    assert "Not run this week: Bluesky, Mastodon, Own web site." in text
    assert "Bluesky: The source is on, but was not run this week. 1 registered account there is not watched." in text
    assert text.count("is off in listener.toml") == 1
    assert "Ej körd den här veckan: Bluesky" in FORMATS["html"](report, "sv")
    audit(store, MONDAY + DAY)
    assert weekly(store, scope, W47, LATER).coverage.complete


def test_nothing_new_is_said_of_what_was_searched_alone(store: Store) -> None:
    audit(store, MONDAY, down={"mastodon": "429"})
    report = weekly(store, SCOPE, W47, LATER)
    assert "Nothing new in what was searched. Of the rest nothing is known." in FORMATS["text"](report, "en")
    assert "Inget nytt i det som söktes igenom. Om resten vet vi inget." in FORMATS["html"](report, "sv")


def test_when_nothing_could_be_searched_nothing_new_says_so(store: Store) -> None:
    audit(store, MONDAY, down=dict.fromkeys(SOURCES, "429"))
    report = weekly(store, SCOPE, W47, LATER)
    assert "No new accounts were found, because nothing could be searched." in FORMATS["text"](report, "en")
    assert "Bevakningen är i gång" not in FORMATS["text"](report, "sv")


def test_a_saved_query_counts_beside_the_sources_and_stands_in_for_none(store: Store) -> None:
    scope = SCOPE._replace(enabled=("bluesky",))
    audit(store, MONDAY, sources=("mastodon", "bluesky:posts"))
    found = weekly(store, scope, W47, LATER).coverage
    assert (found.searched, found.planned, found.not_run) == (2, 3, ("bluesky",))


def test_what_the_first_run_after_the_week_found_is_listed_but_not_counted(store: Store) -> None:
    audit(store, MONDAY, others(Verdict.EMPLOYEE_OFFICIAL, 1))
    audit(store, MONDAY + WEEK, others(Verdict.IMPOSTOR, 2))
    report = weekly(store, SCOPE, W47, LATER)
    assert rows(report)["impostor"].open == 0
    assert report.after is not None
    assert (report.after.new, report.after.impostors) == (2, 2)
    assert [line.since_week for line in report.cases] == [True, True, False]


def test_profile_faults_are_counted_once_an_account(store: Store) -> None:
    url = ENTRIES[0].url
    faults = (
        Fault(rule="P1", url=url, unit="Almby kommun", detail="x", hint="y"),
        Fault(rule="P4", url=url, unit="Almby kommun", detail="https://betala.example/x: none leads to us", hint="y"),
        Fault(rule="deputy", url=url, unit="Almby kommun", detail="deputy_email: empty", hint="y"),
        Fault(rule="last_snapshot_on", url=url, unit="Almby kommun", detail="last_snapshot_on: 2026-01-01", hint="y"),
    )
    audit(store, MONDAY, faults=faults)
    found = weekly(store, SCOPE, W47, LATER).profiles
    assert found is not None
    assert (found.accounts, found.watched, found.registered) == (1, 1, 2)  # nobody can look at Facebook
    assert (found.share, found.late_snapshots) == (1.0, 1)
    assert found.by_rule == (("P1", 1), ("P4", 1))
    assert found.register == (("deputy", 1), ("last_snapshot_on", 1))
    assert "hxxps://betala[.]example" in found.faults[1].detail


def test_accounts_that_could_not_be_seen_are_not_called_faultless(store: Store) -> None:
    audit(store, MONDAY, down={"bluesky": "503 from bsky.example"})
    report = weekly(store, SCOPE, W47, LATER)
    assert report.profiles is not None
    assert (report.profiles.watched, report.profiles.share) == (0, None)
    told = "Profiles breaking a rule       not measured: no registered account was looked at"
    assert told in FORMATS["text"](report, "en")
    assert "0%" not in FORMATS["text"](report, "en")


def test_a_profile_is_judged_by_the_last_audit_that_saw_its_platform(store: Store) -> None:
    fault = Fault(rule="P1", url=ENTRIES[0].url, unit="Almby kommun", detail="x", hint="y")
    audit(store, MONDAY, faults=(fault,))
    audit(store, MONDAY + DAY, down={"bluesky": "503 from bsky.example"})
    audit(store, MONDAY + 2 * DAY, sources=("website",))
    found = weekly(store, SCOPE, W47, LATER).profiles
    assert found is not None
    assert (found.accounts, found.watched, found.by_rule) == (1, 1, (("P1", 1),))
    audit(store, MONDAY + 3 * DAY)
    mended = weekly(store, SCOPE, W47, LATER).profiles
    assert mended is not None
    assert (mended.accounts, mended.watched, mended.by_rule) == (0, 1, ())


def test_what_the_register_does_not_hold_is_not_measured(store: Store) -> None:
    audit(store, MONDAY, faults=(Fault(rule="last_snapshot_on", url="", unit="", detail="no column"),))
    report = weekly(store, SCOPE, W47, LATER)
    assert report.profiles is not None
    assert report.profiles.late_snapshots is None
    assert "Late snapshots                 not measured" in FORMATS["text"](report, "en")


def test_mentions_are_held_against_the_weeks_before(store: Store) -> None:
    audit(store, MONDAY)
    for back, count in ((3, 10), (2, 30), (1, 20)):
        log(store, MONDAY - back * WEEK, count)
    log(store, MONDAY + DAY, 22)
    found = weekly(store, SCOPE, W47, LATER).mentions
    assert (found.week, found.median, found.weeks) == (22, 20, 3)
    assert found.by_query == (("badhuset", 22),)


def test_a_search_made_by_hand_is_counted_and_not_told(store: Store) -> None:
    audit(store, MONDAY)
    log(store, MONDAY, 2, query='"Lisa Privatsson"')
    report = weekly(store, SCOPE, W47, LATER)
    assert report.mentions.by_query == (("", 2),)
    for draw in FORMATS.values():
        assert "Privatsson" not in draw(report, "sv")


def test_without_a_log_mentions_are_not_zero_but_unmeasured(store: Store) -> None:
    audit(store, MONDAY)
    report = weekly(store, SCOPE, W47, LATER)
    assert report.mentions.week is None
    assert "Mentions                       not measured" in FORMATS["text"](report, "en")


def test_a_storm_is_called_an_unusual_pattern(store: Store) -> None:
    audit(store, MONDAY)
    for back in range(1, 15):
        log(store, MONDAY - back * DAY, 5)
    log(store, MONDAY + 3 * DAY, 120)
    report = weekly(store, SCOPE, W47, LATER)
    assert [(day.day.isoformat(), day.mentions) for day in report.mentions.unusual] == [("2026-11-19", 120)]
    assert "Unusual pattern Thursday 19 November: 120 mentions" in FORMATS["text"](report, "en")


def test_decisions_wait_until_somebody_decides(store: Store) -> None:
    audit(store, MONDAY, others(Verdict.IMPOSTOR, 3))
    decide(store, 1, State.TRIAGE, "look_closer", MONDAY + DAY)
    decide(store, 2, State.CONFIRMED, "impostor", MONDAY + DAY)
    assert weekly(store, SCOPE, W47, LATER).waiting == 2


def test_no_private_person_is_named(store: Store) -> None:
    people = (
        finding("anna-svensson", Verdict.EMPLOYEE_OFFICIAL, name="Anna Svensson, rektor"),
        finding("almbyforum", Verdict.UNCLEAR, name="Bo Ek"),
    )
    audit(store, MONDAY, people)
    log(store, MONDAY, 3)
    report = weekly(store, SCOPE, W47, LATER)
    for form, draw in FORMATS.items():
        drawn = draw(report, "sv").casefold()
        for name in ("anna", "svensson", "bo ek", "lisa.privatsson"):
            assert name not in drawn, form
        assert "almbyforum" in drawn


def test_a_suspects_address_cannot_be_clicked_and_ours_can(store: Store) -> None:
    audit(store, MONDAY, (finding("almby-kommun.example", Verdict.LOOKALIKE_SITE), *others(Verdict.IMPOSTOR, 1)))
    report = weekly(store, SCOPE, W47, LATER)
    for draw in FORMATS.values():
        drawn = draw(report, "sv")
        assert "hxxps://almby-kommun[.]example/betala" in drawn
        assert "https://almby-kommun" not in drawn
        assert "https://bsky.example" not in drawn
        assert "https://bsky.app/profile/almbykommun.example" in drawn


def test_two_stores_with_the_same_past_give_the_same_bytes(store: Store) -> None:
    audit(store, MONDAY, USPS, down={"feeds": "403"})
    audit(store, MONDAY + WEEK, USPS)
    log(store, MONDAY, 4)
    then = [draw(weekly(store, SCOPE, W47, LATER), "sv") for draw in FORMATS.values()]
    years_on = read_time("2029-01-01T00:00:00Z")
    assert [draw(weekly(store, SCOPE, W47, years_on), "sv") for draw in FORMATS.values()] == then


def test_the_running_week_ages_its_cases_to_its_last_run(store: Store) -> None:
    audit(store, MONDAY - 2 * WEEK, others(Verdict.IMPOSTOR, 1))
    audit(store, MONDAY + DAY, others(Verdict.IMPOSTOR, 1))
    early = weekly(store, SCOPE, W47, MONDAY + 2 * DAY)
    late = weekly(store, SCOPE, W47, MONDAY + 5 * DAY)
    assert rows(early)["impostor"].oldest_days == 15
    assert early == late


def test_the_trend_starts_with_the_first_case(store: Store) -> None:
    audit(store, MONDAY - WEEK, others(Verdict.IMPOSTOR, 1))
    audit(store, MONDAY, USPS)
    trend = weekly(store, SCOPE, W47, LATER).trend
    assert [(point.week, point.open, point.impostors) for point in trend] == [(W46.name, 1, 1), (W47.name, 33, 2)]


def test_cases_stand_gravest_first_and_units_in_the_order_of_the_table(store: Store) -> None:
    audit(store, MONDAY, (*reversed(USPS), finding("almby-kommun.example", Verdict.LOOKALIKE_SITE)))
    kinds = [line.unit_kind or line.verdict.value for line in weekly(store, SCOPE, W47, LATER).cases]
    wanted = ["impostor", "lookalike_site", "local_office", "department", "team", "employee_official"]
    assert list(dict.fromkeys(kinds)) == wanted
