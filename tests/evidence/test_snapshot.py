"""Of all that a run was answered, what shows a flagged account is kept: byte for byte, that and nothing else."""

from __future__ import annotations

import errno
import gzip
import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from almby_findings import NOW, finding
from spooled import SEARCH, STRANGER, answer, audited, profile

from listener.config import Config
from listener.evidence.folder import Folder
from listener.evidence.snapshot import Camera
from listener.evidence.spool import Spool
from listener.evidence.verify import verify
from listener.models import Decision, State, Verdict
from listener.redaction import Secrets
from listener.store import Store
from listener.store.cases import save_decision
from listener.store.snapshots import Snapshot, load_snapshots, standing

SITE = finding(
    Verdict.LOOKALIKE_SITE,
    platform="web",
    platform_id=None,
    handle="almby-kommun.example",
    url="https://almby-kommun.example/",
    avatar=None,
)


def records(store: Store, row: Snapshot) -> list[tuple[str, bytes, Any]]:
    """The records of a row's file: kind, content, headers."""
    from warcio.archiveiterator import ArchiveIterator

    path = Folder.of(store.path).found(row)
    assert path is not None
    walk = ArchiveIterator(BytesIO(path.read_bytes()), check_digests="raise")
    return [(record.rec_type, record.content_stream().read(), record.rec_headers) for record in walk]


def contents(store: Store, case: int = 1) -> list[bytes]:
    """What was kept of the answers and pages of a case."""
    rows = [row for row in standing(load_snapshots(store, case)) if row.kind in ("answer", "page", "picture")]
    return [content for row in rows for kind, content, _head in records(store, row) if kind in ("response", "resource")]


def everything(store: Store) -> bytes:
    """All that is kept, unpacked."""
    root = Folder.of(store.path).root
    return b"".join(gzip.decompress(path.read_bytes()) for path in root.rglob("*.gz"))


def test_what_showed_the_account_is_kept_as_it_came(store: Store, config: Config, spool: Spool) -> None:
    body = json.dumps(profile(bio="Örebrο")).encode() + b"\n"
    answer(spool, body, "https://api.example/profile?actor=did:plc:one")
    answer(spool, STRANGER, "https://api.example/profile?actor=did:plc:stranger")
    assert audited(store, config).take("bluesky", [finding()], spool, {}) == [1]
    assert contents(store) == [body]
    row = load_snapshots(store, 1)[0]
    assert (row.kind, row.run_id, row.source, row.who) == ("answer", 1, "bluesky", "listen")
    assert row.url == "https://api.example/profile?actor=did:plc:one"
    told = {kind: content.decode() for kind, content, _head in records(store, row)}
    assert "listen 0" in told["warcinfo"]
    assert "source: bluesky" in told["metadata"]
    assert "answer-sha256: " in told["metadata"]
    assert verify(store, Folder.of(store.path), 1).alterations == ()


def test_of_a_list_only_the_accounts_own_row_is_kept(store: Store, config: Config, spool: Spool) -> None:
    mine = '{"id" : "did:plc:one",\n "handle":"almby-kommun.example", "bio":"å\\u00e5"}'
    body = f'{{"cursor": [1, 2], "actors": [{json.dumps(STRANGER)}, {mine} , {json.dumps(STRANGER)}]}}'.encode()
    together = "actors=did%3Aplc%3Astranger&actors=did%3Aplc%3Aone"
    answer(spool, body, f"{SEARCH}&{together}")
    audited(store, config).take("bluesky", [finding()], spool, {})
    assert contents(store) == [mine.encode() + b"\n"]
    kept = everything(store)
    assert b"did:plc:stranger" not in kept.replace(b"%3A", b":")
    assert b"greta" not in kept
    assert load_snapshots(store, 1)[0].url == f"{SEARCH}&actors=did%3Aplc%3Aone"
    assert b"did%3Aplc%3Astranger" not in store.path.read_bytes() + store.path.with_name("listener.db-wal").read_bytes()


