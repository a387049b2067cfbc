"""At the terminal: taken by order, listed, checked, exported so that anybody can check it, and told in one line."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from almby_findings import NOW, finding
from spooled import FROZEN, answer, audited, profile

from listener.cli import run
from listener.config import Config
from listener.evidence import screenshot
from listener.evidence.spool import Spool
from listener.evidence.wacz import surt
from listener.models import Verdict
from listener.redaction import Secrets
from listener.store import open_store
from listener.store.snapshots import load_snapshots


@pytest.fixture
def desk(config: Config, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with evidence of one case and another case with none."""
    monkeypatch.chdir(config.folder)
    monkeypatch.setenv("LISTEN_NOW", FROZEN)
    monkeypatch.setenv("LISTEN_USER", "lena")
    monkeypatch.setenv("LISTEN_ALLOW_LOOPBACK", "1")
    Path("listener.toml").write_text('[organisation]\nname = "Almby kommun"\n[sources.bluesky]\nenabled = false\n')
    spool = Spool(Secrets({}), lambda: NOW)
    answer(spool, b"<title>Almby kommun</title> did:plc:one ", "https://www.almby.example/b?x=2&a=1", "text/html")
    answer(spool, profile())
    two = finding(platform_id="did:plc:two", handle="two.example", url=None)
    with open_store(config.store) as store:
        audited(store, config, finding(), two).take("bluesky", [finding()], spool, {})
    spool.close()
    return config.folder


