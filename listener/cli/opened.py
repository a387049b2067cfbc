"""What most commands begin with and some end with: the settings and their store opened, an export written."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.errors import ListenerError
from listener.language import _
from listener.terminal import seen

if TYPE_CHECKING:
    from listener.config import Config
    from listener.store import Store


def opened(config_path: Path | None, *, create: bool = False) -> tuple[Config, Store]:
    """The settings, and the store they name; StoreError when there is none, unless it is to be made."""
    from listener.config import load_config
    from listener.store import open_store

    config = load_config(config_path, os.environ)
    return config, open_store(config.store, create=create)


def write_export(target: Path, whole: bytes, told: str) -> None:
    """An export to its file, and `told` on stderr; to stdout for `-`, made harmless on a terminal.

    Raises ListenerError when it cannot be written.
    """
    if str(target) == "-":
        click.echo(seen(whole, sys.stdout.isatty()), nl=False)
        return
    try:
        target.write_bytes(whole)
    except OSError as wrong:
        raise ListenerError(
            _("{file}: {what}: choose another file").format(file=target, what=_(wrong.strerror or ""))
        ) from wrong
    click.echo(told, err=True)
