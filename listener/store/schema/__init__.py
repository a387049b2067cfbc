"""Every table, trigger and view of the store, as migrations; what others read are the views.

A new step goes at the end of the last file named here, or into a file of its own named after it.
"""

from __future__ import annotations

from importlib import import_module

from listener.store.schema.steps import migrations

# In this order: a step is taken in the order in which it is read.
FILES = (
    "house",
    "listening",
    "outgoing",
    "streaming",
    "replying",
    "storms",
    "patterns",
    "reviewing",
    "reading",
    "doors",
    "indexing",
    "disposing",
    "restricting",
    "second",
)
STEPS = tuple(import_module(f"{__name__}.{name}") for name in FILES)

__all__ = ["STEPS", "migrations"]
