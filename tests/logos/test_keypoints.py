"""Logos turned by any angle, cut off beside their middle or laid on a photograph: found by points that agree."""

from __future__ import annotations

from functools import cache

import pytest
from drawn_logos import LOGOS, opened

from bench.worn_logos import Drawing, draw_logo, on_photograph, photograph
from listener.demo.shield import Look, shield_png, shield_svg
from listener.logos import Likeness
from listener.logos.opening import open_picture
from listener.logos.references import References
from listener.match.logos import CARRIED

BLUE = Look(field="#14213d", tree="#fca311", water="#6f8fbf")


@cache
def references() -> References:
    return References(list(LOGOS), [opened(image) for image in LOGOS.values()])


def met(image: Drawing) -> Likeness:
    return references().compare(opened(image))


@pytest.mark.parametrize("degrees", [20, 30, 45, 90, 180])
@pytest.mark.parametrize("logo", ["tower", "fish", "wordmark"])
def test_a_logo_turned_by_any_angle_is_known_again(logo: str, degrees: int) -> None:
    found = met(LOGOS[logo].rotate(degrees, fillcolor="white", expand=True))
    assert (found.reference, found.how) == (logo, "rotated")
    assert found.score >= CARRIED


@pytest.mark.parametrize("logo", ["tower", "wordmark", "company"])
def test_a_logo_cut_off_beside_its_middle_is_known_again(logo: str) -> None:
    found = met(LOGOS[logo].crop((56, 16, 256, 216)).resize((256, 256)))
    assert found.reference == logo
    assert found.score >= CARRIED


@pytest.mark.parametrize("logo", ["tower", "waves", "wordmark", "company"])
def test_a_logo_on_a_photograph_is_known_again(logo: str) -> None:
    picture = photograph(3, 384)
    picture.paste(LOGOS[logo].resize((200, 200)), (90, 110))
    found = met(picture)
    assert (found.reference, found.how) == (logo, "pasted")
    assert found.score >= CARRIED


@cache
def arms() -> References:
    return References(["arms"], [open_picture(shield_svg().encode())])


def worn(look: Look) -> float:
    return arms().compare(open_picture(shield_png(look))).score


@pytest.mark.parametrize("look", [Look(), BLUE], ids=["own colours", "other colours"])
@pytest.mark.parametrize("crop", [(4, 8, 192), (10, 10, 180), (0, 30, 170), (20, 20, 160), (30, 30, 140)])
def test_arms_cut_and_recoloured_are_known_again(crop: tuple[int, int, int], look: Look) -> None:
    left, top, side = crop
    assert worn(look._replace(left=left, top=top, side=side)) >= CARRIED


@cache
def many() -> References:
    drawn = {f"drawn {number}": draw_logo(number) for number in range(20)}
    return References([*LOGOS, *drawn], [opened(image) for image in (*LOGOS.values(), *drawn.values())])


@pytest.mark.parametrize("logo", ["tower", "fish", "wordmark"])
def test_a_turned_logo_on_a_photograph_is_known_among_many(logo: str) -> None:
    picture = photograph(5, 384)
    picture.paste(LOGOS[logo].resize((210, 210)).rotate(90), (20, 150))
    found = many().compare(opened(picture))
    assert (found.reference, found.how) == (logo, "rotated")
    assert found.score >= CARRIED


@pytest.mark.parametrize("number", range(100, 106))
def test_a_strangers_logo_is_none_of_many(number: int) -> None:
    for image in (draw_logo(number).rotate(40, fillcolor="white"), on_photograph(draw_logo(number))):
        assert many().compare(opened(image)).score < CARRIED


@pytest.mark.parametrize("logo", LOGOS)
def test_other_arms_and_marks_stay_others(logo: str) -> None:
    for degrees in (0, 30, 90):
        assert arms().compare(opened(LOGOS[logo].rotate(degrees, fillcolor="white"))).score < CARRIED
    others = References([name for name in LOGOS if name != logo], [opened(LOGOS[n]) for n in LOGOS if n != logo])
    assert others.compare(opened(LOGOS[logo].rotate(30, fillcolor="white"))).score < CARRIED


@pytest.mark.parametrize("seed", range(4))
def test_a_photograph_alone_carries_nothing(seed: int) -> None:
    assert met(photograph(seed, 384)).score < CARRIED
