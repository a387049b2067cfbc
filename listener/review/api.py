"""The interface for other systems, /api/v1: the queue, cases and decisions as JSON, by token, under the same rights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import NamedTuple, TypeVar

import msgspec
from flask import Response, abort, g, request, url_for
from werkzeug.exceptions import HTTPException

from listener.errors import ListenerError, LockedError
from listener.language import _
from listener.lexicons import mask
from listener.models import Case, Decision
from listener.overview import overview
from listener.query import parse
from listener.query.sensitive import names_author
from listener.records import four_eyes
from listener.records.days import read_time_to_come
from listener.records.decisions import finish
from listener.review.api_shapes import (
    Assigning,
    CaseRow,
    Cases,
    CasesAsked,
    CaseWhole,
    Counts,
    Decided,
    Deciding,
    EventRow,
    MentionRow,
    Mentions,
    MentionsAsked,
    Problem,
    Run,
    Runs,
    RunsAsked,
    Source,
    Sources,
    Trail,
    Undoing,
)
from listener.review.deciding import right_to_undo, unsure
from listener.review.login import note
from listener.review.roles import Right, may, right_to
from listener.review.safety import beside
from listener.store import cases
from listener.store.events import history
from listener.store.log_ins import Outcome, lately
from listener.store.mention_page import Wanted, page_of_mentions
from listener.store.proposals import PROPOSED, UNDO_PROPOSED
from listener.store.queue_page import count_cases, latest_events, page_of_cases, tallies
from listener.store.runs import load_runs
from listener.store.searches import save_search
from listener.store.tokens import ended_on, token_login

PREFIX = "/api/v1"
JSON, PROBLEM = "application/json", "application/problem+json"
LONGEST = 20_000  # letters of a logged text
Shape = TypeVar("Shape")


class Operation(NamedTuple):
    """One thing that can be asked. `query` and `body` are what it takes, `gives` what it answers."""

    method: str
    path: str
    name: str
    view: Callable[..., Response]
    right: Right
    told: str
    gives: type
    query: type | None = None
    body: type | None = None


def enter() -> None:
    """Who asks, by the token alone: no cookie counts here, so no other site can make a browser ask."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    g.login = token_login(g.store, token.strip(), g.now) if scheme.casefold() == "bearer" else None
    g.ended = ended_on(g.store, token.strip(), g.now) if g.login is None else None
    if g.login is None and token and not lately(g.store, request.remote_addr or "", Outcome.REFUSED, g.now):
        note("", "token", Outcome.REFUSED)


def allow(right: Right) -> None:
    """401 without a token that holds, and what to do where it has ended; 403 when its role does not allow it."""
    if right is not Right.LOG_IN and g.login is None:
        told = _("This token ended {time}: `listen serve token until` lets it hold on, `add` makes another.")
        abort(401, told.format(time=g.words.moment(g.ended, year=True)) if g.ended else None)
    if not may(g.login.role if g.login else "", right):
        abort(403)


def problem(code: int, detail: str = "") -> Response:
    """What went wrong, as RFC 9457 has it."""
    told = Problem(title=HTTPStatus(code).phrase, status=code, detail=detail[:1_000])
    answer = Response(msgspec.json.encode(told), code, content_type=PROBLEM)
    if code == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="listen"'
    return answer


def refused(wrong: HTTPException | ListenerError) -> Response:
    """An error as a problem: busy is 503; a query that means nothing, and what the store refuses, 422."""
    if isinstance(wrong, HTTPException):
        answer = problem(wrong.code or 500, str(wrong.description or ""))
        answer.headers.extend(beside(wrong))
        return answer
    return problem(503 if isinstance(wrong, LockedError) else 422, str(wrong))


def answered(value: object) -> Response:
    return Response(msgspec.json.encode(value), content_type=JSON)


def asked(shape: type[Shape]) -> Shape:
    """The query of an address as that shape; 400 with what is wrong."""
    try:
        return msgspec.convert(request.args.to_dict(), shape, strict=False)
    except msgspec.ValidationError as wrong:
        abort(400, str(wrong))


