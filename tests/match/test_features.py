"""The table of features, and the page that tells about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from screened import screener

from listener.language import translations
from listener.match import FEATURES
from listener.models import Account, Asks, Verdict
from listener.organisation import read_organisation
from listener.registry import Registry
from listener.screen.bulk import Screener
from listener.sentences import in_language
from listener.thresholds import Thresholds

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "matching.md"


def test_the_page_shows_the_table_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([\d.]+) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = [(name, asks, float(weight), text) for name, asks, weight, text in rows]
    assert told == [
        (feature.name, feature.asks.value, feature.weight, (feature.look.__doc__ or "").strip().splitlines()[0])
        for feature in FEATURES
    ]
    assert f"**{Thresholds().flag}**" in PAGE.read_text(encoding="utf-8")


def test_a_name_of_other_code_points_is_never_said_to_equal_ours() -> None:
    account = Account(platform="x", handle="q81", display_name="Almbу kommun")  # with a Cyrillic у
    details = {signal.feature: signal.detail for signal in screener().judge(account).signals}
    assert "U+0443" in details["name_odd_characters"]
    assert details["name_equal"] == "display name 'Almbу kommun' reads as our 'Almby kommun'"
    assert " reads as that of our registered @" in details["name_copied"]
    assert not [detail for detail in details.values() if " equals " in detail or " is that of " in detail]
    told = {in_language(detail, translations("sv").gettext) for detail in details.values()}
    assert "visningsnamnet 'Almbу kommun' läses som vårt 'Almby kommun'" in told


def test_every_feature_explains_itself_and_every_question_is_asked() -> None:
    for feature in FEATURES:
        assert 0 < feature.weight < 1
        assert (feature.look.__doc__ or "").strip().splitlines()[0].endswith(".")
    assert {feature.asks for feature in FEATURES} == set(Asks)


@pytest.mark.parametrize(
    ("fields", "feature", "values"),
    [
        ({"handle": "almbyk0mmun"}, "handle_looks", ("almbyk0mmun", "Almby kommun", "'0' for 'o'")),
        ({"handle": "almbykomun"}, "handle_near", ("almbykomun", "Almby kommun")),
        ({"display_name": "Officiella Almby"}, "name_authority", ("Officiella Almby", "officiella")),
        ({"display_name": "Almby simhall"}, "name_unit_place", ("Almby simhall", "simhall", "Almby")),
        ({"display_name": "Vi på Granängsskolan"}, "name_unit", ("Granängsskolan",)),
        ({"display_name": "Almby kommun", "description": "Ring 012-345678"}, "text_contact", ("012-34 56 78",)),
        ({"display_name": "Almby kommun", "description": "hej@almby.example"}, "text_contact", ("hej@almby.example",)),
        ({"display_name": "Almby kommun", "description": "almby@gmail.com"}, "freemail", ("almby@gmail.com",)),
        ({"display_name": "Almby kommun ✓"}, "badge_imitated", ("✓",)),
        ({"display_name": "Almby kommun", "links": ("https://almby-pay.test/",)}, "links_to_lookalike", ("almby-pay",)),
        ({"display_name": "Almby kommun", "verified": "government"}, "government_badge", ("government",)),
        ({"display_name": "Almby", "links": ("https://regionalmby.example/",)}, "sibling_link", ("Region Almby län",)),
        ({"display_name": "Almby kommun", "platform": "tiktok"}, "platform_outside", ("tiktok", "facebook")),
    ],
)
def test_a_signal_holds_both_values(fields: dict[str, object], feature: str, values: tuple[str, ...]) -> None:
    given = {"platform": "instagram", "handle": "q81", **fields}
    finding = screener().judge(Account(**given))  # type: ignore[arg-type]
    details = {signal.feature: signal.detail for signal in finding.signals}
    assert feature in details, details
    assert all(value in details[feature] for value in values), details[feature]


def test_what_the_platform_calls_a_scam_under_our_name_is_an_impostor() -> None:
    quiet = Account(platform="telegram", handle="almbykommun_nytt", display_name="Almby kommun nytt")
    marked = Account(platform="telegram", handle="almbykommun_nytt", display_name="Almby kommun nytt", labels=("scam",))
    judged = screener().judge(marked)
    assert (screener().judge(quiet).verdict, judged.verdict) == (Verdict.UNAPPROVED_UNIT, Verdict.IMPOSTOR)
    assert "the platform marks it as 'scam'" in [signal.detail for signal in judged.signals]


def test_a_scam_of_somebody_elses_is_not_ours() -> None:
    other = Account(platform="telegram", handle="biljettguiden", display_name="Biljettguiden", labels=("scam",))
    assert screener().judge(other).verdict is Verdict.UNRELATED


@pytest.mark.parametrize("name", ["Kommun Almby", "Almbys kommun", "Kommunen i Almby", "almby-kommunen"])
def test_our_name_turned_round_or_in_another_form_is_a_copied_name(name: str) -> None:
    on_ours = screener().judge(Account(platform="x", handle="q81", display_name=name))
    assert on_ours.verdict is Verdict.IMPOSTOR
    assert {signal.feature for signal in on_ours.signals} >= {"name_copied"}
    elsewhere = screener().judge(Account(platform="bluesky", handle="q81", display_name=name))
    assert elsewhere.verdict is Verdict.UNAPPROVED_UNIT


@pytest.mark.parametrize("name", ["Kommunfolk Almby", "Almby stads kommun", "Almbys kommunala musikskola", "Almby"])
def test_other_words_beside_our_place_are_no_copied_name(name: str) -> None:
    finding = screener().judge(Account(platform="x", handle="q81", display_name=name))
    assert "name_copied" not in {signal.feature for signal in finding.signals}


VIND = {
    "name": "Vindösa kommun",
    "places": ["Vindösa"],
    "units": [{"name": "Kulturhuset Kvarnen", "kind": "local_office"}],
}


@pytest.fixture(scope="module")
def vindosa() -> Screener:
    return Screener(read_organisation(VIND, Path("listener.toml")), Registry(()))


def test_two_letters_of_a_short_place_make_it_another_place(vindosa: Screener) -> None:
    another = vindosa.judge(Account(platform="x", handle="q81", display_name="Vinda kommun"))
    slipped = vindosa.judge(Account(platform="x", handle="q81", display_name="Vindössa kommun"))
    twice = vindosa.judge(Account(platform="x", handle="q81", display_name="Vindösa kommmunn"))
    assert (another.verdict, slipped.flagged, twice.flagged) == (Verdict.UNRELATED, True, True)


@pytest.mark.parametrize("name", ["Kvarnens Kulturhus", "Kvarnens kulturhuset", "Kulturhus Kvarnen"])
def test_a_unit_is_known_by_its_words_in_another_order_and_form(vindosa: Screener, name: str) -> None:
    finding = vindosa.judge(Account(platform="x", handle="q81", display_name=name))
    assert (finding.verdict, finding.unit) == (Verdict.UNAPPROVED_UNIT, "Kulturhuset Kvarnen")
    stranger = vindosa.judge(Account(platform="x", handle="q81", display_name="Kvarnens bageri"))
    assert stranger.verdict is Verdict.UNRELATED
