"""Criticism, heated criticism, a pile-on or an organised push: the policy as one function over the signals' scores.

No verdict is acted upon: a person confirms or rejects it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from listener.coordination import together, tone
from listener.coordination.pattern import MADE_TOGETHER, STRONGEST, Pattern, Reason, Signal
from listener.coordination.talks import Talk
from listener.coordination.watched import Watch, watched
from listener.store.talk import Logged

FEWEST_POSTS, FEWEST_WRITERS = 12, 6  # below this nothing is said
# Set on the first seeds of the drawn scenarios (tests/drawn_talks.py), so that precision leads.
AIMED = 0.5
PILE_ON = 0.35
HEATED = 0.2
TOLD = 0.15  # a signal weaker than this is no reason

CHANGE = "if {signal} were as usual: {kind}"
CHANGE_BOTH = "if {signal} and {other} were as usual: {kind}"


def judge(talk: Sequence[Logged], history: Sequence[Logged], watched: Sequence[str] = ()) -> Pattern:
    """What a talk looks like against its own history; `watched` are addresses of watched sources.

    Under twelve posts of six writers the kind is `too_few`.
    """
    watch = Watch(watched)
    whole = Talk(talk, history)
    own = [post for post in [*whole.history, *whole.posts] if watch.wrote(post)]
    return _judged(Talk((post for post in talk if not watch.wrote(post)), history), watch, own)


def _judged(talk: Talk, watch: Watch, own: Sequence[Logged]) -> Pattern:
    posts, writers = len(talk.posts), len(talk.writers)
    if posts < FEWEST_POSTS or writers < FEWEST_WRITERS:
        return Pattern(kind="too_few", score=0.0, posts=posts, writers=writers, compared=len(talk.history))
    signals = measured(talk, watch, own)
    scores = {name: signal.score for name, signal in signals.items()}
    kind, score = rule(scores)
    reasons = sorted((signal for signal in signals.values() if signal.score >= TOLD), key=lambda signal: -signal.score)
    part = _part(signals) if kind == "organised" else ()
    rest = Talk((post for post in talk.posts if post.id not in set(part)), talk.history) if part else None
    return Pattern(
        kind=kind,
        score=round(score, 2),
        reasons=tuple(map(_reason, reasons)),
        changes=tuple(_changes(scores, [signal.name for signal in reasons], kind)),
        posts=posts,
        writers=writers,
        part=part,
        rest=None if rest is None else _rest(rest, watch, own),
        compared=len(talk.history),
    )


def measured(talk: Talk, watch: Watch, own: Sequence[Logged]) -> dict[str, Signal]:
    """Every signal of a talk, by name."""
    found = [
        together.copied(talk),
        together.same_link(talk, watch),
        together.same_target(talk),
        tone.one_target(talk),
        tone.new_writers(talk),
        *tone.tones(talk),
        tone.languages(talk),
        watched(talk, watch, own),
    ]
    return {signal.name: signal for signal in found}


def rule(scores: Mapping[str, float]) -> tuple[str, float]:
    """The policy: kind and how clearly, from the score of each signal, 0 to 1."""
    made = max(scores["copied"], scores["same_link"])
    if made >= MADE_TOGETHER:
        return "organised", made
    hostile = max(scores["threats"], scores["insults"])
    strange = max(scores["new_writers"], scores["watched"], scores["same_target"])
    pressed = (max(hostile, scores["watched"]) + strange) / 2
    if scores["one_target"] >= AIMED and min(max(hostile, scores["watched"]), strange) >= HEATED and pressed >= PILE_ON:
        return "pile_on", (scores["one_target"] + pressed) / 2
    if hostile >= HEATED:
        return "heated", hostile
    return "criticism", 1 - max(made, hostile)


def _reason(signal: Signal) -> Reason:
    return Reason(
        signal=signal.name, score=round(signal.score, 2), detail=signal.detail, posts=signal.posts[:STRONGEST]
    )


def _part(signals: Mapping[str, Signal]) -> tuple[int, ...]:
    made = [signals[name] for name in ("copied", "same_link") if signals[name].score >= MADE_TOGETHER]
    return tuple(sorted({post for signal in made for post in signal.posts}))


def _rest(talk: Talk, watch: Watch, own: Sequence[Logged]) -> str:
    """What the talk is without the posts made together; what is left of them is not called organised again."""
    if len(talk.posts) < FEWEST_POSTS or len(talk.writers) < FEWEST_WRITERS:
        return "too_few"
    scores = {name: signal.score for name, signal in measured(talk, watch, own).items()}
    return rule(scores | {"copied": 0.0, "same_link": 0.0})[0]


def _changes(scores: Mapping[str, float], names: Sequence[str], kind: str) -> list[str]:
    """What the same rule says with a signal at its usual value; with two of them when no single one would change it."""
    single = [CHANGE.format(signal=name, kind=other) for name in names if (other := _without(scores, name)) != kind]
    if single:
        return single
    return [
        CHANGE_BOTH.format(signal=name, other=second, kind=other)
        for name, second in combinations(names, 2)
        if (other := _without(scores, name, second)) != kind
    ]


def _without(scores: Mapping[str, float], *names: str) -> str:
    return rule({**scores, **dict.fromkeys(names, 0.0)})[0]
