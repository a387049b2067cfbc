"""Zones by transfer from a name server on loopback, and from files: swept once, kept, and never taken for empty."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from screened import organisation, registry
from servers.name_server import NameServer, name_server

from listener.context import Context
from listener.errors import Blocked, SourceError
from listener.models import Completeness, Term
from listener.screen.sift import NameSift
from listener.sources import zone
from listener.sources.zone_transfer import read_owners

Make = Callable[..., Context]
OTHERS = [f"bageri{number}.se" for number in range(450)]
NAMES = [*OTHERS[:120], "almbykommun.se", *OTHERS[120:], "almby-login.se", "xn--almb-y6d.se"]
SIFT = NameSift(organisation(), registry())
ABOUT_US = ["almbykommun.se", "almby-login.se", "xn--almb-y6d.se"]

pytestmark = pytest.mark.network


def found(ctx: Context) -> list[str]:
    return [account.handle or "" for account in zone.accounts(ctx, Term(text=""))]


def context(make_context: Make, server: NameServer, zones: tuple[str, ...] = ("se",), **more: object) -> Context:
    settings = {"server": "127.0.0.1", "port": server.port, "zones": list(zones)}
    return make_context("zone", settings, sift=SIFT, **more)


def test_a_transferred_zone_shows_the_sites_about_us(make_context: Make) -> None:
    with name_server(zones={"se": NAMES, "nu": ["almby.nu", "bun.nu"]}) as server:
        ctx = context(make_context, server, ("se", "nu"))
        assert found(ctx) == [*ABOUT_US, "almby.nu"]
    assert ctx.completeness == Completeness.COMPLETE
    assert not ctx.issues


def test_an_unchanged_zone_is_not_transferred_again_and_its_sites_stay(make_context: Make) -> None:
    with name_server(zones={"se": NAMES}) as server:
        first = context(make_context, server)
        found(first)
        again = context(make_context, server, cursor=first.next_cursor)
        assert found(again) == ABOUT_US
        assert [kind for _name, kind in server.asked] == ["SOA", "AXFR", "SOA"]
        server.serial += 1
        server.zones["se"] = [*NAMES, "almbystad.se"]
        assert found(context(make_context, server, cursor=again.next_cursor)) == [*ABOUT_US, "almbystad.se"]


def test_a_transfer_that_breaks_off_is_cut_off_and_read_again_next_time(make_context: Make) -> None:
    with name_server(zones={"se": NAMES}, change=lambda messages: messages[:2]) as server:
        ctx = context(make_context, server)
        assert found(ctx) == ["almbykommun.se"]
        assert ctx.completeness == Completeness.TRUNCATED
        assert ctx.issues[0].detail.startswith("the transfer of se broke off after 200 names: ")
        assert not ctx.next_cursor


@pytest.mark.parametrize(
    "change",
    [
        lambda messages: [],
        lambda messages: [messages[0][:60]],
        lambda messages: [messages[0][:2] + b"\x84\x00" + messages[0][4:6] + b"\x00\x00" + messages[0][8:]],
        lambda messages: [messages[0][:12] + b"\xc0\x0c" * 40],
        lambda messages: [b"\x00\x00" + messages[0][2:]],
    ],
    ids=["silence", "cut", "no records", "a circle", "another's answer"],
)
def test_what_cannot_be_read_is_a_failure_and_no_empty_zone(
    make_context: Make, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    with name_server(zones={"se": NAMES}, change=change) as server, pytest.raises(SourceError, match="zone se"):
        found(context(make_context, server))


def test_one_zone_that_is_refused_does_not_cost_us_the_other(make_context: Make) -> None:
    with name_server(zones={"se": NAMES}) as server:
        server.records["nu"] = {"SOA": ["ns.nu. hostmaster.nu. 1 1 1 1 1"]}
        ctx = context(make_context, server, ("nu", "se"))
        assert found(ctx) == ABOUT_US
        assert ctx.completeness == Completeness.TRUNCATED
        assert [(issue.kind, "REFUSED" in issue.detail) for issue in ctx.issues] == [("blocked", True)]
        with pytest.raises(Blocked, match="REFUSED"):
            found(context(make_context, server, ("nu",)))


def test_a_server_that_fails_is_no_empty_zone(make_context: Make) -> None:
    with name_server(fails=("se",)) as server, pytest.raises(SourceError, match="SERVFAIL"):
        found(context(make_context, server))


def test_a_name_server_on_a_private_address_is_not_asked(make_context: Make) -> None:
    ctx = make_context("zone", {"server": "10.0.0.1"}, sift=SIFT)
    with pytest.raises(Blocked, match="not a public address"):
        found(ctx)


def test_a_file_is_swept_once(make_context: Make, tmp_path: Path) -> None:
    text = "$ORIGIN se.\n" + "".join(f"{name}. 60 IN NS ns.host.test.\n" for name in NAMES)
    (tmp_path / "se.zone.gz").write_bytes(gzip.compress(text.encode()))
    settings = {"files": ["se.zone.gz"], "folder": str(tmp_path)}
    ctx = make_context("zone", settings, sift=SIFT)
    assert found(ctx) == ABOUT_US
    kept = make_context("zone", settings, sift=SIFT, cursor=ctx.next_cursor)
    kept.sift = None
    assert not found(kept)
    kept.sift = SIFT
    assert found(kept) == ABOUT_US
    with pytest.raises(SourceError, match=r"nu\.zone"):
        found(make_context("zone", {"files": ["nu.zone"], "folder": str(tmp_path)}, sift=SIFT))
    (tmp_path / "cut.gz").write_bytes(gzip.compress(text.encode())[:200])
    cut = make_context("zone", {"files": ["cut.gz", "se.zone.gz"], "folder": str(tmp_path)}, sift=SIFT)
    assert found(cut) == ABOUT_US
    assert cut.completeness == Completeness.TRUNCATED


def test_a_zone_made_of_look_alikes_is_cut_off(
    make_context: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone, "MOST", 2)
    (tmp_path / "se.txt").write_text("\n".join(NAMES), encoding="utf-8")
    ctx = make_context("zone", {"files": ["se.txt"], "folder": str(tmp_path)}, sift=SIFT)
    assert found(ctx) == ABOUT_US[:2]
    assert ctx.completeness == Completeness.TRUNCATED
    assert not ctx.next_cursor


def test_a_record_whose_owner_points_back_is_read_once() -> None:
    head = b"\x00\x01\x84\x00" + b"\x00\x00" + b"\x00\x02" + b"\x00\x00\x00\x00"
    owner = b"\x05almby\x02se\x00"
    record = b"\x00\x02\x00\x01\x00\x00\x00\x3c\x00\x02\xc0\x0c"
    assert read_owners(head + owner + record + b"\xc0\x0c" + record) == (0, [b"almby.se"])
