"""One post of the log: its conversation, copies and answer, and its text in clear for those who say why."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.answers.clock import one_question
from listener.answers.flow import standing
from listener.answers.flow_words import ANSWERS, STATES, STEPS
from listener.answers.settings import read_duties
from listener.language import N_, _
from listener.records import four_eyes
from listener.report.defang import defang
from listener.review.asking import next_asking, shortcuts
from listener.review.known import units
from listener.review.mentions import query_names
from listener.review.roles import Right, may
from listener.review.said import WHOLE, readable, said_post, said_posts, whole
from listener.review.shown import page
from listener.store import StoreError
from listener.store.mention_looks import PAGE, REFUSED, looks_at, save_look, save_refusal
from listener.store.mention_threads import newest_copies, thread_of
from listener.store.restricted import restricted
from listener.store.talk import Logged, one
from listener.store.unmaskings import answer, ask, may_see, waiting

# Why a text is shown in clear: closed, `other` needs words.
REASONS = {
    "answer": N_("to answer it"),
    "threat": N_("to judge a threat or an insult"),
    "report": N_("to report it to the platform or the police"),
    "case": N_("to look into a case"),
    "context": N_("to understand what is meant"),
    "other": N_("other"),
}
OTHER = "other"
LOOKED = REASONS | {PAGE: N_("opened the page"), REFUSED: N_("wanted to open it, and was refused")}
NOTHING: Mapping[str, str] = MappingProxyType({})
COPIES = 20
LOOKS = 20
LONGEST = 1_000  # letters of a reason in words


class Clear(NamedTuple):
    """What those who gave a reason are shown: the text as written, its address, the addresses in it."""

    text: str
    url: str
    links: tuple[str, ...]


def show(mention_id: int) -> str:
    """The post as everybody may see it."""
    logged, closed = open_for(mention_id)
    if closed and may(g.login.role, Right.REVIEW):
        save_look(g.store, mention_id, g.login.person, PAGE, "", g.now)
    return render(logged, closed)


def in_clear(mention_id: int) -> str | Response | tuple[str, int]:
    """The text as it was written, once who asks and why is kept; of what only some may read, once two agree."""
    logged, closed = open_for(mention_id)
    if not readable(closed):
        abort(403)
    reason, words = request.form.get("reason", ""), request.form.get("text", "").strip()[:LONGEST]
    if reason not in REASONS:
        return render(logged, closed, _("Choose why you need to read it.")), 422
    if reason == OTHER and not words:
        return render(logged, closed, _("Say in your own words why you need to read it.")), 422
    if takes_two(closed) and not may_see(g.store, mention_id, g.login.person, g.now):
        ask(g.store, mention_id, g.login.person, reason, words, g.now)
        flash(_("Asked for: when another person has approved it, show the text again within 24 hours."))
        return redirect(url_for("mention", mention_id=mention_id) + "#clear")
    save_look(g.store, mention_id, g.login.person, reason, words, g.now)
    post = logged.post
    links = tuple(defang(link) for link in post.links[:COPIES])
    return render(logged, closed, clear=Clear(whole(post), defang(post.url) if post.url else "", links))


def takes_two(closed: str) -> bool:
    """Whether this text is shown in clear only when a second person has approved it."""
    return bool(closed) and four_eyes.is_on(g.config)


def answer_unmasking(mention_id: int) -> str | Response | tuple[str, int]:
    """Let somebody else read the text in clear, or not."""
    logged, closed = open_for(mention_id)
    number = request.form.get("request", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19) or "answer" not in request.form:
        abort(400)
    try:
        answer(g.store, int(number), mention_id, g.login.person, request.form["answer"] == "approve", g.now)
    except StoreError as wrong:
        return render(logged, closed, str(wrong)), 422
    flash(_("Your answer is kept."))
    return redirect(url_for("mention", mention_id=mention_id) + "#clear")


def open_for(mention_id: int) -> tuple[Logged, str]:
    """The post and why only some may read it; 404 without one, 403 for those who may not."""
    logged = one(g.store, mention_id) if mention_id < 1 << 63 else None
    if logged is None:
        abort(404)
    closed = restricted(g.store, [mention_id]).get(mention_id, "")
    if closed and not may(g.login.role, Right.REVIEW):
        save_refusal(g.store, mention_id, g.login.person, g.now)
        abort(403)
    return logged, closed


def render(
    logged: Logged, closed: str, wrong: str = "", clear: Clear | None = None, sent: Mapping[str, str] = NOTHING
) -> str:
    """The page of a post; `wrong` is what was wrong with a form, `sent` what the form of a step held."""
    names, asked = query_names(), one_question(g.store, read_duties(g.config), logged.id, g.now)
    return page(
        "mention.html",
        said=said_post(logged, closed, WHOLE),
        logged=logged,
        readable=readable(closed),
        queries=[names[query] for query in logged.queries if query in names],
        thread=said_posts(thread_of(g.store, logged)),
        copies=said_posts(newest_copies(g.store, logged, COPIES)),
        asked=asked,
        next=next_asking(asked),
        shortcuts=shortcuts(asked),
        standing=tuple(standing(asked.steps)),
        seen=asked.steps[-1].id if asked.steps else 0,
        fresh="taken" in request.args,
        units=units(),
        states=STATES,
        steps=STEPS,
        answers=ANSWERS,
        reasons=REASONS,
        looked=LOOKED,
        looks=looks_at(g.store, logged.id, LOOKS) if may(g.login.role, Right.REVIEW) else [],
        two=takes_two(closed),
        granted=may_see(g.store, logged.id, g.login.person, g.now),
        requests=waiting(g.store, logged.id) if closed else [],
        wrong=wrong,
        sent=sent,
        clear=clear,
    )
