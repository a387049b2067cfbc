"""Mail to the organisation's own server: encrypted unless it is this machine, logged in only where nobody listens."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage

from listener.alerts.settings import LOOPBACK, Settings
from listener.errors import ListenerError

SECONDS = 20.0  # to connect, and for each answer
USER, PASSWORD = "LISTEN_SMTP_USER", "LISTEN_SMTP_PASSWORD"


class NotSent(ListenerError):
    """A message did not go out; the text says why and what to do."""


@contextmanager
def connected(settings: Settings, secrets: Mapping[str, str]) -> Iterator[smtplib.SMTP]:
    """A session with the mail server. Raises NotSent when it cannot be had as the settings want it."""
    try:
        with smtplib.SMTP(settings.host.strip("[]"), settings.port, timeout=SECONDS) as server:
            begin(server, settings, secrets)
            yield server
    except smtplib.SMTPAuthenticationError as refused:
        raise NotSent(
            f"the mail server refuses the log-in ({refused.smtp_code}): check {USER} and {PASSWORD}"
        ) from None
    except smtplib.SMTPNotSupportedError as wanting:
        raise NotSent(f"the mail server cannot do what is needed ({wanting}): check [alerts] smtp") from wanting
    except ssl.SSLError as wrong:
        raise NotSent(f"the mail server's certificate is not to be trusted ({wrong.reason})") from wrong
    except smtplib.SMTPException as wrong:
        raise NotSent(f"the mail server failed ({type(wrong).__name__})") from wrong
    except OSError as wrong:
        what = wrong.strerror or type(wrong).__name__
        raise NotSent(f"no connection to the mail server ({what}): check [alerts] smtp") from wrong


def begin(server: smtplib.SMTP, settings: Settings, secrets: Mapping[str, str]) -> None:
    """Encrypt and log in. Raises NotSent before a password is told to anyone who could be heard."""
    server.ehlo()
    if settings.starttls:
        if not server.has_extn("starttls"):
            raise NotSent("the mail server does not encrypt (no STARTTLS): nothing was sent")
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    user, password = secrets.get(USER, ""), secrets.get(PASSWORD, "")
    if not user:
        return
    if not settings.starttls and settings.host not in LOOPBACK:
        raise NotSent("a password is not sent without encryption: set [alerts] starttls = true")
    if not f"{user}{password}".isascii():
        raise NotSent(f"{USER} and {PASSWORD} may hold only letters without dots and accents: choose another password")
    server.login(user, password)


def deliver(server: smtplib.SMTP, message: EmailMessage) -> None:
    """One mail to one recipient. Raises NotSent when the server does not take it."""
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        raise NotSent(f"the mail server refuses the recipient ({code}): check [alerts] mail_to") from None
    except smtplib.SMTPSenderRefused as refused:
        raise NotSent(f"the mail server refuses the sender ({refused.smtp_code}): check [alerts] mail_from") from None
    except smtplib.SMTPResponseException as refused:
        raise NotSent(f"the mail server did not take the mail ({refused.smtp_code})") from None
