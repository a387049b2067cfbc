"""Addresses on social platforms: what each is, whose it is, and that all its spellings are one account."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.profiles import PLATFORMS, account_key, platform_name, profile_url, read_link

TABLE = list(csv.DictReader((Path(__file__).parent / "tables" / "profiles.csv").read_text("utf-8").splitlines()))
HOSTS = ["social.example", *(host for platform in PLATFORMS.values() for host in platform.hosts)]
STEPS = [
    "almby", "@almby", "user", "channel", "groups", "pages", "123456789012", "r", "u", "in", "company", "posts", "pg",
    "p", "%C3%A5", "%2F", "?id=12345", "#!/x", "+abcdefghij", "status", "..", "Å", "@a@b.example", "did:plc:abc",
]  # fmt: skip
PROFILES = [row for row in TABLE if row["kind"] == "profile"]


@pytest.mark.parametrize("row", TABLE, ids=[row["url"] for row in TABLE])
def test_table(row: dict[str, str]) -> None:
    link = read_link(row["url"])
    read = (link.platform, link.handle, link.kind, link.canonical, link.platform_id or "")
    assert read == (row["platform"], row["handle"], row["kind"], row["canonical"], row["platform_id"])
    if row["key"]:
        assert link.key == row["key"]


@pytest.mark.parametrize("row", PROFILES, ids=[row["url"] for row in PROFILES])
def test_the_canonical_address_is_read_as_the_same_account(row: dict[str, str]) -> None:
    again = read_link(row["canonical"])
    assert (again.key, again.canonical) == (row["key"], row["canonical"])


@pytest.mark.parametrize("row", PROFILES, ids=[row["url"] for row in PROFILES])
def test_key_from_address_is_key_from_handle(row: dict[str, str]) -> None:
    link = read_link(row["url"])
    handle = f"{link.space}/{link.handle}" if link.space else link.handle
    assert account_key(link.platform, row["url"]) == account_key(link.platform, handle) == row["key"]
    assert read_link(profile_url(link.platform, handle)).key == row["key"]


def test_every_platform_has_rows_in_the_table() -> None:
    assert {row["platform"] for row in TABLE} == set(PLATFORMS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.linkedin.com/in/almby-kommun", "https://www.linkedin.com/company/almby-kommun"),
        ("https://www.reddit.com/r/almby", "https://www.reddit.com/user/almby"),
        ("https://www.facebook.com/groups/almby", "https://www.facebook.com/almby"),
        ("https://social.example/@almby", "https://other.example/@almby"),
        ("https://x.com/almby_kommun", "https://x.com/almbykommun"),
        ("https://discord.gg/AbCdEf", "https://discord.gg/abcdef"),
        ("https://x.com/i/user/12345", "https://x.com/12345"),
    ],
)
def test_different_accounts_stay_apart(one: str, other: str) -> None:
    assert read_link(one).key != read_link(other).key


@pytest.mark.parametrize(
    ("platform", "handle", "url"),
    [
        ("x", "@almby", "https://x.com/almby"),
        ("Twitter", "almby", "https://x.com/almby"),
        ("facebook", "100064123456789", "https://www.facebook.com/profile.php?id=100064123456789"),
        ("reddit", "r/almby", "https://www.reddit.com/r/almby"),
        ("linkedin", "in/almby", "https://www.linkedin.com/in/almby"),
        ("mastodon", "@almby@social.example", "https://social.example/@almby"),
        ("mastodon", "almby", ""),
        ("bluesky", "almby", "https://bsky.app/profile/almby.bsky.social"),
        ("web", "almby.example", "https://almby.example/"),
        ("x", "", ""),
        ("nonsense", "almby", ""),
    ],
)
def test_profile_url(platform: str, handle: str, url: str) -> None:
    assert profile_url(platform, handle) == url


def test_platform_names_as_people_write_them() -> None:
    assert [platform_name(text) for text in ("X (Twitter)", " Facebook ", "webbplats", "Friendster")] == [
        "x",
        "facebook",
        "web",
        None,
    ]


def test_relative_links_need_a_base() -> None:
    assert read_link("/almby", "https://x.com/other").canonical == "https://x.com/almby"
    assert read_link("/@almby", "https://social.example/").platform == "web", "a page's own paths are no accounts"
    assert read_link("https://[broken", "https://almby.example/").canonical == ""


@given(st.sampled_from(HOSTS), st.lists(st.sampled_from(STEPS), max_size=4), st.text(max_size=4))
def test_canonical_addresses_are_stable(host: str, steps: list[str], end: str) -> None:
    link = read_link(f"https://{host}/{'/'.join(steps)}{end}")
    if link.kind == "profile":
        again = read_link(link.canonical)
        assert (again.key, again.canonical) == (link.key, link.canonical)


@given(st.sampled_from(HOSTS), st.text(max_size=40))
def test_no_address_raises(host: str, path: str) -> None:
    link = read_link(f"https://{host}/{path}")
    if link.kind == "profile":
        assert read_link(link.canonical).key == link.key
    account_key(link.platform, path)
    profile_url(link.platform, path)


@pytest.mark.parametrize("text", ["\0", "\ud800@\ud800", "@" * 10_000, "https://x.com/" + "a/" * 5000, "\u202e@a@b.c"])
def test_hostile_text_is_read_quickly(text: str) -> None:
    read_link(text)
    account_key("facebook", text)
    profile_url("x", text)
