"""What can go wrong, as one tree; every message says where and what to do next.

ListenerError
├── ConfigError, RegistryError, QueryError   wrong input: stop before any work             exit 2
├── CredentialError                          nothing usable to log in with                 exit 4
├── LockedError                              another run is at work                        exit 5
└── SourceError                              one source failed: an Issue, others go on     exit 3
    ├── Blocked      refused or walled off: we do not know
    │   └── Guarded  our own guard let nothing out: nobody was asked
    ├── Throttled    come back at a time
    └── Changed      the answer no longer has the shape we read
"""

from __future__ import annotations

from datetime import datetime


class ListenerError(Exception):
    """Base of everything we raise on purpose; `exit_code` is what the command line leaves with."""

    exit_code = 2


class ConfigError(ListenerError):
    """A setting is missing or wrong; the message names file and key."""


class RegistryError(ListenerError):
    """registry.csv is wrong; the message holds one line per fault: `path:line: column: what, and what to do`."""


class QueryError(ListenerError):
    """A query cannot be read; the message holds the query and a caret under the place."""


class CredentialError(ListenerError):
    """There is nothing usable to log in with."""

    exit_code = 4


class LockedError(ListenerError):
    """Another run holds the lock."""

    exit_code = 5


class SourceError(ListenerError):
    """One source failed. "Could not look" is never "not there": no finding changes because of it."""

    exit_code = 3


class Blocked(SourceError):
    """Refused or walled off (401, 403, 451, robots.txt, a challenge, a private address): we do not know."""


class Guarded(Blocked):
    """Our own guard does not let us ask: an address of this machine or of a closed network, an odd one, no address."""


class Throttled(SourceError):
    """Told to come back later; `until` (aware, UTC) when the server said when."""

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class Changed(SourceError):
    """The answer no longer has the shape we read: the reader needs a look before its silence means anything."""
