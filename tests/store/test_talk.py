"""What the log holds, read in order of time: a post once, counted where it belongs, its writer by another name."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlite_utils
from almby_findings import NOW

from listener.posts import Mention, Post, Reach
from listener.query import parse
from listener.store import Store, clusters, open_store
from listener.store.mention_rows import Notes
from listener.store.mentions import save_mentions, search_mentions
from listener.store.schema import migrations
from listener.store.talk import counts, one, talk, writers_before

HOUR = timedelta(hours=1)
LONG_AGO, FAR_OFF = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def post(number: int, **changes: object) -> Post:
    known = {"platform": "mastodon", "id": str(number), "text": f"almby {number}", "published_at": NOW - number * HOUR}
    return Post(**known | {"author": "kim@m.example"} | changes)  # type: ignore[arg-type]


def log(
    store: Store, *posts: Post, query: str = "almby", source: str = "mastodon", now: datetime = NOW, **notes: object
) -> int:
    found = [Mention(post=one, query=query, spans=((0, 5),)) for one in posts]
    noted = Notes(**notes)  # type: ignore[arg-type]
    return save_mentions(store, None, query, source, found, now, notes=lambda _mention: noted)


def ids(store: Store, since: datetime = LONG_AGO, until: datetime = FAR_OFF, **more: object) -> list[str]:
    return [logged.post.id for logged in talk(store, since, until, **more)]  # type: ignore[arg-type]


def test_a_post_comes_back_as_it_was(store: Store) -> None:
    whole = post(1, title="almby", thread="0", reach=Reach(likes=3), reply_to="0", links=("https://a.example/",))
    log(store, whole, unit="Badhus", tags=("bad",))
    (logged,) = talk(store, LONG_AGO, FAR_OFF)
    assert (logged.post, logged.queries, logged.at) == (
        Post(**{name: getattr(whole, name) for name in whole.__struct_fields__} | {"source": "mastodon"}),
        ("almby",),
        NOW - HOUR,
    )
    assert (logged.direction, logged.unit, logged.tags, logged.cluster) == ("in", "Badhus", ("bad",), logged.id)
    assert one(store, logged.id) == logged
    assert one(store, 99) is None


def test_one_post_stands_once_whatever_found_it(store: Store) -> None:
    article = post(1, platform="web", id="https://p.example/a", url="https://www.p.example/a?utm_source=x")
    again = post(2, platform="web", id="tag:p.example,1", url="https://p.example/a/")
    assert log(store, article, source="gdelt", tags=("ett",)) == 1
    assert log(store, again, query="bad", source="feeds", tags=("två",), unit="Badhus") == 1
    assert log(store, again, query="bad", source="feeds") == 0
    (logged,) = talk(store, LONG_AGO, FAR_OFF)
    assert (logged.post.id, logged.queries) == ("https://p.example/a", ("almby", "bad"))
    assert (logged.tags, logged.unit) == (("ett", "två"), "Badhus")
    assert store.rows("SELECT query, mentions FROM mention_counts ORDER BY 1") == [
        {"query": "almby", "mentions": 1},
        {"query": "bad", "mentions": 1},
    ]


def test_posts_that_share_an_address_or_differ_behind_its_hash_are_posts_of_their_own(store: Store) -> None:
    thread = "https://forum.example/t/1"
    first = post(1, platform="web", url=f"{thread}#post-1")
    second = post(2, platform="web", url=f"{thread}#post-2")
    third = post(3, platform="web", url=f"{thread}#post-2")
    assert log(store, first, second, third, source="feeds") == 3
    assert log(store, first, second, third, source="feeds") == 0
    assert log(store, post(4, platform="web", url=f"{thread}#post-2"), source="websearch") == 0, "told of again"
    assert log(store, post(5, platform="web", url=f"{thread}#post-3"), source="websearch") == 1
    assert ids(store) == ["5", "3", "2", "1"]


def test_a_stranger_who_names_another_post_as_its_address_does_not_keep_it_out(store: Store) -> None:
    url = "https://p.example/a"
    assert log(store, post(1, id="https://evil.example/1", url=url), post(2, id="https://m.example/2", url=url)) == 2
    assert log(store, post(3, platform="web", url=url), source="feeds") == 1


def test_it_is_read_in_order_of_time_from_a_time_to_a_time(store: Store) -> None:
    log(store, post(3), post(1), post(2))
    log(store, post(1), query="bad")
    assert ids(store) == ["3", "2", "1"]
    assert ids(store, newest_first=True) == ["1", "2", "3"]
    assert ids(store, NOW - 2 * HOUR, NOW - HOUR) == ["2"]
    assert ids(store, query="bad") == ["1"]
    assert ids(store, query="nobody asked") == []


def test_every_hour_is_counted_and_our_own_posts_are_not(store: Store) -> None:
    log(store, post(1), post(3), post(4))
    log(store, post(2), direction="out")
    start = NOW - 4 * HOUR
    assert counts(store, "almby", start, NOW - HOUR / 2, HOUR) == [
        (start, 1), (start + HOUR, 1), (start + 2 * HOUR, 0), (start + 3 * HOUR, 1)
    ]  # fmt: skip
    assert counts(store, "almby", NOW, NOW, HOUR) == []
    with pytest.raises(ValueError, match="no step"):
        counts(store, "almby", start, NOW, timedelta())


def test_a_writer_has_one_name_in_a_store_and_another_elsewhere(store: Store, tmp_path: Path) -> None:
    log(store, post(5, author="@Kim@m.example"), post(2), post(1, author="eva@m.example"), post(3, author=None))
    log(store, post(9, platform="web", url="https://p.example/a", author="Bo Ek"))
    first, nobody, second, third, outlet = [
        {logged.post.id: logged.writer for logged in talk(store, LONG_AGO, FAR_OFF)}[name] for name in "53219"
    ]
    assert (first, nobody, outlet) == (second, "", "p.example")
    assert third.startswith("writer-")
    assert third != first
    assert "kim" not in first
    assert writers_before(store, "almby", NOW - 3 * HOUR) == {first, outlet}
    with open_store(tmp_path / "other.db") as other:
        log(other, post(2))
        assert {logged.writer for logged in talk(other, LONG_AGO, FAR_OFF)}.isdisjoint({first})
    log(store, post(7, author="almby"), direction="out")
    assert [logged.writer for logged in talk(store, LONG_AGO, FAR_OFF) if logged.direction == "out"] == ["almby"]


@pytest.mark.parametrize(
    ("published", "counted"),
    [
        (datetime(2106, 2, 7, tzinfo=UTC), NOW),
        (None, NOW),
        (NOW + HOUR, NOW),
        (datetime(1, 1, 1, tzinfo=UTC), LONG_AGO),
        (LONG_AGO, LONG_AGO),
    ],
)
def test_a_forged_time_does_not_stay_at_the_top(store: Store, published: datetime | None, counted: datetime) -> None:
    log(store, post(1, published_at=published))
    log(store, post(2, published_at=NOW + 2 * HOUR), now=NOW + 3 * HOUR)
    assert {logged.post.id: logged.at for logged in talk(store, LONG_AGO, FAR_OFF)}["1"] == counted
    assert ids(store, newest_first=True) == ["2", "1"]


COPIED = "Nu räcker det, kommunen stänger simhallen i Almby utan att fråga en enda av oss som badar där"


def test_copies_are_one_cluster_also_from_run_to_run(store: Store) -> None:
    log(store, post(9, text="Hej"), post(8, text=COPIED), post(7, text=f"Sprid! {COPIED}"))
    log(store, post(6, text=COPIED.upper()), post(5, text="något helt annat"), post(4, text="HEJ!"))
    found = {logged.post.id: logged.cluster for logged in talk(store, LONG_AGO, FAR_OFF)}
    assert found["8"] == found["7"] == found["6"]
    assert found["9"] == found["4"]
    assert len(set(found.values())) == 3
    first = {logged.post.id: logged.id for logged in talk(store, LONG_AGO, FAR_OFF)}
    assert (found["8"], found["5"]) == (first["8"], first["5"])


def test_a_copy_is_told_from_the_others_that_fill_in_its_template(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listener.store.mentions.AT_ONCE", 20)  # compared in parts, also with the parts before
    filled = "Strömavbrott vid {}gatan i Almby sedan klockan {}. Personal är på väg, mer besked lämnas i kväll."
    streets = ("Stor", "Ny", "Kyrko", "Skol", "Kvarn", "Ring", "Strand", "Smed", "Hamn", "Äng")
    said = [filled.format(street, hour) for street in streets for hour in range(10, 16)]
    posts = [post(number, text=text) for number, text in enumerate([*said, said[7].upper(), f"Usch! {said[31]}"])]
    log(store, *posts)
    log(store, post(99, text=f"{said[50]} Läs och dela"))
    found = {logged.post.id: logged.cluster for logged in talk(store, LONG_AGO, FAR_OFF)}
    assert len(set(found.values())) == len(said)
    assert [found["60"], found["61"], found["99"]] == [found["7"], found["31"], found["50"]]


def test_old_posts_are_no_longer_compared(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "WINDOW", 2)
    monkeypatch.setattr(clusters, "PRUNED", 1)
    log(store, post(1, text=COPIED), post(2, text="två"), post(3, text="tre"), post(4, text="fyra"))
    log(store, post(5, text=COPIED))
    assert len({logged.cluster for logged in talk(store, LONG_AGO, FAR_OFF)}) == 5
    assert store.rows("SELECT min(mention_id) AS first FROM mention_bands") == [{"first": 4}]


def old_store(path: Path, *forum_posts: tuple[object, ...]) -> None:
    """A store as the steps before this one made it, with a post under two queries, an article of two sources."""
    with open_store(path):
        pass
    path.unlink()
    db = sqlite_utils.Database(sqlite3.connect(path))
    with db.conn:
        migrations.apply(db, stop_before="m008_each_post_once")
    rows = [
        (
            "mastodon",
            "1",
            "almby",
            "https://m.example/1",
            "kim",
            "får almby",
            "2026-11-20T08:00:00Z",
            "2026-11-20",
            "mastodon",
        ),
        (
            "mastodon",
            "1",
            "får",
            "https://m.example/1",
            "kim",
            "får almby",
            "2026-11-20T08:00:00Z",
            "2026-11-20",
            "mastodon",
        ),
        ("web", "a", "almby", "https://p.example/a", "p.example", "far almby", None, "2026-11-21", "gdelt"),
        ("web", "b", "almby", "https://www.p.example/a/", "p.example", "far almby", None, "2026-11-21", "feeds"),
        *forum_posts,
    ]
    insert = """INSERT INTO mentions (platform, post_id, query, url, author, text, published_at, day, source, spans,
        logged_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '[[0,3]]', '2026-11-21T06:00:00Z')"""
    with db.conn:
        db.conn.executemany(insert, rows)
        db.execute("INSERT INTO mentions_fts (mentions_fts) VALUES ('rebuild')")
    db.close()


def test_a_log_of_the_old_kind_becomes_each_post_once(tmp_path: Path) -> None:
    old_store(tmp_path / "old.db")
    with open_store(tmp_path / "old.db") as store:
        first, second = talk(store, LONG_AGO, FAR_OFF)
        assert (first.post.text, first.queries) == ("får almby", ("almby", "får"))
        assert (second.post.id, second.queries) == ("a", ("almby",))
        assert second.at == datetime(2026, 11, 21, 6, tzinfo=UTC)
        assert first.writer.startswith("writer-")
        assert store.rows("SELECT query, day, mentions FROM mention_counts ORDER BY 1, 2") == [
            {"query": "almby", "day": "2026-11-20", "mentions": 1},
            {"query": "almby", "day": "2026-11-21", "mentions": 1},
            {"query": "får", "day": "2026-11-20", "mentions": 1},
        ]
        assert store.rows("SELECT count(*) AS n FROM mentions_fts WHERE mentions_fts MATCH 'får'") == [{"n": 1}]
        assert log(store, post(1), now=NOW) == 0, "known again"
        assert log(store, post(2)) == 1
        assert [logged.id for logged in talk(store, LONG_AGO, FAR_OFF)] == [4, first.id, second.id]


def test_a_log_of_the_old_kind_keeps_every_post(tmp_path: Path) -> None:
    thread = "https://forum.example/t/1"
    written = [
        ("web", "t1", "badhus", f"{thread}#post-1", "kim", "badhuset ett", None, "2026-11-21", "feeds"),
        ("web", "t2", "badhus", f"{thread}#post-2", "ida", "badhuset två", None, "2026-11-21", "feeds"),
        ("web", "t3", "badhus", f"{thread}#post-2", "bo", "badhuset tre", None, "2026-11-21", "feeds"),
    ]
    old_store(tmp_path / "old.db", *written)
    with open_store(tmp_path / "old.db") as store:
        said = {logged.post.text for logged in talk(store, LONG_AGO, FAR_OFF, "badhus")}
        assert said == {"badhuset ett", "badhuset två", "badhuset tre"}
        again = [post(0, platform="web", id=f"t{n}", url=f"{thread}#post-2") for n in (2, 3)]
        assert log(store, *again, query="badhus", source="feeds") == 0


def test_a_log_of_the_old_kind_is_searched_as_one_of_today(tmp_path: Path) -> None:
    text = "å\u00adk till bad\u00adhuset"
    old_store(tmp_path / "old.db", ("web", "1", "åk", None, "kim", text, None, "2026-11-21", "feeds"))
    with open_store(tmp_path / "old.db") as store:
        (found,) = search_mentions(store, parse("badhuset"))
        assert found.post.text == "åk till badhuset"
        spans = "SELECT spans FROM mention_queries q JOIN query_names n ON n.id = q.query_id WHERE n.query = 'åk'"
        assert store.rows(spans) == [{"spans": "[[0,2]]"}]
