"""The options that many commands share, each written once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from listener.language import _

C = TypeVar("C", bound=Callable[..., Any])

CONFIG = click.option(
    "--config", "config_path", type=click.Path(path_type=Path), metavar=_("FILE"), help=_("The listener.toml to use.")
)
STRICT = click.option("--strict", is_flag=True, help=_("Stop with 2 at the first broken line."))
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=_("FILE"),
    help=_("Write here instead of to stdout."),
)


def registry_file(what_for: str) -> Callable[[C], C]:
    """`--registry FILE`, with what the file is for, in the reader's language."""
    return click.option(
        "--registry", "registry_path", type=click.Path(path_type=Path), metavar=_("FILE"), help=what_for
    )


def form(*forms: str, told: bool = False) -> Callable[[C], C]:
    """`--format`, one of `forms`, the first unless another is given; `told`: the help says which one that is."""
    return click.option(
        "--format", "form", type=click.Choice(forms), default=forms[0], show_default=told, help=_("How to print.")
    )
