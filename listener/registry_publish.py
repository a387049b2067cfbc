"""The public list of official accounts: HTML, JSON and CSV that hold the public columns and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from listener.clock import local, rfc3339
from listener.language import LANGUAGES, N_, translations
from listener.models import Status
from listener.registry import Registry
from listener.spreadsheet import write_csv

COLUMNS = ("platform", "url", "handle", "display_name", "unit", "unit_kind", "language", "purpose")
_FREE_TEXT = frozenset({"display_name", "unit", "purpose"})
_MAILBOX = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>(),;]+")
_KINDS = {"local_office": N_("local office"), "department": N_("department"), "team": N_("team")}


def publish(registry: Registry, organisation: str, folder: Path, now: datetime, language: str) -> tuple[Path, ...]:
    """Write the list into `folder` and return the files: index.html in `language` and one more a further language,
    registry.json, registry.csv. Only approved accounts; mailboxes in free text are left out.
    """
    rows = list(public_rows(registry))
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "registry.csv": write_csv(rows, COLUMNS, excel=False),
        "registry.json": _json(rows, organisation, now),
    }
    for name, spoken in pages(language).items():
        files[name] = _page(rows, organisation, now, spoken, language).encode("utf-8", "replace")
    for name, content in files.items():
        fresh = folder / f"{name}.new"
        fresh.write_bytes(content)
        fresh.replace(folder / name)
    return tuple(folder / name for name in files)


def public_rows(registry: Registry) -> Iterator[dict[str, str]]:
    """The approved accounts as the public may see them, by unit and platform."""
    approved = (entry for entry in registry.entries if entry.status is Status.APPROVED)
    for entry in sorted(approved, key=lambda entry: (entry.unit.casefold(), entry.platform, entry.url)):
        known = {**entry.columns, "platform": entry.platform, "url": entry.url, "handle": entry.handle or ""}
        yield {column: _shown(column, known.get(column, "")) for column in COLUMNS}


def _shown(column: str, text: str) -> str:
    return _MAILBOX.sub("…", text) if column in _FREE_TEXT else text


def pages(language: str) -> dict[str, str]:
    """File name -> language: the main one is index.html."""
    main = language if language in LANGUAGES else "en"
    return {"index.html": main, **{f"index.{other}.html": other for other in LANGUAGES if other != main}}


def _json(rows: Sequence[dict[str, str]], organisation: str, now: datetime) -> bytes:
    document = {"organisation": organisation, "published_at": rfc3339(now), "accounts": rows}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _page(rows: Sequence[dict[str, str]], organisation: str, now: datetime, language: str, main: str) -> str:
    places = Environment(loader=PackageLoader("listener"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    others = [(name, spoken) for name, spoken in pages(main).items() if spoken != language]
    return places.get_template("registry.html").render(
        rows=rows,
        organisation=organisation,
        language=language,
        others=others,
        kinds=_KINDS,
        day=f"{local(now):%Y-%m-%d}",
        _=translations(language).gettext,
    )
