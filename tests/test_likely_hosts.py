"""The names an imitator may register, made up from ours."""

from __future__ import annotations

import pytest

from listener.likely_hosts import likely_hosts, name_forms


@pytest.mark.parametrize(
    "name",
    [
        "ornasakommun.se", "ornasa.nu", "wwwornasa.se", "ornasabygglov.se", "xn--rnsa-roa3h.se", "ornasa-login.se",
        "minasidorornasa.se", "ornaas.se", "ornass.se", "oernasakommun.se", "0rnasa.se",
    ],
)  # fmt: skip
def test_what_imitators_register_is_made_up(name: str) -> None:
    made = likely_hosts(["ornasa.se"], ["Örnåsa kommun", "Örnåsa"], 20_000)
    assert name in made
    assert "ornasa.se" not in made


def test_the_likeliest_come_first_and_no_more_than_asked_for() -> None:
    made = likely_hosts(["almby.example"], ["Almby kommun"], 40)
    assert len(made) == 40
    assert {"almbykommun.se", "almby.se", "almby.nu", "almbykommun.nu", "almby-kommun.se"} <= set(made)
    assert not likely_hosts([], ["å" * 300], 40)


def test_a_name_has_the_forms_people_make_of_it() -> None:
    assert list(name_forms("Örnåsa kommun")) == ["ornasakommun", "örnåsakommun", "oernaasakommun", "ornasa-kommun"]
