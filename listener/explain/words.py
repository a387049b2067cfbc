"""An explanation in sentences: what follows from a verdict, which rule decided, and what would change it."""

from __future__ import annotations

from listener.explain import Alternative, Explanation
from listener.explain.waterfall import Question, Step
from listener.language import N_, _
from listener.models import Asks, Verdict
from listener.report.labels import verdict_label
from listener.rulings import Rule
from listener.sentences import in_language
from listener.terminal import plain

LEFT_ALONE = N_("Left alone: it does not enter the review queue.")
FOLLOWS = {
    Verdict.OFFICIAL: N_("It is ours. It does not enter the review queue."),
    Verdict.OFFICIAL_CHANGED: N_(
        "It enters the review queue: a person finds out whether we changed it, or somebody has taken it over."
    ),
    Verdict.UNAPPROVED_UNIT: N_("It enters the review queue: the unit has it registered, or closes it."),
    Verdict.EMPLOYEE_OFFICIAL: N_("It enters the review queue: a person decides whether it may speak for us."),
    Verdict.IMPOSTOR: N_(
        "It enters the review queue among the gravest. Nothing is reported by itself: a person decides."
    ),
    Verdict.LOOKALIKE_SITE: N_(
        "It enters the review queue among the gravest. Nothing is reported by itself: a person decides."
    ),
    Verdict.UNCLEAR: N_("It enters the review queue: only a person can tell what it is."),
}
BECAUSE = {
    None: N_("Nothing of what is known of it speaks of us."),
    Rule.REGISTERED: N_("It stands in the register, and the register decides."),
    Rule.CHANGED: N_("It stands in the register, but something about it has moved since."),
    Rule.HANDLE_REUSED: N_("It bears our registered handle, but the platform's own id is another one."),
    Rule.OWN_SITE: N_("It is on one of our own domains."),
    Rule.OURS_UNLISTED: N_(
        "Our side vouches for it ({ours}; {certain} is enough) and it speaks under our name, but the register does not "
        "have it."
    ),
    Rule.OURS_QUIET: N_("Our side vouches for it ({ours}; {certain} is enough), and it does not speak under our name."),
    Rule.SPARED: N_(
        "It shows that it is somebody else ({spares}; {spared} is enough), and it does not pretend beyond doubt "
        "({poses}; {certain} would outweigh that)."
    ),
    Rule.BELOW_FLAG: N_("It hardly speaks under our name ({score}; {flag} would be flagged)."),
    Rule.PERSON: N_("It is a person who names us and claims to speak for us, under a handle of their own."),
    Rule.POSES: N_(
        "It speaks under our name ({score}; {flag} is flagged) and it pretends ({poses}; {posing} is enough)."
    ),
    Rule.OUTSIDE: N_(
        "It bears our name ({naming}; {outside} is enough) on a platform that we do not use, and it does not pretend "
        "({poses}; {posing} would make it an impostor)."
    ),
    Rule.UNIT: N_(
        "It speaks under our name ({score}; {flag} is flagged) and bears a unit's name or a unit word, and it does not "
        "pretend ({poses}; {posing} would make it an impostor)."
    ),
    Rule.PLAIN_NAME: N_(
        "It bears our name ({naming}; {plain} is enough), and it does not pretend ({poses}; {posing} would make it an "
        "impostor)."
    ),
    Rule.UNCLEAR: N_(
        "It speaks under our name ({score}; {flag} is flagged), but nothing says how: no unit, no name in full, and no "
        "pretence that is enough ({poses}; {posing} would make it an impostor)."
    ),
    Rule.SITE_QUIET: N_("The host is hardly like ours ({score}; {flag} would be flagged)."),
    Rule.SITE_SPARED: N_("The host is like ours, but it shows whose it is ({spares})."),
    Rule.SITE_NAME: N_(
        "The host is like ours ({score}; {flag} is flagged), and nothing else speaks against it: of five "
        "hundred look-alike names, one is used for fraud."
    ),
    Rule.SITE_MORE: N_("The host is like ours ({score}; {flag} is flagged), and a second sign speaks against it."),
}
QUESTIONS = {
    Asks.CLAIMS: N_("Does it speak under our name?"),
    Asks.POSES: N_("Does it pretend to be us?"),
    Asks.OURS: N_("Does our side, or the platform, vouch for it?"),
    Asks.SPARES: N_("Does it say, or show, that it is somebody else?"),
}
ENOUGH = {
    Asks.POSES: (N_("Yes: {answer}. {enough} is enough."), N_("Not enough: {answer}. {enough} would be.")),
    Asks.OURS: (N_("Yes: {answer}. {enough} is enough."), N_("Not enough: {answer}. {enough} would be.")),
    Asks.SPARES: (N_("Yes: {answer}. {enough} is believed."), N_("Not enough: {answer}. {enough} would be believed.")),
}
NOTHING = {
    Asks.CLAIMS: N_("Nothing says so."),
    Asks.POSES: N_("Nothing says so."),
    Asks.OURS: N_("Nothing shows it."),
    Asks.SPARES: N_("Nothing shows it."),
}
UNKNOWN = {
    "display_name": N_("its display name"),
    "description": N_("its description: wording, contact details, whether it calls itself official or private"),
    "links": N_("what it links to"),
    "avatar": N_("its picture"),
    "created_at": N_("when it was made, and so whether it is younger than ours"),
    "platform_id": N_("the platform's own id: a rename, or a handle taken over, cannot be told without it"),
    "verified": N_("whether the platform has verified it"),
}
ALTERNATIVES = {
    "register": N_("A row in registry.csv that approves it: {verdict}."),
    "our_link": N_("A link to it from a page of ours, such as {subject}: {verdict}."),
    "without": N_("If this did not hold – {subject} – it would be: {verdict}."),
    "threshold": N_(
        "Last, and for every account, not for this one alone: with {subject} = {value} in [matching] of listener.toml "
        "(now {now}): {verdict}."
    ),
}


