"""Profile pictures in the verdict: our logo speaks wherever it can be seen, and what cannot be seen says nothing."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest
from pictures import corner, saved
from screened import screener

from listener.demo.shield import shield_png, shield_svg
from listener.logos.avatars import Avatars
from listener.models import Account, Finding, Verdict
from listener.screen.bulk import Screener

ADDRESS = "https://cdn.example/7.png"


@pytest.fixture
def logo(tmp_path: Path) -> str:
    path = tmp_path / "almby.svg"
    path.write_text(shield_svg(), encoding="utf-8")
    return str(path)


@pytest.fixture
def worn(tmp_path: Path) -> str:
    path = tmp_path / "worn.png"
    path.write_bytes(shield_png())
    return str(path)


@cache
def almby() -> Screener:
    return screener()


def judged(avatars: Avatars, name: str, avatar: str, bio: str = "", platform: str = "linkedin") -> Finding:
    account = Account(
        platform=platform, handle="b7f3", platform_id="77", display_name=name, description=bio, avatar=avatar
    )
    almby().index.avatars = avatars
    return almby().judge(account)


def fired(finding: Finding) -> set[str]:
    return {signal.feature for signal in finding.signals}


def test_our_logo_under_another_name_is_flagged(logo: str, worn: str) -> None:
    found = judged(Avatars([logo]), "Glada grannar", worn)
    assert found.verdict is Verdict.UNCLEAR
    assert [signal.detail for signal in found.signals] == ["the profile picture is our logo 'almby.svg'"]


def test_our_logo_over_our_name_poses_and_over_a_units_does_not(logo: str, worn: str, tmp_path: Path) -> None:
    assert judged(Avatars([logo]), "Almby kommun", worn).verdict is Verdict.IMPOSTOR
    assert judged(Avatars([logo]), "Almby stadsbibliotek", worn).verdict is Verdict.UNAPPROVED_UNIT
    (tmp_path / "other.png").write_bytes(saved(corner(), "PNG"))
    assert judged(Avatars([logo]), "Almby kommun", str(tmp_path / "other.png")).verdict is Verdict.UNAPPROVED_UNIT


def test_a_club_that_wears_the_arms_of_its_town_is_spared(logo: str, worn: str) -> None:
    assert judged(Avatars([logo]), "Almby Ishockeyklubb", worn).verdict is Verdict.NAMESAKE


@pytest.mark.parametrize("avatar", [ADDRESS, "nowhere.png", "", "a\0b", "\ud800", "file:///etc/passwd"])
def test_what_cannot_be_seen_says_nothing(avatar: str, logo: str) -> None:
    assert judged(Avatars([logo]), "Glada grannar", avatar).verdict is Verdict.UNRELATED
    assert "avatar_carries_logo" not in fired(judged(Avatars([logo]), "Almby kommun", avatar))


def test_logos_that_cannot_be_read_are_told_and_say_nothing(worn: str) -> None:
    avatars = Avatars(["missing.svg"])
    assert judged(avatars, "Glada grannar", worn).verdict is Verdict.UNRELATED
    assert avatars.trouble.startswith("missing.svg: ")


def test_without_the_extra_pictures_are_unknown(logo: str, worn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "listener.logos.references", None)
    avatars = Avatars([logo])
    assert judged(avatars, "Glada grannar", worn).verdict is Verdict.UNRELATED
    assert "listener[logos]" in avatars.trouble


def test_only_pictures_of_those_who_speak_of_us_are_fetched_and_each_once(logo: str) -> None:
    asked = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return shield_png()

    avatars = Avatars([logo], fetch)
    assert judged(avatars, "Glada grannar", ADDRESS).verdict is Verdict.UNRELATED
    assert asked == []
    assert judged(avatars, "Glada grannar", ADDRESS, "Allt om Almby").verdict is Verdict.UNCLEAR
    assert "avatar_carries_logo" in fired(judged(avatars, "Almby kommun", ADDRESS))
    assert asked == [ADDRESS]
    assert judged(avatars, "Glada grannar", ADDRESS).verdict is Verdict.UNCLEAR  # seen before: a look costs nothing


def test_where_addresses_are_fetched_no_file_is_opened(logo: str, worn: str) -> None:
    asked = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return shield_png()

    avatars = Avatars([logo], fetch)
    for avatar in (worn, "arms.png", ""):
        assert not avatars.can_look(avatar)
        assert avatars.likeness(avatar) is None
        assert "avatar_carries_logo" not in fired(judged(avatars, "Almby kommun", avatar))
    assert asked == []
