"""What a feature needs: one that is not asked would have had nothing to say."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from screened import organisation, registry

from listener.match import FEATURES, needs
from listener.models import Account
from listener.screen.index import Index
from listener.words import phrases


def listed(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


NAMES = listed(
    """
    Almby almby kommun almbykommun Almbys kommunen bibliotek Biblioteket simhall Granängsskolan officiell support lund
    alnby a1mby Almbу аlmby ✓ anna rådhuset Lunds kommun AB IF 24 _ . - @almby.example \u202e
    """
)
WORDS = listed(
    """
    Almby kommun del av almby.example hej@almby.example almby@gmail.com 012-345678 kommunalråd pressansvarig för
    räkning talar jobbar på parodi inte officiell officiella privata åsikter mina egna swisha BankID DM köp säljes fans
    """
)
SAID = [phrase.replace("*", "") for listed in phrases.LISTS for phrase in listed[:3]]


def drawn(chance: random.Random) -> Account:
    """An account that may hold anything that a feature looks at."""

    def some(pieces: list[str], most: int) -> str:
        return " ".join(chance.choices(pieces, k=chance.randrange(most)))

    def at_times(value: object) -> object:
        return value if chance.random() < 0.3 else None

    fields = {
        "platform_id": at_times("77"),
        "url": at_times(chance.choice(("https://facebook.com/groups/1", "https://facebook.com/pages/almby/1234567"))),
        "links": at_times((chance.choice(("https://almby.example/a", "https://almby-pay.test/")),)),
        "verified_links": at_times(("https://almby.example/",)),
        "created_at": at_times(datetime(2026, 1, 1, tzinfo=UTC)),
        "verified": at_times(chance.choice(("government", "false"))),
        "location": at_times("Almby"),
        "description": at_times(some(WORDS + SAID, 9)),
        "display_name": at_times(some(NAMES + SAID, 4)) or chance.choice(NAMES),
    }
    return Account(
        platform=chance.choice(("x", "facebook", "mastodon", "tiktok")),
        handle=some(NAMES, 4).replace(" ", "") or "anna",
        official_links=chance.choice(((), ("https://almby.example/om",))),
        labels=chance.choice(((), (), ("parody",), ("scam",), ("unclaimed",), ("asks for: password",))),
        **fields,  # type: ignore[arg-type]
    )


def test_a_feature_that_is_not_asked_would_have_nothing_to_say() -> None:
    chance, index = random.Random(20261122), Index(organisation(), registry())
    told: set[str] = set()
    spared = 0
    for _number in range(1_000):
        view = index.look(drawn(chance))
        held = needs.held(view)
        for feature in FEATURES:
            hit = feature.look(view)
            if feature.needs & ~held:
                spared += 1
                assert hit is None or not hit.strength, f"{feature.name} needs less: {hit} of {view.account}"
            elif hit:
                told.add(feature.name)
    assert spared > 1_000 * len(FEATURES) / 4
    assert len(told) > len(FEATURES) / 2
