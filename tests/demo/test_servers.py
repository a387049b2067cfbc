"""The invented servers, talked to by the clients that talk to the real ones."""

from __future__ import annotations

from collections.abc import Iterator

import feedparser
import pytest
import requests
from atproto import Client, Request, exceptions
from mastodon import Mastodon

from listener.demo import Served
from listener.demo.bluesky_server import LOGIN, PASSWORD
from listener.demo.mastodon_server import TOKEN

pytestmark = pytest.mark.network


@pytest.fixture
def bluesky(served: Served) -> Iterator[Client]:
    request = Request()
    yield Client(base_url=f"{served.urls['bluesky']}/xrpc", request=request)
    request.close()


@pytest.fixture
def mastodon(served: Served) -> Iterator[Mastodon]:
    with requests.Session() as session:
        yield Mastodon(api_base_url=served.urls["mastodon"], session=session)


def test_bluesky_pages_through_accounts(bluesky: Client) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = bluesky.app.bsky.actor.search_actors({"q": "Almby kommun", "limit": 5, "cursor": cursor})
        assert len(page.actors) <= 5
        seen += [actor.handle for actor in page.actors]
        cursor = page.cursor
        if cursor is None:
            break
    assert "almby.example" in seen
    assert "almbykommun-support.bsky.social" in seen
    assert len(seen) == len(set(seen)) > 5


def test_bluesky_shows_profiles_and_their_dids(bluesky: Client) -> None:
    did = bluesky.com.atproto.identity.resolve_handle({"handle": "almby.example"}).did
    profile = bluesky.app.bsky.actor.get_profiles({"actors": [did, "nobody.bsky.social"]}).profiles
    assert [(one.handle, one.display_name, one.followers_count) for one in profile] == [
        ("almby.example", "Almby kommun", 4210)
    ]


def test_bluesky_lets_only_the_logged_in_search_posts(bluesky: Client) -> None:
    with pytest.raises(exceptions.AtProtocolError):
        bluesky.app.bsky.feed.search_posts({"q": "Almby simhallen"})
    bluesky.login(LOGIN, PASSWORD)
    found = bluesky.app.bsky.feed.search_posts({"q": "almby SIMHALLEN", "limit": 50, "since": "2026-11-17T00:00:00Z"})
    assert len(found.posts) == 50
    assert found.cursor
    assert all("simhallen" in post.record.text.casefold() for post in found.posts)


def test_bluesky_refuses_a_wrong_password(bluesky: Client) -> None:
    with pytest.raises(exceptions.UnauthorizedError):
        bluesky.login(LOGIN, "wrong")


def test_a_renamed_account_keeps_its_did_and_its_past(served: Served, bluesky: Client) -> None:
    did = served.world.find("almbyparodi.bsky.social").account.platform_id
    assert did
    served.rename(did, handle="almbykommun.bsky.social", display_name="Almby kommun")
    profile = bluesky.app.bsky.actor.get_profile({"actor": "almbykommun.bsky.social"})
    assert (profile.did, profile.display_name) == (did, "Almby kommun")
    log = requests.get(f"{served.urls['bluesky']}/{did}/log/audit", timeout=5).json()
    assert [step["operation"]["alsoKnownAs"] for step in log] == [
        ["at://almbyparodi.bsky.social"],
        ["at://almbykommun.bsky.social"],
    ]


def test_a_removed_account_is_gone_and_an_added_one_is_there(served: Served, bluesky: Client) -> None:
    parody = served.world.find("almbyparodi.bsky.social").account
    served.remove("almbyparodi.bsky.social")
    with pytest.raises(exceptions.BadRequestError):
        bluesky.app.bsky.actor.get_profile({"actor": "almbyparodi.bsky.social"})
    served.add(parody)
    assert bluesky.app.bsky.actor.get_profile({"actor": "almbyparodi.bsky.social"}).did == parody.platform_id


def test_mastodon_finds_accounts_with_verified_links(mastodon: Mastodon) -> None:
    found = {account.acct: account for account in mastodon.search_v2("Almby kommun", result_type="accounts").accounts}
    official = found["almbykommun"]
    assert official.uri == "https://torget.example/users/almbykommun"
    assert official.fields[0].verified_at is not None


def test_mastodon_wants_a_user_for_statuses_and_pages_through_tags(served: Served, mastodon: Mastodon) -> None:
    assert mastodon.search_v2("Almby simhallen", result_type="statuses").statuses == []
    with requests.Session() as session:
        ours = Mastodon(api_base_url=served.urls["mastodon"], access_token=TOKEN, session=session)
        assert ours.search_v2("Almby simhallen", result_type="statuses").statuses
    first = mastodon.timeline_hashtag("almby", limit=5)
    second = mastodon.fetch_next(first)
    assert second
    assert max(status.id for status in second) < min(status.id for status in first)


def test_an_instance_knows_its_own_by_webfinger(served: Served) -> None:
    address = f"{served.urls['fediverse']}/.well-known/webfinger"
    found = requests.get(address, params={"resource": "acct:almbyposten@norrsken.example"}, timeout=5).json()
    assert found["links"][0]["href"] == "https://norrsken.example/users/almbyposten"


def test_the_sites_say_what_sites_say(served: Served) -> None:
    own = served.urls["website"]
    assert "sameAs" in requests.get(own, timeout=5).text
    assert "Disallow: /intern/" in requests.get(f"{own}/robots.txt", timeout=5).text
    assert f"{own}/skola" in requests.get(f"{own}/sitemap.xml", timeout=5).text
    assert requests.get(f"{own}/.well-known/atproto-did", timeout=5).text.startswith("did:plc:")
    assert requests.get(f"{own}/bilder/skold.svg", timeout=5).headers["Content-Type"] == "image/svg+xml"
    assert "BankID" in requests.get(served.urls["phishing"], timeout=5).text
    assert requests.get(f"{own}/finns-inte", timeout=5).status_code == 404


def test_official_pages_link_to_whom_the_world_says_they_do(served: Served) -> None:
    linked = [resident for resident in served.world.residents if resident.linked_from]
    assert len(linked) >= 8
    for resident in linked:
        page = requests.get(f"{served.urls['website']}{resident.linked_from}", timeout=5).text
        assert (resident.account.handle or "").partition("@")[0] in page


def test_the_paper_has_a_feed(served: Served) -> None:
    feed = feedparser.parse(requests.get(f"{served.urls['news']}/rss.xml", timeout=5).content)
    assert not feed.bozo
    assert any("Simhallen" in entry.title for entry in feed.entries)
