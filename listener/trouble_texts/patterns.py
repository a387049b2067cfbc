"""What goes wrong when people rule on a pattern."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (N_("no pattern has the number {count}"),)