def sent(shape: type[Shape]) -> Shape:
    """The body as that shape; 415 when it is no JSON, 400 with what is wrong with it."""
    if request.mimetype != JSON:
        abort(415)
    try:
        told = msgspec.json.decode(request.get_data(), type=dict[str, object])
        return msgspec.convert({name: counted(value) for name, value in told.items()}, shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        abort(400, str(wrong))


def counted(value: object) -> object:
    """7.0 as 7: to JSON Schema they are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def queue() -> Response:
    wanted = asked(CasesAsked)
    found = count_cases(g.store, wanted.asked(), g.now)
    some = page_of_cases(g.store, wanted.asked(), g.now, wanted.first, wanted.limit)
    latest = latest_events(g.store, [case.id for case in some])
    rows = tuple(CaseRow.of(case, latest.get(case.id, 0)) for case in some)
    following = wanted.first + wanted.limit
    return answered(Cases(found=found, cases=rows, next=further(first=following) if following < found else None))


def further(**changed: int) -> str:
    """This address with another place to begin at."""
    return url_for(request.endpoint or "", **(request.args.to_dict() | changed))  # type: ignore[arg-type]


def case(case_id: int) -> Response:
    return answered(whole(known(case_id)))


def trail(case_id: int) -> Response:
    events = history(g.store, known(case_id).id)
    reviews = may(g.login.role, Right.REVIEW)
    return answered(Trail(events=tuple(EventRow.of(event, reviews) for event in events)))


def known(case_id: int) -> Case:
    """The case; 404 when there is none."""
    if g.store.row("SELECT 1 FROM cases WHERE id = ?", (case_id,)) is None:
        abort(404)
    return cases.load_case(g.store, case_id)


def whole(one: Case) -> CaseWhole:
    return CaseWhole.of(one, latest_events(g.store, [one.id]).get(one.id, 0))


def decide(case_id: int) -> Response:
    told = sent(Deciding)
    if not may(g.login.role, right_to(told.to, told.reason)):
        abort(403)
    decision = Decision(
        case_id=case_id,
        who=g.login.person,
        to=told.to,
        reason=told.reason,
        text=told.text.strip(),
        until=read_time_to_come(told.until.isoformat(), g.now) if told.until else None,
        assignee=told.owner.strip() or None,
    )
    known(case_id)
    if lacks := unsure(decision, told.destroy):
        abort(422, lacks)
    changed(case_id, told.seen, lambda: four_eyes.settle(g.config, g.store, decision, g.now))
    finish(g.config, g.store, decision)
    return answered(decided(case_id, PROPOSED))


def decided(case_id: int, proposed: str) -> Decided:
    """The case afterwards, and whether the last thing that happened to it is a proposal of this kind."""
    return Decided(case=whole(known(case_id)), proposed=history(g.store, case_id)[-1].kind == proposed)


def undo(case_id: int) -> Response:
    told = sent(Undoing)
    known(case_id)
    last = four_eyes.undoable(history(g.store, case_id))
    if last is not None and not may(g.login.role, right_to_undo(last)):
        abort(403)
    changed(case_id, told.seen, lambda: four_eyes.take_back(g.config, g.store, case_id, g.login.person, g.now))
    return answered(decided(case_id, UNDO_PROPOSED))


def assign(case_id: int) -> Response:
    told = sent(Assigning)
    known(case_id)
    changed(case_id, told.seen, lambda: cases.assign(g.store, case_id, told.assignee, g.login.person, g.now))
    return answered(whole(known(case_id)))


def changed(case_id: int, seen: int, work: Callable[[], Case]) -> Case:
    """Do it, unless something has happened to the case since it was read: 409 then."""
    with g.store.transaction():
        if latest_events(g.store, [case_id]).get(case_id, 0) != seen:
            abort(409, "something has happened to the case since you read it: read it again")
        return work()


def counts() -> Response:
    return answered(Counts(open=tallies(g.store, g.now)))


def mentions() -> Response:
    wanted = asked(MentionsAsked)
    query = parse(wanted.query, g.now)
    if names_author(query.tree):
        abort(403, "author: writers are pseudonyms here")
    save_search(g.store, g.now, query.name, wanted.purpose, wanted.source or None, None, g.login.person)
    # What only some may read is read on the page alone, where looking is kept.
    where = Wanted(source=wanted.source, lang=wanted.lang, eyes="open")
    found = page_of_mentions(g.store, where, query, wanted.before, wanted.limit)
    rows = tuple(MentionRow.of(fold, mask(fold.found.mention.post.text[:LONGEST])) for fold in found.folds)
    following = further(before=found.after) if found.after is not None else None
    return answered(Mentions(mentions=rows, next=following, cut=found.cut))


def sources() -> Response:
    known_here = overview(g.config)
    rows = tuple(
        Source(**{name: getattr(row, name) for name in Source.__struct_fields__}) for row in known_here.sources
    )
    closed = {platform: gap.reason for platform, gap in known_here.not_searched.items()}
    return answered(Sources(sources=rows, not_searched=closed))


def runs() -> Response:
    since = g.now - timedelta(days=asked(RunsAsked).days)
    rows = load_runs(g.store, since, g.now + timedelta(seconds=1))
    return answered(Runs(runs=tuple(Run(**msgspec.structs.asdict(row)) for row in rows)))


ONE = "/cases/<int:case_id>"
OPERATIONS = (
    Operation("GET", "/cases", "api_cases", queue, Right.READ, "The queue, the gravest first", Cases, CasesAsked),
    Operation("GET", ONE, "api_case", case, Right.READ, "One case with its reasons", CaseWhole),
    Operation("GET", f"{ONE}/history", "api_history", trail, Right.READ, "All that happened to a case", Trail),
    Operation(
        "POST", f"{ONE}/decide", "api_decide", decide, Right.REVIEW, "Decide a case, by a reason of the closed lists",
        Decided, body=Deciding,
    ),
    Operation(
        "POST", f"{ONE}/undo", "api_undo", undo, Right.REVIEW, "Take back the last thing a person did", Decided,
        body=Undoing,
    ),
    Operation(
        "POST", f"{ONE}/assign", "api_assign", assign, Right.REVIEW, "Give a case to somebody", CaseWhole,
        body=Assigning,
    ),
    Operation("GET", "/counts", "api_counts", counts, Right.READ, "Open cases by kind", Counts),
    Operation("GET", "/mentions", "api_mentions", mentions, Right.READ, "Search the log", Mentions, MentionsAsked),
    Operation("GET", "/sources", "api_sources", sources, Right.READ, "What is searched, and what is not", Sources),
    Operation("GET", "/runs", "api_runs", runs, Right.READ, "The runs of the last days", Runs, RunsAsked),
)  # fmt: skip
