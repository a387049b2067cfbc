"""`listen serve`: the review page in a browser, and the people who may log in to it."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import click

from listener.cli.doors import ROLES, log, token
from listener.cli.opened import opened
from listener.cli.options import CONFIG
from listener.language import _


@click.group(
    invoke_without_command=True,
    help=_(
        "Serve the review page on this machine, for a browser.\n\n"
        "Example: listen serve add anna --role decider; listen serve --port 8080"
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, metavar=_("ADDRESS"), help=_("Where to listen."))
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help=_("On which port."))
@click.option(
    "--name", "names", multiple=True, metavar=_("HOST"), help=_("A host name it answers to; may be repeated.")
)
@CONFIG
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, names: tuple[str, ...], config_path: Path | None) -> int | None:
    ctx.obj = config_path
    if ctx.invoked_subcommand is not None:
        return None
    from listener.review import create_app
    from listener.review.serving import listening
    from listener.review.signing import signing_key
    from listener.store.people import people

    config, store = opened(config_path, create=True)
    app = create_app(config, (host, *names), key=signing_key(config))
    doors = app.config["DOORS"]
    with store:
        if not people(store) and not doors.oidc and not doors.headers:
            click.echo(_("Nobody may log in yet: `listen serve add NAME --role decider` adds somebody."), err=True)
    sockets: dict[int, Any] = {}  # by waitress's own numbers
    try:
        server = listening(app, host, port, sockets)
    except (OSError, ValueError) as wrong:
        for opened_first in list(sockets.values()):
            opened_first.close()
        raise click.UsageError(
            _("{host}, port {port}: cannot be listened at ({why}). Choose another with --port or --host.").format(
                host=host, port=port, why=wrong
            )
        ) from wrong
    click.echo(_("The review page: {address}").format(address=f"http://{host}:{server.effective_port}/"), err=True)
    signal.signal(signal.SIGTERM, leave)
    server.run()  # ends when interrupted: requests under way are answered, those that wait are not begun
    return 0


def leave(_number: int, _frame: Any) -> None:
    """Stopped by whoever started us, which is no failure."""
    raise SystemExit(0)


@serve.command(help=_("Let somebody log in, or give them a new role and password (asked for, or read from stdin)."))
@click.argument("name", metavar=_("NAME"))
@click.option("--role", required=True, type=click.Choice(ROLES), help=_("What they may do."))
@click.pass_obj
def add(config_path: Path | None, name: str, role: str) -> int:
    from listener.review.passwords import make_hash
    from listener.store.people import add_person

    config, store = opened(config_path, create=True)
    try:
        password = make_hash(read_password())
    except ValueError as wrong:
        raise click.BadParameter(_("a password has 12 to 1000 letters"), param_hint=_("the password")) from wrong
    with store:
        add_person(store, name, role, password, config.now)
    click.echo(_("{name} may log in, as {role}").format(name=name, role=role), err=True)
    return 0


@serve.command(help=_("Let somebody log in no longer; their decisions stand."))
@click.argument("name", metavar=_("NAME"))
@click.pass_obj
def remove(config_path: Path | None, name: str) -> int:
    from listener.store.people import close_person

    config, store = opened(config_path, create=True)
    with store:
        close_person(store, name, config.now)
    return 0


@serve.command("list", help=_("Who may log in, and as what."))
@click.pass_obj
def list_(config_path: Path | None) -> int:
    from listener.review.roles import ROLES as TOLD
    from listener.review.roles import Role
    from listener.store.people import outsiders, people
    from listener.terminal import plain

    _config, store = opened(config_path, create=True)
    with store:
        known = [(person.name, person.role, person.closed_at, "") for person in people(store)]
        known += [(one["person"], one["role"], one["closed_at"], one["issuer"]) for one in outsiders(store)]
        for name, role, closed_at, issuer in known:
            told = _(TOLD[Role(role)]) if closed_at is None else closed_at
            click.echo(f"{plain(name)}  {told}{f'  ({plain(issuer)})' if issuer else ''}")
    return 0


serve.add_command(token)
serve.add_command(log)


def read_password() -> str:
    """Asked for twice at a terminal, where it does not show; the first line of stdin otherwise."""
    if sys.stdin.isatty():
        return str(click.prompt(_("Password"), hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\n")
