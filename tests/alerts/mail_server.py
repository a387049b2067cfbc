"""A real SMTP server on loopback that keeps what it is given, asks for a log-in, and can refuse or bounce."""

from __future__ import annotations

import email
import email.policy
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "listen", "p-losen-7"


class Box:
    """What a server was given. `trouble` is its answer to every mail, when it takes none."""

    def __init__(self) -> None:
        self.port = 0
        self.trouble = ""
        self.logins: list[str] = []
        self._kept: list[Envelope] = []

    @property
    def mails(self) -> list[EmailMessage]:
        read = [email.message_from_bytes(cast(bytes, kept.content), policy=email.policy.default) for kept in self._kept]
        return cast("list[EmailMessage]", read)

    @property
    def recipients(self) -> list[str]:
        return [address for kept in self._kept for address in kept.rcpt_tos]

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("gone"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.trouble:
            return self.trouble
        self._kept.append(envelope)
        return "250 OK"

    def let_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any) -> AuthResult:
        login = cast(LoginPassword, given)
        self.logins.append(login.login.decode())
        return AuthResult(success=login.password == PASSWORD.encode(), handled=False)


class Server(Controller):
    """A server on any free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(*, asks: bool = False, encrypts: ssl.SSLContext | None = None) -> Iterator[Box]:
    """A server on a free port; `asks` for a log-in before it takes a mail, `encrypts` with STARTTLS."""
    box = Box()
    more: dict[str, Any] = {"authenticator": box.let_in, "auth_required": True, "auth_require_tls": False}
    server = Server(box, hostname="127.0.0.1", port=0, tls_context=encrypts, **(more if asks else {}))
    server.start()
    try:
        box.port = server.port
        yield box
    finally:
        server.stop()
