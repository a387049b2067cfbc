"""Settings: listener.toml plus the environment, read once; the only reader of the environment."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from listener import clock
from listener.doors import read_doors
from listener.errors import ConfigError
from listener.settings_check import TABLES, check_settings
from spiders.ledger import ADDRESS as REDIS

FILE = "listener.toml"


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """What a command needs to know. `tables` is listener.toml as read; `secrets` LISTEN_* variables
    and REDIS, never shown."""

    path: Path
    folder: Path
    registry: Path
    store: Path
    reports: Path
    language: str
    contact: str
    now: datetime
    frozen: bool
    allow_loopback: bool
    tables: dict[str, Any]
    secrets: dict[str, str]

    def moment(self) -> datetime:
        """The time it is now, where `now` is when the command began; the same when the clock is frozen."""
        return self.now if self.frozen else datetime.now(UTC)

    def table(self, name: str) -> dict[str, Any]:
        """One table of listener.toml, empty when absent."""
        found = self.tables.get(name, {})
        if not isinstance(found, dict):
            raise ConfigError(f"{self.path}: [{name}] must be a table")
        return found

    def source(self, name: str) -> dict[str, Any]:
        """The settings of one source, empty when it has none."""
        found = self.table("sources").get(name, {})
        if not isinstance(found, dict):
            raise ConfigError(f"{self.path}: [sources.{name}] must be a table")
        return found


def secrets_in(environ: Mapping[str, str]) -> dict[str, str]:
    """What the environment holds for us alone."""
    return {key: value for key, value in environ.items() if value and (key.startswith("LISTEN_") or key == REDIS)}


def find_config(environ: Mapping[str, str]) -> Path:
    """listener.toml here, then in the user's, then in the machine's configuration folder."""
    home = Path(environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME", "/")) / ".config")
    places = [Path(FILE), home / "listen" / FILE, Path("/etc/listen") / FILE]
    for place in places:
        if place.is_file():
            return place
    looked = ", ".join(str(place) for place in places)
    raise ConfigError(f"no {FILE} ({looked}): run `listen init` here, or name one with --config")


def read_toml(path: Path, option: str = "--config") -> dict[str, Any]:
    """A TOML file as tables; ConfigError with file, line and column, or `option`, when it cannot be read."""
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        if _bare_name(text, str(wrong)):
            raise ConfigError(f"{path}: not TOML: {wrong}: a name with å, ä or ö stands in quotation marks") from wrong
        raise ConfigError(f"{path}: not TOML: {wrong}") from wrong
    except UnicodeDecodeError as wrong:
        raise ConfigError(f"{path}: not UTF-8 at byte {wrong.start}: save it as UTF-8") from wrong
    except OSError as wrong:
        raise ConfigError(f"{path}: {wrong.strerror}: name an existing file with {option}") from wrong


def _bare_name(text: str, trouble: str) -> bool:
    """Whether the line that cannot be read holds a letter beyond a-z where a name stands."""
    place = re.search(r"at line (\d+), column (\d+)", trouble)
    lines = text.splitlines()
    if place is None or not 0 < int(place[1]) <= len(lines):
        return False
    head = re.sub(r"\"[^\"]*\"|'[^']*'", "", lines[int(place[1]) - 1].split("#")[0].split("=")[0])
    return bool(re.search(r"[^\W\d_a-zA-Z]", head))


def load_config(path: Path | None, environ: Mapping[str, str], registry: Path | None = None) -> Config:
    """Settings from `path` (or the first listener.toml found). Raises ConfigError naming file and key."""
    path = path or find_config(environ)
    return read_config(path, read_toml(path), environ, registry)


def load_or_default(path: Path | None, environ: Mapping[str, str], registry: Path | None = None) -> Config:
    """The settings; without a listener.toml, those of this folder: its register will do."""
    if path is None:
        try:
            path = find_config(environ)
        except ConfigError:
            return default_config(environ, registry)
    return load_config(path, environ, registry)


def default_config(environ: Mapping[str, str], registry: Path | None = None) -> Config:
    """Settings where there is no listener.toml: each one's default, in the current folder."""
    return read_config(Path(FILE), {}, environ, registry)


def read_config(path: Path, tables: dict[str, Any], environ: Mapping[str, str], registry: Path | None = None) -> Config:
    """Settings from the tables of `path`."""
    folder = path.resolve().parent
    files = tables.get("files", {})
    if not isinstance(files, dict) or not all(isinstance(value, str) for value in files.values()):
        raise ConfigError(f"{path}: [files] must hold paths as text")
    for name in TABLES:
        if not isinstance(tables.get(name, {}), dict):
            raise ConfigError(f"{path}: [{name}] must be a table")
    check_settings(path, tables)
    allow_loopback = environ.get("LISTEN_ALLOW_LOOPBACK") == "1"
    read_doors(path, tables.get("review", {}), allow_loopback)
    return Config(
        path=path,
        folder=folder,
        registry=registry or folder / files.get("registry", "registry.csv"),
        store=folder / files.get("store", "listener.db"),
        reports=folder / files.get("reports", "reports"),
        language=_language(path, tables),
        contact=_contact(path, tables),
        now=clock.now(environ),
        frozen=bool(environ.get("LISTEN_NOW")),
        allow_loopback=allow_loopback,
        tables=tables,
        secrets=secrets_in(environ),
    )


def reread(config: Config) -> Config:
    """The settings as the file has them now; the environment, the store and what is frozen stay. Raises ConfigError."""
    fresh = read_config(config.path, read_toml(config.path), config.secrets)
    return msgspec.structs.replace(
        fresh, folder=config.folder, store=config.store, frozen=config.frozen, allow_loopback=config.allow_loopback
    )


def _language(path: Path, tables: Mapping[str, Any]) -> str:
    """The language of reports: [report] language, else the organisation's first, else Swedish."""
    languages = tables.get("organisation", {}).get("languages", ["sv"])
    if not isinstance(languages, list) or not all(isinstance(code, str) for code in languages):
        raise ConfigError(f'{path}: [organisation] languages: write it as ["sv", "en"]')
    return str(tables.get("report", {}).get("language") or (languages or ["sv"])[0])


def _contact(path: Path, tables: Mapping[str, Any]) -> str:
    email = tables.get("contact", {}).get("email", "")
    if not isinstance(email, str) or "\n" in email or "\r" in email:
        raise ConfigError(f'{path}: [contact] email: write it as "name@example.org"')
    return email
