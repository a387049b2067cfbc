"""`listen stream`: continuous listening, for a terminal or a service."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import CONFIG
from listener.language import _, ngettext

if TYPE_CHECKING:
    from listener.stream import Status

WIDTH = 110  # columns of the status line, so that a shorter one leaves nothing of a longer one


@click.command(
    help=_(
        "Listen without end: Bluesky and Mastodon as they speak, feeds and all other sources asked in turn. What the "
        "saved queries match is logged, each post once. Stop it with Ctrl-C; started again, it goes on where it was."
    )
)
@click.option("--source", "sources", multiple=True, metavar=_("NAME"), help=_("Only this source; may be repeated."))
@click.option("--query", "queries", multiple=True, metavar=_("NAME"), help=_("Only this saved query; may be repeated."))
@click.option("--minutes", type=click.FloatRange(min=0.01), metavar="N", help=_("Stop after so many minutes."))
@click.option("--posts", type=click.IntRange(min=1), metavar="N", help=_("Stop when so many posts have been read."))
@click.option("--quiet", "-q", is_flag=True, help=_("No progress on stderr."))
@CONFIG
def stream(
    sources: tuple[str, ...],
    queries: tuple[str, ...],
    minutes: float | None,
    posts: int | None,
    quiet: bool,
    config_path: Path | None,
) -> int:
    from listener.config import load_config
    from listener.run import silent
    from listener.stream import Limits
    from listener.stream import stream as work

    config = load_config(config_path, os.environ)
    limits = Limits(seconds=minutes and minutes * 60, posts=posts)
    screen = Screen(sys.stderr.isatty() and not quiet)
    progress = silent if quiet else screen.say
    code = work(config, sources, queries, limits=limits, show=screen.show, progress=progress)
    if not quiet:
        screen.end()
    return code


class Screen:
    """One line that is written over and over on a terminal; elsewhere only what happens, and a sum at the end."""

    def __init__(self, terminal: bool) -> None:
        self._terminal = terminal
        self._last: Status | None = None
        self._rate = 0.0
        self._at = time.monotonic()

    def show(self, status: Status) -> None:
        """Show how it goes."""
        now = time.monotonic()
        if self._last is not None and now > self._at:
            self._rate = (status.read - self._last.read) / (now - self._at)
        self._last, self._at = status, now
        if self._terminal:
            click.echo("\r" + line_of(status, self._rate)[:WIDTH].ljust(WIDTH), err=True, nl=False)

    def say(self, line: str) -> None:
        """Say that something happened."""
        if self._terminal and self._last is not None:
            click.echo("", err=True)
        _say(line)

    def end(self) -> None:
        """Say what it came to."""
        if self._terminal and self._last is not None:
            click.echo("", err=True)
        if self._last is not None:
            count = self._last.new
            new = ngettext("{count} new in the log", "{count} new in the log", count).format(count=count)
            read = ngettext("{count} post read", "{count} posts read", self._last.read).format(count=self._last.read)
            _say(f"{read}, {new}")


def line_of(status: Status, rate: float) -> str:
    """How it goes, in one line."""
    told = _("{up} of {lines} lines up · {rate} posts/s · {read} read · {matched} matched · {new} new").format(
        up=status.up,
        lines=status.lines,
        rate=f"{rate:.0f}",
        read=status.read,
        matched=status.matched,
        new=status.new,
    )
    if status.lag is not None:
        told += " · " + _("{seconds} s behind").format(seconds=f"{max(status.lag.total_seconds(), 0):.0f}")
    if status.waiting:
        from listener.terminal import plain
        from listener.troubles import in_language

        told += " · " + plain(in_language(status.waiting, _))
    return told


def _say(line: str) -> None:
    from listener.cli import struck
    from listener.terminal import plain
    from listener.troubles import in_language

    click.echo(plain(in_language(struck(line), _)), err=True)
