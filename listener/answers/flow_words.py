"""What is asked at each step of the flow, what to do after each answer, and what the keys are called."""

from __future__ import annotations

from collections.abc import Mapping

from listener.answers.flow import CHILD_ABUSE, DONE, NO, YES, AnswerState, Step
from listener.language import N_

QUESTIONS: Mapping[Step, str] = {
    Step.PUBLIC: N_("Can anybody read the post?"),
    Step.CASE: N_("Does it belong to a case of ours, or must it begin one (register it)?"),
    Step.REMOVE: N_("Must it be removed, because it is a crime or secret? If so, on what ground?"),
    Step.OWN_CHANNEL: N_("Does it stand in a channel of ours?"),
    Step.REMOVED: N_("Has it been kept as evidence, reported where it must be, and removed?"),
    Step.ANSWERABLE: N_("Can it be answered, with facts and in the open?"),
    Step.MINE: N_("Can you answer it yourself?"),
    Step.ANSWER: N_("Have you answered it?"),
    Step.FORWARD: N_("To whom do you forward it (a unit or an e-mail address)?"),
    Step.SAME_PLATFORM: N_("Can they answer on the same platform?"),
    Step.TOLD: N_("Have you told the sender that it was forwarded?"),
    Step.FOLLOW_UP: N_("On which day will you see whether it was answered?"),
    Step.NO_ANSWER: N_("Why does it need no answer?"),
}
# (step, answer) -> what follows from it; a reason not named here follows the way of "".
ADVICE: Mapping[tuple[Step, str], str] = {
    (Step.PUBLIC, NO): N_(
        "Do not answer it in the open: what was written to us alone is answered where it came, or by letter or mail."
    ),
    (Step.CASE, YES): N_("Give it to the registrar now: address, time and sender, and to which case it belongs."),
    (Step.REMOVE, CHILD_ABUSE): N_(
        "Do not save, download, photograph or forward it: holding it is a crime. Note address, id and time only, and "
        "call the police (114 14, in danger 112)."
    ),
    (Step.REMOVE, "secrecy"): N_(
        "In this order: keep it where only those who must can read it, remove it, contact the sender, register it."
    ),
    (Step.REMOVE, ""): N_(
        "In this order: keep it as evidence, report it to the police where it is a crime, remove it."
    ),
    (Step.OWN_CHANNEL, NO): N_(
        "You cannot remove it. Report it to the platform, and to the police where it is a crime; then note why it "
        "needs no answer."
    ),
    (Step.REMOVED, NO): N_("Do that first, at once, and then answer here again."),
    (Step.ANSWERABLE, NO): N_(
        "A matter of one person is referred to another channel (`listen mentions reply-text referred`). Note why it "
        "needs no answer."
    ),
    (Step.MINE, YES): N_("Write the answer on the platform, sign it with name or function, then note that it is done."),
    (Step.MINE, NO): N_("Forward it to those who can, with its address."),
    (Step.SAME_PLATFORM, NO): N_("Then have them write to you, and answer for them, or refer the sender to them."),
    (Step.FORWARD, ""): N_("Tell the sender, too: `listen mentions reply-text forwarded` has words for it."),
    (Step.TOLD, NO): N_("Tell the sender first: `listen mentions reply-text forwarded` has words for it."),
    (Step.FOLLOW_UP, ""): N_("It is listed again on that day, until it is answered."),
}
STATES: dict[str, str] = {
    AnswerState.OPEN: N_("unanswered"),
    AnswerState.ANSWERED: N_("answered"),
    AnswerState.FORWARDED: N_("forwarded"),
    AnswerState.NO_ANSWER: N_("needs no answer"),
}
ANSWERS: dict[str, str] = {
    YES: N_("yes"),
    NO: N_("no"),
    DONE: N_("done"),
    "threat": N_("threat"),
    "incitement": N_("incitement to crime or terrorism"),
    "hate": N_("agitation against a population group"),
    CHILD_ABUSE: N_("pictures of child abuse"),
    "violence": N_("unlawful depiction of violence"),
    "terrorism": N_("terrorist crime"),
    "privacy": N_("breach of somebody's privacy"),
    "copyright": N_("breach of copyright"),
    "secrecy": N_("secret by law"),
    "other": N_("other reason"),
    "no_question": N_("asks nothing"),
    "opinion": N_("an opinion, taken note of"),
    "answered_elsewhere": N_("answered elsewhere"),
    "duplicate": N_("duplicate"),
    "individual_case": N_("one person's matter, referred to another channel"),
    "not_ours": N_("not for us"),
    "abusive": N_("only abuse"),
    "reported": N_("reported to the platform or the police"),
}
STEPS: dict[str, str] = {
    Step.PUBLIC: N_("public"),
    Step.CASE: N_("belongs to a case"),
    Step.REMOVE: N_("must be removed"),
    Step.OWN_CHANNEL: N_("in a channel of ours"),
    Step.REMOVED: N_("kept, reported and removed"),
    Step.ANSWERABLE: N_("can be answered"),
    Step.MINE: N_("can be answered by me"),
    Step.ANSWER: N_("answered"),
    Step.FORWARD: N_("forwarded"),
    Step.SAME_PLATFORM: N_("they can answer there"),
    Step.TOLD: N_("sender told"),
    Step.FOLLOW_UP: N_("follow up"),
    Step.NO_ANSWER: N_("needs no answer"),
    Step.BACK: N_("begun again from"),
}
# How a step is given on the command line.
OPTIONS: Mapping[Step, str] = {
    Step.ANSWER: "--answered",
    Step.FORWARD: "--to",
    Step.NO_ANSWER: "--no-answer",
    **{
        step: f"--{step.value.replace('_', '-')}"
        for step in Step
        if step not in (Step.ANSWER, Step.FORWARD, Step.NO_ANSWER, Step.BACK)
    },
}


def advice(step: Step, answer: str) -> str:
    """What follows from this answer, in English; empty when nothing does."""
    return ADVICE.get((step, answer)) or ("" if answer == NO else ADVICE.get((step, ""), ""))
