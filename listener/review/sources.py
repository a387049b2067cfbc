"""What is searched, by which lawful way in and how it went last; and what nobody sees, with the reason."""

from __future__ import annotations

import msgspec
from flask import g

from listener import troubles
from listener.cli.sources import ACCESS, FINDS, KINDS, STATES, WINDOWS
from listener.clock import read_time
from listener.language import _
from listener.overview import Budget, LineState, overview
from listener.report import labels
from listener.review.shown import page


def show() -> str:
    """Every source, and every platform that is not searched."""
    config = msgspec.structs.replace(g.config, now=g.now)
    found = overview(config, g.store)
    return page(
        "sources.html",
        sources=found.sources,
        gaps=[
            (labels.source_label(name, g.words.say), labels.unsearched(gap.reason, gap.why, gap.through, g.words.say))
            for name, gap in found.not_searched.items()
        ],
        access=ACCESS,
        finds=FINDS,
        states=STATES,
        went=lambda name: labels.label(labels.COMPLETENESS, name, g.words.say),
        trouble=lambda detail: troubles.in_language(detail, g.words.say),
        budget=budget,
        line=line,
        time=read_time,
    )


def budget(quota: Budget) -> str:
    """What is left of one quota."""
    told = _("{kind}: {left} of {most} left {window}")
    window = labels.label(WINDOWS, quota.window)
    return told.format(kind=labels.label(KINDS, quota.kind), left=quota.left, most=quota.most, window=window)


def line(state: LineState) -> str:
    """How a line that is listened to is doing."""
    if not state.runs or not state.since:
        return _("not listened to now")
    if state.state:
        return troubles.in_language(state.state, g.words.say)
    minutes = round((state.lag or 0) / 60)
    lag = _("{minutes} min behind").format(minutes=minutes) if minutes else _("up to date")
    since = g.words.moment(read_time(state.since), year=True)
    return _("listened to since {since}, {lag}").format(since=since, lag=lag)
