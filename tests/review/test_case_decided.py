"""Decisions that take two, dismissals that run out, several at once, registering and forwarding."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listener.models import Decision, State, Verdict
from listener.records.four_eyes import approve, takes_two
from listener.registry import load_registry
from listener.store import Store, StoreError, cases
from listener.store.allowed import allowed
from listener.store.cases import history, load_case, verify_chain
from listener.store.people import add_person
from listener.store.proposals import open_proposal, propose
from listener.store.runs import start_run

from .conftest import HASH, NOW, Browser, finding
from .test_queue import numbers

Open = Callable[..., Browser]
Flag = Callable[..., None]


@pytest.fixture
def second(store: Store) -> str:
    add_person(store, "second", "decider", HASH, NOW)
    return "second"


def answer(one: Browser, case: int, how: str, **fields: str) -> Any:
    page = one.get(f"/case/{case}").text.partition("<main")[2]
    sent = {
        name: found[1] for name in ("seen", "proposal") if (found := re.search(rf'name="{name}" value="(\d+)"', page))
    }
    return one.post(f"/case/{case}/answer", answer=how, **sent, **fields)


def test_a_report_waits_for_a_second_person(browser: Open, flagged: Flag, store: Store, second: str) -> None:
    flagged(finding(1), finding(2))
    first = browser("decider")
    assert first.decide(1, "action", "platform_report", text="Tydlig bedragare").status_code == 302
    assert "it stands when a second person approves it" in first.get("/case/2").text
    assert load_case(store, 1).state == "new"
    assert answer(first, 1, "approve").status_code == 422
    assert "you proposed it yourself" in answer(first, 1, "approve").text
    assert load_case(store, 1).state == "new"
    other = browser(second)
    assert "you may answer it" in other.get("/proposals").text
    assert answer(other, 1, "approve").status_code == 302
    assert load_case(store, 1).state == "action"
    told = [(event.kind, event.who, event.reason) for event in history(store, 1)][1:]
    assert told == [("proposed", "decider", "platform_report"), ("decision", "second", "platform_report")]
    assert verify_chain(store) is None
    assert "Nothing waits" in other.get("/proposals").text


def test_a_proposal_is_seen_in_the_queue_and_what_it_asks_in_the_history(browser: Open, flagged: Flag) -> None:
    flagged(finding(1), finding(2))
    one = browser("decider")
    one.decide(1, "action", "police_report")
    assert one.get("/queue").text.count("waits for a second person") == 1
    assert "to become: action" in one.get("/case/1").text.partition('id="history"')[2]


def test_what_took_two_takes_two_to_be_taken_back(browser: Open, flagged: Flag, store: Store, second: str) -> None:
    flagged(finding(1))
    first, other = browser("decider"), browser(second)
    first.decide(1, "action", "police_report")
    answer(other, 1, "approve")

    def take_back(one: Browser) -> Any:
        page = one.get("/case/1").text.partition("<main")[2]
        seen = re.search(r'name="seen" value="(\d+)"', page)
        return one.post("/case/1/undo", seen=seen[1] if seen else "")

    assert take_back(other).status_code == 302, "it is proposed"
    assert load_case(store, 1).state == "action"
    assert re.search("second proposes .* to take back", first.get("/proposals").text)
    assert answer(other, 1, "approve").status_code == 422, "nobody approves their own"
    cases.assign(store, 1, "kim", "decider", NOW)
    assert "it must be proposed anew" in first.get("/case/1").text, "the decision is no longer the last thing done"
    assert answer(first, 1, "approve").status_code == 422
    assert take_back(first).status_code == 302, "an assignment is taken back by anybody"
    assert answer(first, 1, "approve").status_code == 302
    assert load_case(store, 1).state == "new"
    last = history(store, 1)[-1]
    assert (last.kind, last.who) == ("undo", "decider")
    assert verify_chain(store) is None


@pytest.mark.parametrize("name", [" åsa berg", "Åsa Berg (2)", "Åsa Вerg"])
def test_a_name_that_may_be_the_same_persons_is_no_second_person(flagged: Flag, store: Store, name: str) -> None:
    flagged(finding(1))
    report = Decision(case_id=1, who="Åsa Berg", to=State.ACTION, reason="police_report")
    proposal = propose(store, report, NOW)
    with pytest.raises(StoreError, match="another person"):
        approve(store, proposal, name, NOW)


def test_a_proposal_is_refused_in_words_or_taken_back(browser: Open, flagged: Flag, store: Store, second: str) -> None:
    flagged(finding(1))
    first, other = browser("decider"), browser(second)
    first.decide(1, "action", "police_report")
    assert first.decide(1, "action", "police_report").status_code == 422, "one waits already"
    assert answer(other, 1, "refuse", text="för tidigt").status_code == 302
    first.decide(1, "action", "police_report")
    assert answer(first, 1, "refuse").status_code == 302
    assert [event.kind for event in history(store, 1)] == ["opened", "proposed", "refused", "proposed", "withdrawn"]
    assert history(store, 1)[2].text == "för tidigt"
    assert load_case(store, 1).state == "new"


def test_a_case_with_a_proposal_reads_its_history_once(browser: Open, flagged: Flag, app: Any) -> None:
    flagged(finding(1))
    one = browser("decider")
    one.decide(1, "action", "platform_report")
    asked: list[str] = []
    app.config["STORES"].store.conn.set_trace_callback(asked.append)
    assert "Waits for a second person" in one.get("/case/1").text
    app.config["STORES"].store.conn.set_trace_callback(None)
    assert len([sql for sql in asked if "LEFT JOIN event_texts" in sql]) == 1


def test_who_may_not_decide_it_may_not_approve_it(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    browser("decider").decide(1, "action", "platform_report")
    for who in ("reviewer", "reader", "registrar"):
        one = browser(who)
        one.get("/case/1")
        waiting = open_proposal(store, 1)
        assert waiting is not None
        sent = {"seen": str(history(store, 1)[-1].id), "proposal": str(waiting.id)}
        assert one.post("/case/1/answer", answer="approve", **sent).status_code == 403
    assert load_case(store, 1).state == "new"


def test_a_proposal_that_the_case_has_left_behind_cannot_be_approved(
    browser: Open, flagged: Flag, store: Store, second: str
) -> None:
    flagged(finding(1))
    first, other = browser("decider"), browser(second)
    first.decide(1, "action", "platform_report")
    assert other.decide(1, "dismissed", "namesake").status_code == 302
    refused = answer(other, 1, "approve")
    assert refused.status_code == 422
    assert load_case(store, 1).state == "dismissed"
    assert "must be proposed anew" in other.get("/case/1").text
    assert first.decide(1, "action", "platform_report").status_code == 302, "a new one takes its place"
    assert answer(other, 1, "approve").status_code == 302
    assert load_case(store, 1).state == "action"


@pytest.mark.parametrize(
    ("verdict", "to", "reason", "two"),
    [
        (Verdict.IMPOSTOR, State.ACTION, "platform_report", True),
        (Verdict.IMPOSTOR, State.ACTION, "police_report", True),
        (Verdict.IMPOSTOR, State.ACTION, "internal_contact", False),
        (Verdict.UNCLEAR, State.CONFIRMED, "employee_official", True),
        (Verdict.EMPLOYEE_OFFICIAL, State.ACTION, "internal_contact", True),
        (Verdict.EMPLOYEE_OFFICIAL, State.DISMISSED, "employee_private", False),
        (Verdict.EMPLOYEE_OFFICIAL, State.CONFIRMED, "child_abuse", False),
    ],
)
def test_which_decisions_take_two(verdict: Verdict, to: State, reason: str, two: bool) -> None:
    assert takes_two(verdict, to, reason) is two


def test_where_one_decides_alone_a_time_to_cool_off_is_shown(
    browser: Open, flagged: Flag, store: Store, app: Any
) -> None:
    app.config["LISTEN"].tables["review"] = {"four_eyes": False}
    flagged(finding(1))
    one = browser("decider")
    assert one.decide(1, "action", "platform_report").status_code == 302
    assert load_case(store, 1).state == "action"
    assert "send nothing before" in one.get("/case/1").text
    assert "skicka inget före" in browser("reader", "sv").get("/case/1").text


def test_a_reviewer_may_not_take_back_what_takes_a_decider(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    assert browser("decider").decide(1, "action", "internal_contact").status_code == 302
    one = browser("reviewer")
    assert "Take back the last decision" not in one.get("/case/1").text
    assert one.post("/case/1/undo", seen=str(history(store, 1)[-1].id)).status_code == 403
    assert load_case(store, 1).state == "action"


def test_a_dismissal_runs_out_and_the_case_comes_back(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1), finding(2))
    one = browser("reviewer")
    assert 'name="until-dismissed" value="2027-11-20"' in one.get("/case/1").text
    sent = {"until-dismissed": "2026-12-24", "owner": "kim"}
    assert one.decide(1, "dismissed", "third_party", **sent).status_code == 302
    assert one.decide(2, "dismissed", "namesake").status_code == 302
    (entry,) = allowed(store)
    assert (entry.case.id, entry.case.assignee, entry.who, entry.reason) == (1, "kim", "reviewer", "third_party")
    assert "on the allow-list until Thursday 24 December 2026" in one.get("/case/1").text
    page = one.get("/allowed").text
    assert "answers for it: kim" in page
    assert numbers(page) == [1]
    start_run(store, "audit", NOW + timedelta(days=30), ["x"])
    assert load_case(store, 1).state == "dismissed"
    start_run(store, "audit", NOW + timedelta(days=40), ["x"])
    assert load_case(store, 1).state == "regressed"
    assert load_case(store, 2).state == "dismissed"
    assert history(store, 1)[-1].reason == "expired"
    page = one.get("/case/1").text
    assert "its time on the allow-list is over" in page
    assert "decided before: dismissed (third party" in page
    assert "Nothing stands on the allow-list" in one.get("/allowed").text


def test_a_dismissal_with_a_date_comes_back_whole_when_the_next_decision_is_undone(
    browser: Open, flagged: Flag, store: Store
) -> None:
    flagged(finding(1))
    one = browser("decider")
    one.decide(1, "dismissed", "namesake", **{"until-dismissed": "2026-12-24"})
    one.decide(1, "confirmed", "impostor")
    assert allowed(store) == []
    one.get("/case/1")
    assert one.post("/case/1/undo", seen=str(history(store, 1)[-1].id)).status_code == 302
    assert len(allowed(store)) == 1


def test_watching_until_a_date_needs_the_date(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    one = browser("reviewer")
    assert one.decide(1, "watching", "until_date").status_code == 422
    assert one.decide(1, "watching", "until_date", **{"until-watching": "2020-01-01"}).status_code == 422
    assert one.decide(1, "watching", "until_change").status_code == 302
    assert one.decide(1, "watching", "until_date", **{"until-watching": "2026-12-01"}).status_code == 302


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-11-19", "that is past: give a day to come, such as 2026-11-27"),
        ("i morgon", "that is no day: write it as 2026-11-27"),
        ("2026-02-30", "that is no day"),
        ("9999-01-01", "that is no day"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_one_that_can(
    browser: Open, flagged: Flag, store: Store, day: str, told: str
) -> None:
    flagged(finding(1))
    refused = browser("reviewer").decide(1, "watching", "until_change", **{"until-watching": day})
    assert refused.status_code == 422
    assert told in refused.text
    assert f'value="{day}"' in refused.text, "what was written stands in the form"
    assert load_case(store, 1).state == "new"


def test_a_case_that_is_judged_harmless_by_now_says_so_and_one_key_closes_it(
    browser: Open, flagged: Flag, store: Store
) -> None:
    flagged(finding(1), finding(2))
    flagged(finding(1, Verdict.NAMESAKE))
    one = browser("reviewer", "sv")
    assert one.get("/queue").text.count("bedöms nu som ofarlig") == 1
    page = one.get("/case/1").text
    assert "Bedöms nu som ofarlig: namne" in page
    assert 'data-does="harmless"' in page
    assert "&#34;h&#34;:&#34;harmless&#34;" in page
    assert 'data-does="harmless"' not in one.get("/case/2").text
    assert 'data-does="harmless"' not in browser("reader").get("/case/1").text
    form = page.partition('class="wrong harmless"')[2].partition("</form>")[0]
    sent = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert one.client.post("/case/1/decide", data=sent).status_code == 302
    closed = history(store, 1)[-1]
    assert (closed.who, closed.to_state, closed.reason) == ("reviewer", "dismissed", "namesake")
    assert "bedöms nu som ofarlig" not in one.get("/queue?state=all").text, "it is closed"


def marked(one: Browser, *cases: int) -> list[str]:
    page = one.get("/queue?state=all").text
    return [found for found in re.findall(r'name="case" value="([\d.]+)"', page) if int(found.split(".")[0]) in cases]


def post(one: Browser, path: str, **fields: Any) -> Any:
    return one.client.post(path, data={"form": one.form, **fields})


def test_several_are_decided_after_a_look_each_with_its_own_reason(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(*(finding(number) for number in range(1, 5)))
    one = browser("reviewer")
    cases = marked(one, 1, 2, 3)
    preview = post(one, "/queue/together", case=cases, what="dismissed:namesake")
    assert preview.status_code == 200
    assert "3 cases: dismissed" in preview.text
    assert preview.text.count('<option value="namesake" selected>') == 3
    assert {load_case(store, number).state for number in (1, 2, 3)} == {"new"}, "nothing is decided yet"
    reasons = {"reason-1": "namesake", "reason-2": "parody", "reason-3": "namesake", "leave-3": "yes"}
    done = post(one, "/queue/together/decide", case=cases, to="dismissed", **reasons)
    assert done.status_code == 302
    assert [(load_case(store, n).state, history(store, n)[-1].reason) for n in (1, 2, 3)] == [
        ("dismissed", "namesake"), ("dismissed", "parody"), ("new", ""),
    ]  # fmt: skip
    assert "2 cases decided" in one.get(done.location).text


def test_what_moved_meanwhile_is_left_and_shown_when_several_are_decided(
    browser: Open, flagged: Flag, store: Store
) -> None:
    flagged(finding(1), finding(2))
    one = browser("reviewer")
    cases = marked(one, 1, 2)
    assert browser("decider").decide(1, "confirmed", "impostor").status_code == 302
    reasons = {"reason-1": "namesake", "reason-2": "namesake"}
    left = post(one, "/queue/together/decide", case=cases, to="dismissed", **reasons)
    assert left.status_code == 409
    assert (load_case(store, 1).state, load_case(store, 2).state) == ("confirmed", "dismissed")
    assert "Something has happened to this case since you saw it: decider, " in left.text
    assert "1 case decided" in left.text
    anyway = re.search(r'name="anyway-1" value="(\d+)"', left.text)
    assert anyway
    sent = {"case": [cases[0]], "to": "dismissed", "reason-1": "namesake", "anyway-1": anyway[1]}
    assert post(one, "/queue/together/decide", **sent).status_code == 302
    assert load_case(store, 1).state == "dismissed"


def test_several_at_once_keep_to_reasons_roles_and_two_people(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1), finding(2))
    one = browser("decider")
    cases = marked(one, 1, 2)
    refused = post(one, "/queue/together/decide", case=cases, to="dismissed", **{"reason-1": "namesake"})
    assert refused.status_code == 409
    assert (load_case(store, 1).state, load_case(store, 2).state) == ("dismissed", "new")
    told = post(one, "/queue/together", case=marked(one, 2), what="action:platform_report").text
    assert "This takes two" in told
    sent = {"case": marked(one, 2), "to": "action", "reason-2": "platform_report"}
    assert post(one, "/queue/together/decide", **sent).status_code == 302
    assert load_case(store, 2).state == "new"
    assert open_proposal(store, 2) is not None
    told = one.get("/queue").text
    assert "1 case proposed: it stands when a second person approves it" in told
    assert "decided" not in told.partition("</main>")[0].partition('class="told"')[2].partition("</p>")[0]
    reviewer = browser("reviewer")
    cases = marked(reviewer, 1)
    assert post(reviewer, "/queue/together", case=cases, what="action:internal_contact").status_code == 403
    assert post(reviewer, "/queue/together", case=cases, what="nonsense").status_code == 400
    assert post(reviewer, "/queue/together", what="dismissed:namesake").status_code == 422
    assert post(reviewer, "/queue/together/decide", case=["1.x", "'"], to="dismissed").status_code == 302
    reader = browser("reader")
    assert post(reader, "/queue/together", case=cases, what="assign").status_code == 403


def test_several_are_assigned(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1), finding(2))
    one = browser("reviewer")
    sent = {"case": marked(one, 1, 2), "to": "assign", "assignee": "kim"}
    assert post(one, "/queue/together/decide", **sent).status_code == 302
    told = one.get("/queue?owner=kim").text
    assert numbers(told) == [1, 2]
    assert "2 cases assigned" in told


def test_what_destroys_is_decided_one_case_at_a_time_and_meant(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1), finding(2))
    one = browser("decider")
    sent = {"case": marked(one, 1, 2), "to": "confirmed", "reason-1": "child_abuse", "reason-2": "child_abuse"}
    refused = post(one, "/queue/together/decide", **sent, destroy="yes")
    assert refused.status_code == 409
    assert refused.text.count("one case at a time") == 2
    assert {load_case(store, number).state for number in (1, 2)} == {"new"}


def test_registered_is_what_the_register_knows(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1, Verdict.UNAPPROVED_UNIT))
    one = browser("registrar")
    refused = one.decide(1, "registered", "in_register")
    assert refused.status_code == 422
    assert "The register has no row for this account" in refused.text
    assert load_case(store, 1).state == "new"


def test_a_refused_decision_says_in_plain_words_what_lacks(browser: Open, flagged: Flag) -> None:
    flagged(finding(1))
    one = browser("decider", "sv")
    for reason, told in (("", "Välj ett skäl."), ("other", "Ett annat skäl behöver egna ord: skriv dem.")):
        refused = one.decide(1, "dismissed", reason)
        assert refused.status_code == 422
        assert told in refused.text
        assert 'name="anyway"' not in refused.text, "nothing has happened since"


def test_the_same_report_once_more_is_approved_once_more(
    browser: Open, flagged: Flag, store: Store, second: str
) -> None:
    flagged(finding(1))
    first, other = browser("decider"), browser(second)
    for words in ("", "håller med"):
        first.decide(1, "action", "police_report", text="polisanmäld")
        assert answer(other, 1, "approve", text=words).status_code == 302
        last = history(store, 1)[-1]
        assert (last.kind, last.who, last.text) == ("decision", second, words or "polisanmäld")
    assert [event.kind for event in history(store, 1)] == ["opened", *["proposed", "decision"] * 2]


def test_a_proposal_about_an_account_that_changed_is_made_anew(
    browser: Open, flagged: Flag, store: Store, second: str
) -> None:
    flagged(finding(1))
    browser("decider").decide(1, "action", "police_report")
    made = finding(1)
    renamed = msgspec.structs.replace(made.account, display_name="Almby kommun (parodi)")
    flagged(msgspec.structs.replace(made, account=renamed, verdict=Verdict.PARODY))
    other = browser(second)
    assert "it must be proposed anew" in other.get("/case/1").text
    assert answer(other, 1, "approve").status_code == 422
    assert load_case(store, 1).state == "new"


def test_names_are_found_as_they_are_read(browser: Open, flagged: Flag) -> None:
    made = finding(1)
    account = type(made.account)(
        platform="mastodon",
        platform_id="7",
        handle="h",
        display_name="K\u03bfmmun Örsta",
        source="x",  # a Greek o
    )
    flagged(type(made)(account=account, verdict=Verdict.IMPOSTOR, score=0.9, nearest=made.nearest))
    one = browser("reader")
    for text in ("ÖRSTA", "örsta", "kommun ör", "1"):
        assert numbers(one.get("/queue", query_string={"text": text}).text) == [1], text
    assert numbers(one.get("/queue", query_string={"text": "simhall"}).text) == []


def test_an_account_is_registered_from_its_case(browser: Open, flagged: Flag, store: Store, folder: Path) -> None:
    flagged(finding(1, Verdict.UNAPPROVED_UNIT))
    reviewer = browser("reviewer")
    page = reviewer.get("/case/1/register").text
    assert "x,https://x.com/almbykommun1,Almby kommun,approved" in page
    assert "Add the row and close" not in page
    csv = reviewer.get("/case/1/register.csv")
    assert csv.data.startswith(b"\xef\xbb\xbf")
    one = browser("registrar")
    one.get("/case/1/register")
    row = {"platform": "x", "url": "https://x.com/almbykommun1", "unit": "Simhallen", "status": "approved"}
    seen = {"seen": str(history(store, 1)[-1].id)}
    assert reviewer.post("/case/1/register/add", **row, **seen).status_code == 403
    before = (folder / "registry.csv").read_bytes()
    wrong = one.post("/case/1/register/add", **row, **seen, owner_email="fel")
    assert wrong.status_code == 422
    assert "<li>mailbox of whoever owns it: " in wrong.text, "by the label of its field"
    assert re.search('name="owner_email"[^>]*aria-invalid="true"', wrong.text)
    assert str(folder) not in wrong.text
    assert one.post("/case/1/register/add", **row, seen="0", owner_email="sim@almby.example").status_code == 409
    assert (folder / "registry.csv").read_bytes() == before
    assert load_case(store, 1).state == "new", "all or nothing"
    full = row | seen | {"owner_email": "sim@brev.example", "platform_id": "1", "display_name": "=HYPERLINK(1)"}
    assert one.post("/case/1/register/add", **full).status_code == 302
    assert "Still to put right in its row: owner&#39;s mailbox outside the official domains." in one.get("/case/1").text
    (entry,) = load_registry(folder / "registry.csv").entries
    assert (entry.unit, entry.platform_id, entry.display_name) == ("Simhallen", "1", "=HYPERLINK(1)")
    assert load_case(store, 1).state == "registered"


def test_a_case_is_forwarded_with_a_message_ready(browser: Open, flagged: Flag, store: Store, folder: Path) -> None:
    flagged(finding(1, Verdict.UNAPPROVED_UNIT))
    one = browser("reviewer")
    english = one.get("/case/1/forward?to=Simhallen").text
    assert "concerns Simhallen" in english
    assert "http://localhost/case/1" in english
    assert "hxxps://x[.]com/almbykommun1" in english
    assert "mailto:?subject=Case%201" in english
    assert "rör Simhallen" in one.get("/case/1/forward?to=Simhallen&language=sv").text
    assert one.post("/case/1/forward/note", to=" ").status_code == 422
    assert one.post("/case/1/forward/note", to="Simhallen").status_code == 302
    last = history(store, 1)[-1]
    assert (last.kind, last.text, last.to_state, last.who) == ("forwarded", "Simhallen", "new", "reviewer")
    assert "“<bdi>Simhallen</bdi>”" in one.get("/case/1").text
    assert verify_chain(store) is None
