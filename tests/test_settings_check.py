"""listener.toml is checked when it is read: a typo, a wrong kind or a secret stops the command, not the run."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from listener.config import load_config
from listener.discover import planned
from listener.errors import ConfigError, SourceError
from listener.first_files import Start
from listener.first_files import settings as first_settings
from listener.report.filing import reach
from listener.sources import About, load_sources, settings
from listener.sources.probe_rules import load_sites
from listener.sources.settings import check_sources

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
TOLD = re.findall(r"^\| `(\w+)` \| ([\d,]+) \| ([\d,]+) \| ([\w, ]+) \|$", PAGE, re.M)  # key, least, most, sources


def load(folder: Path, text: str) -> None:
    path = folder / "listener.toml"
    path.write_text(text, encoding="utf-8")
    config = load_config(path, {})
    check_sources(path, config.table("sources"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[sources.bluesky]\nenabled = "no"', "[sources.bluesky] enabled: write enabled = true or"),
        ("[sources.bluesky]\nenabled = 1", "[sources.bluesky] enabled: write"),
        ("[sources.mastadon]\nenabled = true", "[sources] has no 'mastadon': did you mean mastodon?"),
        ("[sources.vkontakte]\nenabled = true", "[sources] has no 'vkontakte': there are "),
        ("[source.bluesky]\nenabled = true", "listener.toml has no 'source': did you mean sources?"),
        ("[zzz]\na = 1", "listener.toml has no 'zzz': there are alerts, answers, contact,"),
        ('[organisation]\nalias = ["Almby stad"]', "[organisation] has no 'alias': did you mean aliases?"),
        ('[sources.mastodon]\nserver = ["a.example"]', "[sources.mastodon] has no 'server': did you mean servers?"),
        ('[sources.mastodon]\nservers = "mastodon.social"', 'servers: write a list of servers, servers = ["mast'),
        ('[sources.mastodon]\nservers = ["inte en server"]', "[sources.mastodon] servers: write a list of servers"),
        ('[sources.mastodon]\nservers = ["ftp://a.example"]', "[sources.mastodon] servers: write a list of servers"),
        ('[sources.website]\nstart = "https://almby.example/"', "start: write a list of web addresses, start = ["),
        ('[sources.website]\nstart = ["almby.example"]', "start: write a list of web addresses, start = ["),
        ('[sources.feeds]\nurls = "https://almby.example/rss"', "[sources.feeds] urls: write a list of web addresses"),
        ('[sources.tips]\nfiles = "tips.csv"', 'files: write a list of texts, files = ["…"]'),
        ('[sources.x]\nhandles = "almby"', 'handles: write a list of texts, handles = ["…"]'),
        ('[sources.bluesky]\npages = "many"', "[sources.bluesky] pages: write a number of 0 or more, pages = 10"),
        ("[sources.bluesky]\nlimit = 2.5", "[sources.bluesky] limit: write a number"),
        ("[sources.website]\nmax_seconds = nan", "[sources.website] max_seconds: write a number"),
        ("[sources.website]\ndeadline_seconds = -1", "[sources.website] deadline_seconds: write a number"),
        ('[sources.bluesky]\nbase_url = "public.api.bsky.app"', 'base_url: write a web address, base_url = "https://'),
        ('[sources.bluesky]\npds_url = "javascript:alert(1)"', "[sources.bluesky] pds_url: write a web address"),
        ('[sources.bluesky]\nbase_url = "https://a.example:99999"', "[sources.bluesky] base_url: write a web address"),
        ("queries = 3", "[queries] must be a table"),
        ("matching = 3", "[matching] must be a table"),
        ("[matching]\nflagg = 0.6", "[matching] has no 'flagg': did you mean flag?"),
        ("[matching]\ncertain = 0.6", "[matching] has no 'certain': there are flag, outside, plain,"),
        ("[matching]\nflag = 1.2", "[matching] flag: write a number between 0.05 and 0.95, flag = 0.5"),
        ("[matching]\nposing = nan", "[matching] posing: write a number between 0.05 and 0.95, posing = 0.55"),
        ('[matching]\nspared = "0.6"', "[matching] spared: write a number between"),
        ("[matching]\nflag = true", "[matching] flag: write a number between"),
    ],
)
def test_what_cannot_be_right_is_named_with_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        load(tmp_path, text + "\n")
    assert str(wrong.value).startswith(str(tmp_path / "listener.toml"))
    assert said in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("[sources.mastodon]\nenabled = true", "accounts", "[sources.mastodon] servers: name some"),
        ("[sources.lemmy]\nservers = []\nenabled = true", "posts", "[sources.lemmy] servers: name some"),
        ("[sources.feeds]\nenabled = true", "posts", "[sources.feeds] urls: write it as"),
        ("[sources.tips]\nfiles = []", "accounts", "[sources.tips] files: write it as"),
        ('[sources.websearch]\nengine = "google"', "accounts", "[sources.websearch] engine: write it as"),
        ("[sources.websearch]\nenabled = true", "posts", "[sources.websearch] base_url: name your SearXNG"),
        ('[sources.wikidata]\nitems = ["Almby"]', "accounts", "[sources.wikidata] items: 'Almby' is no item"),
        (
            '[sources.oembed]\nplatforms = ["myspace"]',
            "accounts",
            "[sources.oembed] platforms: 'myspace' is not",
        ),
        (
            "[sources.skolverket]\nenabled = true",
            "terms",
            "[organisation] municipality_code: Skolverket is asked",
        ),
        (
            '[sources.x]\nenabled = true\nterms_accepted = "enterprise"\ngeneration = "toot"',
            "accounts",
            '[sources.x] generation: write "tweet" or "post"',
        ),
        (
            '[sources.instagram]\nenabled = true\nterms_accepted = "meta_app_review"\nown_id = "almby"',
            "posts",
            "[sources.instagram] own_id: write the number of your own account",
        ),
    ],
)
def test_a_source_that_cannot_be_asked_stops_the_command_before_any_work(
    tmp_path: Path, text: str, kind: str, said: str
) -> None:
    (tmp_path / "listener.toml").write_text(text + "\n", encoding="utf-8")
    config = load_config(tmp_path / "listener.toml", {})
    with pytest.raises(ConfigError) as wrong:
        planned(config, kind)
    assert said in str(wrong.value)


def test_an_audit_names_such_a_setting_before_it_makes_a_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from listener.cli import run

    path = tmp_path / "listener.toml"
    path.write_text(
        '[organisation]\nname = "Almby kommun"\n[sources.website]\nenabled = false\n'
        '[sources.feeds]\nenabled = true\n[queries.almby]\nquery = "almby"\npurpose = "x"\n',
        encoding="utf-8",
    )
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    assert run(["audit", "--config", str(path)]) == 2
    assert "[sources.feeds] urls" in capsys.readouterr().err
    assert not list(tmp_path.glob("listener.db*"))


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ('[sources.bluesky]\npassword = "s3cret-värde"', "LISTEN_BLUESKY_…"),
        ('[sources.mastodon]\naccess_token = "s3cret-värde"', "LISTEN_MASTODON_…"),
        ('[sources.x]\nbearer = "s3cret-värde"', "LISTEN_X_…"),
        ('[contact]\n"lösenord" = "s3cret-värde"', "LISTEN_…"),
        ('[organisation]\n[[organisation.units]]\napi_key = "s3cret-värde"', "LISTEN_…"),
        ('api_key = "s3cret-värde"', "LISTEN_…"),
        ('[secrets]\nall = "s3cret-värde"', "LISTEN_…"),
        ('[queries.namnet]\ntoken = "s3cret-värde"', "LISTEN_…"),
    ],
)
def test_a_secret_is_refused_and_never_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, variable: str
) -> None:
    from listener.cli import run

    (tmp_path / "listener.toml").write_text(text + "\n", encoding="utf-8")
    for command in (["config", "show"], ["doctor"], ["audit"], ["--query", "almby"]):
        assert run([*command, "--config", str(tmp_path / "listener.toml")]) == 2
        told = capsys.readouterr()
        assert variable in told.err
        assert "s3cret" not in told.out + told.err


def test_a_log_in_within_an_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as wrong:
        load(tmp_path, '[sources.bluesky]\nbase_url = "https://me:s3cret@a.example"\n')
    assert "s3cret" not in str(wrong.value)


def test_a_saved_search_may_be_about_passwords(tmp_path: Path) -> None:
    load(tmp_path, '[queries."lösenord"]\nquery = "almby lösenord"\n')


def test_sources_of_other_packages_keep_their_own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = ModuleType("nordnet")
    theirs.ABOUT = About(access="open_feed", finds=("posts",), note="")  # type: ignore[attr-defined]
    monkeypatch.setattr(settings, "load_sources", lambda: {"nordnet": theirs})
    load(tmp_path, '[sources.nordnet]\nenabled = true\ncolour = "blue"\n')
    with pytest.raises(ConfigError, match="enabled"):
        load(tmp_path, '[sources.nordnet]\nenabled = "yes"\n')


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_we_write_ourselves_passes(tmp_path: Path, language: str) -> None:
    load(tmp_path, (ROOT / "listener.toml").read_text(encoding="utf-8"))
    start = Start(name="X kommun", domain="x.example", places=("X",), email="l@x.example")
    load(tmp_path, first_settings(start, language))


def test_servers_may_be_bare_names_or_addresses(tmp_path: Path) -> None:
    load(
        tmp_path,
        '[sources.mastodon]\nservers = ["mastodon.social", "https://örebro.example", "localhost", "127.0.0.1:80"]\n'
        '[sources.bluesky]\nproof_url = "http://127.0.0.1:8080/{handle}/did"\nbase_url = "http://[::1]:80"\n',
    )


def test_a_source_says_which_platforms_it_shows_a_part_of(tmp_path: Path) -> None:
    text = '[sources.websearch]\nbase_url = "https://search.example"\nsites = ["www.instagram.com", "", "x.com/i"]\n'
    (tmp_path / "listener.toml").write_text(text + '[sources.oembed]\nplatforms = ["pinterest"]\n', encoding="utf-8")
    config = load_config(tmp_path / "listener.toml", {})
    others = {name: reach(config, name, load_sources()[name]).others for name in ("websearch", "oembed", "wikidata")}
    assert (others["websearch"], others["oembed"]) == (("instagram", "x"), ("pinterest",))
    assert {"facebook", "instagram", "youtube"} <= set(others["wikidata"])
    assert reach(config, "youtube", load_sources()["youtube"]).others == ()


SETTINGS = {
    "bluesky": {
        "pages": (3, 0, -1),
        "limit": (100, 0, 100_000),
        "nameserver": ("127.0.0.1:5353", "foo bar"),
        "proof_url": ("https://{handle}/did", "https://almby.example/did"),
    },
    "dns": {
        "port": (53, 0, 70_000),
        "workers": (50, 0, 100_000),
        "names": (150, 0, 1_000_000_000),
        "nameservers": (["192.0.2.1", "2001:db8::1"], ["ns.example.org"]),
    },
    "zone": {"server": ("127.0.0.1", "", "a b"), "port": (53, 99_999)},
    "probe": {"concurrency": (20, 0, 999_999_999), "handles": (["@almby.kommun"], ["a/b?c#d"])},
    "discord": {"invites": (["almby", "https://discord.gg/almby"], ["not an invite"])},
    "youtube": {
        "pages": (1, 0),
        "region": ("SE", "SVERIGE"),
        "channels": (["@almbykommun", "UCabc"], [""]),
        "language": ("sv", "svenska"),
    },
    "facebook": {"version": ("v24.0", "../me?x=")},
    "linkedin": {"version": ("202511", "202511\n")},
    "website": {"pages": (200, 0), "jobs": (2, 0, 5_000)},
    "lookalike": {"pages": (3, 0)},
    "flashback": {"pages": (1, 0)},
    "hackernews": {"pages": (1, 0)},
}
GIVEN = [(name, key, values) for name, keys in SETTINGS.items() for key, values in keys.items()]


@pytest.mark.parametrize(("name", "key", "values"), GIVEN)
def test_what_would_look_at_nothing_or_never_end_is_refused(name: str, key: str, values: tuple[object, ...]) -> None:
    path, (good, *bad) = Path("listener.toml"), values
    check_sources(path, {name: {key: good}})
    for value in bad:
        with pytest.raises(ConfigError, match=rf"\[sources.{name}\] {key}: write"):
            check_sources(path, {name: {key: value}})


@pytest.mark.parametrize(
    ("name", "table"),
    [("zone", {"zones": []}), ("zone", {"zones": ["com"]}), ("zone", {"zones": [""]}), ("oembed", {"platforms": []})],
)
def test_a_list_of_nothing_that_can_be_asked_for_is_refused(name: str, table: dict[str, object]) -> None:
    check = settings.check_settings
    check(load_sources()[name], {})
    check(load_sources()[name], {"files": ["se.txt"], "zones": []} if name == "zone" else {"platforms": ["soundcloud"]})
    with pytest.raises(ConfigError, match=rf"\[sources.{name}\]"):
        check(load_sources()[name], table)


@pytest.mark.parametrize("table", [{"list": "foo"}, {"file": "nope.json"}])
def test_a_list_of_sites_that_is_not_there_is_refused_in_plain_words(tmp_path: Path, table: dict[str, str]) -> None:
    (tmp_path / "sites.json").write_text("{}", encoding="utf-8")
    probe, folder = load_sources()["probe"], {"folder": str(tmp_path)}
    for fine in ({}, {"list": "own"}, {"file": "sites.json"}):
        settings.check_settings(probe, {**folder, **fine})
    with pytest.raises(ConfigError, match=r"\[sources.probe\]") as wrong:
        settings.check_settings(probe, {**folder, **table})
    assert "Errno" not in str(wrong.value)
    with pytest.raises(SourceError, match=r"nope.json: no list of sites \(No such file or directory\)"):
        load_sites("", tmp_path / "nope.json")


@pytest.mark.parametrize(("key", "least", "most", "names"), TOLD)
def test_a_number_may_be_what_the_page_of_settings_tells_and_no_more(
    tmp_path: Path, key: str, least: str, most: str, names: str
) -> None:
    low, high = int(least.replace(",", "")), int(most.replace(",", ""))
    for name in names.split(", "):
        for fine in (low, high):
            load(tmp_path, f"[sources.{name}]\n{key} = {fine}\n")
        for wrong in (low - 1, high + 1):
            with pytest.raises(ConfigError, match=rf"\[sources.{name}\] {key}: write a (whole )?number"):
                load(tmp_path, f"[sources.{name}]\n{key} = {wrong}\n")


def test_the_page_of_settings_tells_every_bound() -> None:
    assert {key for key, *_rest in TOLD} == set(settings.BOUNDS)