def figure(value: float, beside: float | None = None) -> str:
    """0.98, or 0,98 in Swedish; four decimals where two would make it equal what it is compared with."""
    alike = beside is not None and value != beside and f"{value:.2f}" == f"{beside:.2f}"
    return (f"{value:.4f}" if alike else f"{value:.2f}").replace(".", _("."))


def signed(hundredths: int) -> str:
    """+0.95, −0.40, 0.00: a real minus, which screen readers say."""
    sign = "+" if hundredths > 0 else "\N{MINUS SIGN}" if hundredths < 0 else ""
    return sign + figure(abs(hundredths) / 100)


def follows(verdict: Verdict) -> str:
    """What happens to an account with this verdict."""
    return _(FOLLOWS.get(verdict, LEFT_ALONE))


def because(told: Explanation) -> str:
    """The rule that decided, with the figures it looked at."""
    lines, evidence = told.thresholds, told.evidence
    answers = {question.asks: question.answer for question in told.questions}
    poses, spares, ours = answers[Asks.POSES], answers[Asks.SPARES], answers[Asks.OURS]
    score = evidence.score if evidence else told.finding.score
    naming = evidence.naming if evidence else 0.0
    beyond = told.finding.rule is Rule.SPARED
    return _(BECAUSE[told.finding.rule]).format(
        score=figure(score, lines.flag),
        flag=figure(lines.flag),
        poses=figure(poses, lines.certain if beyond else lines.posing),
        posing=figure(lines.posing),
        spares=figure(spares, lines.spared),
        spared=figure(lines.spared),
        ours=figure(ours, lines.certain),
        certain=figure(lines.certain),
        naming=figure(naming, lines.plain),
        plain=figure(lines.plain),
        outside=figure(lines.outside),
    )


def answered(question: Question) -> str:
    """The answer to one question, and what would be enough."""
    if not question.steps:
        return _(NOTHING[question.asks])
    if question.enough is None:
        return _("Strength of the answer: {answer}.").format(answer=figure(question.answer))
    yes, no = ENOUGH[question.asks]
    sentence = _(yes if question.answer >= question.enough else no)
    return sentence.format(answer=figure(question.answer, question.enough), enough=figure(question.enough))


def reason(step: Step) -> str:
    """A signal's own sentence, harmless to print."""
    return plain(in_language(step.detail, _))


def rest_reason(told: Explanation, rest: Step) -> str:
    """Why the rule itself moved the score."""
    if told.finding.rule is Rule.REGISTERED:
        return _("the register's word sets the score")
    if rest.added > 0 and told.finding.flagged:
        return _("raised to the threshold: what is flagged never stands below it")
    return _("the rule's own part: this kind of claim counts only in part")


def alternative(told: Explanation, other: Alternative) -> str:
    """What would lead to another verdict."""
    subject = plain(in_language(other.subject, _)) if other.kind == "without" else other.subject
    now = getattr(told.thresholds, other.subject) if other.kind == "threshold" else None
    return _(ALTERNATIVES[other.kind]).format(
        verdict=verdict_label(other.verdict), subject=subject, value=other.value, now=now
    )
