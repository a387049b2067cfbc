"""Looking around in the log: what is found and shown, what is masked and kept, what is refused, taken out, hostile."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.posts import Mention, Post
from listener.query import parse
from listener.store import Store
from listener.store.answers import add_step
from listener.store.lines import note_changed
from listener.store.mention_looks import looks
from listener.store.mentions import Notes, save_mentions
from listener.store.people import add_person
from listener.store.searches import load_searches
from listener.store.storms import Storm, save_storm

from .conftest import HASH, NOW, Browser

Open = Callable[..., Browser]
Say = Callable[..., None]
QUERIES = """
[queries.badhus]
query = "badhus"
purpose = "vad som sägs om badhusen"
[queries.tro]
query = "moské badhus"
purpose = "prövning"
"""
HOSTILE = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(1)> badhus"


@pytest.fixture
def folder(folder: Path) -> Path:
    path = folder / "listener.toml"
    path.write_text(path.read_text(encoding="utf-8") + QUERIES, encoding="utf-8")
    return folder


@pytest.fixture
def say(store: Store) -> Say:
    """Log posts that match the saved query, an hour apart, the first one the oldest."""
    said = 0

    def log(*texts: str, **known: object) -> None:
        nonlocal said
        notes = known.pop("notes", Notes())
        for text in texts:
            said += 1
            given = {"platform": "mastodon", "author": f"kim{said}", "lang": "sv", "source": "mastodon"} | known
            post = Post(
                id=str(said), text=text, url=f"https://m.example/@kim{said}/{said}",
                published_at=NOW - timedelta(days=3) + timedelta(hours=said), **given,
            )  # fmt: skip
            spans = parse("badhus").spans(text) or ()
            mention = Mention(post=post, query="badhus", spans=spans)
            save_mentions(store, None, "badhus", post.source or "", [mention], NOW, notes=lambda _m: notes)

    return log


def ids(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="mention-(\d+)"', page)]


def test_the_newest_stand_first_with_what_matched_marked_and_nobody_named(browser: Open, say: Say) -> None:
    say("Nytt badhus i Almby", "När öppnar badhus i höst?")
    page = browser("reader").get("/mentions?name=badhus").text
    assert ids(page) == [2, 1]
    assert "<mark>badhus</mark>" in page
    assert "writer-" in page
    assert "kim1" not in page
    assert "m.example" not in page


def test_filters_are_addresses(browser: Open, say: Say) -> None:
    say("Ett badhus är bra")
    say("The badhus is fel", platform="reddit", source="reddit", lang="en")
    say("En skola med badhus", notes=Notes(unit="Badhuset", tags=("vatten",), direction="out"))
    one = browser("reader")
    for asked, found in (
        ("text=skola", [3]),
        ("text=badhus+-fel", [3, 1]),
        ("name=badhus&text=skola", [3]),
        ("source=reddit", [2]),
        ("lang=en", [2]),
        ("lang=en-GB&text=badhus", [2]),
        ("unit=Badhuset", [3]),
        ("unit=Badhuset&name=badhus", [3]),
        ("tag=vatten", [3]),
        ("tag=vat", []),
        ("direction=out", [3]),
        ("direction=in&source=mastodon", [1]),
        ("text=*kola", [3]),
        ("since=2026-11-17T09:30", [3]),
        ("until=2026-11-17T08:30%2B01:00&name=badhus", [1]),
        ("direction=sideways&cluster=x&below=x", [3, 2, 1]),
    ):
        assert ids(one.get(f"/mentions?{asked}").text) == found, asked


def test_a_query_that_cannot_be_read_shows_where(browser: Open, say: Say) -> None:
    say("badhus")
    answer = browser("reader").get("/mentions?text=badhus+(simhall&since=n%C3%A4r")
    assert answer.status_code == 422
    shown = re.search(r'<pre class="wrong" role="alert">(.*?)</pre>', answer.text, re.DOTALL)
    assert shown
    lines = shown[1].split("\n")
    assert lines[2].index("^") == lines[1].index("("), "the caret stands under the bracket"
    assert "is no time" in answer.text
    many = "+OR+".join(f"ord{number}*" for number in range(31))
    assert "at most 30 words" in browser("reader").get(f"/mentions?text={many}").text
    assert ids(answer.text) == []


def test_copies_are_folded_and_open_as_a_list_of_their_own(browser: Open, say: Say) -> None:
    text = "Kommunen stänger badhus och simhall i vinter, skriv på listan innan det är för sent på fredag"
    say(*[f"{text} {end}" for end in ("nu", "idag", "snart")], "Ett annat badhus")
    one = browser("reader")
    page = one.get("/mentions").text
    assert ids(page) == [4, 3]
    assert "and 2 more like it" in page
    assert ids(one.get("/mentions?cluster=1").text) == [1, 3, 2], "the first of them, then its copies"


def test_pages_go_on_where_the_last_one_ended(browser: Open, say: Say) -> None:
    say(*[f"badhus nummer {number} {chr(97 + number % 26) * 9}" for number in range(35)])
    one = browser("reader")
    page = one.get("/mentions?name=badhus").text
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    assert ids(page) + ids(one.get(following[1].replace("&amp;", "&")).text) == list(range(35, 0, -1))


def test_what_is_searched_for_is_kept_with_who_and_why(browser: Open, say: Say, store: Store) -> None:
    say("badhus")
    one = browser("reader")
    one.get("/mentions?text=badhus&purpose=svar+till+n%C3%A4mnden")
    one.get("/mentions?name=badhus")
    assert [(kept.query, kept.purpose, kept.who) for kept in load_searches(store)] == [
        ("badhus", "svar till nämnden", "reader")
    ]


def test_people_are_not_lined_up_by_a_sensitive_trait(browser: Open, say: Say, store: Store) -> None:
    say("badhus")
    one = browser("reader", "sv")
    for asked in ("text=muslim*+badhus", "name=tro"):
        answer = one.get(f"/mentions?{asked}&by=writer")
        assert answer.status_code == 422
        assert "artikel 9" in answer.text
        assert load_searches(store)[-1].refused == "grouped by author: religion or belief"
        assert one.get(f"/mentions?{asked}&by=source").status_code == 200
    assert one.get("/mentions?name=badhus&by=writer").status_code == 200


def test_the_course_marks_what_was_unusual_and_tells_it_in_words(browser: Open, say: Say, store: Store) -> None:
    say("badhus", "badhus och skola", "badhus i regn")
    save_storm(store, Storm(
        id=0, query="badhus", started_at=NOW - timedelta(days=3), raised_at=NOW - timedelta(days=3),
        last_at=NOW - timedelta(days=2, hours=20), ended_at=NOW - timedelta(days=2, hours=20), peak=2, expected=0.2,
        count=3, writers=3, new_writers=3, threats=0, score=5.0, reasons=("mentions: 3 in 4 h, usually 0.2",),
    ))  # fmt: skip
    page = browser("reader").get("/mentions?name=badhus").text
    assert "Most from 17 November: 3. Latest: 0. Something unusual went on: 17 November." in page
    assert page.count('class="mark"') == 1
    assert "mentions: 3 in 4 h, usually 0.2" in page
    assert "omnämnanden" in browser("reader", "sv").get("/mentions?name=badhus").text
    assert "Mastodon</a> 3" in page, "where it was said"


def test_threats_are_masked_until_somebody_says_why(browser: Open, say: Say, store: Store) -> None:
    say("Stäng inget badhus, annars ska jag döda dig. Ring 070-123 45 67")
    one = browser("reviewer")
    for path in ("/mentions", "/mention/1"):
        assert "döda" not in one.get(path).text
        assert "070" not in one.get(path).text
    assert one.post("/mention/1/clear", reason="").status_code == 422
    assert one.post("/mention/1/clear", reason="other").status_code == 422
    assert looks(store, "", None, 9) == []
    page = one.post("/mention/1/clear", reason="threat", text="inför anmälan").text
    assert "ska jag döda dig" in page
    assert "hxxps://m[.]example/@kim1/1" in page
    kept = looks(store, "reviewer", None, 9)
    assert [(look.mention_id, look.reason, look.text) for look in kept] == [(1, "threat", "inför anmälan")]
    reader = browser("reader")
    assert reader.post("/mention/1/clear", reason="threat").status_code == 403
    assert "inför anmälan" not in reader.get("/mention/1").text


def test_what_only_some_may_read_is_shown_in_clear_when_two_agree(
    browser: Open, say: Say, store: Store, app: Any
) -> None:
    say("badhus ett hemligt")
    with store.transaction():
        add_step(store, 1, "remove", "secrecy", "kim", NOW)
    add_person(store, "second", "decider", HASH, NOW)
    one, second, reviewer = browser("decider"), browser("second"), browser("reviewer")
    asked = one.post("/mention/1/clear", reason="other", text="inför polisanmälan")
    assert asked.status_code == 302
    page = one.get("/mention/1").text
    assert "inför polisanmälan" in page
    assert "hemligt" not in page
    assert "another person approves it" in one.post("/mention/1/unmask", request="1", answer="approve").text
    assert reviewer.post("/mention/1/unmask", request="1", answer="approve").status_code == 403
    assert "/mention/1" in second.get("/proposals").text
    assert second.post("/mention/1/unmask", request="1", answer="refuse").status_code == 302
    assert one.post("/mention/1/clear", reason="case").status_code == 302, "asked anew"
    assert second.post("/mention/1/unmask", request="1", answer="approve").status_code == 422, "answered already"
    assert second.post("/mention/1/unmask", request="2", answer="approve").status_code == 302
    assert "hemligt" in one.post("/mention/1/clear", reason="case").text
    assert "hemligt" not in second.post("/mention/1/clear", reason="case").text, "let one read"
    app.config["LISTEN"].tables["review"] = {"four_eyes": False}
    assert "hemligt" in reviewer.post("/mention/1/clear", reason="case").text


def test_what_is_secret_is_read_by_those_who_review_and_child_abuse_by_nobody(
    browser: Open, say: Say, store: Store
) -> None:
    say("badhus ett hemligt", "badhus två", "badhus tre öppet")
    with store.transaction():
        add_step(store, 1, "remove", "secrecy", "kim", NOW)
        add_step(store, 2, "remove", "child_abuse", "kim", NOW)
    reader, reviewer = browser("reader"), browser("reviewer")
    for one in (reader, reviewer):
        page = one.get("/mentions").text
        assert page.count("Restricted") == 2
        assert "hemligt" not in page
    assert [reader.get(f"/mention/{number}").status_code for number in (1, 2, 3)] == [403, 403, 200]
    assert "hemligt" not in reviewer.get("/mention/1").text
    assert reviewer.post("/mention/1/clear", reason="case").status_code == 302, "asked for: it takes two"
    assert reviewer.post("/mention/2/clear", reason="case").status_code == 403
    assert browser("decider").post("/mention/1/unmask", request="1", answer="approve").status_code == 302
    assert "hemligt" in reviewer.post("/mention/1/clear", reason="case").text
    kept = [(look.who, look.reason) for look in looks(store, "", None, 9)]
    assert kept[:2] == [("reviewer", "case"), ("reviewer", "page")], "opening it is kept too"
    reader.get("/mention/1")
    assert kept[2:] == [("reader", "refused"), ("reader", "refused")], "and who was not let in, once for each"
    assert len(looks(store, "reader", None, 9)) == 2
    assert "wanted to open it, and was refused" in reviewer.get("/mention/1").text
    table = reviewer.get("/mentions.csv").text
    assert "öppet" in table
    assert "hemligt" not in table
    assert "två" not in table


def test_a_mention_stands_in_its_conversation_with_what_is_to_be_done(browser: Open, say: Say, store: Store) -> None:
    say("Hur blir det med badhus i Almby kommun?")
    say("Det undrar jag med, badhus", reply_to="1", thread="1")
    with store.transaction():
        store.conn.execute("INSERT INTO questions VALUES (1, 'Hur blir det med badhus?', 'mark', 'name')")
        add_step(store, 1, "public", "yes", "kim", NOW)
    page = browser("reader").get("/mention/1").text
    assert ids(page) == [1, 2]
    assert "unanswered" in page
    assert "Does it belong to a case of ours" in page
    assert ids(browser("reader").get("/mention/2").text) == [1, 2]
    assert "asks nothing of us" in browser("reader").get("/mention/2").text


def test_a_question_that_its_writer_took_away_or_changed_says_so(browser: Open, say: Say, store: Store) -> None:
    say("Hur blir det med badhus i Almby kommun?")
    with store.transaction():
        store.conn.execute("INSERT INTO questions VALUES (1, 'Hur blir det med badhus?', 'mark', 'name')")
    assert "The writer" not in browser("reader").get("/mention/1").text
    note_changed(store, "mastodon", [], ["1"], NOW)
    assert "The writer changed the post" in browser("reader").get("/mention/1").text
    note_changed(store, "mastodon", ["1"], [], NOW)
    page = browser("reader").get("/mention/1").text
    assert "The writer took the post away" in page
    assert "· due" not in page


def test_a_table_for_excel_holds_no_formula_no_writer_and_no_threat(browser: Open, say: Say, store: Store) -> None:
    say("=HYPERLINK(1) badhus", "-1+1 badhus å; ja\nra", "badhus, jag ska döda dig")
    one = browser("reviewer")
    answer = one.get("/mentions.csv?name=badhus&form=excel")
    assert answer.data[:3] == b"\xef\xbb\xbf"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 4
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert "'=HYPERLINK(1) badhus" in cells
    assert not [cell for cell in cells if "döda" in cell]
    assert "kim1" not in cells
    plain = list(csv.reader(io.StringIO(one.get("/mentions.csv?text=hyperlink").text)))
    assert plain[1][plain[0].index("text")] == "'=HYPERLINK(1) badhus"
    assert load_searches(store)[-1].purpose == "omvärldsbevakning (csv)"
    assert browser("reader").get("/mentions.csv").status_code == 403


def test_hostile_posts_are_shown_harmless(browser: Open, say: Say) -> None:
    say(HOSTILE, "badhus " + "x" * 50_000, lang='sv"><b onclick=1>', platform='<i>"', source='<i>"', title=HOSTILE,
        notes=Notes(unit='"><script>alert(2)', tags=('"><script>alert(3)',)))  # fmt: skip
    one = browser("reviewer")
    one.get("/mention/1")
    pages = [one.get(path).text for path in ("/mentions?name=badhus", "/mention/1")]
    for page in [*pages, one.post("/mention/1/clear", reason="context").text]:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "\u202e" not in page
        assert "<b onclick" not in page
        assert "<i>" not in page
    assert len(pages[0]) < 200_000


def test_what_is_not_there_is_said_to_be_not_there(browser: Open) -> None:
    one = browser("reader")
    for path in ("/mention/99", "/mention/99999999999999999999999", "/mention/-1", "/mention/x"):
        assert one.get(path).status_code == 404, path
