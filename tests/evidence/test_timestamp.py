"""RFC 3161 against an authority of our own on loopback: what it signed is checked, anything else is told."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
from almby_findings import finding
from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from spooled import audited

from listener.cli import run
from listener.config import Config
from listener.evidence.spool import Spool
from listener.store import Store, open_store
from listener.store.snapshots import load_snapshots

pytestmark = pytest.mark.network


class Authority:
    """A timestamp authority: a root, a certificate for stamping, and answers to queries."""

    def __init__(self) -> None:
        self._root_key, self._key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.root = self._certificate("Almby rot", self._root_key, self._root_key, "Almby rot", stamps=False)
        self.certificate = self._certificate("Almby tid", self._key, self._root_key, "Almby rot", stamps=True)
        self.spoil: Callable[[bytes], bytes] = lambda answer: answer

    def _certificate(self, name: str, key: Any, signer: Any, issuer: str, *, stamps: bool) -> x509.Certificate:
        def called(text: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(called(name))
            .issuer_name(called(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=not stamps, path_length=None), critical=True)
        )
        if stamps:
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            made = made.add_extension(usage, critical=True)
        return made.sign(signer, hashes.SHA256())

    def answer(self, query: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(query)
        told = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4",
                "message_imprint": asked["message_imprint"],
                "serial_number": 7,
                "gen_time": datetime.now(UTC).replace(microsecond=0),
                "nonce": asked["nonce"],
            }
        )
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(told.dump())})
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()

    def _signed(self, told: bytes) -> cms.SignedData:
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        own, root = (
            asn1_x509.Certificate.load(each.public_bytes(serialization.Encoding.DER))
            for each in (self.certificate, self.root)
        )
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        certificate = tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(der).digest()}]})
        attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(told).digest()]}),
                cms.CMSAttribute({"type": "signing_certificate_v2", "values": [certificate]}),
            ]
        )
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    "issuer_and_serial_number",
                    cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number}),
                ),
                "digest_algorithm": sha256,
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )
        inside = {"content_type": "tst_info", "content": core.ParsableOctetString(told)}
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [sha256],
                "encap_content_info": inside,
                "certificates": [own, root],
                "signer_infos": [signer],
            }
        )


@pytest.fixture
def authority() -> Iterator[tuple[Authority, str]]:
    known = Authority()

    class Stamp(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            body = known.spoil(known.answer(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stamp)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield known, f"http://127.0.0.1:{server.server_port}/tsr"
    server.shutdown()
    server.server_close()
    thread.join()


def stamped(store: Store, config: Config, spool: Spool, url: str) -> list[str]:
    """What a run with this authority could not do."""
    here = msgspec.structs.replace(config, allow_loopback=True, tables={"evidence": {"timestamp_url": url}})
    camera = audited(store, here)
    camera.take("bluesky", [finding()], spool, {})
    camera.stamp()
    return [issue.detail for issue in camera.told("evidence")]


def test_the_manifest_is_stamped_once_and_the_stamp_is_checked(
    store: Store,
    config: Config,
    spool: Spool,
    authority: tuple[Authority, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known, url = authority
    assert stamped(store, config, spool, url) == []
    assert stamped(store, config, spool, url) == [], "nothing new to vouch for"
    assert [row.kind for row in load_snapshots(store)] == ["finding", "timestamp"]
    store.close()
    monkeypatch.chdir(config.folder)
    root = config.folder / "root.pem"
    root.write_bytes(known.root.public_bytes(serialization.Encoding.PEM))
    for certificate in ("", f'timestamp_certificate = "{root}"\n'):
        Path("listener.toml").write_text(f'[organisation]\nname = "Almby"\n[evidence]\n{certificate}')
        assert run(["evidence", "verify", "1"]) == 0
        assert "1 timestamps" in capsys.readouterr().out
    stranger = Authority().root
    root.write_bytes(stranger.public_bytes(serialization.Encoding.PEM))
    assert run(["evidence", "verify", "--all"]) == 1
    assert "timestamps/000002.tsr: the timestamp does not fit" in capsys.readouterr().out


def test_a_stamp_over_something_else_is_told(
    store: Store, config: Config, spool: Spool, authority: tuple[Authority, str]
) -> None:
    from listener.evidence.folder import Folder
    from listener.evidence.timestamp import trouble_with

    _known, url = authority
    stamped(store, config, spool, url)
    first, stamp = load_snapshots(store)
    path = Folder.of(config.store).found(stamp)
    assert path is not None
    assert trouble_with(path.read_bytes(), first.hash.encode()) == ""
    assert trouble_with(path.read_bytes(), b"another") != ""
    assert trouble_with(path.read_bytes()[:-9], first.hash.encode()) != ""
    assert trouble_with(b"", first.hash.encode()) != ""


@pytest.mark.parametrize("spoil", [lambda answer: answer[:100], lambda answer: b"", lambda answer: b"x" * 200_000])
def test_what_is_no_stamp_is_not_kept(
    config: Config, spool: Spool, authority: tuple[Authority, str], spoil: Callable[[bytes], bytes]
) -> None:
    known, url = authority
    known.spoil = spoil
    with open_store(config.store) as store:
        (trouble,) = stamped(store, config, spool, url)
        assert trouble.startswith("no timestamp: ")
        assert [row.kind for row in load_snapshots(store)] == ["finding"]