@pytest.mark.parametrize(
    ("kind", "body", "own"),
    [
        (
            "application/rss+xml",
            b"<rss><item>greta.example</item><item>'did:plc:one'</item></rss>",
            b"<item>'did:plc:one'</item>\n",
        ),
        ("text/plain", b"greta.example\nalmby.example did:plc:one\nother\n", b"almby.example did:plc:one\n"),
        ("text/html", b"<p>did:plc:one</p>", b"<p>did:plc:one</p>"),
        ("application/json", b'[{"id": "did:plc:one"', b'[{"id": "did:plc:one"'),
    ],
)
def test_rows_of_other_forms(store: Store, config: Config, spool: Spool, kind: str, body: bytes, own: bytes) -> None:
    answer(spool, body, kind=kind)
    audited(store, config).take("bluesky", [finding()], spool, {})
    assert contents(store) == [own]


@pytest.mark.parametrize(
    "body",
    [
        {"id": "did:plc:one2", "handle": "almby-kommun.example.org"},
        {"handle": "inte-almby-kommun.example"},
        {"text": "kommunen almby-kommun.example"},
        b"\xff\xfe" * 50,
        b"[" * 100_000,
    ],
)
def test_what_only_looks_like_it_is_not_kept(store: Store, config: Config, spool: Spool, body: Any) -> None:
    answer(spool, body)
    answer(spool, profile(), status=404)
    answer(spool, b"did:plc:one", "https://cdn.example/one.jpg", "image/jpeg")
    answer(spool, b"did:plc:one", "https://api.example/robots.txt", "text/plain")
    shown = finding(avatar="https://cdn.example/its-own.jpg")
    audited(store, config, shown).take("bluesky", [shown], spool, {})
    assert contents(store) == []


def test_every_flagged_account_leaves_at_least_what_was_found(store: Store, config: Config, spool: Spool) -> None:
    avatar = "https://cdn.example/one.jpg"
    audited(store, config).take("tips", [finding()], spool, {avatar: "ab" * 32})
    (row,) = load_snapshots(store, 1)
    assert row.kind == "finding"
    told = json.loads(records(store, row)[1][1])
    assert told["finding"]["account"]["display_name"] == "Almby kommun"
    assert told["picture_sha256"] == "ab" * 32


def test_a_case_is_kept_again_only_when_it_moved(store: Store, config: Config, spool: Spool) -> None:
    answer(spool, profile())
    camera = audited(store, config)
    unflagged = finding(Verdict.UNRELATED, 0.0, platform_id="did:plc:other", handle="other.example")
    assert camera.take("bluesky", [finding(), unflagged], spool, {}) == [1]
    assert audited(store, config).take("bluesky", [finding()], spool, {}) == []
    changed = finding(description="Swisha 500 kr")
    assert audited(store, config, changed).take("bluesky", [changed], spool, {}) == [1]
    decided = Decision(case_id=1, who="sara", to=State.DISMISSED, reason="namesake")
    save_decision(store, decided, NOW)
    assert audited(store, config, changed).take("bluesky", [changed], spool, {}) == []
    back = finding(description="Swisha 1000 kr")
    assert audited(store, config, back).take("bluesky", [back], spool, {}) == [1], "it regressed"


def test_the_open_page_of_a_site_comes_first(store: Store, config: Config, spool: Spool) -> None:
    for number in range(9):
        answer(spool, b"see https://almby-kommun.example/ ", f"https://almby.example/{number}", "text/html")
    answer(spool, b"<title>Almby kommun</title>", "https://almby-kommun.example/", "text/html", status=403)
    audited(store, config, SITE).take("certificates", [SITE], spool, {})
    kept = contents(store)
    assert kept[0] == b"<title>Almby kommun</title>"
    assert len(kept) == 6
    assert load_snapshots(store, 1)[0].kind == "page"


@pytest.mark.parametrize("verdict", [Verdict.EMPLOYEE_OFFICIAL, Verdict.UNCLEAR])
def test_a_picture_of_what_may_be_a_person_is_kept_only_when_the_case_is_confirmed(
    store: Store, config: Config, spool: Spool, monkeypatch: pytest.MonkeyPatch, verdict: Verdict
) -> None:
    avatar = "https://cdn.almby.se/one.jpg"
    shown = msgspec.structs.replace(finding(avatar=avatar), verdict=verdict)
    monkeypatch.setattr("listener.evidence.snapshot.fetch_picture", fetching(spool))
    audited(store, config, shown).take("bluesky", [shown], spool, {avatar: "ab" * 32})
    assert b"jpeg" not in b"".join(contents(store))
    save_decision(store, Decision(case_id=1, who="sara", to=State.CONFIRMED, reason="impostor"), NOW)
    for _week in range(2):
        audited(store, config, shown).take("bluesky", [shown], spool, {})
    assert contents(store) == [b"\xff\xd8jpeg"], "once"
    assert [row.kind for row in load_snapshots(store, 1)] == ["finding", "picture"]


