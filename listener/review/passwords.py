"""Passwords of local accounts, as argon2id hashes: slow to guess, and the same time for a name that is not there."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 1_000  # letters; longer ones only make hashing slow
_HASHER = PasswordHasher()  # argon2-cffi's defaults: RFC 9106, low memory


def make_hash(password: str) -> str:
    """Raises ValueError for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} letters")
    return _HASHER.hash(password.encode("utf-8", "replace"))


def fits(kept: str | None, password: str) -> bool:
    """Whether the password is the one; without a hash it takes as long, and does not fit."""
    try:
        right = _HASHER.verify(kept or _nobody(), password[:LONGEST].encode("utf-8", "replace"))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
