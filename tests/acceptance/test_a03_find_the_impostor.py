"""A3: three impostors with named reasons, one by its copied logo; our own account and five bystanders are spared."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from town import NOW, Town

from listener.clock import read_time
from listener.demo import Resident, World, start
from listener.demo.shield import Look, shield_svg
from listener.demo.world import plc_did
from listener.models import Account, Verdict

pytestmark = pytest.mark.network

REGISTERED = "ostmorakommun.bsky.social"
BIO = "Officiellt konto för Östmora kommun. Vi svarar vardagar 8–16."

# handle, display name, description, what a person would say
ACCOUNTS = [
    (REGISTERED, unicodedata.normalize("NFD", "Östmora kommun"), BIO, Verdict.OFFICIAL),
    ("ostmora-support.bsky.social", "Östm\u03bfra k\u043emmun", BIO + " Skicka DM!", Verdict.IMPOSTOR),
    ("0stmorakommun.bsky.social", "Östmora", "Officiell kanal för Östmora kommun.", Verdict.IMPOSTOR),
    ("ostmora-kommunen.bsky.social", "Östmora  kommun", BIO, Verdict.IMPOSTOR),
    ("regionostmora.bsky.social", "Region Östmora län", "Sjukvård och kollektivtrafik.", Verdict.NAMESAKE),
    ("ostmorauniversitet.bsky.social", "Östmora universitet", "Forskning och utbildning.", Verdict.NAMESAKE),
    ("ostmorakul.bsky.social", "Östmora kommun (parodi)", "Parodi. Inte kommunen.", Verdict.PARODY),
    ("ostmorabor.bsky.social", "Du vet att du är från Östmora när", "För oss som växte upp här.",
     Verdict.FAN_OR_CITIZEN_GROUP),
    ("ostmoraplats.bsky.social", "Östmora", "Sidan skapades automatiskt utifrån vad folk är intresserade av.",
     Verdict.AUTO_PLACE_PAGE),
]  # fmt: skip
# The arms as their owner shows them, and in other colours and cut, as the impostor does.
PICTURES = {
    "arms.png": Look(),
    "copied.png": Look(field="#14213d", tree="#fca311", water="#6f8fbf", left=4, top=8, side=192),
}
AVATARS = {REGISTERED: "arms.png", "ostmora-support.bsky.social": "copied.png"}
SETTINGS = """
[organisation]
name = "Östmora kommun"
places = ["Östmora"]
domains = ["ostmora.example"]
languages = ["sv", "en"]
logos = ["logos/ostmora.svg"]
[[organisation.siblings]]
name = "Region Östmora län"
[[organisation.siblings]]
name = "Östmora universitet"
[sources.website]
enabled = false
[sources.bluesky]
base_url = "{bluesky}"
"""


def resident(handle: str, name: str, bio: str, expected: Verdict) -> Resident:
    age = 2000 if handle == REGISTERED else 30
    account = Account(
        platform="bluesky",
        platform_id=plc_did(handle),
        handle=handle,
        display_name=name,
        description=bio,
        created_at=read_time(NOW) - timedelta(days=age),
        avatar=AVATARS.get(handle),
    )
    return Resident(account=account, where="bluesky", expected=expected)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    residents = tuple(resident(*row) for row in ACCOUNTS)
    world = World(now=read_time(NOW), residents=residents, posts=(), news=(), hosts={}, pictures=PICTURES)
    (tmp_path / "logos").mkdir()
    (tmp_path / "logos" / "ostmora.svg").write_text(shield_svg(), encoding="utf-8")
    with start(world) as served:
        yield Town(served, tmp_path, settings=SETTINGS.format(bluesky=served.urls["bluesky"]), registry=(
            "platform,url,unit,status,owner_email,platform_id,display_name\n"
            f"bluesky,https://bsky.app/profile/{REGISTERED},Östmora kommun,approved,info@ostmora.example,"
            f"{plc_did(REGISTERED)},Östmora kommun\n"
        ))  # fmt: skip


def test_three_impostors_and_nobody_else(town: Town) -> None:
    done = town.listen("audit")
    assert done.returncode == 0, done.stderr
    cases = json.loads(town.listen("review", "list", "--all", "--format", "json").stdout)
    assert {case["handle"]: case["verdict"] for case in cases} == {
        handle: "impostor" for handle, _name, _bio, expected in ACCOUNTS if expected is Verdict.IMPOSTOR
    }
    report = json.loads(town.listen("report", "--week", "latest", "--format", "json").stdout)
    assert {row["kind"]: row["new"] for row in report["rows"]}["impostor"] == 3


def test_each_impostor_is_told_by_two_things_and_odd_letters_are_named(town: Town) -> None:
    assert town.listen("audit").returncode == 0
    cases = json.loads(town.listen("review", "list", "--format", "json").stdout)
    for case in cases:
        shown = json.loads(town.listen("review", "show", str(case["case"]), "--format", "json").stdout)
        signals = [s for s in shown["case"]["finding"]["signals"] if s["asks"] in ("claims", "poses")]
        assert len({s["feature"] for s in signals}) >= 2, case["handle"]
        assert all("'" in s["detail"] for s in signals[:2])
        if case["handle"].startswith("ostmora-support"):
            text = town.listen("review", "show", str(case["case"])).stdout
            assert "U+03BF" in text
            assert "U+043E" in text


def test_the_copied_logo_is_among_the_reasons_and_only_where_it_is(town: Town) -> None:
    assert town.listen("audit").returncode == 0
    for case in json.loads(town.listen("review", "list", "--format", "json").stdout):
        shown = json.loads(town.listen("review", "show", str(case["case"]), "--format", "json").stdout)
        fired = {signal["feature"] for signal in shown["case"]["finding"]["signals"]}
        assert ("avatar_carries_logo" in fired) == (case["handle"] in AVATARS)
        if case["handle"] in AVATARS:
            text = town.listen("review", "show", str(case["case"])).stdout
            assert "vår logotyp 'ostmora.svg'" in text
    assert b"PNG" not in (town.folder / "listener.db").read_bytes()  # the pictures themselves are not kept
    report = json.loads(town.listen("report", "--week", "latest", "--format", "json").stdout)
    assert "P2" not in json.dumps(report)  # the registered account shows the arms as they are
