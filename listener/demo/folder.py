"""The demo's own folder: settings that point at the invented servers, a register, the logo, tips and a zone."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from string import Template

from listener.demo.bluesky_server import PROOF_PATH
from listener.demo.shield import shield_svg
from listener.demo.stage import Served
from listener.demo.world import CONTENT, World
from listener.errors import ConfigError
from listener.first_files import COLUMNS
from listener.models import Account

MARK = ".almby-demo"
ZONE = "example.zone"
TIP_COLUMNS = ("platform", "url", "display_name", "description")
NOTES = {
    "sv": "Den påhittade kommunen Almby. Servrarna nedan lever bara medan `listen demo` körs.",
    "en": "The invented municipality of Almby. The servers below live only while `listen demo` runs.",
}


def make_folder(folder: Path) -> None:
    """A fresh demo folder. Raises ConfigError when there is something here that no demo made."""
    marker = folder / MARK
    if folder.is_dir() and not marker.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder.resolve()}: not a demo folder: name another one with --folder")
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder.resolve()}: not a folder: name another one with --folder")
    folder.mkdir(parents=True, exist_ok=True)
    marker.write_text("made by listen demo\n", encoding="utf-8")
    for old in folder.glob("listener.db*"):
        old.unlink()
    for made in ("reports", "listener.evidence"):
        shutil.rmtree(folder / made, ignore_errors=True)


def write_folder(folder: Path, served: Served, language: str) -> Path:
    """Write listener.toml, registry.csv, tips.csv, a zone file and the logo; returns the path of listener.toml."""
    settings = folder / "listener.toml"
    settings.write_text(settings_text(served, language), encoding="utf-8")
    (folder / "registry.csv").write_text(registry_text(served.world), encoding="utf-8")
    (folder / "almby-skold.svg").write_text(shield_svg(), encoding="utf-8")
    (folder / "tips.csv").write_text(tips_text(served.world), encoding="utf-8")
    shutil.copyfile(CONTENT / ZONE, folder / ZONE)
    return settings


def settings_text(served: Served, language: str = "sv") -> str:
    """listener.toml for these servers: only the addresses differ from what a real municipality would write."""
    text = (CONTENT / "listener.toml").read_text(encoding="utf-8")
    urls = served.urls
    addresses = {name: json.dumps(urls[name]) for name in ("bluesky", "mastodon", "fediverse")}
    return Template(text).substitute(
        addresses,
        website=json.dumps(f"{urls['website']}/"),
        suspects=json.dumps(urls["phishing"] + "/{handle}/"),
        proof=json.dumps(urls["bluesky"] + PROOF_PATH + "{handle}"),
        feed=json.dumps(f"{urls['news']}/rss.xml"),
        language=json.dumps(language),
        note=NOTES["sv" if language == "sv" else "en"],
    )


def registry_text(world: World) -> str:
    """registry.csv: the municipality's own accounts, with what each row is known to lack."""
    rows = [
        {**resident.registered, **_identity(resident.account)} for resident in world.residents if resident.registered
    ]
    return _csv(COLUMNS, rows)


def tips_text(world: World) -> str:
    """tips.csv: accounts on networks that cannot be searched, as people sent them in (an address says it all)."""
    rows = [{**_identity(account), "description": account.description or ""} for account in world.living_on("tips")]
    return _csv(TIP_COLUMNS, rows)


def _identity(account: Account) -> dict[str, str]:
    return {
        "platform": account.platform,
        "url": account.url or "",
        "platform_id": account.platform_id or "",
        "handle": account.handle or "",
        "display_name": account.display_name or "",
    }


def _csv(columns: tuple[str, ...], rows: list[dict[str, str]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, extrasaction="ignore", restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
