"""What a session listens to and for: the sources that are on, the lines they have, the saved queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import ModuleType

from listener.alerts import load_settings
from listener.config import Config
from listener.discover import planned
from listener.errors import ConfigError
from listener.query import Query
from listener.query.saved import SavedQuery, read_queries
from listener.run import source_settings
from listener.sources.live import Line


class Plan:
    """Sources by name, and the saved queries that are asked of them; read anew for each day, as 7d moves on.

    `config` is replaced when the settings have changed.
    """

    def __init__(self, config: Config, sources: Iterable[str] = (), queries: Iterable[str] = ()) -> None:
        """Raises ConfigError for a source or a query that is none, and when there is nothing to listen for."""
        self.config = config
        self.names = tuple(queries)
        self.sources: dict[str, ModuleType] = planned(config, "posts", sources)
        self.queries = self.read(config.now)
        load_settings(config)  # of alerts: wrong ones are told now and not in the night
        if not self.sources:
            raise ConfigError(f"{config.path}: no source to listen to: turn one on under [sources]")

    def renew(self, config: Config) -> None:
        """Go by these settings from now on; sources and lines stay. Raises ConfigError, and nothing has changed."""
        before, self.config = self.config, config
        try:
            self.queries = self.read(config.now)
            load_settings(config)
        except ConfigError:
            self.config = before
            raise

    def read(self, now: datetime) -> dict[str, SavedQuery]:
        """The saved queries as they stand now. Raises ConfigError."""
        tables = self.config.table("queries")
        if unknown := [name for name in self.names if name not in tables]:
            raise ConfigError(f"{self.config.path}: no query {', '.join(unknown)}: there are {', '.join(tables)}")
        wanted = {name: tables[name] for name in (self.names or tables)}
        if not wanted:
            raise ConfigError(f"{self.config.path}: nothing to listen for: write a table [queries.NAME] with its query")
        return read_queries(self.config.path, wanted, now)

    def asked(self, now: datetime) -> dict[str, Query]:
        """What posts are held against, by the names of the queries."""
        return {name: saved.asked for name, saved in self.read(now).items()}

    def asked_of(self, source: str, now: datetime) -> list[Query]:
        """The queries that are put to one source."""
        every = self.read(now).values()
        return [saved.asked for saved in every if not saved.sources or source in saved.sources]

    def lines(self) -> list[Line]:
        """The lines of the sources that speak by themselves. Raises ConfigError."""
        found: list[Line] = []
        for name, module in self.sources.items():
            if hasattr(module, "streams"):
                found += module.streams(source_settings(self.config, name), self.config.secrets)
        return found
