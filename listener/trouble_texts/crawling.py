"""Troubles that crawls tell of pages that could not be read."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_("nothing takes connections there"),
    N_("our own reading of it failed"),
    N_("the name could not be looked up"),
    N_("not reached in time"),
    N_("it takes too long to read"),
)
