"""The picture from a log: right figures, nobody named, nothing that strangers write breaks out of the page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from bs4 import BeautifulSoup, Tag

from listener.config import Config, load_config
from listener.coordination.look import look
from listener.crisis.course import start, stop
from listener.crisis.html import render_html
from listener.crisis.json import render_json
from listener.crisis.picture import draw, load_scope
from listener.crisis.records import Picture
from listener.crisis.text import render_text
from listener.errors import ConfigError
from listener.models import Completeness, Issue, SourceResult
from listener.posts import Mention, Post
from listener.store import Store, open_store
from listener.store.crises import CrisisError, begin_crisis, load_steps
from listener.store.lines import GAP
from listener.store.mention_rows import Notes
from listener.store.mentions import save_mentions
from listener.store.patterns import rule_on
from listener.store.runs import finish_run, save_source, start_run
from listener.stream.tally import silence

NOW = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUERY = "Almby simhallen"
SETTINGS = """
[organisation]
name = "Almby kommun"
places = ["Almby"]
domains = ["almby.example"]
[queries.simhallen]
query = "Almby simhallen"
purpose = "omvärldsbevakning"
[queries.vattnet]
query = "Almby vattnet"
purpose = "omvärldsbevakning"
[crisis]
severity = ["Lokalt", "Allvarligt"]
[[crisis.contacts]]
role = "Kommunikationschef"
phone = "000-00 00 01"
"""
FORMATS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "formats.md"
NASTY = '<script>alert("x")</script><img src=https://evil.example/x.png>\u202egpj.exe "\x00 simhallen i Almby taket'
Configure = Callable[[timedelta], Config]


@pytest.fixture
def at(tmp_path: Path) -> Configure:
    """at(HOUR) is the configuration an hour later."""
    (tmp_path / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n")

    def make(later: timedelta) -> Config:
        return load_config(tmp_path / "listener.toml", {"LISTEN_NOW": (NOW + later).isoformat()})

    return make


@pytest.fixture
def store(at: Configure) -> Iterator[Store]:
    """Four calm weeks and a day of storm over the roof, all read in full an hour ago."""
    calm = ("Simhallen i Almby har öppet", "Fint i simhallen i Almby", "Trevlig simskola i simhallen i Almby")
    posts = [
        *(post(f"{calm[day % 3]} dag {day}", f"gammal{day % 5}", NOW - day * DAY) for day in range(3, 28)),
        *(
            post(f"Taket på simhallen i Almby läcker {number}", f"ny{number}", NOW - number * HOUR)
            for number in range(12)
        ),
        *(
            post("Almby kommun har vetat om simhallen och taket i två år, dela!", f"kopia{number}")
            for number in range(6)
        ),
        *(
            post(f"Betalar Almby kommun tillbaka årskortet till simhallen? {number}", f"fragar{number}")
            for number in range(3)
        ),
    ]
    with open_store(at(timedelta()).store) as opened:
        log(opened, *posts)
        log(opened, post("Vi återkommer om simhallen i Almby.", "almby"), direction="out")
        listened(opened)
        yield opened


def post(text: str, writer: str, when: datetime = NOW - HOUR, links: tuple[str, ...] = ()) -> Post:
    number = hashlib.sha256(f"{text} {writer}".encode()).hexdigest()[:12]
    return Post(platform="bluesky", id=number, text=text, author=f"{writer}.example", published_at=when, links=links,
                url=f"https://bsky.app/profile/{writer}.example/post/{number}")  # fmt: skip


def log(store: Store, *posts: Post, direction: str = "in", logged: datetime = NOW, query: str = QUERY) -> None:
    notes = Notes(direction=direction)  # type: ignore[arg-type]
    mentions = [Mention(post=one, query=query) for one in posts]
    save_mentions(store, None, query, "bluesky", mentions, logged, notes=lambda _one: notes)


def listened(store: Store, trouble: str = "", when: datetime = NOW - HOUR) -> None:
    run = start_run(store, "audit", when, ["bluesky"])
    how = Completeness.UNAVAILABLE if trouble else Completeness.COMPLETE
    issues = (Issue(source="bluesky:posts", kind="blocked", detail=trouble),) if trouble else ()
    save_source(store, run, SourceResult(source="bluesky:posts", completeness=how, posts=1, issues=issues))
    finish_run(store, run, when, 0, not trouble)


def picture(at: Configure, store: Store, later: timedelta = timedelta(), since: datetime | None = None) -> Picture:
    config = at(later)
    return draw(config, store, load_scope(config), "anna", since=since or NOW - DAY)


def test_it_counts_what_others_say(at: Configure, store: Store) -> None:
    found = picture(at, store)
    assert (found.amount.posts, found.amount.writers, found.ours) == (21, 21, 1)
    assert found.amount.new_writers == 21
    assert found.usual is not None
    assert found.usual.posts == 1.0
    assert sum(bucket.posts for bucket in found.trend) == 21
    assert [(place.source, place.posts) for place in found.places] == [("bluesky", 21)]
    assert found.coverage.complete
    assert any("taket" in topic.words for topic in found.topics)


def test_questions_and_claims_are_told_apart(at: Configure, store: Store) -> None:
    found = picture(at, store)
    assert [(need.asked, need.answered) for need in found.needs] == [(3, 0)]
    assert [(claim.posts, claim.writers) for claim in found.claims if "två år" in claim.text] == [(6, 6)]
    assert not [claim for claim in found.claims if "årskortet" in claim.text]


def test_nobody_is_named_anywhere(at: Configure, store: Store) -> None:
    log(store, post("Läraren Anna Svensson, anna@post.example, 070-123 45 67, vid simhallen i Almby", "hemlig"))
    found = picture(at, store)
    for shown in (render_html(found, "sv"), render_text(found, "sv"), render_json(found)):
        for name in ("hemlig", "Svensson", "anna@", "123 45", "ny3.example", "kopia1", "fragar"):
            assert name not in shown


def test_what_strangers_write_is_text_and_nothing_else(at: Configure, store: Store) -> None:
    leading = ("https://evil.example/a", "javascript:alert(1)")
    log(store, *(post(NASTY, f"ond{number}", links=leading) for number in range(4)))
    page = render_html(picture(at, store), "sv")
    soup = BeautifulSoup(page, "html.parser")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not soup.find_all(["script", "img", "iframe", "form", "link", "base", "object"])
    assert not [tag for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on") or name == "src"]
    assert all(str(tag["href"]).startswith("#") for tag in soup.find_all("a"))
    assert "https://evil" not in page
    assert "evil[.]example" in page
    assert "\u202e" not in page
    assert "\x00" not in page
    assert "url(" not in page
    assert not re.search(r"[\x00-\x08\u202e]", render_text(picture(at, store), "sv"))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_can_be_read_by_everybody(at: Configure, store: Store, language: str) -> None:
    soup = BeautifulSoup(render_html(picture(at, store), language), "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == language
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for tag in soup.find_all(attrs={"aria-labelledby": True}):
        assert set(str(tag["aria-labelledby"]).split()) <= set(ids)
    assert all(str(tag["href"])[1:] in ids for tag in soup.find_all("a"))
    tables = [tag for tag in soup.find_all("table") if isinstance(tag, Tag)]
    assert len(tables) >= 4
    for table in tables:
        assert table.caption is not None
        assert all(head.get("scope") in ("col", "row") for head in table.find_all("th"))
        assert all(row.find("th") for row in table.select("tbody tr"))
    (chart,) = soup.find_all("svg")
    assert chart["role"] == "img"
    assert chart.find("desc").text.strip()  # type: ignore[union-attr]


def test_swedish_and_english_are_both_whole(at: Configure, store: Store) -> None:
    found = picture(at, store)
    swedish, english = render_text(found, "sv"), render_text(found, "en")
    assert "21 inlägg av 21 skribenter, där omkring 1 vore det vanliga." in swedish
    assert "21 posts by 21 writers, where about 1 would be usual." in english
    assert "en människa avgör" in swedish
    assert "a person decides" in english
    told = [line for line in swedish.splitlines() if line in english.splitlines() and line.strip("- ")]
    assert not [
        line
        for line in told
        if "simhallen" not in line and "Kommunikationschef" not in line and line[:2] not in ("1.", "2.")
    ]


def test_an_incomplete_picture_says_so_first(at: Configure, store: Store) -> None:
    listened(store, "https://bsky.example answers 403: it does not let us look", NOW)
    found = picture(at, store)
    assert not found.coverage.complete
    lines = render_text(found, "en").splitlines()
    assert lines[1].startswith("INCOMPLETE. Could not be read in full: Bluesky.")
    assert "låter oss inte titta" in render_html(found, "sv")
    assert json.loads(render_json(found))["complete"] is False


def test_a_time_that_was_missed_makes_a_picture_incomplete(at: Configure, store: Store) -> None:
    def told(kind: str, hours: int, more: str = "") -> None:
        run = start_run(store, "stream", NOW - HOUR, ["bluesky:posts"])
        detail = silence("jetstream.example", NOW - (hours + 1) * HOUR, NOW - hours * HOUR) + more
        how = Completeness.TRUNCATED if kind == GAP else Completeness.COMPLETE
        issues = (Issue(source="bluesky:posts", kind=kind, detail=detail),)
        save_source(store, run, SourceResult(source="bluesky:posts", completeness=how, issues=issues))
        finish_run(store, run, NOW, 0, True)

    told(GAP, 48)
    told("skipped", 3, ": since searched for")
    assert picture(at, store).coverage.complete  # before the picture begins, and not missed any more
    told(GAP, 5)
    told("skipped", 3, ": since searched for")  # a later run does not heal it
    found = picture(at, store)
    assert not found.coverage.complete
    swedish = render_text(found, "sv")
    assert "OFULLSTÄNDIG. Kunde inte läsas helt: Bluesky." in swedish
    assert "jetstream.example berättade inget från" in swedish


def test_a_long_picture_is_incomplete_over_a_time_that_was_missed_early(at: Configure, store: Store) -> None:
    early = NOW - 16 * DAY
    run = start_run(store, "stream", early - DAY, ["bluesky:posts"])
    issue = Issue(source="bluesky:posts", kind=GAP, detail=silence("jetstream.example", early, early + HOUR))
    save_source(store, run, SourceResult(source="bluesky:posts", completeness=Completeness.TRUNCATED, issues=(issue,)))
    finish_run(store, run, early, 0, True)
    listened(store)
    assert not picture(at, store, since=NOW - 17 * DAY).coverage.complete
    assert picture(at, store, since=NOW - 10 * DAY).coverage.complete


def test_a_picture_that_nobody_listened_to_lately_says_so(at: Configure, store: Store) -> None:
    begin_crisis(store, "Simhallen", (), 0.25, "anna", NOW)
    assert not picture(at, store).coverage.stale
    assert picture(at, store, 2 * HOUR).coverage.stale
    assert "INCOMPLETE. Nobody has listened since" in render_text(picture(at, store, 2 * HOUR), "en")


def test_the_reference_lists_what_a_picture_holds(at: Configure, store: Store) -> None:
    section = FORMATS.read_text(encoding="utf-8").split("\n## The picture of a situation\n")[1]
    rows = re.findall(r"(?m)^\| (`[^|]+) \|", section)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told == set(json.loads(render_json(picture(at, store))))


def test_an_empty_log_is_no_all_clear(at: Configure) -> None:
    config = at(timedelta())
    with open_store(config.store) as store:
        found = draw(config, store, load_scope(config), "anna")
    text = render_text(found, "en")
    assert "INCOMPLETE" in text
    assert "nothing here says that all is calm" in text
    assert "Nothing about us was logged." in render_html(found, "en")


def test_the_next_picture_says_what_changed(at: Configure, store: Store) -> None:
    picture(at, store)
    assert picture(at, store, timedelta(minutes=5)).before is None
    smell = (post(f"Vattnet i simhallen i Almby luktar svavel {number}", f"lukt{number}") for number in range(5))
    log(store, *smell, logged=NOW + HOUR)
    found = picture(at, store, HOUR)
    assert found.before is not None
    assert (found.before.posts, found.before.writers) == (5, 5)
    assert [topic.fresh for topic in found.topics if "svavel" in topic.words] == [True]
    assert not [topic for topic in found.topics if "taket" in topic.words and topic.fresh]
    assert "5 more posts" in render_text(found, "en")


def test_what_is_kept_of_a_picture_holds_no_text(at: Configure, store: Store) -> None:
    picture(at, store)
    kept = msgspec.json.encode([step.told for step in load_steps(store, 0)]).decode()
    assert "taket" not in kept
    assert "simhall" not in kept


def test_a_crisis_about_one_query_counts_that_one(at: Configure, store: Store) -> None:
    log(store, post("Vattnet i Almby är brunt", "brun"), query="Almby vattnet")
    config = at(timedelta())
    scope = load_scope(config)
    assert picture(at, store).amount.posts == 22
    begun = start(config, store, scope, "Vattnet", ["vattnet"], "anna")
    assert begun.crisis.queries == ("Almby vattnet",)
    assert picture(at, store).amount.posts == 1
    with pytest.raises(CrisisError):
        start(config, store, scope, "Igen", [], "bo")
    ended = stop(at(HOUR), store, scope, "bo")
    assert ended.summary.stopped_at == NOW + HOUR


@pytest.mark.parametrize(
    ("name", "queries", "told"),
    [
        ("", [], "one line"),
        ("x" * 81, [], "one line"),
        ("a\x07b", [], "one line"),
        ("a", ["badet"], "no query 'badet'"),
    ],
)
def test_a_crisis_that_cannot_be_is_refused(
    at: Configure, store: Store, name: str, queries: list[str], told: str
) -> None:
    config = at(timedelta())
    with pytest.raises(ConfigError, match=told):
        start(config, store, load_scope(config), name, queries, "anna")


def test_the_summary_quotes_nobody_and_tells_what_was_done(at: Configure, store: Store) -> None:
    config = at(timedelta())
    start(config, store, load_scope(config), "Simhallen: taket/../x", [], "anna")
    picture(at, store, HOUR)
    ended = stop(at(2 * HOUR), store, load_scope(config), "bo")
    assert ended.html == config.reports / "crisis-1-simhallen-taket-x.html"
    for path in (ended.html, ended.html.with_suffix(".json")):
        kept = path.read_text(encoding="utf-8")
        assert "två år" not in kept
        assert "årskortet till" not in kept
        assert "anna" in kept
        assert "bo" in kept
    assert [stage.kind for stage in ended.summary.stages] == ["start", "pointers", "picture", "stop"]
    assert "taket" in ended.html.read_text(encoding="utf-8")


def test_a_young_query_is_called_the_same_in_the_picture_and_by_itself(at: Configure, store: Store) -> None:
    """Its own past says too little: both compare it with all that was logged before, and say so."""
    spread = [post(f"Parken i Almby, fråga {day}", f"gammal{day % 9}", NOW - day * DAY / 3) for day in range(4, 80)]
    log(store, *spread, query="Almby parken")
    log(store, *(post("Stoppa vattnet i Almby nu, alla delar!", f"ny{one}", NOW - HOUR) for one in range(14)),
        query="Almby vattnet")  # fmt: skip
    config = at(timedelta())
    start(config, store, load_scope(config), "Vattnet", ["vattnet"], "anna")
    drawn = picture(at, store).pattern
    alone = look(config, store, "Almby vattnet", NOW - DAY, NOW)
    assert drawn is not None
    assert (alone.pattern.kind, alone.borrowed) == ("organised", True)
    assert (drawn.kind, drawn.score, drawn.part) == ("organised", alone.pattern.score, 14)
    assert [(one.detail, one.posts) for one in drawn.reasons] == [
        (one.detail, one.posts) for one in alone.pattern.reasons
    ]
    told = render_text(picture(at, store), "en")
    assert f"The query is young: compared with all {alone.pattern.compared} posts that were logged before." in told
    assert "The tool points out; a person decides." in told
    rule_on(store, alone.id, NOW, "anna", "rejected", "own", "")
    assert "A person has found that it is not so." in render_text(picture(at, store), "en")
