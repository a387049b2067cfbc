"""A log-in kept between runs in a file that only its owner can read: platforms allow few log-ins a day."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from listener.context import Context

FOLDER = ".sessions"  # beside listener.toml; keeps itself out of version control
LARGEST = 20_000  # characters


class KeptSession(NamedTuple):
    """Where one account's session with one server is kept."""

    path: Path

    def load(self) -> str | None:
        """The session as it was saved; None when there is none that others cannot read too."""
        try:
            if self.path.stat().st_mode & 0o077:
                return None
            return self.path.read_text(encoding="utf-8")[:LARGEST] or None
        except (OSError, UnicodeDecodeError):
            return None

    def save(self, text: str) -> None:
        """Keep the session; where the folder cannot be written, the next run logs in anew."""
        fresh = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            (self.path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
            fresh.replace(self.path)
        except OSError:
            return


def kept_session(ctx: Context, server: str, who: str) -> KeptSession | None:
    """Where the session of `who` with `server` is kept; None for a run without a folder of its own."""
    folder = str(ctx.settings.get("folder", ""))
    if not folder:
        return None
    name = hashlib.sha256(f"{server}\n{who}".encode()).hexdigest()[:16]
    return KeptSession(Path(folder) / FOLDER / f"{ctx.source}-{name}")
