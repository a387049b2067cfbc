"""Who is alerted, through what, of what: [alerts] of listener.toml, and the secret addresses of the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import Any

from listener.alerts.alert import KINDS
from listener.config import Config
from listener.errors import ConfigError
from listener.models import Record

MAILBOX = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+")
SERVER = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::(?P<port>\d{1,5}))?")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
SUBMISSION = 587  # RFC 6409
COOL_DOWN = 60  # minutes
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


class Settings(Record):
    """[alerts]. `starttls` is what the file says, else True unless the server is this machine.

    `webhooks` maps the name of each to its secret address; empty where the environment has none.
    """

    mail_to: tuple[str, ...]
    mail_from: str
    host: str
    port: int
    starttls: bool
    urgent: frozenset[str]
    webhooks: dict[str, str]
    cool_down: timedelta

    @property
    def channels(self) -> tuple[str, ...]:
        """`mail:ADDRESS` for each who gets mail, `webhook:NAME` for each webhook."""
        return (*(f"mail:{address}" for address in self.mail_to), *(f"webhook:{name}" for name in self.webhooks))


def load_settings(config: Config) -> Settings:
    """[alerts] with what the environment adds. Raises ConfigError naming the key and what to write."""
    table = config.table("alerts")
    host, port = _server(config.path, table)
    return Settings(
        mail_to=tuple(_mailbox(config.path, "mail_to", text) for text in table.get("mail_to", ())),
        mail_from=_sender(config, table),
        host=host,
        port=port,
        starttls=bool(table.get("starttls", host not in LOOPBACK)),
        urgent=_urgent(config.path, table),
        webhooks=_webhooks(config, table),
        cool_down=timedelta(minutes=float(table.get("cool_down_minutes", COOL_DOWN))),
    )


def _server(path: Path, table: Mapping[str, Any]) -> tuple[str, int]:
    """Host and port of the mail server; needed as soon as anybody gets mail."""
    text = table.get("smtp", "")
    if not text and not table.get("mail_to"):
        return "", SUBMISSION
    found = SERVER.fullmatch(text)
    if found is None or not 0 < int(found["port"] or SUBMISSION) < 65536:
        raise ConfigError(f'{path}: [alerts] smtp: write server and port, smtp = "mail.example.org:587"')
    return found["host"], int(found["port"] or SUBMISSION)


def _sender(config: Config, table: Mapping[str, Any]) -> str:
    """Who the mail is from: [alerts] mail_from, else [contact] email."""
    if not table.get("mail_to"):
        return ""
    return _mailbox(config.path, "mail_from", table.get("mail_from") or config.contact)


def _mailbox(path: Path, key: str, text: str) -> str:
    if len(text) > 254 or not MAILBOX.fullmatch(text) or not _can_be_sent_to(text):
        raise ConfigError(f'{path}: [alerts] {key}: write bare mail addresses, such as "press@example.org"')
    return text


def _can_be_sent_to(text: str) -> bool:
    """Whether it is an address as RFC 5322 has them, in ASCII: not every mail server takes others."""
    try:
        Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        return False
    return text.isascii() and text.isprintable()


def _urgent(path: Path, table: Mapping[str, Any]) -> frozenset[str]:
    """The kinds that are told at once; the others wait for the weekly report."""
    kinds = frozenset(table.get("urgent", KINDS))
    if not kinds <= set(KINDS):
        raise ConfigError(f"{path}: [alerts] urgent: choose among {', '.join(KINDS)}")
    return kinds


def _webhooks(config: Config, table: Mapping[str, Any]) -> dict[str, str]:
    """The named webhooks with the address that LISTEN_ALERT_URL_<NAME> holds for each."""
    found = {}
    for name in table.get("webhooks", ()):
        if not NAME.fullmatch(name):
            raise ConfigError(
                f'{config.path}: [alerts] webhooks: write names, webhooks = ["teams"], '
                "and set LISTEN_ALERT_URL_TEAMS to the address"
            )
        found[name] = config.secrets.get(variable(name), "")
    return found


def variable(name: str) -> str:
    """The environment variable that holds the address of a webhook."""
    return f"LISTEN_ALERT_URL_{name.upper()}"
