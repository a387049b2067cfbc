"""What waits for a second person, and what stands on the allow-list until when."""

from __future__ import annotations

from flask import g, request

from listener.cli.case_text import proposal_line, reason_label
from listener.review.queue import offset
from listener.review.roles import Right, may, right_to
from listener.review.shown import page
from listener.store.allowed import allowed, count_allowed
from listener.store.proposals import Proposal, open_proposals, same_person
from listener.store.queue_page import load_cases
from listener.store.unmaskings import waiting as waiting_unmaskings

A_PAGE = 100


def proposals() -> str:
    """Every proposal that waits, oldest first."""
    waiting = open_proposals(g.store)
    cases = {case.id: case for case in load_cases(g.store, [proposal.case_id for proposal in waiting])}
    rows = [(proposal, cases[proposal.case_id], for_me(proposal)) for proposal in waiting if proposal.case_id in cases]
    requests = waiting_unmaskings(g.store) if may(g.login.role, Right.REVIEW) else []
    return page("proposals.html", rows=rows, proposal_line=proposal_line, requests=requests)


def for_me(proposal: Proposal) -> bool:
    """Whether it waits for whoever asks: somebody else's, and theirs to decide."""
    return not same_person(proposal.who, g.login.person) and may(g.login.role, right_to(proposal.to))


def allow_list() -> str:
    """Every entry, the one that runs out next first."""
    first = offset(request.args.get("from", ""))
    return page(
        "allowed.html",
        rows=allowed(g.store, first, A_PAGE),
        count=count_allowed(g.store),
        first=first,
        a_page=A_PAGE,
        reason_label=reason_label,
    )