def test_the_picture_of_an_impostor_is_kept_at_once_and_only_once(
    store: Store, config: Config, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = finding(avatar="https://cdn.almby.se/one.jpg")
    monkeypatch.setattr("listener.evidence.snapshot.fetch_picture", fetching(spool))
    for _week in range(2):
        audited(store, config, shown).take("bluesky", [shown], spool, {})
    assert contents(store) == [b"\xff\xd8jpeg"]


def fetching(spool: Spool) -> Callable[[object, str], str]:
    """A look at a picture that is there."""

    def fetch(_session: object, url: str) -> str:
        answer(spool, b"\xff\xd8jpeg", url, "image/jpeg")
        return ""

    return fetch


def test_a_full_disk_ends_no_run_and_the_case_stays_due(
    store: Store, config: Config, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(spool, profile())
    camera = audited(store, config)
    with monkeypatch.context() as full:

        def fsync(_number: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        full.setattr("os.fsync", fsync)
        assert camera.take("bluesky", [finding()], spool, {}) == []
    (issue,) = camera.told("bluesky")
    assert (issue.source, issue.kind) == ("bluesky", "skipped")
    assert issue.detail == "case 1: no evidence kept: No space left on device"
    assert verify(store, Folder.of(store.path), None).alterations == ()
    assert audited(store, config).take("bluesky", [finding()], spool, {}) == [1]


def test_bounds_are_kept(store: Store, config: Config, spool: Spool) -> None:
    large = json.dumps(profile(bio="x" * 3_000_000)).encode()
    answer(spool, large)
    camera = audited(store, config)
    camera.take("bluesky", [finding()], spool, {})
    (kept,) = contents(store)
    assert kept == large[:2_000_000]
    (told,) = [content for kind, content, _h in records(store, load_snapshots(store, 1)[0]) if kind == "metadata"]
    assert b"cut-after: 2000000" in told
    full = Camera(store, config, run_id=1)
    full._room = 0
    assert full.take("bluesky", [finding()], spool, {}, again=True) == []
    assert "bytes are full" in full.told("bluesky")[0].detail


def test_hostile_headers_break_nothing(store: Store, config: Config, spool: Spool) -> None:
    headers = [("Content-Type", "text/html"), ("X-Evil", "a\r\nWARC/1.1\r\n\r\nå\udc80\x00"), ("Set-Cookie", "s=1")]
    spool.writer.add("https://a.example/å?q=\udc80", 200, headers, b"'did:plc:one'", reason="OK\r\nX: y")
    camera = audited(store, config)
    assert camera.take("bluesky", [finding()], spool, {}) == [1]
    assert contents(store) == [b"'did:plc:one'"]
    assert b"Set-Cookie" not in everything(store)


def test_a_secret_that_stands_in_a_host_costs_neither_the_evidence_nor_the_run(store: Store, config: Config) -> None:
    spool = Spool(Secrets({"LISTEN_BLUESKY_PASSWORD": "almby-kommun"}), lambda: NOW)
    answer(spool, b"<p>Almby", "https://almby-kommun.example/x?y=almby-kommun", "text/html")
    answer(spool, profile())
    assert audited(store, config).take("bluesky", [finding()], spool, {}) == [1]
    shown = [exchange.url for _place, exchange, _body in spool]
    spool.close()
    assert shown == ["https://redacted.example/x?y=[redacted]", SEARCH]
    assert urlsplit(shown[0]).hostname == "redacted.example"


def test_what_cannot_be_chosen_from_is_told_and_ends_no_run(
    store: Store, config: Config, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(*_given: object) -> None:
        raise ValueError("an address that cannot be read")

    answer(spool, profile())
    monkeypatch.setattr("listener.evidence.snapshot.choose", fall_over)
    camera = audited(store, config)
    assert camera.take("bluesky", [finding()], spool, {}) == []
    assert camera.troubles == ["answers could not be kept as evidence: ValueError"]
