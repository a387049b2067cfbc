"""The latest runs: what each set out to ask, how its sources fared, and its troubles in the reader's language."""

from __future__ import annotations

from flask import abort, g, request, url_for

from listener import troubles
from listener.report import labels
from listener.review.mention_filters import number
from listener.review.shown import page
from listener.store.runs_page import latest_runs, one_run

A_PAGE = 50


def show() -> str:
    """One page of runs, the latest first."""
    below = number(request.args.get("below", ""))
    found = latest_runs(g.store, below, A_PAGE)
    after = url_for("runs", below=found[-1].run.id) if len(found) == A_PAGE else ""
    return page("runs.html", told=found, after=after, newest=url_for("runs") if below else "", **words())


def one(run_id: int) -> str:
    """One run with all its troubles."""
    found = one_run(g.store, run_id) if run_id < 1 << 63 else None
    if found is None:
        abort(404)
    return page("run.html", one=found, **words())


def words() -> dict[str, object]:
    """How what a run left is told."""
    say = g.words.say
    return {
        "trouble": lambda detail: troubles.in_language(detail, say),
        "kind": lambda name: troubles.kind_label(name, say),
        "went": lambda name: labels.label(labels.COMPLETENESS, name, say),
    }
