"""Whether a crisis is on, what was done in it, and the picture of the situation for those who decide."""

from __future__ import annotations

import msgspec
from flask import Response, g

from listener.crisis.course import course_of
from listener.crisis.html import render_html
from listener.crisis.picture import draw, load_scope
from listener.crisis.telling import stage
from listener.review.reports import crises, shut_in
from listener.review.shown import page
from listener.store.crises import last_crisis
from listener.storms import watch


def show() -> str:
    """The crisis that is on, else the last one, and the summaries of those that are over."""
    found = last_crisis(g.store)
    stages = course_of(g.store, found.id) if found else ()
    return page("crisis.html", crisis=found, stages=[(one, stage(one, g.words)) for one in stages], summaries=crises())


def picture() -> Response:
    """The picture as things stand now. Its numbers are kept, with who had it drawn: the next says what changed."""
    config = msgspec.structs.replace(g.config, now=g.now)
    watch(config, g.store, g.now)
    return shut_in(render_html(draw(config, g.store, load_scope(config), g.login.person), g.language))
