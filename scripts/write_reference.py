"""Write docs/reference/commands.md from the commands' own help; `--check` fails when the page is stale."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.update(LANG="C", LANGUAGE="", LC_ALL="C", COLUMNS="100")

import click

from listener.cli.root import listen
from listener.language import start_language

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "commands.md"
HEAD = "# Commands\n\nWritten from `--help` by `make docs`; a check fails when it is stale.\n"


def helps(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """`listen …` and its help text, for a command and all below it."""
    context = click.Context(command, info_name=" ".join(path), max_content_width=100, terminal_width=100)
    yield " ".join(path), command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from helps(below, (*path, name))


def page() -> str:
    start_language()
    parts = [f"\n## {name}\n\n```text\n{text.rstrip()}\n```\n" for name, text in helps(listen, ("listen",))]
    return HEAD + "".join(parts)


def main() -> int:
    fresh = page()
    if "--check" not in sys.argv:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(fresh, encoding="utf-8")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != fresh:
        print(f"{PAGE} is stale: run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
