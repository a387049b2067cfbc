"""Unusual patterns: when more was said than usual, what a talk looked like, and what people made of it."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple, cast

import msgspec
from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.cli.pattern_text import ORDINARY, RULED
from listener.coordination.pattern import DEFINITION, KINDS, SIGNALS, Pattern, Reason
from listener.coordination.rulings import OTHER, REASONS
from listener.coordination.telling import told
from listener.language import _
from listener.review import timeline
from listener.review.mention_filters import number
from listener.review.mentions import query_names
from listener.review.said import Said, said_posts
from listener.review.shown import page
from listener.store.patterns import Ruled, Ruling, rule_on, rulings
from listener.store.patterns_page import Kept, latest_patterns, one_pattern
from listener.store.storms import load_storms
from listener.store.talk import one

A_PAGE = 50
STORMS = timedelta(days=90)
MOST_STORMS = 50
LONGEST = 2_000
Answer = str | Response | tuple[str, int]


class Why(NamedTuple):
    """One reason of a pattern: what is out of the ordinary, in words, and the posts that show it best."""

    signal: str
    words: str
    posts: tuple[Said, ...]


def show() -> str:
    """The storms of the last 90 days, and every pattern that anybody had drawn."""
    below = number(request.args.get("below", ""))
    found = latest_patterns(g.store, below, A_PAGE)
    storms = [] if below else load_storms(g.store, g.now - STORMS, g.now)
    return page(
        "patterns.html",
        storms=timeline.told_storms(storms[-MOST_STORMS:], query_names()),
        patterns=found,
        after=url_for("patterns", below=found[-1].id) if len(found) == A_PAGE else "",
        newest=url_for("patterns") if below else "",
        kinds=KINDS,
        ruled=RULED,
        ordinary=ORDINARY,
        name=called,
    )


def pattern(pattern_id: int) -> str:
    """One pattern, with its reasons, and what people made of it."""
    return render(load(pattern_id))


def rule(pattern_id: int) -> Answer:
    """Keep whether it is what it seems, and why, on the pattern as it was shown."""
    kept = load(pattern_id)
    ruling, _mark, reason = request.form.get("choice", "").partition("/")
    words = request.form.get("text", "").strip()[:LONGEST]
    if reason not in REASONS.get(ruling, {}):
        return render(kept, _("Choose what it is, and why.")), 422
    if reason == OTHER and not words:
        return render(kept, _("Say in your own words why.")), 422
    with g.store.transaction():
        before = ruled_on(kept)
        if request.form.get("seen") != str(len(before)):
            return render(
                kept, _("Somebody has said what it is since you opened it: see below, then say it again.")
            ), 409
        rule_on(g.store, kept.id, g.now, g.login.person, cast("Ruled", ruling), reason, words)
    flash(_("Pattern {number}: {what}").format(number=kept.id, what=_(RULED[ruling])))
    return redirect(url_for("pattern", pattern_id=kept.id))


def load(pattern_id: int) -> Kept:
    kept = one_pattern(g.store, pattern_id) if pattern_id < 1 << 63 else None
    if kept is None:
        abort(404)
    return kept


def render(kept: Kept, wrong: str = "") -> str:
    found = msgspec.json.decode(kept.pattern, type=Pattern)
    return page(
        "pattern.html",
        kept=kept,
        pattern=found,
        name=called(kept.query),
        kinds=KINDS,
        ordinary=ORDINARY,
        whys=[why(reason) for reason in found.reasons],
        changes=[told(change, g.words.say) for change in found.changes],
        definition=DEFINITION,
        rulings=ruled_on(kept),
        choices=REASONS,
        ruled=RULED,
        wrong=wrong,
    )


def why(reason: Reason) -> Why:
    posts = [logged for number in reason.posts if (logged := one(g.store, number))]
    known = SIGNALS.get(reason.signal)  # another version may have kept it
    signal = _(known) if known else _("a signal that this version does not know, {name}").format(name=reason.signal)
    return Why(signal, told(reason.detail, g.words.say), tuple(said_posts(posts)))


def ruled_on(kept: Kept) -> list[Ruling]:
    """What people made of this very pattern, the latest first."""
    return [ruling for ruling in rulings(g.store, kept.query) if ruling.pattern_id == kept.id]


def called(query: str) -> str:
    """A saved query by its name, another by its text."""
    return query_names().get(query, query)
