"""What every template is given: words, labels, times, and addresses that cannot be clicked by mistake."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, g, render_template, request
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from listener.clock import local
from listener.language import _
from listener.lexicons import mask
from listener.report import labels
from listener.report.defang import ADDRESS, defang, defang_text
from listener.review.keys import Keys, as_json, keys_of, named
from listener.review.roles import Right, may
from listener.sentences import in_language
from listener.terminal import plain


def filters(app: Flask) -> None:
    """Give the templates of an app our words and filters."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: g.words.say(text), lambda one, many, count: g.words.many(one, many, count), newstyle=False
    )
    app.jinja_env.filters.update(
        plain=plain,
        defang=defang,
        defang_text=defang_text,
        defang_lines=defang_lines,
        moment=lambda when: g.words.moment(when, year=True),  # what is kept here is looked back on for years
        until=lambda when: labels.until(when, g.words.say),
        stamp=stamp,
        mask=mask,
        source=lambda name: labels.source_label(plain(name, 60), g.words.say),
        number=lambda value: g.words.number(value),
        reason=lambda detail: in_language(detail, g.words.say),
        platform=lambda name: labels.platform_label(name, g.words.say),
        verdict=lambda verdict: labels.verdict_label(verdict, g.words.say),
        state=lambda state: labels.state_label(state, g.words.say),
        unit_kind=lambda kind: labels.label(labels.UNITS, kind, g.words.say),
    )


def stamp(when: datetime) -> Markup:
    """A moment by Swedish time, to the minute, and for programs: in a list a weekday says little."""
    here = local(when)
    return Markup('<time datetime="{}">{}</time>').format(here.isoformat(), f"{here:%Y-%m-%d %H:%M}")


def defang_lines(text: str) -> str:
    """What a colleague wrote, in its lines, with addresses that lead nowhere."""
    return "\n".join(ADDRESS.sub(lambda found: defang(found[0]), plain(line)) for line in text.splitlines())


def page(template: str, **words: Any) -> str:
    """A whole page for whoever asks."""
    who = getattr(g, "login", None)
    allowed = {right.value: may(who.role if who else "", right) for right in Right}
    form = who.form if who else getattr(g, "visitor", "")
    keys = keys_of(g.store, who.person) if who else Keys(on=False)
    return render_template(
        template,
        login=who,
        may=allowed,
        form=form,
        here=request.path,
        now=g.now,
        keys_json=as_json(keys),
        keys_named=named(keys),
        organisation=organisation(),
        at_the_terminal=at_the_terminal,
        **words,
    )


def at_the_terminal(command: str) -> Markup:
    """Who does what cannot be done here, and by which command."""
    told = escape(_("Whoever runs listen at yours does it at the terminal: {command}"))
    return told.format(command=Markup("<code>{}</code>").format(command))


def organisation() -> str:
    """Whose page this is; empty where listener.toml does not say."""
    name = g.config.table("organisation").get("name", "")
    return plain(name, 100) if isinstance(name, str) else ""
