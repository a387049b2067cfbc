"""The command line: the way in, and the one place that turns errors into a line on stderr and an exit code."""

from __future__ import annotations

import errno
import io
import os
import sys

import click

from listener.errors import ListenerError
from listener.language import _, start_language
from listener.troubles import in_language

INTERRUPTED = 130
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


def struck(text: str) -> str:
    """The text without a secret of the environment."""
    from listener.config import secrets_in
    from listener.redaction import Secrets

    return Secrets(secrets_in(os.environ)).strike(text)


def main() -> None:
    """Run `listen`; exit codes as in docs/reference/exit-codes.md."""
    write_what_can_be()
    sys.exit(run(sys.argv[1:]))


def write_what_can_be() -> None:
    """A terminal that lacks a sign, as one in ISO 8859-1 lacks the dash, shows a question mark for it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def run(arguments: list[str]) -> int:
    """Run `listen` with these arguments and return its exit code."""
    start_language()
    stdout = sys.stdout
    from listener.cli.root import listen  # after the language is set: help texts are translated on import

    try:
        code = listen.main(args=arguments, prog_name="listen", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except ListenerError as trouble:
        click.echo(f"listen: {in_language(struck(str(trouble)), _)}", err=True)
        return trouble.exit_code
    except SystemExit:
        if sys.stdout is not stdout:  # the reader has gone: click puts a silent stdout in place and leaves with 1
            return 0
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone; nothing is left to say
        return 0
    except OSError as refused:
        if refused.filename is None and refused.errno not in FULL:
            raise
        where = f"{refused.filename or 'stdout'}: {refused.strerror}: name a place that can be read and written"
        click.echo(f"listen: {in_language(where, _)}", err=True)
        return ListenerError.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("", err=True)
        return INTERRUPTED
