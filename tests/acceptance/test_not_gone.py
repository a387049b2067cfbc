"""Nobody is gone because we looked elsewhere: renamed accounts are asked for by id, tips prove no absence."""

from __future__ import annotations

import csv
import json

import pytest
from town import Town

from listener.demo import Fault

pytestmark = pytest.mark.network


def cases(town: Town) -> dict[str, dict[str, str]]:
    rows = json.loads(town.listen("review", "list", "--all", "--format", "json").stdout)
    return {row["platform_id"] or row["url"]: row for row in rows}


def test_a_renamed_account_is_followed_and_a_lost_tip_is_not_checked(town: Town) -> None:
    assert town.listen("audit").returncode == 0
    before = cases(town)
    suspect = next(row for row in before.values() if row["handle"] == "almbykommun-support.bsky.social")
    tipped = next(key for key, row in before.items() if row["platform"] == "facebook")
    removed = next(r for r in before.values() if r["platform"] == "mastodon" and r["verdict"] == "unapproved_unit")

    town.served.rename(suspect["platform_id"], handle="kattbilder.bsky.social", display_name="Kattbilder varje dag")
    town.served.remove(removed["platform_id"])
    (town.folder / "tips.csv").write_text("platform,url\n", encoding="utf-8")
    for _again in range(2):
        town.a_week_later()
        assert town.listen("audit").returncode == 0
    after = cases(town)
    assert after.keys() == before.keys()
    assert after[suspect["platform_id"]]["handle"] == "kattbilder.bsky.social"
    assert after[suspect["platform_id"]]["observation"] == "seen"
    assert after[tipped]["observation"] == "not_checked"
    assert after[removed["platform_id"]]["observation"] == "gone"


def test_a_link_from_our_site_still_counts_when_the_site_cannot_be_read(town: Town) -> None:
    assert town.listen("audit").returncode == 0
    before = {key: (row["verdict"], row["score"]) for key, row in cases(town).items()}
    town.served.fail("website", Fault(status=500))
    town.a_week_later()
    assert town.listen("audit").returncode == 3
    assert {key: (row["verdict"], row["score"]) for key, row in cases(town).items()} == before
    assert town.listen("audit", "--source", "bluesky").returncode == 0
    assert {key: (row["verdict"], row["score"]) for key, row in cases(town).items()} == before


def test_our_own_account_is_followed_by_its_id_to_a_name_that_no_search_finds(town: Town) -> None:
    rows = csv.DictReader((town.folder / "registry.csv").read_text("utf-8-sig").splitlines())
    ours = next(row for row in rows if row["platform"] == "bluesky" and row["handle"] == "almby.example")
    settings = town.folder / "listener.toml"
    settings.write_text(settings.read_text("utf-8") + "[queries.ours]\nquery = 'author:almby.example bad'\n", "utf-8")
    town.served.rename(ours["platform_id"], handle="kattbilder.bsky.social", display_name="Kattbilder varje dag")
    done = town.listen("audit", "--source", "bluesky")
    assert "almby.example" in done.stderr
    assert "kattbilder.bsky.social" in done.stderr
    assert "ours" in done.stderr.rpartition("kattbilder.bsky.social")[2]
    assert cases(town)[ours["platform_id"]]["verdict"] == "official_changed"
