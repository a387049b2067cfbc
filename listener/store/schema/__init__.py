"""Every table, trigger and view of the store, as migrations; what others read are the views.

A new step goes at the end of the last file named here, or into a file of its own named after it.
"""

from __future__ import annotations

from listener.store.schema import answering, house, listening, outgoing, streaming
from listener.store.schema.steps import migrations

STEPS = (house, listening, outgoing, answering, streaming)  # in this order

__all__ = ["STEPS", "migrations"]
