"""The rules that decide a verdict, by name: what a finding says was decisive."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """The rule of `verdict`, `registered` or `sites` that decided; the first that fits does, in their order."""

    REGISTERED = "registered"  # the register knows it, by id, handle or address
    CHANGED = "changed"  # the register's own, but something telling has moved
    HANDLE_REUSED = "handle_reused"  # our registered handle under somebody's other id
    OWN_SITE = "own_site"  # a host on one of our domains
    OURS_UNLISTED = "ours_unlisted"  # our side vouches for it, and the register does not have it
    OURS_QUIET = "ours_quiet"  # our side vouches for it, and it does not speak under our name
    SPARED = "spared"  # it says, or shows, that it is somebody else
    BELOW_FLAG = "below_flag"  # it hardly speaks under our name
    PERSON = "person"  # a person who speaks for us under a handle of their own
    POSES = "poses"  # it pretends
    OUTSIDE = "outside"  # our name on a platform that we do not use
    UNIT = "unit"  # a unit's name, or a unit word beside our name
    PLAIN_NAME = "plain_name"  # our name, and nothing that pretends
    UNCLEAR = "unclear"  # it speaks under our name, and nothing says how
    SITE_QUIET = "site_quiet"  # a host that is hardly like ours
    SITE_SPARED = "site_spared"  # a host like ours that shows whose it is
    SITE_NAME = "site_name"  # a host like ours, and nothing else
    SITE_MORE = "site_more"  # a host like ours, and a second sign
