"""Every platform that has an official way in, asked in one audit: each brings something, no key is left anywhere."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from servers.contract import contract, serving
from servers.hackernews import hackernews_search
from servers.lemmy import lemmy_server
from servers.linkedin import KEY as LINKEDIN_KEY
from servers.linkedin import linkedin_partner
from servers.look_ups import discord_invites, tiktok_oembed
from servers.meta import KEYS as META_KEYS
from servers.meta import OWN, SECRET, TOKEN, graph
from servers.reddit import KEYS as REDDIT_KEYS
from servers.reddit import answer as reddit
from servers.telegram import answer as telegram
from servers.youtube import ENDPOINTS as YOUTUBE

from listener.cli import run

YOUTUBE_KEY = "yt-test-only"
SECRETS = {"LISTEN_YOUTUBE_KEY": YOUTUBE_KEY, **META_KEYS, **REDDIT_KEYS, **LINKEDIN_KEY}
SENT = [YOUTUBE_KEY, TOKEN, SECRET, "key-test-only", "token-test-only", "li-test-only"]
TOML = """
[organisation]
name = "Almby kommun"
places = ["Almby"]
domains = ["almby.example"]
[queries.almby]
query = "Almby"
[sources]
website = {{ enabled = false }}
bluesky = {{ enabled = false }}
lookalike = {{ enabled = false }}
discord = {{ base_url = "{discord}" }}
facebook = {{ enabled = true, terms_accepted = "meta_app_review", base_url = "{graph}" }}
hackernews = {{ base_url = "{hackernews}" }}
instagram = {{ enabled = true, terms_accepted = "meta_app_review", base_url = "{graph}", own_id = "{own}" }}
lemmy = {{ servers = ["{lemmy}"] }}
linkedin = {{ enabled = true, terms_accepted = "linkedin_partner", base_url = "{linkedin}" }}
telegram = {{ base_url = "{telegram}", pause = 0 }}
threads = {{ enabled = true, terms_accepted = "meta_app_review", base_url = "{graph}" }}
tiktok = {{ base_url = "{tiktok}" }}
youtube = {{ base_url = "{youtube}", channels = ["@almbykommun"] }}
[sources.reddit]
enabled = true
terms_accepted = "reddit_approval"
base_url = "{reddit}"
login_url = "{reddit}/api/v1/access_token"
"""
SERVERS = {
    "discord": discord_invites(),
    "graph": graph(),
    "hackernews": hackernews_search(),
    "lemmy": lemmy_server(),
    "linkedin": linkedin_partner(),
    "reddit": reddit,
    "telegram": telegram,
    "tiktok": tiktok_oembed(),
    "youtube": contract(YOUTUBE, {"X-Goog-Api-Key": YOUTUBE_KEY}, (YOUTUBE_KEY,)),
}

pytestmark = pytest.mark.network


@pytest.fixture
def almby(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with settings for every platform, each served on loopback."""
    with ExitStack() as stack:
        urls = {name: stack.enter_context(serving(answer)).url for name, answer in SERVERS.items()}
        (tmp_path / "listener.toml").write_text(TOML.format(**urls, own=OWN), encoding="utf-8")
        (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        for name, value in {**SECRETS, "LISTEN_ALLOW_LOOPBACK": "1", "LISTEN_NOW": "2026-11-22T08:00:00+01:00"}.items():
            monkeypatch.setenv(name, value)
        yield tmp_path


def written(folder: Path) -> bytes:
    """Every byte under a folder, packed files unpacked as well."""
    files = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"\n".join(files + [gzip.decompress(one) for one in files if one.startswith(b"\x1f\x8b")])


def test_every_platform_is_asked_and_no_key_is_written_or_shown(
    almby: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["audit"]) == 0
    told = capsys.readouterr()
    found = {line.partition(":")[0]: line for line in told.err.splitlines() if ": accounts " in line}
    assert set(found) == {*SERVERS, "facebook", "instagram", "threads"} - {"graph", "hackernews"}
    assert not [name for name, line in found.items() if ": accounts 0," in line]
    assert run(["--query", "Almby", "--limit", "900", "--format", "ndjson"]) == 0
    heard = capsys.readouterr()
    platforms = {json.loads(line)["platform"] for line in heard.out.splitlines()}
    assert {"youtube", "threads", "lemmy", "reddit", "hackernews"} <= platforms
    assert run(["sources"]) == 0
    assert run(["config", "show"]) == 0
    shown = capsys.readouterr()
    said = "".join((told.out, told.err, heard.out, heard.err, shown.out, shown.err)).encode() + written(almby)
    assert [secret for secret in SENT if secret.encode() in said] == []
