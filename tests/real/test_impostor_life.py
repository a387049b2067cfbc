"""An impostor's whole life on real servers: found with reasons, dismissed, left in peace, and back after a rename."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from servers.bluesky import Bluesky
from servers.people import join, take_down
from servers.snac import Snac

from listener.clock import read_time, rfc3339

pytestmark = pytest.mark.realserver

ORGANISATION = """
[organisation]
name = "Almby kommun"
places = ["Almby"]
domains = ["almby.example"]
languages = ["sv"]

[contact]
email = "press@almby.example"

[sources.website]
enabled = false
"""


class Folder:
    """A folder with settings and a register, where `listen` runs as a person runs it, week after week."""

    def __init__(self, path: Path, sources: str, registry: str) -> None:
        self.path = path
        self.now = "2026-11-20T07:00:00+01:00"
        self.progress = ""
        (path / "listener.toml").write_text(ORGANISATION + sources, encoding="utf-8")
        header = "platform,url,unit,status,owner_email,platform_id\n"
        (path / "registry.csv").write_text(header + registry, encoding="utf-8")

    def listen(self, *arguments: str) -> str:
        """Run `listen`; it must succeed. What it prints."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environ = {**kept, "LANG": "en_GB.UTF-8", "LISTEN_NOW": self.now, "LISTEN_ALLOW_LOOPBACK": "1"}
        command = [sys.executable, "-m", "listener", *arguments]
        ran = subprocess.run(
            command, cwd=self.path, env=environ, capture_output=True, text=True, timeout=180, check=False
        )
        assert ran.returncode == 0, ran.stderr
        self.progress = ran.stderr
        return ran.stdout

    def audit(self) -> str:
        """The next week's audit, and what it says on its way."""
        self.now = rfc3339(read_time(self.now) + timedelta(days=7))
        self.listen("audit")
        return self.progress

    def case_of(self, platform_id: str) -> dict[str, Any]:
        """The one case there is about an account, closed or not."""
        cases = json.loads(self.listen("review", "list", "--all", "--format", "json"))
        (case,) = (case for case in cases if case["platform_id"] == platform_id)
        return case  # type: ignore[no-any-return]

    def waiting(self) -> set[str]:
        """Ids of the accounts whose cases wait for a decision."""
        return {case["platform_id"] for case in json.loads(self.listen("review", "list", "--format", "json"))}

    def reasons(self, case: str) -> list[str]:
        """The sentences that say why, as the reviewer sees them."""
        shown = json.loads(self.listen("review", "show", case, "--format", "json"))
        return [signal["detail"] for signal in shown["case"]["finding"]["signals"]]


def live(folder: Folder, official: str, impostor: str, rename: Callable[[], None]) -> None:
    """Found, dismissed, quiet for two weeks, and back when it has a new name that is ours again."""
    folder.audit()
    case = folder.case_of(impostor)
    number = str(case["case"])
    assert case["verdict"] == "impostor"
    assert folder.waiting() == {impostor}
    assert official not in folder.waiting()
    reasons = folder.reasons(number)
    assert any("Almby kommun" in reason for reason in reasons), reasons

    folder.listen("review", "decide", number, "dismissed", "--reason", "not_ours_harmless", "--who", "Sara")
    for _week in range(2):
        folder.audit()
        assert folder.case_of(impostor)["state"] == "dismissed"
        assert folder.waiting() == set()

    rename()
    folder.audit()
    back = folder.case_of(impostor)
    assert (str(back["case"]), back["state"]) == (number, "regressed")
    assert folder.waiting() == {impostor}
    assert "Sara" in folder.listen("review", "show", number)


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[[str, str], Folder]:
    """make_folder(sources, registry): tables of listener.toml, and rows of the register."""
    return lambda sources, registry: Folder(tmp_path, sources, registry)


def test_on_bluesky(
    bluesky: Bluesky, make_folder: Callable[[str, str], Folder], eventually: Callable[..., Any]
) -> None:
    official = join(bluesky, "almbykommun.test", "Almby kommun", "Officiell kanal för Almby kommun")
    impostor = join(bluesky, "almbykommun-info.test", "Almby kommun", "Vi delar ut bidrag. Skriv ditt kontonummer!")

    def seen(handle: str, name: str) -> bool:
        asked = {"actor": handle}
        answer = requests.get(f"{bluesky.appview}/xrpc/app.bsky.actor.getProfile", params=asked, timeout=20)
        return bool(answer.ok and answer.json().get("displayName") == name)

    def rename() -> None:
        impostor.rename("almbykommun-hjalp.test")
        impostor.show("Almby kommun kundtjänst", "Vi hjälper dig med ditt bidrag", colour=(200, 30, 30))
        eventually(lambda: seen("almbykommun-hjalp.test", "Almby kommun kundtjänst"))

    eventually(lambda: seen("almbykommun.test", "Almby kommun") and seen("almbykommun-info.test", "Almby kommun"))
    folder = make_folder(
        f"""
[sources.bluesky]
base_url = "{bluesky.appview}"
pds_url = "{bluesky.pds}"
directory_url = "{bluesky.plc}"
proof_url = "{bluesky.pds}/none?{{handle}}"
""",
        f"bluesky,https://bsky.app/profile/almbykommun.test,Almby kommun,approved,press@almby.example,{official.did}\n",
    )
    live(folder, official.did, impostor.did, rename)
    assert folder.case_of(impostor.did)["handle"] == "almbykommun-hjalp.test"

    take_down(bluesky, impostor.did)
    eventually(lambda: not seen("almbykommun-hjalp.test", "Almby kommun kundtjänst"))
    told = [folder.audit() for _week in range(2)]
    assert "almbykommun-hjalp.test" in told[0]
    assert "almbykommun-hjalp.test" not in told[1]  # it is told once
    case = folder.case_of(impostor.did)
    assert (case["state"], case["observation"]) == ("regressed", "gone")  # what people decide is left to them


def test_in_the_fediverse(fediverse: tuple[Snac, ...], make_folder: Callable[[str, str], Folder]) -> None:
    ours, theirs = fediverse
    ours.add_user("almby", "Almby kommun", "Officiell kanal för Almby kommun").session.close()
    impostor = theirs.add_user("almby", "Almby kommun", "Vi delar ut bidrag. Skriv ditt kontonummer!")
    official_id, impostor_id = f"{ours.url}/almby", f"{theirs.url}/almby"

    def rename() -> None:
        impostor.account_update_credentials(display_name="Almby kommun kundtjänst", note="Vi hjälper dig")

    folder = make_folder(
        f'[sources.bluesky]\nenabled = false\n[sources.mastodon]\nservers = ["{ours.url}", "{theirs.url}"]\n',
        f"mastodon,{official_id},Almby kommun,approved,press@almby.example,{official_id}\n",
    )
    try:
        live(folder, official_id, impostor_id, rename)
    finally:
        impostor.session.close()
