"""Every table, trigger and view of the store, as migrations; what others read are the views.

A new step goes at the end of the last file named here, or into a file of its own named after it.
"""

from __future__ import annotations

from listener.store.schema import house, listening, outgoing
from listener.store.schema.steps import migrations

STEPS = (house, listening, outgoing)  # in this order

__all__ = ["STEPS", "migrations"]
