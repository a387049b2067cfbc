"""Alerts on their way: kept first, then sent, each once a channel; what a channel did not take is tried again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from smtplib import SMTP

from listener.alerts import letter as letters
from listener.alerts.alert import URGENT, Alert, Outcome
from listener.alerts.post import NotSent, connected, deliver
from listener.alerts.settings import Settings, load_settings
from listener.alerts.webhook import tell
from listener.config import Config
from listener.crisis.quoting import known_words, our_names
from listener.organisation import load_organisation
from listener.redaction import Secrets
from listener.report.wording import Words
from listener.store import Store
from listener.store.outbox import Delivery, claim_deliveries, keep_alert, mark_failed, mark_sent

MAIL, WEBHOOK = "mail:", "webhook:"


def send(config: Config, store: Store, alerts: Iterable[Alert], now: datetime) -> list[Outcome]:
    """Keep these alerts, then send what waits; returns how each delivery fared.

    A channel that fails raises nothing: the alert stays and goes out the next time. After a kill between sending and
    noting it, one message may come twice, with the same Message-ID. Raises ConfigError for wrong settings.
    """
    settings = load_settings(config)
    keep(store, settings, alerts, now)
    return send_waiting(config, store, settings, now)


def send_waiting(config: Config, store: Store, settings: Settings, now: datetime) -> list[Outcome]:
    """Send what was kept and has not gone out yet."""
    waiting = claim_deliveries(store, settings.channels, now)
    if not waiting:
        return []
    return list(Round(config, store, settings, now).go(waiting))


def keep(store: Store, settings: Settings, alerts: Iterable[Alert], now: datetime) -> list[int]:
    """Keep alerts that were not told within the cool-down; only urgent ones are addressed to anybody."""
    kept = []
    for alert in alerts:
        number = keep_alert(
            store,
            now,
            kind=alert.kind,
            severity=alert.severity,
            title=alert.title,
            cause=alert.cause,
            key=alert.key,
            links=alert.links,
            posts=alert.posts,
            channels=settings.channels if alert.severity == URGENT else (),
            cool_down=settings.cool_down,
        )
        kept += [number] if number is not None else []
    return kept


class Round:
    """One round of deliveries: one session with the mail server, one message at a time, each marked at once."""

    def __init__(self, config: Config, store: Store, settings: Settings, now: datetime) -> None:
        self.config, self.store, self.settings, self.now = config, store, settings, now
        self.words = Words(config.language)
        organisation = load_organisation(config)
        self.name = organisation.name
        self.known = known_words(our_names(organisation))
        self.struck = Secrets(config.secrets)

    def go(self, waiting: Sequence[Delivery]) -> Iterator[Outcome]:
        mails = [delivery for delivery in waiting if delivery.channel.startswith(MAIL)]
        if mails:
            yield from self.post(mails)
        for delivery in waiting:
            if delivery.channel.startswith(WEBHOOK):
                yield self.hook(delivery)

    def post(self, mails: Sequence[Delivery]) -> Iterator[Outcome]:
        """Every mail in one session; when there is none to be had, all of them wait."""
        left = list(mails)
        try:
            with connected(self.settings, self.config.secrets) as server:
                while left:
                    yield self.mail(server, left[0])
                    left.pop(0)
        except NotSent as trouble:
            for delivery in left:
                yield self.failed(delivery, trouble)

    def mail(self, server: SMTP, delivery: Delivery) -> Outcome:
        """One mail to one recipient."""
        recipient = delivery.channel.removeprefix(MAIL)
        try:
            deliver(server, letters.mail(self.letter(delivery), self.settings.mail_from, recipient, self.words))
        except NotSent as refused:
            return self.failed(delivery, refused)
        return self.sent(delivery)

    def hook(self, delivery: Delivery) -> Outcome:
        """One message to one webhook."""
        name = delivery.channel.removeprefix(WEBHOOK)
        found = letters.for_chat(self.letter(delivery))
        body = letters.render_text(found, self.words)
        try:
            tell(name, self.settings.webhooks[name], letters.subject(found), body, self.config.allow_loopback)
        except NotSent as trouble:
            return self.failed(delivery, trouble)
        return self.sent(delivery)

    def letter(self, delivery: Delivery) -> letters.Letter:
        return letters.write(self.store, delivery.alert, self.name, self.known)

    def sent(self, delivery: Delivery) -> Outcome:
        mark_sent(self.store, delivery, self.now)
        return Outcome(alert=delivery.alert.id, channel=delivery.channel, sent=True)

    def failed(self, delivery: Delivery, trouble: NotSent) -> Outcome:
        detail = self.struck.strike(str(trouble))
        mark_failed(self.store, delivery, detail)
        return Outcome(alert=delivery.alert.id, channel=delivery.channel, sent=False, detail=detail)
