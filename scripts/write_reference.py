"""Write docs/reference: commands.md from the commands' own help, the table in sources.md and openapi.json from code.

`--check` fails when one of them is stale.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

os.environ.update(LANG="C", LANGUAGE="", LC_ALL="C", COLUMNS="100")

import click

from listener.cli.root import listen
from listener.language import start_language
from listener.review.openapi import described
from listener.sources import About, load_sources

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
COMMANDS, SOURCES = REFERENCE / "commands.md", REFERENCE / "sources.md"
OPENAPI = REFERENCE / "openapi.json"
TABLE = ("<!-- table: written by `make docs` -->\n", "<!-- end of table -->\n")
COLUMNS = ("source", "way in", "finds", "secrets", "asks at most", "terms to accept", "kept", "what to know")
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


def commands() -> str:
    """The page of commands."""
    start_language()
    parts = [f"\n## {name}\n\n```text\n{text.rstrip()}\n```\n" for name, text in helps(listen, ("listen",))]
    return HEAD + "".join(parts)


def sources(old: str) -> str:
    """The page of sources with its table as the code has it now."""
    before, _mark, rest = old.partition(TABLE[0])
    _old, _mark, after = rest.partition(TABLE[1])
    rows = [row(name, module.ABOUT) for name, module in sorted(load_sources().items())]
    head = [line(COLUMNS), line(["---"] * len(COLUMNS))]
    return before + TABLE[0] + "\n" + "".join(head + rows) + "\n" + TABLE[1] + after


def row(name: str, about: About) -> str:
    """One source as a line of the table."""
    asks = [f"{quota.most:,} {quota.kind} a {quota.window}" for quota in about.quotas]
    asks += [f"${about.dollars:g} a month"] if about.dollars else []
    gate = f'`terms_accepted = "{about.gate}"`' if about.gate else ""
    kept = f"{about.retention_days} days" if about.retention_days else ""
    needs = ", ".join(f"`{secret}`" for secret in about.needs)
    cells = (name, about.access, ", ".join(about.finds), needs, ", ".join(asks), gate, kept, about.note)
    return line([cell or "–" for cell in cells])


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def main() -> int:
    fresh = {
        COMMANDS: commands(),
        SOURCES: sources(SOURCES.read_text(encoding="utf-8")),
        OPENAPI: json.dumps(described(), indent=1, ensure_ascii=False) + "\n",
    }
    stale = [path for path, text in fresh.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" not in sys.argv:
        for path in stale:
            path.write_text(fresh[path], encoding="utf-8")
        return 0
    for path in stale:
        print(f"{path} is stale: run `make docs`", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    raise SystemExit(main())
