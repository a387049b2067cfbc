"""Write docs/reference: commands.md from the commands' own help, tables in sources.md and settings.md, openapi.json.

`--check` fails when one of them is stale.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

os.environ.update(LANG="C", LANGUAGE="", LC_ALL="C", COLUMNS="100")

import click

from listener.cli.root import listen
from listener.language import start_language
from listener.review.openapi import described
from listener.settings_check import MOST
from listener.sources import About, load_sources
from listener.sources.settings import BOUNDS, known_keys

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
COMMANDS, SOURCES, SETTINGS = (REFERENCE / name for name in ("commands.md", "sources.md", "settings.md"))
OPENAPI = REFERENCE / "openapi.json"
TABLE = ("<!-- table: written by `make docs` -->\n", "<!-- end of table -->\n")
COLUMNS = ("source", "way in", "finds", "secrets", "asks at most", "terms to accept", "kept", "what to know")
NUMBERS = ("number in `[sources.NAME]`", "least", "most", "sources")
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
    return with_table(old, COLUMNS, [row(name, module.ABOUT) for name, module in sorted(load_sources().items())])


def settings(old: str) -> str:
    """The page of settings with its table of least and greatest values as the code has it now."""
    keys = {name: known_keys(module) for name, module in sorted(load_sources().items())}
    rows = []
    for key, (least, most) in sorted(BOUNDS.items()):
        having = ", ".join(name for name, known in keys.items() if key in known)
        rows.append(line([f"`{key}`", f"{least:,}", f"{most:,}", having]))
    return with_table(old, NUMBERS, [*rows, line(["every other number", "0", f"{MOST:,}", "all that have it"])])


def with_table(old: str, columns: Sequence[str], rows: list[str]) -> str:
    """A page with the rows of its table changed for these. Raises ValueError for a page that has no table."""
    before, began, rest = old.partition(TABLE[0])
    _old, ended, after = rest.partition(TABLE[1])
    if not began or not ended:
        raise ValueError(f"no lines {TABLE[0].strip()} and {TABLE[1].strip()}")
    head = [line(columns), line(["---"] * len(columns))]
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
        SETTINGS: settings(SETTINGS.read_text(encoding="utf-8")),
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
