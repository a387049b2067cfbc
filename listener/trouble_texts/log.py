"""What can be wrong with what is listened for, and with what is logged of it."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (N_('write a list of words for each, in [listening.{key}]: traffic = ["buss*"]'),)
