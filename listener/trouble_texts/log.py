"""What can be wrong with what is listened for, and with what is logged of it."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_('write a list of words for each, in [listening.{key}]: traffic = ["buss*"]'),
    N_("of a text of more than {count} characters only the beginning was kept"),
    N_("{path}: [queries.{key}] is taken: choose another name, or change it there"),
    N_("{path}: [queries.{key}]: a saved query needs a purpose: add --purpose"),
    N_("{value}: write a name of letters, digits, - and _, such as badhus"),
    N_("there is no listener.toml to save the query in: run `listen init`"),
)
