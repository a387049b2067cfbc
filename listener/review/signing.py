"""The key that signs visitors' cookies: from the environment, or kept in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from listener.config import Config
from listener.errors import ConfigError

VARIABLE = "LISTEN_REVIEW_KEY"
SHORTEST = 32  # characters


def signing_key(config: Config) -> str:
    """The key; a kept one is made when there is none. Raises ConfigError when it is short, or others can read it."""
    key = config.secrets.get(VARIABLE, "")
    if key:
        return checked(key, VARIABLE)
    path = config.store.with_name(f"{config.store.name}.key")
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return kept(path)
    except OSError as wrong:
        raise ConfigError(f"{path}: {wrong.strerror}: set LISTEN_REVIEW_KEY, or let this folder be written") from wrong
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key


def kept(path: Path) -> str:
    """The key in the file."""
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError(f"{path}: others can read it: chmod 600, or remove it so that a new one is made")
        return checked(path.read_text(encoding="ascii").strip(), str(path))
    except (OSError, UnicodeDecodeError) as wrong:
        raise ConfigError(f"{path}: cannot be read: remove it so that a new one is made") from wrong


def checked(key: str, name: str) -> str:
    if len(key) < SHORTEST:
        raise ConfigError(f"{name}: too short: 32 characters at least, such as `openssl rand -hex 32` makes")
    return key
