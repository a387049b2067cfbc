"""Criticism or something made together: a talk judged against its own history, for a person to confirm."""

from listener.coordination.pattern import DEFINITION, KINDS, SIGNALS, Pattern, Reason
from listener.coordination.verdict import judge

__all__ = ["DEFINITION", "KINDS", "SIGNALS", "Pattern", "Reason", "judge"]
