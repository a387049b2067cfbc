"""A7: dismissed stays dismissed until the account changes; a new account under an old handle is a linked case."""

from __future__ import annotations

import json

import msgspec
import pytest
from town import Town

from listener.demo.world import plc_did
from listener.models import Verdict

pytestmark = pytest.mark.network


def impostor_of(town: Town) -> str:
    """The platform id of the invented impostor on the Bluesky network."""
    residents = (r for r in town.served.world.residents if r.where == "bluesky" and r.expected is Verdict.IMPOSTOR)
    return str(next(residents).account.platform_id)


def cases_of(town: Town, *platform_ids: str) -> list[dict[str, object]]:
    listed = town.listen("review", "list", "--all", "--format", "json")
    assert listed.returncode == 0, listed.stderr
    return [case for case in json.loads(listed.stdout) if case["platform_id"] in platform_ids]


def audit(town: Town) -> None:
    town.a_week_later()
    ran = town.listen("audit", "--quiet", "--source", "bluesky")
    assert ran.returncode == 0, ran.stderr


def test_dismissed_stays_dismissed_until_it_changes(town: Town) -> None:
    audit(town)
    suspect = impostor_of(town)
    (case,) = cases_of(town, suspect)
    number = str(case["case"])
    old_handle = str(case["handle"])

    refused = town.listen("review", "decide", number, "dismissed", "--reason", "because")
    assert refused.returncode == 2
    assert "namesake" in refused.stderr
    decided = town.listen("review", "decide", number, "dismissed", "--reason", "namne", "--who", "Sara")
    assert decided.returncode == 0, decided.stderr

    for _week in range(2):
        audit(town)
        (case,) = cases_of(town, suspect)
        assert (str(case["case"]), case["state"]) == (number, "dismissed")

    logo = town.served.world.find("almby.example").account.avatar
    town.served.rename(suspect, handle="almbykommun-info.bsky.social", avatar=logo)
    audit(town)
    (case,) = cases_of(town, suspect)
    assert (str(case["case"]), case["state"]) == (number, "regressed")
    assert case["handle"] == "almbykommun-info.bsky.social"
    shown = town.listen("review", "show", number).stdout
    assert "tidigare beslut: avskrivet (namne) av Sara" in shown
    assert "har kommit tillbaka" in shown

    newcomer = msgspec.structs.replace(
        town.served.world.find(suspect).account,
        platform_id=plc_did("somebody else"),
        handle=old_handle,
        url=f"https://bsky.app/profile/{old_handle}",
    )
    town.served.add(newcomer, Verdict.IMPOSTOR)
    audit(town)
    first, second = sorted(cases_of(town, suspect, str(newcomer.platform_id)), key=lambda case: str(case["opened_at"]))
    assert str(first["case"]) == number
    assert (second["handle"], second["state"]) == (old_handle, "new")
    assert str(second["linked_case"]) == number
    assert f"ärende {number}" in town.listen("review", "show", str(second["case"])).stdout
