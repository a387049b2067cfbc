"""The invented municipality on loopback, in a folder of its own, and `listen` as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from listener.clock import read_time, rfc3339
from listener.demo import Served
from listener.demo.folder import write_folder

NOW = "2026-11-20T07:00:00+01:00"


class Town:
    """A served world and a folder whose settings point at it; `listen` runs there as a process of its own."""

    def __init__(self, served: Served, folder: Path, settings: str | None = None, registry: str = "") -> None:
        self.served = served
        self.folder = folder
        self.now = NOW
        if settings is None:
            write_folder(folder, served, "sv")
        else:
            (folder / "listener.toml").write_text(settings, encoding="utf-8")
            (folder / "registry.csv").write_text(registry, encoding="utf-8")

    def environ(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {**kept, "LANG": "sv_SE.UTF-8", "LISTEN_NOW": self.now, **self.served.environ(), **(more or {})}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "listener", *arguments],
            cwd=self.folder,
            env=self.environ(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def listen(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `listen` to its end; two minutes are a hang."""
        return subprocess.run(
            [sys.executable, "-m", "listener", *arguments],
            cwd=self.folder,
            env=self.environ(more),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def a_week_later(self) -> None:
        self.now = rfc3339(read_time(self.now) + timedelta(days=7))
