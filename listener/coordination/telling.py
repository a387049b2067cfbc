"""The reasons and the counterfactuals of a pattern in the reader's language; they are made and kept in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from listener.coordination.pattern import KINDS, SIGNALS
from listener.language import N_
from listener.sentences import pattern

_HOLDS = dict.fromkeys(("count", "total", "minutes", "strangers"), r"\d+") | {
    "usual": r"\d+%?",
    "lang": r"[\w-]+",
    "signal": "|".join(SIGNALS),
    "other": "|".join(SIGNALS),
    "kind": "|".join(KINDS),
}
TEMPLATES = (
    N_(
        "{count} writers posted nearly the same text, most within {minutes} minutes, {strangers} of them new; "
        "usual: {usual}"
    ),
    N_("{count} writers shared the same link, most within {minutes} minutes, {strangers} of them new; usual: {usual}"),
    N_(
        "{count} writers answered the same post, most within {minutes} minutes, {strangers} of them new; usual: {usual}"
    ),
    N_("{count} of {total} writers were never seen on this topic; usual: {usual}"),
    N_("{count} of {total} posts are aimed at one account or post; usual: {usual}"),
    N_("{count} of {total} posts threaten, incite or expose a person; usual: {usual}"),
    N_("{count} of {total} posts insult; usual: {usual}"),
    N_("{count} of {total} posts are in the language {lang}; usual: {usual}"),
    N_("{count} of {total} writers link to a watched source, and the talk grew {minutes} minutes after it wrote"),
    N_("{count} of {total} writers link to a watched source"),
    N_("the talk grew {minutes} minutes after a watched source wrote of it"),
    N_("if {signal} were as usual: {kind}"),
    N_("if {signal} and {other} were as usual: {kind}"),
)


def told(sentence: str, say: Callable[[str], str]) -> str:
    """A `detail` of a reason or a line of `changes` as people read it; `say` translates."""
    for template, reader in _readers():
        found = reader.fullmatch(sentence)
        if found:
            return say(template).format(**{name: _value(name, text, say) for name, text in found.groupdict().items()})
    return sentence


@cache
def _readers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((template, re.compile(pattern(template, _HOLDS))) for template in TEMPLATES)


def _value(name: str, text: str, say: Callable[[str], str]) -> str:
    if name in ("signal", "other"):
        return say(SIGNALS[text])
    return say(KINDS[text]) if name == "kind" else text
