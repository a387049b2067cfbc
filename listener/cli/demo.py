"""`listen demo`: the whole job on an invented municipality, nothing to set up."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.language import LANGUAGES, _

if TYPE_CHECKING:
    from listener.demo import Served
    from listener.demo.play import Played


@click.command(
    help=_(
        "Audit the invented municipality of Almby: small real servers on this machine, the real connectors, a store "
        "and a weekly report in a folder of its own. Nothing leaves this machine. A second run starts over."
    )
)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), show_default=True,
              metavar=_("FOLDER"), help=_("Where to put it; an existing folder must be a demo's."))  # fmt: skip
@click.option("--keep-serving", is_flag=True, help=_("Leave the servers running until Ctrl-C, to try things against."))
@click.option("--language", type=click.Choice(LANGUAGES), help=_("Language of the report; else that of the terminal."))
def demo(folder: Path, keep_serving: bool, language: str | None) -> int:
    from listener.clock import now
    from listener.demo import load_world, start
    from listener.demo.folder import make_folder
    from listener.demo.play import play
    from listener.report.text import first_screen
    from listener.report.wording import Words

    make_folder(folder)
    spoken = language or _("language code: en").rpartition(" ")[2]
    with start(load_world(now(os.environ))) as served:
        _say(_("The servers of Almby are up; auditing …"))
        played = play(served, folder, os.environ, spoken, _say)
        click.echo("\n".join(first_screen(played.report, Words(spoken))))
        _next_steps(folder, played)
        if keep_serving:
            _serve(folder, served)
    return played.exit_code


def _say(line: str) -> None:
    from listener.terminal import plain

    click.echo(plain(line), err=True)


def _next_steps(folder: Path, played: Played) -> None:
    click.echo("")
    click.echo(_("HTML report: {path}").format(path=played.html.resolve()))
    words = {"folder": folder, "listen": command(folder)}
    told = _("The review page in a browser: cd {folder} && {listen} serve add NAME --role decider && {listen} serve")
    click.echo(told.format(**words))
    click.echo(_("Look further: cd {folder} && {listen} review list").format(**words))
    click.echo(_("The picture of its storm: cd {folder} && {listen} crisis report").format(**words))


def command(folder: Path) -> str:
    """What to type there for this very program: its path where the shell would not find it by its name."""
    ours = Path(sys.executable).with_name("listen")
    if shutil.which("listen") or not ours.is_file():
        return "listen"
    return shlex.quote(os.path.relpath(ours, folder.resolve()))


def _serve(folder: Path, served: Served) -> None:
    """Leave the servers up until Ctrl-C, and say how to talk to them."""
    for name, url in served.urls.items():
        click.echo(f"{name}: {url}", err=True)
    secrets = " ".join(f"{key}={value}" for key, value in served.environ().items())
    click.echo(_("Try: cd {folder} && {secrets} listen audit").format(folder=folder, secrets=secrets), err=True)
    click.echo(_("Ctrl-C stops the servers."), err=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("", err=True)
