"""`listen doctor`: is everything in place for an unattended run?"""

from __future__ import annotations

import os
from pathlib import Path

import click

from listener.cli.options import CONFIG, form
from listener.language import _


@click.command(help=_("Check the installation, the settings, the store and the sources; says what to do next."))
@CONFIG
@click.option("--reach", is_flag=True, help=_("Also send one small request to each source that is on."))
@form("text", "json")
def doctor(config_path: Path | None, reach: bool, form: str) -> int:
    import msgspec

    from listener.config import load_config
    from listener.doctor import examine
    from listener.terminal import plain
    from listener.troubles import in_language

    checks = list(examine(load_config(config_path, os.environ), reach=reach))
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(checks), indent=2).decode())
    else:
        words = {"ok": _("ok"), "warn": _("note"), "fail": _("FAIL")}
        for check in checks:
            click.echo(f"{words[check.state]:5} {_(check.name):14} {plain(in_language(check.detail, _))}")
            if check.hint:
                click.echo(f"{'':20} → {_(check.hint)}")
    return 2 if any(check.state == "fail" for check in checks) else 0
