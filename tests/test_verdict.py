"""What the machine makes of each kind of account, by truth table; and that nothing in an account makes it raise."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from screened import account, organisation, registry, screener, table

from listener.models import FLAGGED, Account, UnitKind, Verdict
from listener.screen.bulk import Screener, screen
from listener.thresholds import Thresholds
from listener.verdict import judge

ROWS = table("verdicts")
FLAG = Thresholds().flag


@pytest.fixture(scope="module")
def almby() -> Screener:
    return screener()


@pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])
def test_each_kind_of_account(almby: Screener, row: dict[str, str]) -> None:
    finding = almby.judge(account(row))
    reasons = "\n".join(f"{s.feature} {s.score} {s.detail}" for s in finding.signals)
    assert finding.verdict == row["verdict"], reasons
    if row["unit_kind"]:
        assert finding.unit_kind == (None if row["unit_kind"] == "unknown" else UnitKind(row["unit_kind"])), reasons
    assert row["odd"] in reasons
    assert (finding.score >= FLAG) == (finding.verdict in FLAGGED) or finding.verdict is Verdict.IMPOSTOR


def test_an_impostor_is_named_with_two_reasons_that_hold_both_names(almby: Screener) -> None:
    finding = almby.judge(Account(platform="x", handle="almbyk0mmun", display_name="Almby  kommun"))
    assert finding.verdict is Verdict.IMPOSTOR
    telling = [signal for signal in finding.signals if signal.score >= 0.5]
    assert len({signal.feature for signal in telling}) >= 2
    assert any("almbyk0mmun" in signal.detail and "'0' for 'o'" in signal.detail for signal in telling)
    assert finding.nearest is not None
    assert finding.nearest.handle == "almbykommun"


def test_an_equal_display_name_alone_is_never_certain(almby: Screener) -> None:
    finding = almby.judge(Account(platform="x", handle="a81", display_name="Almby kommun"))
    assert FLAG <= finding.score < 1.0


def test_our_link_makes_it_ours_and_its_link_does_not(almby: Screener) -> None:
    said = Account(platform="youtube", platform_id="1", handle="almbybibliotek", display_name="Almby bibliotek")
    ours = msgspec.structs.replace(said, official_links=("https://almby.example/bibliotek",))
    fraud = msgspec.structs.replace(said, description="Betala nu med BankID", links=("https://almby.example/",))
    assert almby.judge(ours).verdict is Verdict.UNAPPROVED_UNIT
    assert any("https://almby.example/bibliotek" in signal.detail for signal in almby.judge(ours).signals)
    assert almby.judge(fraud).verdict is Verdict.IMPOSTOR
    proven = msgspec.structs.replace(fraud, verified_links=("https://almby.example/om",))
    assert almby.judge(proven).verdict is Verdict.UNAPPROVED_UNIT


def test_a_page_that_we_link_to_without_a_claim_is_left_alone(almby: Screener) -> None:
    partner = Account(platform="x", handle="bunbaker", display_name="Bun", official_links=("https://almby.example/",))
    assert almby.judge(partner).verdict is Verdict.UNRELATED


def test_a_bluesky_handle_on_our_domain_is_ours(almby: Screener) -> None:
    finding = almby.judge(
        Account(platform="bluesky", handle="kultur.almby.example", display_name="Kultur i Almby kommun")
    )
    assert finding.verdict is Verdict.UNAPPROVED_UNIT
    assert any(signal.feature == "official_handle" for signal in finding.signals)


def test_younger_than_ours_counts_and_older_does_not(almby: Screener) -> None:
    from datetime import UTC, datetime

    def fired(year: int) -> set[str]:
        made = datetime(year, 1, 1, tzinfo=UTC)
        copy = Account(platform="x", handle="q9", display_name="Almby kommun", created_at=made)
        return {signal.feature for signal in almby.judge(copy).signals}

    assert "younger" in fired(2025)
    assert "younger" not in fired(2009)


def test_judging_alone_and_in_a_stream_agree() -> None:
    accounts = [account(row) for row in ROWS]
    together = list(screen(accounts, organisation(), registry()))
    alone = [judge(one, organisation(), registry()) for one in accounts[::9]]
    assert together[::9] == alone
    assert [finding.account for finding in together] == accounts


HOSTILE = st.one_of(
    st.none(),
    st.text(max_size=80),
    st.text(alphabet="almby kömun\u0301\u200b\u202e\ud800\x000οо", max_size=40),
    st.sampled_from(
        ["\x00", "\ud800almby kommun", "almby" * 2000, "almby" + "\u0301" * 5000, "\u202enummok ybmla",
         "https://x.com/almbykommun", "@@@", "//", "xn--almby-", "[::1", "almby.example\n", "http://[almby", "%00",
         "𝓐𝓵𝓶𝓫𝔂 𝓴𝓸𝓶𝓶𝓾𝓷"]
    ),
)  # fmt: skip
TOWN = screener()


@given(platform=st.sampled_from(["x", "web", "facebook", "mastodon", "bluesky", "nowhere", ""]),
       handle=HOSTILE, name=HOSTILE, description=HOSTILE, url=HOSTILE, link=HOSTILE)  # fmt: skip
@settings(max_examples=250, deadline=None)
def test_nothing_in_an_account_raises(
    platform: str, handle: str | None, name: str | None, description: str | None, url: str | None, link: str | None
) -> None:
    links = (link,) if link else None
    finding = TOWN.judge(
        Account(platform=platform, handle=handle, display_name=name, description=description, url=url, links=links)
    )
    assert 0.0 <= finding.score <= 1.0
    assert all(signal.detail for signal in finding.signals)


def test_a_club_that_our_page_links_to_stays_a_club(almby: Screener) -> None:
    club = Account(
        platform="facebook",
        handle="almbyff",
        display_name="Almby FF",
        official_links=("https://almby.example/foreningar",),
    )
    assert almby.judge(club).verdict is Verdict.NAMESAKE
    library = msgspec.structs.replace(club, handle="almbybibliotek", display_name="Almby bibliotek")
    assert almby.judge(library).verdict is Verdict.UNAPPROVED_UNIT
