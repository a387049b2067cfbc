"""The lines that a candidate's score has to cross: the defaults, and what [matching] in listener.toml may move."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from listener.errors import ConfigError
from listener.models import Record

LEAST, MOST = 0.05, 0.95  # beyond these a threshold flags everybody or nobody


class Thresholds(Record):
    """Scores in [0, 1]; a value at or above its threshold has crossed it.

    The first five may be set in [matching] of listener.toml; `listen tune` proposes the first three from the reviewers'
    decisions. `certain` and `worth_asking` are policy: they keep what our own site vouches for from being called an
    impostor, and no organisation's history is long enough to move them.
    """

    # A candidate at or above this score is flagged. Set so that at most two strangers in a hundred are, over the
    # labelled sets of docs/explanation/matching.md: our name in full (0.8 and up) stands far above it, a bare place
    # (0.3) far below.
    flag: float = 0.5
    posing: float = 0.55  # POSES at or above this makes a claim an impostor's
    spared: float = 0.5  # SPARES at or above this is believed unless the account also poses
    plain: float = 0.4  # a naming claim at or above this is our name; without anything that poses, nobody approved it
    outside: float = 0.35  # a naming claim at or above this is unauthorised on a platform we do not use, at any score
    certain: float = 0.9  # OURS, or POSES, at or above this outweighs everything but the register
    worth_asking: float = 0.12  # a claim below this is not worth saying whose name it is instead


SETTABLE = ("flag", "posing", "spared", "plain", "outside")  # what may stand in [matching]


def read_thresholds(table: Mapping[str, Any], path: Path) -> Thresholds:
    """The [matching] table as Thresholds. Raises ConfigError naming `path` and the key."""
    found = {key: table[key] for key in SETTABLE if key in table}
    for key, value in found.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not LEAST <= value <= MOST:
            default = getattr(Thresholds(), key)
            raise ConfigError(f"{path}: [matching] {key}: write a number between {LEAST} and {MOST}, {key} = {default}")
    return msgspec.structs.replace(Thresholds(), **found)
