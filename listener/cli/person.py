"""Who is at the keyboard: every decision carries a name."""

from __future__ import annotations

import os
import pwd

from listener.config import Config


def person(config: Config, named: str | None = None) -> str:
    """The name given, else LISTEN_USER, else the account that runs the command."""
    return named or config.secrets.get("LISTEN_USER") or pwd.getpwuid(os.getuid()).pw_name
