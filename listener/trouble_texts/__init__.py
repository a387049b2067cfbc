"""Every error and issue that people can meet, as English templates; their Swedish stands in troubles.po.

One module a room, each with its TEMPLATES, narrow ones before wide ones; tests/test_troubles.py fails when one is
missing.
"""

from __future__ import annotations

import importlib
import pkgutil

from listener.language import N_
from listener.trouble_texts.words import WORDS as WORDS

# What a field of a template may hold; any other one holds a quoted value.
FIELDS = {
    "path": r"[^\n]+?",
    "file": r"\S+",
    "places": ".+",
    "key": r"\S+?",
    "name": r"\S+",
    "word": r"\w+",
    "host": r"\S+",
    "url": r"\S+",
    "address": r"\S+",
    "place": r"\S+:\d+",
    "method": r"[\w.]+",
    "kind": r"\w+",
    "time": r"\S+",
    "port": r"\d+",
    "line": r"\d+",
    "column": r"\d+",
    "pages": r"\d+",
    "faults": r"\d+",
    "status": r"-?\w+",
    "code": r"-?\d+",
    "count": r"[\d.,]+",
    "list": ".+",
    "names": ".+?",
    "trouble": "(?:(?!; ).)+",  # one of these templates, or of WORDS
    "what": ".+",  # the same, or the words of the system or of a library
}
# kind of an issue -> what happened to the source
KINDS = {
    "blocked": N_("refused"),
    "guarded": N_("not asked by us"),
    "throttled": N_("asked us to wait"),
    "changed": N_("answers in a new form"),
    "failed": N_("failed"),
    "truncated": N_("cut off"),
    "gap": N_("missed for a while"),
    "quota": N_("quota used up"),
    "skipped": N_("note"),
    "silent": N_("brought nothing"),
    "unavailable": N_("not available"),
    "credentials": N_("no usable login"),
    "never_reached": N_("the run broke off before it"),
}
AND = N_("and")  # as in: set LISTEN_A and LISTEN_B

TEMPLATES: tuple[str, ...] = tuple(
    template
    for module in pkgutil.iter_modules(__path__)
    for template in getattr(importlib.import_module(f"{__name__}.{module.name}"), "TEMPLATES", ())
)
