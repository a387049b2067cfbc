"""Settings and register as they stand now: looked at between batches, and taken over when they have changed."""

from __future__ import annotations

from pathlib import Path

from listener.assessment import require_assessment
from listener.config import Config, reread
from listener.enrich import Enricher
from listener.errors import ListenerError
from listener.stream.plan import Plan

Stamp = tuple[int, int, int] | None  # of a file: when it was written, its size, which file it is; None: there is none
ANEW = ("sources", "files")  # tables that count when listening is started anew


class Renewal:
    """Watches listener.toml and the register of a plan. Used by the thread that holds the log."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._seen = self._taken = stamps(plan.config)

    def look(self) -> tuple[Enricher | None, list[str]]:
        """What finds out about mentions from now on, where something has changed, and what to say of it.

        The plan has the new settings then. What cannot be read is said once, and all stays as it was. Raises
        ConfigError when the impact assessment is no longer named.
        """
        before = self._plan.config
        now = stamps(before)
        if now == self._seen:
            return None, []
        self._seen = now
        changed = [path for path in now if now[path] != self._taken.get(path)]
        try:
            config = reread(before) if before.path in changed else before
            enricher = Enricher(config)
            self._plan.renew(config)
        except ListenerError as wrong:
            return None, [f"{', '.join(map(str, changed))} has changed, and is not taken over: {wrong}"]
        require_assessment(config)  # who takes it away ends the listening
        self._seen = self._taken = {path: now.get(path, stamp) for path, stamp in stamps(config).items()}
        told = said(before, config, self._plan) if before.path in changed else []
        if before.registry in changed or config.registry != before.registry:
            told.append(f"{config.registry} has changed: rows that count from now on: {len(enricher.registry)}")
        return enricher, told


def stamps(config: Config) -> dict[Path, Stamp]:
    """How the files stand."""
    return {path: stamp(path) for path in (config.path, config.registry)}


def stamp(path: Path) -> Stamp:
    """What differs when the file is written anew."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def said(before: Config, now: Config, plan: Plan) -> list[str]:
    """What has changed in listener.toml."""
    told = []
    if before.table("queries") != now.table("queries"):
        told.append(f"{now.path} has changed: listened for from now on: {', '.join(plan.queries)}")
    for name in ANEW:
        if before.table(name) != now.table(name):
            told.append(f"{now.path} has changed: [{name}] counts when listening is started anew")
    return told or [f"{now.path} has changed: it counts from now on"]
