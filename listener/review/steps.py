"""The steps of an incoming post, taken on its page: what is asked next, the answer kept, and a step taken back."""

from __future__ import annotations

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.answers.clock import one_question
from listener.answers.flow import CHILD_ABUSE, DONE, OTHER, Step, standing
from listener.answers.flow_words import STEPS, advice
from listener.answers.settings import read_duties
from listener.answers.triage import finish, go_back, receiver, take
from listener.clock import local
from listener.language import _
from listener.records.days import read_time_to_come
from listener.review import mention
from listener.review.asking import allowed
from listener.review.known import units
from listener.store import StoreError

LONGEST = 5_000  # letters of what is said with a step
Answer = str | Response | tuple[str, int]


def take_step(mention_id: int) -> Answer:
    """Keep the answer to one step, by whoever asks; then the next is asked."""
    logged, closed = mention.open_for(mention_id)
    step = step_of(request.form.get("step", ""))
    text = request.form.get("text", "").strip()[:LONGEST]
    try:
        with g.store.transaction():
            unmoved(mention_id)
            given = read_answer(step, request.form.get("answer", "").strip(), text, mention_id)
            taken = take(g.store, mention_id, {step: given}, g.login.person, g.now, text)
    except StoreError as wrong:
        return mention.render(logged, closed, str(wrong), sent=dict(request.form)), 422
    finish(g.store, taken)
    flash(" ".join(filter(None, (_("Kept: {step}.").format(step=_(STEPS[step])), _told(step, given)))))
    return redirect(url_for("mention", mention_id=mention_id, taken=step) + "#answer")


def _told(step: Step, given: str) -> str:
    """What follows from the answer."""
    told = advice(step, given)
    return _(told) if told else ""


def step_back(mention_id: int) -> Answer:
    """Take a step back, and all after it, by a new entry."""
    logged, closed = mention.open_for(mention_id)
    step = step_of(request.form.get("step", ""))
    try:
        with g.store.transaction():
            unmoved(mention_id)
            go_back(g.store, mention_id, step, g.login.person, g.now)
    except StoreError as wrong:
        return mention.render(logged, closed, str(wrong)), 422
    flash(_("Taken back to: {step}.").format(step=_(STEPS[step])))
    return redirect(url_for("mention", mention_id=mention_id, taken="back") + "#answer")


def step_of(name: str) -> Step:
    """A step of the flow; 400 for what is none."""
    if name not in list(Step) or name == Step.BACK:
        abort(400)
    return Step(name)


def unmoved(mention_id: int) -> None:
    """Raises StoreError when somebody has taken a step since the form was shown."""
    steps = one_question(g.store, read_duties(g.config), mention_id, g.now).steps
    if request.form.get("seen", "") != str(steps[-1].id if steps else 0):
        raise StoreError(_("Somebody has taken a step since you opened it: see below, and answer anew."))


def read_answer(step: Step, given: str, text: str, mention_id: int) -> str:
    """The answer as the flow takes it. Raises StoreError with what to do, in the words of the page."""
    if step is Step.FOLLOW_UP:
        return DONE if given == DONE else local(read_time_to_come(given, g.now)).date().isoformat()
    if step is Step.FORWARD:
        found = receiver(given[:300], units())
        if found is None:
            raise StoreError(_("Name a unit of yours, or write an e-mail address."))
        return found
    if given not in allowed(step):
        raise StoreError(_("Choose an answer."))
    if given == OTHER and not text:
        raise StoreError(_("Another reason needs words: write them."))
    if text and (given == CHILD_ABUSE or barred(mention_id)):
        raise StoreError(_("Of child abuse nothing but address, id and time is kept: leave the words out."))
    return given


def barred(mention_id: int) -> bool:
    """Whether it is to be removed as child abuse."""
    done = standing(one_question(g.store, read_duties(g.config), mention_id, g.now).steps)
    return Step.REMOVE in done and done[Step.REMOVE].answer == CHILD_ABUSE
