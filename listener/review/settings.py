"""What each person chooses for themselves on the page."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.language import LANGUAGES, _
from listener.review.keys import DOES, KEYS, Keys, doubled, keys_of, read_keys
from listener.review.shown import page
from listener.store.people import LANGUAGE, save_choice


def settings() -> str | Response | tuple[str, int]:
    """The form; what was chosen is kept with the person."""
    if request.method == "GET":
        return render(keys_of(g.store, g.login.person))
    keys = read_keys(request.form)
    twice = doubled(keys)
    if twice:
        named = ", ".join(f"{_(DOES[name][1])} ({keys.of(name)})" for name in twice)
        return render(keys, _("Each key can do one thing only: {keys}.").format(keys=named), twice), 422
    save_choice(g.store, g.login.person, KEYS, msgspec.json.encode(keys).decode())
    if request.form.get("language") in LANGUAGES:
        save_choice(g.store, g.login.person, LANGUAGE, request.form["language"])
    flash(_("Your settings are kept."))
    return redirect(url_for("settings"))


def render(keys: Keys, wrong: str = "", twice: Sequence[str] = ()) -> str:
    return page("settings.html", keys=keys, does=DOES, wrong=wrong, twice=twice)
