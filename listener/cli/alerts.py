"""`listen alerts`: try the channels, and see what was told."""

from __future__ import annotations

import os
from pathlib import Path

import click

from listener.cli.options import CONFIG, form
from listener.language import _


@click.group(help=_("Try the channels that alerts go through, and list what was told."))
def alerts() -> None:
    """What cannot wait for Monday."""


@alerts.command(help=_("Send a test through every channel of [alerts], and try again what did not go out."))
@CONFIG
def test(config_path: Path | None) -> int:
    from listener.alerts import Alert, load_settings, send
    from listener.clock import rfc3339
    from listener.config import load_config
    from listener.store import open_store
    from listener.terminal import plain
    from listener.troubles import in_language

    config = load_config(config_path, os.environ)
    if not load_settings(config).channels:
        click.echo(_("No channel: set mail_to or webhooks under [alerts] in listener.toml."), err=True)
        return 2
    trial = Alert(
        kind="test",
        severity="urgent",
        title=_("A test of the alerts"),
        cause=_("Nothing has happened: somebody tried whether alerts arrive."),
        key=f"test:{rfc3339(config.moment())}",
    )
    with open_store(config.store) as store:
        outcomes = send(config, store, [trial], config.moment())
    for one in outcomes:
        click.echo(plain(f"{one.channel}: {_('sent') if one.sent else in_language(one.detail, _)}"))
    return 0 if all(one.sent for one in outcomes) else 3


@alerts.command("list", help=_("The latest alerts, and whether each went out."))
@form("table", "json")
@click.option("--limit", type=click.IntRange(min=1, max=1000), default=20, show_default=True, metavar="N",
              help=_("At most this many."))  # fmt: skip
@CONFIG
def list_(form: str, limit: int, config_path: Path | None) -> int:
    import msgspec

    from listener.clock import local
    from listener.config import load_config
    from listener.store import open_store
    from listener.store.outbox import list_alerts
    from listener.terminal import plain
    from listener.troubles import in_language

    config = load_config(config_path, os.environ)
    with open_store(config.store, create=False) as store:
        found = list_alerts(store, limit)
    if form == "json":
        rows = [
            {"alert": alert, "deliveries": [{"channel": way.channel, "sent_at": way.sent_at, "tries": way.tries,
                                             "trouble": way.trouble} for way in ways]}
            for alert, ways in found
        ]  # fmt: skip
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return 0
    for alert, ways in found:
        severity = _("urgent") if alert.severity == "urgent" else _("can wait")
        click.echo(plain(f"{local(alert.at):%Y-%m-%d %H:%M}  {severity}  {alert.title}: {alert.cause}"))
        for way in ways:
            fared = _("sent") if way.sent_at else in_language(way.trouble, _) or _("waits")
            click.echo(plain(f"    {way.channel}: {fared}"))
    return 0