@pytest.fixture
def site() -> Iterator[str]:
    """A site with one open page and one that robots.txt closes."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            robots = self.path == "/robots.txt"
            body = b"User-agent: *\nDisallow: /closed" if robots else b"<title>Almby kommun</title>"
            self.send_response(302 if self.path == "/moved" else 200)
            self.send_header("Location", "/landed")
            self.send_header("Content-Type", "text/plain" if robots else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_intact_altered_and_no_such_case(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "verify", "1"]) == 0
    assert capsys.readouterr().out == "Intact: 3 files checked.\n"
    assert run(["evidence", "verify", "2"]) == 0
    assert run(["evidence", "verify", "--all"]) == 0
    assert run(["evidence", "verify", "7"]) == 2
    assert run(["evidence", "verify"]) == 2
    path = desk / "listener.evidence" / "1" / "000002.warc.gz"
    path.write_bytes(path.read_bytes() + b"\n")
    capsys.readouterr()
    assert run(["evidence", "verify", "1"]) == 1
    told = capsys.readouterr().out
    assert "1/000002.warc.gz: altered (was " in told
    assert "ALTERED: 1 alteration; 3 files checked." in told
    assert run(["evidence", "verify", "2"]) == 0, "another case's file"
    assert run(["evidence", "verify", "--all"]) == 1


def test_a_list_and_a_line_for_the_reviewer(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "list", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "hxxps://www[.]almby[.]example/b?x=2&a=1" in lines[0], "no address can be clicked"
    assert run(["evidence", "list", "1", "--format", "json"]) == 0
    assert [row["kind"] for row in json.loads(capsys.readouterr().out)] == ["answer", "answer", "finding"]
    assert run(["evidence", "list", "7"]) == 2
    capsys.readouterr()
    assert run(["review", "show", "1"]) == 0
    assert "1 snapshot, 2026-11-16 08:00" in capsys.readouterr().out
    assert run(["review", "show", "2"]) == 0
    assert "no evidence kept" in capsys.readouterr().out


def test_an_export_can_be_checked_without_us(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "export", "1", "-o", str(tmp_path / "case.zip")]) == 0
    with zipfile.ZipFile(tmp_path / "case.zip") as packed:
        sums = [line.split("  ") for line in packed.read("SHA256SUMS").decode().splitlines()]
        assert len(sums) == 3
        assert all(hashlib.sha256(packed.read(name)).hexdigest() == digest for digest, name in sums)
        assert b"sha256sum -c SHA256SUMS" in packed.read("README.txt")
        rows = list(csv.DictReader(io.StringIO(packed.read("manifest.csv").decode())))
        assert [row["prev_hash"] for row in rows[1:]] == [row["hash"] for row in rows[:-1]]
        assert b"did:plc:one" in gzip.decompress(packed.read("records/1/000001.warc.gz"))
    assert (tmp_path / "case.zip").stat().st_mode & 0o077 == 0
    assert run(["evidence", "export", "1", "-o", str(tmp_path / "none" / "case.zip")]) == 2
    (desk / "listener.evidence" / "1" / "000001.warc.gz").unlink()
    capsys.readouterr()
    assert run(["evidence", "export", "1", "-o", str(tmp_path / "case.zip")]) == 1
    assert "1/000001.warc.gz: missing" in capsys.readouterr().err
    with zipfile.ZipFile(tmp_path / "case.zip") as packed:
        assert b"missing: 1/000001.warc.gz" in packed.read("README.txt")


def test_a_wacz_is_what_its_specification_says(desk: Path, tmp_path: Path) -> None:
    assert run(["evidence", "export", "1", "-o", str(tmp_path / "case.wacz")]) == 0
    with zipfile.ZipFile(tmp_path / "case.wacz") as packed:
        package = json.loads(packed.read("datapackage.json"))
        assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
        for resource in package["resources"]:
            content = packed.read(resource["path"])
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert resource["bytes"] == len(content)
        digest = json.loads(packed.read("datapackage-digest.json"))
        assert digest["hash"] == f"sha256:{hashlib.sha256(packed.read('datapackage.json')).hexdigest()}"
        stored = {"archive/data.warc.gz", "indexes/index.cdx.gz"}
        assert {info.filename for info in packed.infolist() if info.compress_type == zipfile.ZIP_STORED} == stored
        archive = packed.read("archive/data.warc.gz")
        lines = gzip.decompress(packed.read("indexes/index.cdx.gz")).decode().splitlines()
        pages = [json.loads(line) for line in packed.read("pages/pages.jsonl").splitlines()]
    assert lines == sorted(lines)
    key, stamp, told = next(line for line in lines if "almby)" in line).split(" ", 2)
    assert (key, stamp) == ("example,almby)/b?a=1&x=2", "20261116070000")
    place = json.loads(told)
    start, length = int(place["offset"]), int(place["length"])
    assert b"<title>Almby kommun</title>" in gzip.decompress(archive[start : start + length])
    assert [page["url"] for page in pages[1:]] == ["https://www.almby.example/b?x=2&a=1"]
    assert surt("http://www2.Almby.example:8080/") == "example,almby:8080)/"


@pytest.mark.network
def test_a_page_is_kept_by_order(desk: Path, site: str, config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["snapshot", f"{site}/moved"]) == 0
    with open_store(config.store) as store:
        rows = [row for row in load_snapshots(store) if row.case_id is None]
    assert [(row.kind, row.who, row.url) for row in rows] == [
        ("page", "lena", f"{site}/moved"),
        ("page", "lena", f"{site}/landed"),
    ]
    assert run(["evidence", "verify", "--all"]) == 0
    capsys.readouterr()
    assert run(["snapshot", f"{site}/closed"]) == 3
    assert "robots.txt" in capsys.readouterr().err
    assert run(["snapshot", "https://www.facebook.com/almby"]) == 3
    assert "pages of facebook are not open" in capsys.readouterr().err
    assert run(["snapshot", "http://169.254.169.254/"]) == 3
    assert run(["snapshot", "nonsense"]) == 2
    assert run(["snapshot", "7"]) == 2


@pytest.mark.network
def test_a_case_is_kept_again_by_order(desk: Path, config: Config, site: str) -> None:
    assert run(["snapshot", "1"]) == 0
    lookalike = finding(Verdict.LOOKALIKE_SITE, platform="web", platform_id=None, handle="x.almby", url=f"{site}/")
    with open_store(config.store) as store:
        audited(store, config, lookalike)
        assert [row.kind for row in load_snapshots(store, 1)] == ["answer", "answer", "finding", "finding"]
        assert load_snapshots(store, 1)[-1].who == "lena"
    assert run(["snapshot", "3", "--who", "sara"]) == 0
    with open_store(config.store) as store:
        assert [(row.kind, row.who) for row in load_snapshots(store, 3)] == [("page", "sara"), ("finding", "sara")]
    assert run(["evidence", "verify", "--all"]) == 0


@pytest.mark.network
def test_why_there_is_no_screenshot_is_said(
    desk: Path, site: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screenshot, "NAMES", ())
    assert run(["snapshot", f"{site}/", "--screenshot"]) == 3
    assert "no browser here: install chromium" in capsys.readouterr().err
    assert run(["snapshot", "1", "--screenshot"]) == 3
    assert "pages of bluesky are not open" in capsys.readouterr().err
