"""Alerts by mail, to a real SMTP server: what arrives, what never leaves, and what is tried again."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from alerts.conftest import MAILED, NOW
from alerts.mail_server import PASSWORD, USER, mail_server
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from listener.alerts import Alert, send
from listener.config import Config
from listener.errors import ConfigError
from listener.store import Store
from listener.store.outbox import claim_deliveries, list_alerts

pytestmark = pytest.mark.network
Configured = Callable[..., Config]
Make = Callable[..., Alert]
LATER = timedelta(minutes=11)


def test_an_alert_arrives_once_as_text_and_html(configured: Configured, store: Store, alert: Make) -> None:
    with mail_server() as box:
        config = configured(MAILED.format(to="anna@almby.example", port=box.port))
        outcomes = send(config, store, [alert(cause="90 posts, 40 writers <b>åäö</b>.")], NOW)
        assert [(one.channel, one.sent) for one in outcomes] == [("mail:anna@almby.example", True)]
        assert send(config, store, [], NOW + LATER) == []
        (mail,) = box.mails
    assert mail["subject"] == "[Almby kommun] Unusual pattern: simhallen"
    assert mail["from"].addresses[0].addr_spec == "listen@almby.example"
    assert mail["auto-submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "90 posts, 40 writers <b>åäö</b>." in text
    assert "listen crisis report" in text
    assert "&lt;b&gt;åäö&lt;/b&gt;" in page
    assert "<img" not in page
    assert "src=" not in page
    assert "href=" not in page


def test_the_mail_speaks_swedish_where_reports_do(configured: Configured, store: Store, alert: Make) -> None:
    with mail_server() as box:
        config = configured(MAILED.format(to="anna@almby.example", port=box.port), language="sv")
        send(config, store, [alert()], NOW)
        (mail,) = box.mails
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Se vidare:" in text
    assert "människor beslutar" in text
    assert mail["content-language"] == "sv"


@pytest.mark.parametrize(
    "nasty", ["Hej\r\nBcc: all@evil.example", "Hej\nBcc: all@evil.example", "\x00\u202egpj", "å" * 900]
)
def test_nothing_in_a_title_becomes_a_header(configured: Configured, store: Store, alert: Make, nasty: str) -> None:
    with mail_server() as box:
        config = configured(MAILED.format(to="anna@almby.example", port=box.port))
        assert all(one.sent for one in send(config, store, [alert(title=nasty, cause=nasty)], NOW))
        (mail,) = box.mails
    assert mail["bcc"] is None
    assert box.recipients == ["anna@almby.example"]
    assert "\u202e" not in mail["subject"]
    assert len(mail["subject"]) <= 150


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_it_logs_in_when_the_environment_says_who(configured: Configured, store: Store, alert: Make) -> None:
    with mail_server(asks=True) as box:
        alerts = MAILED.format(to="anna@almby.example", port=box.port)
        refused = send(configured(alerts), store, [alert()], NOW)
        assert not refused[0].sent
        wrong = {"LISTEN_SMTP_USER": USER, "LISTEN_SMTP_PASSWORD": "wrong-password"}
        (outcome,) = send(configured(alerts, **wrong), store, [], NOW + LATER)
        assert "LISTEN_SMTP_PASSWORD" in outcome.detail
        assert "wrong-password" not in outcome.detail
        swedish = {"LISTEN_SMTP_USER": USER, "LISTEN_SMTP_PASSWORD": "lösenordet"}
        (outcome,) = send(configured(alerts, **swedish), store, [], NOW + 2 * LATER)
        assert "choose another password" in outcome.detail
        right = {"LISTEN_SMTP_USER": USER, "LISTEN_SMTP_PASSWORD": PASSWORD}
        (outcome,) = send(configured(alerts, **right), store, [], NOW + 3 * LATER)
        assert outcome.sent
        assert box.recipients == ["anna@almby.example"]
        assert box.logins


def test_without_encryption_nothing_is_sent_where_it_is_wanted(
    configured: Configured, store: Store, alert: Make
) -> None:
    with mail_server() as box:
        alerts = MAILED.format(to="anna@almby.example", port=box.port) + "starttls = true\n"
        (outcome,) = send(configured(alerts), store, [alert()], NOW)
        assert not outcome.sent
        assert "STARTTLS" in outcome.detail
        assert box.mails == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody signed, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()) + made.public_bytes(pem))
    return path


def test_it_encrypts_and_believes_only_a_certificate_that_is_signed(
    configured: Configured, store: Store, alert: Make, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    with mail_server(encrypts=server) as box:
        alerts = MAILED.format(to="anna@almby.example", port=box.port) + "starttls = true\n"
        (outcome,) = send(configured(alerts), store, [alert()], NOW)
        assert "certificate is not to be trusted" in outcome.detail
        assert box.mails == []
        trusting = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
        (outcome,) = send(configured(alerts), store, [], NOW + LATER)
        assert outcome.sent, outcome.detail
        assert len(box.mails) == 1


def test_a_bounce_keeps_nobody_else_from_their_mail(configured: Configured, store: Store, alert: Make) -> None:
    with mail_server() as box:
        config = configured(MAILED.format(to='gone@almby.example", "anna@almby.example', port=box.port))
        outcomes = {one.channel: one for one in send(config, store, [alert()], NOW)}
        assert outcomes["mail:anna@almby.example"].sent
        assert "550" in outcomes["mail:gone@almby.example"].detail
        again = send(config, store, [], NOW + LATER)
        assert [one.channel for one in again] == ["mail:gone@almby.example"]
        assert box.recipients == ["anna@almby.example"]


def test_what_a_server_did_not_take_goes_out_the_next_time(configured: Configured, store: Store, alert: Make) -> None:
    with mail_server() as box:
        box.trouble = "451 try again later"
        config = configured(MAILED.format(to="anna@almby.example", port=box.port))
        assert not send(config, store, [alert()], NOW)[0].sent
        box.trouble = ""
        assert send(config, store, [alert(key="storm:2:0")], NOW)[0].sent
        assert len(box.mails) == 2
    ((_second, _ways), (_first, ways)) = list_alerts(store)
    assert (ways[0].tries, ways[0].sent_at, ways[0].trouble) == (2, NOW, "")


def test_a_server_that_is_not_there_raises_nothing(configured: Configured, store: Store, alert: Make) -> None:
    with mail_server() as box:
        port = box.port
    config = configured(MAILED.format(to='anna@almby.example", "bo@almby.example', port=port))
    outcomes = send(config, store, [alert()], NOW)
    assert [one.sent for one in outcomes] == [False, False]
    assert "no connection to the mail server" in outcomes[0].detail


def test_what_was_begun_by_one_that_was_killed_is_sent_by_another_after_a_while(
    configured: Configured, store: Store, alert: Make
) -> None:
    with mail_server() as box:
        config = configured(MAILED.format(to="anna@almby.example", port=box.port))
        send(configured(), store, [], NOW)
        send(configured(MAILED.format(to="anna@almby.example", port=1)), store, [alert()], NOW)
        assert len(claim_deliveries(store, ["mail:anna@almby.example"], NOW)) == 1  # and then it is killed
        assert send(config, store, [], NOW + timedelta(minutes=9)) == []
        assert send(config, store, [], NOW + LATER)[0].sent
        assert len(box.mails) == 1


def test_the_same_is_told_once_in_the_cool_down(configured: Configured, store: Store, alert: Make) -> None:
    with mail_server() as box:
        config = configured(MAILED.format(to="anna@almby.example", port=box.port) + "cool_down_minutes = 30\n")
        for minutes in (0, 10, 29, 31):
            send(config, store, [alert()], NOW + timedelta(minutes=minutes))
        assert len(box.mails) == 2


def test_what_can_wait_is_kept_and_not_sent(configured: Configured, store: Store, alert: Make) -> None:
    with mail_server() as box:
        config = configured(MAILED.format(to="anna@almby.example", port=box.port))
        assert send(config, store, [alert(severity="weekly")], NOW) == []
        assert box.mails == []
    ((kept, ways),) = list_alerts(store)
    assert (kept.severity, ways) == ("weekly", ())


@pytest.mark.parametrize(
    ("alerts", "told"),
    [
        ('mail_to = ["anna"]\nsmtp = "a.example"', "mail_to"),
        ('mail_to = ["åsa@b.example"]\nsmtp = "a.example"', "mail_to"),
        ('mail_to = ["a..b@b.example"]\nsmtp = "a.example"', "mail_to"),
        ('mail_to = ["a@b..example"]\nsmtp = "a.example"', "mail_to"),
        ('mail_to = ["a@b.example, c@d.example"]\nsmtp = "a.example"', "mail_to"),
        ('mail_to = ["a@b.example\\nBcc: x@y.example"]\nsmtp = "a.example"', "mail_to"),
        ('mail_to = ["a@b.example"]', "smtp"),
        ('mail_to = ["a@b.example"]\nsmtp = "a.example:99999"', "smtp"),
        ('mail_to = ["a@b.example"]\nsmtp = "a.example"\nmail_from = "Almby <a@b.example>"', "mail_from"),
        ('urgent = ["everything"]', "urgent"),
        ('webhooks = ["https://evil.example/x"]', "LISTEN_ALERT_URL_TEAMS"),
        ('mail_tu = ["a@b.example"]', "mail_to"),
    ],
)  # fmt: skip
def test_wrong_settings_are_named(configured: Configured, store: Store, alerts: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        send(configured(alerts), store, [], NOW)
