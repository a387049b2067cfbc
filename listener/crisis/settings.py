"""[crisis] of listener.toml: whom to turn to, how grave is grave, what is a pointer, how much faster to listen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listener.config import Config
from listener.crisis.records import Contact
from listener.errors import ConfigError
from listener.models import Record
from listener.settings_check import check_kinds, check_known

CONTACT = {"role": "text", "phone": "text", "email": "text"}
TIMES_FASTER = 4


class Settings(Record):
    """[crisis]. `pointers` are addresses or words of which a profile must show one; `factor` multiplies intervals."""

    contacts: tuple[Contact, ...]
    severity: tuple[str, ...]
    pointers: tuple[str, ...]
    factor: float


def load_settings(config: Config) -> Settings:
    """[crisis], checked. Raises ConfigError naming the key and what to write."""
    table = config.table("crisis")
    times = float(table.get("times_faster", TIMES_FASTER))
    if not 1 <= times <= 60:
        raise ConfigError(f"{config.path}: [crisis] times_faster: write a number from 1 to 60")
    return Settings(
        contacts=tuple(_contact(config, row) for row in table.get("contacts", ())),
        severity=tuple(table.get("severity", ())),
        pointers=tuple(text.strip() for text in table.get("pointers", ()) if text.strip()),
        factor=1 / times,
    )


def _contact(config: Config, row: Mapping[str, Any]) -> Contact:
    """A role and how to reach it: roles stand there, not people, so that the list does not age."""
    check_known(config.path, "[[crisis.contacts]]", row, CONTACT)
    check_kinds(config.path, "[[crisis.contacts]]", row, CONTACT)
    if not row.get("role"):
        raise ConfigError(f'{config.path}: [[crisis.contacts]] role: write the role as text, role = "…"')
    return Contact(role=row["role"], phone=row.get("phone", ""), email=row.get("email", ""))
