"""Storms in the log: opened, followed and ended, each once, with reasons; what was not read is not calm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from listener.config import Config, load_config
from listener.language import translations
from listener.models import Completeness, Issue, SourceResult
from listener.posts import Mention, Post, Reach
from listener.sentences import in_language
from listener.store import Store, open_store
from listener.store.mention_rows import Notes
from listener.store.mentions import save_mentions
from listener.store.runs import finish_run, save_source, start_run
from listener.store.storms import Read, Storm, hour_of, load_reads
from listener.store.talk import Logged
from listener.storms import coverage, storms, watch, watching
from listener.storms.reasons import TEMPLATES, Figures, sentences
from listener.storms.series import Window, merged
from listener.stream.channel import Gap
from listener.stream.tally import Tally

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
BEGAN = NOW - 5 * HOUR
QUERY = "badhus"
SETTINGS = """
[organisation]
name = "Almby kommun"
[queries.bad]
query = "badhus"
purpose = "omvärldsbevakning"
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    path = tmp_path / "listener.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return load_config(path, {"LISTEN_NOW": NOW.isoformat()})


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Four weeks in which two hours by day have a mention each, by ten people in turn."""
    monkeypatch.setattr(watching, "kinds", lambda text: frozenset({"threat"} if "hot" in text else ()))
    opened = open_store(tmp_path / "listener.db")
    with opened:
        hours = [NOW - number * HOUR for number in range(6, 28 * 24)]
        said = [
            Post(platform="net", id=f"calm-{number}", text="badhus", author=f"@a{number % 10}", published_at=at)
            for number, at in enumerate(at for at in hours if at.hour in (8, 13))
        ]
        log(opened, said[-1:], NOW - 27 * DAY)
        log(opened, said[:-1], BEGAN - HOUR)
        yield opened  # type: ignore[misc]


def log(store: Store, posts: list[Post], now: datetime, **notes: object) -> None:
    found = [Mention(post=post, query=QUERY, spans=((0, 6),)) for post in posts]
    noted = Notes(**notes)  # type: ignore[arg-type]
    save_mentions(store, None, QUERY, "net", found, now, notes=lambda _mention: noted)


def storm(
    first: datetime = BEGAN, hours: int = 4, an_hour: int = 6, writer: str = "ny", text: str = "badhus"
) -> list[Post]:
    """So many posts an hour; the later one is, the more it is liked."""
    times = [first + number * HOUR / an_hour for number in range(hours * an_hour)]
    return [
        Post(platform="net", id=f"{writer}-{first:%d%H}-{number}", text=f"{text} {number}", published_at=at,
             author=f"@{writer}{number}", reach=Reach(likes=number))
        for number, at in enumerate(times)
    ]  # fmt: skip


def test_a_storm_opens_with_its_figures_and_reasons(config: Config, store: Store) -> None:
    assert watch(config, store, BEGAN) == []
    log(store, storm(), NOW)
    (found,) = watch(config, store, NOW)
    assert found.query == QUERY
    assert found.ended_at is None
    assert BEGAN - 3 * HOUR <= found.started_at <= BEGAN
    assert found.raised_at <= BEGAN + 2 * HOUR
    assert found.last_at >= BEGAN + 4 * HOUR
    assert (found.peak, found.new_writers, found.threats) == (6, 24, 0)
    assert 24 <= found.count <= 26
    assert found.expected < 2
    assert found.reasons[0].startswith(f"mentions: {found.count} in ")
    assert f"writers: {found.writers}, never seen with this query before: 24" in found.reasons
    assert "from net: 100%" in found.reasons
    strongest = next(reason for reason in found.reasons if reason.startswith("mentions with most reactions"))
    best = store.row("SELECT id FROM mentions WHERE text = 'badhus 23'")
    assert best is not None
    assert f": {best['id']}," in strongest
    assert storms(store, NOW - DAY, NOW) == [found]
    assert "@ny" not in repr(found)


def test_asked_twice_nothing_changes(config: Config, store: Store) -> None:
    log(store, storm(), NOW)
    assert watch(config, store, NOW)
    before = list(store.db.conn.iterdump())
    assert watch(config, store, NOW) == []
    assert list(store.db.conn.iterdump()) == before


def test_it_grows_ends_and_is_one_storm_all_the_time(config: Config, store: Store) -> None:
    log(store, storm(hours=2), BEGAN + 2 * HOUR)
    (first,) = watch(config, store, BEGAN + 2 * HOUR)
    log(store, storm(BEGAN + 3 * HOUR, writer="mer"), NOW + 2 * HOUR)
    (grown,) = watch(config, store, NOW + 2 * HOUR)
    assert (grown.id, grown.started_at, grown.raised_at) == (first.id, first.started_at, first.raised_at)
    assert grown.count > first.count
    log(store, storm(NOW + 14 * HOUR, writer="morgon"), NOW + 20 * HOUR)
    (next_day,) = watch(config, store, NOW + 20 * HOUR)
    assert next_day.id == first.id
    (over,) = watch(config, store, NOW + 4 * DAY)
    assert over.id == first.id
    assert over.ended_at == over.last_at >= NOW + 15 * HOUR
    assert watch(config, store, NOW + 5 * DAY) == []
    assert [one.id for one in storms(store, NOW - DAY, NOW + 5 * DAY)] == [first.id]


def test_a_later_storm_is_another(config: Config, store: Store) -> None:
    log(store, storm(), NOW)
    (first,) = watch(config, store, NOW)
    later = NOW + 6 * DAY
    log(store, storm(later, an_hour=9, writer="senare"), later + 5 * HOUR)
    found = watch(config, store, later + 5 * HOUR)
    assert [(one.id == first.id, one.ended_at is None) for one in found] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("changes", "notes"), [({}, {"direction": "out"}), ({"published_at": datetime(1971, 1, 1, tzinfo=UTC)}, {})]
)
def test_our_own_posts_and_forged_dates_make_no_storm(
    config: Config, store: Store, changes: dict[str, object], notes: dict[str, object]
) -> None:
    log(store, [msgspec.structs.replace(post, **changes) for post in storm()], NOW, **notes)
    assert watch(config, store, NOW) == []


def test_threats_alone_make_one(config: Config, store: Store) -> None:
    """As many posts, by people known: what is unusual is what they say."""
    usual = [Post(platform="net", id=f"u-{n}", text="badhus hot", author=f"@a{n}", published_at=NOW - n * HOUR / 2)
             for n in range(4)]  # fmt: skip
    log(store, usual, NOW)
    (found,) = watch(config, store, NOW)
    assert found.threats == 4
    assert "posts that may threaten, incite or expose somebody: 4" in found.reasons


def test_a_query_may_have_a_budget_of_its_own(config: Config, store: Store, tmp_path: Path) -> None:
    log(store, storm(hours=1, an_hour=3), NOW)
    (tmp_path / "listener.toml").write_text(f"{SETTINGS}alarms = 0.01\n", encoding="utf-8")
    strict = load_config(tmp_path / "listener.toml", {"LISTEN_NOW": NOW.isoformat()})
    assert watch(strict, store, NOW) == []
    assert watch(config, store, NOW)


def test_what_has_not_been_read_ends_no_storm(config: Config, store: Store) -> None:
    """The last run was a day ago: nobody knows that it is calm."""
    read(store, NOW, Completeness.COMPLETE)
    log(store, storm(), NOW)
    (found,) = watch(config, store, NOW)
    assert watch(config, store, NOW + 3 * DAY) == []
    assert storms(store, NOW + 2 * DAY, NOW + 3 * DAY) == [found]
    read(store, NOW + 3 * DAY, Completeness.COMPLETE)
    (over,) = watch(config, store, NOW + 3 * DAY)
    assert over.ended_at is not None


def test_a_storm_tells_that_a_source_was_cut_off(config: Config, store: Store) -> None:
    read(store, BEGAN - HOUR, Completeness.COMPLETE)
    log(store, storm(), NOW)
    read(store, NOW, Completeness.TRUNCATED)
    (found,) = watch(config, store, NOW)
    assert any("some source was not read in full" in reason for reason in found.reasons)


def read(store: Store, at: datetime, how: Completeness) -> None:
    run_id = start_run(store, "audit", at, ["net"])
    issues = (Issue(source="net:posts", kind="truncated", detail="too many"),) if how is Completeness.TRUNCATED else ()
    save_source(store, run_id, SourceResult(source="net:posts", completeness=how, issues=issues))
    finish_run(store, run_id, at, 0, not issues)


def test_which_hours_were_not_read(store: Store) -> None:
    for day, how in enumerate(("complete", "unavailable", "complete", "truncated", "complete", "unavailable")):
        read(store, NOW + day * DAY, Completeness(how))
    missing = coverage.unread(load_reads(store, NOW), NOW + 6 * DAY)
    days = {day for day in range(6) if hour_of(NOW + day * DAY + 12 * HOUR) in missing}
    assert days == {2, 4, 5}  # what failed on day 1 was read on day 2; what was cut off on day 3, and who failed last


def test_a_source_that_is_dead_does_not_make_us_mute(config: Config, store: Store) -> None:
    for day in range(12, 0, -1):
        read(store, NOW - day * DAY, Completeness.TRUNCATED)
    assert coverage.unread(load_reads(store, NOW - 20 * DAY), NOW) == set()
    log(store, storm(), NOW)
    read(store, NOW, Completeness.UNAVAILABLE)
    assert watch(config, store, NOW)


def test_a_session_tells_its_gaps() -> None:
    detail = "jetstream told nothing from 2026-11-20T15:00:00Z to 2026-11-20T17:30:00Z"
    one = Read(source="net:posts", kind="stream", started_at=NOW, ended_at=NOW + DAY,
               completeness=Completeness.TRUNCATED, details=(detail,))  # fmt: skip
    before = {hour for hour in coverage.unread([one], NOW + DAY) if hour < hour_of(NOW)}
    assert coverage.unread([one], NOW + DAY) - before == {hour_of(NOW) + number for number in range(3)}
    untold = msgspec.structs.replace(one, details=("the server fell silent",))
    assert len(coverage.unread([untold], NOW + DAY) - before) == 25
    assert coverage.of_detail("from yesterdayZ to 2026-11-20T17:30:00Z") is None
    going_on = msgspec.structs.replace(one, ended_at=None)
    assert coverage.read_until([going_on], NOW + 3 * HOUR, NOW + DAY) == NOW + 3 * HOUR


def test_windows_less_than_a_day_apart_are_one() -> None:
    first = Window(NOW, NOW + HOUR, NOW + HOUR, 5.0, True)
    near = Window(NOW + 20 * HOUR, NOW + 22 * HOUR, NOW + 21 * HOUR, 9.0, False)
    far = Window(NOW + 3 * DAY, NOW + 4 * DAY, NOW + 4 * DAY, 4.0, True)
    assert merged([far, near, first]) == [Window(NOW, NOW + 22 * HOUR, NOW + HOUR, 9.0, False), far]


def test_texts_are_read_for_threats_once(config: Config, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []

    def counted(text: str) -> frozenset[str]:
        texts.append(text)
        return frozenset()

    monkeypatch.setattr(watching, "kinds", counted)
    watch(config, store, NOW)
    assert 50 < len(texts) <= 60
    texts.clear()
    log(store, storm(hours=1), NOW)
    watch(config, store, NOW)
    assert len(texts) == 6
    texts.clear()
    watch(config, store, NOW)
    assert texts == []


def test_a_kill_in_the_middle_leaves_nothing_half(
    config: Config, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(store, storm(), NOW)
    before = list(store.db.conn.iterdump())

    def killed(_store: Store, _storm: Storm) -> Storm:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(watching, "save_storm", killed)
        with pytest.raises(KeyboardInterrupt):
            watch(config, store, NOW)
    assert list(store.db.conn.iterdump()) == before
    assert len(watch(config, store, NOW)) == 1


def test_every_reason_has_its_swedish() -> None:
    figures = Figures(mentions=24, expected=0.4, hours=5, peak=6, writers=9, new_writers=8, threats=2, unread=1)
    post = Post(platform="net", id="1", text="badhus", reach=Reach(likes=3))
    one = Logged(id=7, post=post, queries=(), at=NOW, logged_at=NOW, direction="in", unit=None, tags=(), cluster=7,
                 writer="writer-a")  # fmt: skip
    said = (*sentences(figures, [one] * 5), sentences(figures._replace(new_writers=None), [])[2])
    assert len(said) == len(TEMPLATES)
    swedish = translations("sv").gettext
    told = [in_language(sentence, swedish, TEMPLATES) for sentence in said]
    assert told[0] == "omnämnanden: 24 på 5 h, normalt 0,4"
    assert (told[2], told[-1]) == ("skribenter: 9, varav aldrig sedda i denna sökning: 8", "skribenter: 9")
    assert told[4] == "från Net: 100\N{NO-BREAK SPACE}%"
    assert not set(told) & set(said)


def test_nobody_is_new_to_a_matter_that_was_not_followed_for_a_week(config: Config, tmp_path: Path) -> None:
    with open_store(tmp_path / "ny.db") as young:
        backdated = storm(NOW - 400 * DAY, hours=1, an_hour=1, writer="bakdaterad")
        log(young, [*backdated, *storm(NOW - 6 * DAY, hours=1, an_hour=1, writer="gammal"), *storm()], NOW)
        (found,) = watch(config, young, NOW)
        assert found.new_writers is None
        assert f"writers: {found.writers}" in found.reasons
        assert not [reason for reason in found.reasons if "never seen" in reason]
        assert storms(young, NOW - DAY, NOW) == [found]


def test_an_empty_log_has_no_storm(config: Config, tmp_path: Path) -> None:
    with open_store(tmp_path / "tom.db") as empty:
        assert watch(config, empty, NOW) == []
        assert storms(empty, NOW - DAY, NOW) == []


def test_a_query_of_which_nothing_is_new_is_not_reckoned_again(
    config: Config, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(store, storm(), NOW)
    (first,) = watch(config, store, NOW)
    reckoned = []
    track = watching.track
    monkeypatch.setattr(watching, "track", lambda *words: reckoned.append(words) or track(*words))
    assert watch(config, store, NOW) == []
    assert reckoned == []
    log(store, storm(NOW - HOUR, hours=1, writer="fler"), NOW)
    (grown,) = watch(config, store, NOW)
    assert (grown.id, grown.count > first.count) == (first.id, True)


def test_what_somebody_else_saved_meanwhile_is_not_saved_twice(
    config: Config, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(store, storm(), NOW)
    follow = watching.follow

    def meddled(*words: object) -> list[Storm]:
        """Another watch, with a connection of its own, is quicker."""
        monkeypatch.setattr(watching, "follow", follow)
        with open_store(store.path) as other:
            assert len(watch(config, other, NOW)) == 1
        return follow(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "follow", meddled)
    assert watch(config, store, NOW) == []
    assert len(storms(store, NOW - DAY, NOW + DAY)) == 1


def test_who_only_listens_has_not_heard_what_was_said_before() -> None:
    began, whole = NOW - 2 * DAY, Completeness.COMPLETE
    read = Read(source="net:posts", kind="stream", started_at=began, ended_at=None, completeness=whole, details=())
    hours = coverage.unread([read], NOW)
    assert hour_of(began - DAY) in hours
    assert hour_of(NOW - DAY) not in hours
    asked = msgspec.structs.replace(read, kind="listen", ended_at=began)
    assert coverage.unread([asked], NOW) == set()


def session(store: Store, began: datetime, told: datetime, *gaps: tuple[datetime, datetime]) -> int:
    """A session of listening, as it was last kept; no end of it is told."""
    tally = Tally("net", began)
    for since, until in gaps:
        tally.gap(Gap(source="net", place="net.example", since=since, until=until).told(), False)
    run_id = start_run(store, "stream", began, ["net:posts"])
    save_source(store, run_id, tally.result(told))
    return run_id


def test_what_a_stream_missed_is_neither_calm_nor_more_than_it_was(tmp_path: Path) -> None:
    days = [NOW + number * DAY for number in range(15)]
    with open_store(tmp_path / "ström.db") as store:
        for day in days:
            run_id = session(store, day, day + 20 * HOUR, (day + 2 * HOUR, day + 4 * HOUR))
            finish_run(store, run_id, day + DAY, 0, True)
        missing = {hour for hour in coverage.unread(load_reads(store, NOW), NOW + 16 * DAY) if hour > hour_of(NOW)}
    assert missing == {hour_of(day + hours * HOUR) for day in days for hours in (2, 3, 4)}


def test_a_session_that_was_killed_has_read_no_further_than_it_said(tmp_path: Path) -> None:
    killed, again = NOW + 5 * HOUR, NOW + 17 * HOUR
    with open_store(tmp_path / "ström.db") as store:
        session(store, NOW, killed)
        assert coverage.read_until(load_reads(store, NOW), None, NOW + DAY) == killed
        session(store, again, again + 3 * HOUR, (killed, again))
        reads = load_reads(store, NOW)
    missing = {hour - hour_of(NOW) for hour in coverage.unread(reads, again + 3 * HOUR) if hour > hour_of(NOW)}
    assert missing == set(range(5, 18))
    assert coverage.read_until(reads, None, NOW + 2 * DAY) == again + 3 * HOUR


def test_a_line_that_is_down_is_not_calm_either(tmp_path: Path) -> None:
    tally = Tally("net", NOW)
    tally.disconnect("net.example", "net.example: no connection", NOW + 2 * HOUR)
    with open_store(tmp_path / "ström.db") as store:
        save_source(store, start_run(store, "stream", NOW, ["net:posts"]), tally.result(NOW + 4 * HOUR))
        missing = coverage.unread(load_reads(store, NOW), NOW + 4 * HOUR)
    assert {hour - hour_of(NOW) for hour in missing if hour > hour_of(NOW)} == {2, 3, 4}
