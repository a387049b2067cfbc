"""What only some may read cannot be had by asking either: by words, tags, counts, copies, tables or other systems."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from listener.posts import Mention, Post
from listener.store import Store
from listener.store.answers import add_step
from listener.store.mentions import Notes, save_mentions
from listener.store.restricted import restricted
from listener.store.searches import load_searches
from listener.store.tokens import add_token

from .conftest import NOW, Browser

Open = Callable[..., Browser]
OPEN, SECRET = Notes(), Notes(unit="Socialtjänsten", tags=("sekretess", "orosanmälan"))
TEXT = "Kommunen har fått en orosanmälan om familjen Svensson på Storgatan och badhus i dag"


def log(store: Store, *texts: str, notes: Notes = OPEN, first: int = 1, query: str = "badhus", **known: object) -> None:
    """Log posts an hour apart, by writers of their own."""
    for number, text in enumerate(texts, first):
        given = {"platform": "bluesky", "author": f"kim{number}.bsky.example", "lang": "sv", "source": "bluesky"}
        post = Post(
            id=str(number), text=text, url=f"https://bsky.example/profile/kim{number}.bsky.example/post/{number}",
            published_at=NOW - timedelta(days=1) + timedelta(hours=number), **(given | known),
        )  # fmt: skip
        save_mentions(store, None, query, "bluesky", [Mention(post=post, query=query)], NOW, notes=lambda _m: notes)


def close(store: Store, mention: int, ground: str) -> None:
    with store.transaction():
        add_step(store, mention, "remove", ground, "kim", NOW)


def ids(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="mention-(\d+)"', page)]


@pytest.fixture
def system(app: Flask, store: Store) -> Callable[[str], dict[str, object]]:
    token = add_token(store, "diary", "decider", NOW)

    def ask(path: str) -> dict[str, object]:
        answer = app.test_client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
        return answer.json if answer.status_code == 200 else {"status": answer.status_code}

    return ask


@pytest.mark.parametrize(
    "asked", ["text=Svensson", "text=Svens*", "tag=orosanm%C3%A4lan", "unit=Socialtj%C3%A4nsten", "lang=sv",
              "direction=in", "cluster=1", "text=badhus&by=writer"],
)  # fmt: skip
def test_what_is_secret_is_not_found_by_what_it_says(browser: Open, store: Store, asked: str) -> None:
    log(store, TEXT, notes=SECRET)
    log(store, TEXT + " nu", notes=SECRET, first=2)
    page = browser("reader").get(f"/mentions?{asked}").text
    assert ids(page) == []
    assert "writer-" not in page
    assert "No mentions in this time." in page, "nor is it counted"
    assert ids(browser("reviewer").get(f"/mentions?{asked}").text), "who reviews finds it"


@pytest.mark.parametrize("role", ["reader", "reviewer"])
def test_nobody_finds_child_abuse_by_what_was_said_of_it(browser: Open, store: Store, role: str) -> None:
    log(store, TEXT, notes=Notes(unit="Badhuset", tags=("bilder",)))
    close(store, 1, "child_abuse")
    one = browser(role)
    for asked in ("text=Svensson", "tag=bilder", "unit=Badhuset"):
        page = one.get(f"/mentions?{asked}").text
        assert (ids(page), "No mentions in this time." in page) == ([], True), asked
    page = one.get("/mentions?source=bluesky").text
    assert ids(page) == [1]
    for told in ("#bilder", "Badhuset", "writer-"):
        assert told not in re.sub(r"<datalist.*?</datalist>", "", page), told


def test_readers_are_told_where_and_when_and_no_more(browser: Open, store: Store) -> None:
    log(store, TEXT, notes=SECRET)
    page = re.sub(r"<datalist.*?</datalist>", "", browser("reader").get("/mentions?since=7d").text)
    card = page[page.index('id="mention-1"') :]
    assert "Restricted" in card
    assert "Bluesky" in card
    for told in ("Socialtjänsten", "orosanmälan", "#", " sv", "Svensson"):
        assert told not in card.partition("</li>")[0], told
    assert "#orosanmälan" in browser("reviewer").get("/mentions?since=7d").text


@pytest.mark.parametrize("ground", ["secrecy", "child_abuse"])
def test_a_ground_holds_for_every_copy_and_those_to_come(browser: Open, store: Store, ground: str) -> None:
    log(store, TEXT + " nu", TEXT + " idag", "Något helt annat om ett badhus i regn och rusk")
    close(store, 2, ground)
    log(store, TEXT + " snart", first=4)
    assert restricted(store, [1, 2, 3, 4]) == dict.fromkeys((1, 2, 4), ground)
    reader = browser("reader")
    assert [reader.get(f"/mention/{number}").status_code for number in (1, 2, 3, 4)] == [403, 403, 200, 403]
    for one in (reader, browser("reviewer")):
        assert "Svensson" not in one.get("/mentions").text
        assert "Svensson" not in one.get("/mentions?cluster=1").text or ground == "secrecy"
    assert "Svensson" not in browser("reviewer").get("/mentions.csv").text


def test_a_ground_outlives_its_step_and_the_worse_one_wins(store: Store) -> None:
    log(store, TEXT, TEXT + " nu")
    close(store, 1, "child_abuse")
    close(store, 2, "secrecy")
    with store.transaction():
        add_step(store, 1, "back", "remove", "kim", NOW)
        store.conn.execute("DELETE FROM mentions WHERE id = 1")  # as retention does
    assert restricted(store, [2]) == {2: "child_abuse"}


def test_a_tag_that_comes_later_closes_too(store: Store) -> None:
    log(store, TEXT)
    log(store, TEXT, notes=Notes(tags=("sekretess",)), query="orosanmälan")
    assert restricted(store, [1]) == {1: "secrecy"}


def test_other_systems_are_told_nothing_of_it(store: Store, system: Callable[[str], dict[str, object]]) -> None:
    log(store, TEXT, "Ett badhus", "Två badhus i skogen", notes=SECRET)
    log(store, "Ett öppet badhus i Almby")
    found = system("/mentions?query=badhus&purpose=test&limit=1")
    assert found["mentions"] == []
    assert (found["next"], found["cut"]) == (None, False)


def test_an_address_that_names_its_writer_stands_beside_no_pseudonym(
    browser: Open, store: Store, system: Callable[[str], dict[str, object]]
) -> None:
    log(store, "Ett badhus")
    (row,) = system("/mentions?query=badhus&purpose=test")["mentions"]  # type: ignore[misc]
    assert row["writer"].startswith("writer-")
    assert row["id"] == 1
    table = browser("reviewer").get("/mentions.csv").text
    assert "writer-" in table
    for told in (str(row), table):
        assert "kim1" not in told


def test_nobody_is_looked_up_by_faith_and_readers_look_nobody_up(
    browser: Open, store: Store, system: Callable[[str], dict[str, object]]
) -> None:
    log(store, "Ny moské vid vårt badhus")
    for role in ("reader", "reviewer"):
        answer = browser(role, "sv").get("/mentions?text=author:kim1.bsky.example+mosk%C3%A9")
        assert (answer.status_code, ids(answer.text)) == (422, [])
        assert "artikel 9" in answer.text
        assert load_searches(store)[-1].refused == "one author: religion or belief"
    asked = "text=badhus+author:kim1.bsky.example"
    answer = browser("reader").get(f"/mentions?{asked}")
    assert (answer.status_code, ids(answer.text)) == (422, [])
    assert load_searches(store)[-1].refused == "one author"
    reviewer = browser("reviewer")
    assert ids(reviewer.get(f"/mentions?{asked}").text) == [1]
    assert reviewer.get(f"/mentions.csv?{asked}+mosk%C3%A9").status_code == 422
    assert system("/mentions?query=badhus+author:kim1.bsky.example&purpose=test") == {"status": 403}


def test_a_time_before_all_times_is_an_empty_page(browser: Open, store: Store) -> None:
    log(store, "Ett badhus")
    one = browser("reader")
    for asked in ("until=0001-01-01", "since=0001-01-02&until=0001-01-03", "until=1969-12-31T23:00Z"):
        answer = one.get(f"/mentions?{asked}")
        assert (answer.status_code, ids(answer.text)) == (200, []), asked
    assert ids(one.get("/mentions?since=0001-01-02").text) == [1]
