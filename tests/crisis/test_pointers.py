"""P10: an account that is not used in a crisis says where information is; what could not be seen is not judged."""

from __future__ import annotations

import pytest

from listener.models import Account, Entry, Status
from listener.organisation import Organisation
from listener.rules import check_pointer, has_crisis_role

ALMBY = Organisation(name="Almby kommun", domains=("almby.example",))


def entry(role: str = "") -> Entry:
    return Entry(platform="bluesky", url="https://bsky.app/profile/almby.example", unit="Almby kommun",
                 status=Status.APPROVED, owner_email="press@almby.example", columns={"crisis_role": role})  # fmt: skip


def faults(description: str | None, *links: str, pointers: tuple[str, ...] = (), role: str = "") -> list[str]:
    account = Account(platform="bluesky", handle="almby.example", description=description, links=links)
    return [fault.rule for fault in check_pointer(account, entry(role), ALMBY, pointers)]


@pytest.mark.parametrize(
    ("description", "links", "found"),
    [
        ("Officiellt konto för Almby kommun.", ("https://almby.example/",), ["P10"]),
        ("Vid kris: se almby.example/kris", (), []),
        ("VID KRIS hittar du information på vår webbplats.", ("https://www.almby.example/kris",), []),
        ("Vid kris: se almbykommun.example.", ("https://evil.example/almby.example",), ["P10"]),
        ("Krisinformation finns någonstans", (), ["P10"]),
        ("I en kris: krisinformation.se", (), []),
        ("Vid en krissituation, ring 113 13", (), []),
        ("In an emergency, see almby.example", (), []),
        ("Vi gillar kristyr och kristaller, almby.example", (), ["P10"]),
        ("", (), ["P10"]),
        (None, (), []),
    ],
)
def test_a_profile_points_to_where_information_is(
    description: str | None, links: tuple[str, ...], found: list[str]
) -> None:
    assert faults(description, *links) == found


@pytest.mark.parametrize(
    ("description", "links", "found"),
    [
        ("Se almby.example/kris", (), []),
        ("Kommunen", ("https://www.almby.example/kris/",), []),
        ("Kommunen", ("https://almby.example/kris/el",), []),
        ("Kommunen", ("https://almby.example/krisp",), ["P10"]),
        ("Vid kris: almby.example", (), ["P10"]),
        ("Ring växeln", (), []),
    ],
)
def test_the_settings_say_what_a_pointer_is(description: str, links: tuple[str, ...], found: list[str]) -> None:
    assert faults(description, *links, pointers=("almby.example/kris", "Ring växeln")) == found


@pytest.mark.parametrize(
    ("role", "used"), [("huvudkanal", True), ("ja", True), ("", False), (" Nej ", False), ("no", False), ("-", False)]
)
def test_an_account_that_is_used_in_a_crisis_needs_no_pointer(role: str, used: bool) -> None:
    assert has_crisis_role(entry(role)) is used
    assert faults("Kommunen", role=role) == ([] if used else ["P10"])


def test_the_hint_says_what_to_write() -> None:
    account = Account(platform="bluesky", handle="almby.example", description="Kommunen")
    (fault,) = check_pointer(account, entry(), ALMBY, ("almby.example/kris",))
    assert fault.hint == "Write in the description where information is in a crisis, such as almby.example/kris."
