"""What goes into the evidence folder and its manifest, by a run or by a person's order; nothing here ends a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from listener.config import Config
from listener.errors import ListenerError, SourceError
from listener.evidence.chosen import Choice, worthless
from listener.evidence.folder import Folder, settle
from listener.evidence.page import fetch_page, page_session
from listener.evidence.screenshot import shoot
from listener.evidence.settings import EvidenceSettings, read_settings
from listener.evidence.spool import Exchange, Spool
from listener.evidence.timestamp import ask
from listener.evidence.warc import tool, write_answer
from listener.http import Session, user_agent
from listener.models import Issue
from listener.redaction import Secrets
from listener.store import Store
from listener.store.barred import barred
from listener.store.events import MACHINE
from listener.store.snapshots import TIMESTAMP, Kept, add_snapshots, load_snapshots
from listener.urls import shown_url

WARC = ".warc.gz"


def start_spool(config: Config, session: Session) -> Spool | None:
    """Let everything that the session is answered be spooled from now on; None when no evidence is wanted."""
    if not read_settings(config).enabled:
        return None
    spool = Spool(Secrets(config.secrets), clock_of(config))
    session.record(spool)
    return spool


def clock_of(config: Config) -> Callable[[], datetime]:
    """The run's clock, which may stand still."""
    return lambda: config.now if config.frozen else datetime.now(UTC)


class Archive:
    """The evidence of one store, open for writing. `who` is the person who asked, else the machine; `run_id` the run.

    `troubles` gathers what could not be kept, as the words of Issues.
    """

    def __init__(self, store: Store, config: Config, *, run_id: int | None, who: str = MACHINE) -> None:
        self.store, self.config = store, config
        self.settings: EvidenceSettings = read_settings(config)
        self.folder = Folder.of(config.store)
        self.run_id, self.who = run_id, who
        self.troubles: list[str] = []

    def settle(self) -> None:
        """Finish what a killed run began; call it with the run lock held."""
        try:
            settle(self.store, self.folder)
        except OSError as trouble:
            self.troubles.append(f"the evidence folder could not be put in order: {trouble.strerror or trouble}")

    def told(self, source: str) -> tuple[Issue, ...]:
        """What could not be kept since this was last asked."""
        struck = Secrets(self.config.secrets)
        troubles, self.troubles = map(struck.strike, self.troubles), []
        return tuple(Issue(source=source, kind="skipped", detail=detail) for detail in dict.fromkeys(troubles))

    def keep_page(self, spool: Spool) -> int:
        """Keep a page that is about no case: every answer on the way to it. Returns how many. Raises OSError."""
        about = {"isPartOf": "a page fetched by order", "taken-by": self.who}
        kept = []
        for place, exchange, body in spool:
            choice = Choice(rank=0, kind="page", place=place, url=exchange.url)
            if not worthless(exchange) and (file := self.packed(exchange, body, choice, about)):
                at = self.config.now if self.config.frozen else exchange.at
                digest = self.folder.stage(file)
                kept.append(Kept(kind="page", suffix=WARC, sha256=digest, size=len(file), url=exchange.url, at=at))
        self.enter(None, kept)
        return len(kept)

    def photograph(self, case: int | None, url: str) -> None:
        """A picture of the page at this address as a browser shows it; why there is none is among the troubles."""
        try:
            if why := fetch_page(page_session(self.config), url):  # what robots.txt closes is not opened either
                raise SourceError(why)
            picture = shoot(url, user_agent(self.config.contact), allow_loopback=self.config.allow_loopback)
            kept = Kept(
                kind="screenshot",
                suffix=".png",
                sha256=self.folder.stage(picture),
                size=len(picture),
                url=url,
                at=clock_of(self.config)(),
            )
            self.enter(case, [kept])
        except (OSError, ListenerError) as trouble:
            what = (trouble.strerror if isinstance(trouble, OSError) else None) or str(trouble)
            self.troubles.append(f"no screenshot of {shown_url(url)}: {what}")

    def stamp(self) -> None:
        """Have the manifest timestamped, when an authority is named and there is something new to vouch for."""
        rows = load_snapshots(self.store)
        if not self.settings.timestamp_url or not rows or rows[-1].kind == TIMESTAMP:
            return
        try:
            answer = ask(page_session(self.config), self.settings.timestamp_url, rows[-1].hash.encode())
            kept = Kept(
                kind=TIMESTAMP,
                suffix=".tsr",
                sha256=self.folder.stage(answer),
                size=len(answer),
                url=self.settings.timestamp_url,
                at=clock_of(self.config)(),
            )
            self.enter(None, [kept])
        except (OSError, ListenerError) as trouble:
            what = (trouble.strerror if isinstance(trouble, OSError) else None) or str(trouble)
            self.troubles.append(f"no timestamp: {what}")

    def enter(self, case: int | None, kept: list[Kept]) -> None:
        """Enter staged files in the manifest and give them their names, unless the case was barred meanwhile.

        Raises OSError or StoreError; what was entered but has no name yet gets it by the next run.
        """
        with self.store.transaction():
            may = case is None or not barred(self.store, case)
            ids = add_snapshots(
                self.store, kept if may else (), case_id=case, run_id=self.run_id, tool=tool(), who=self.who
            )
        for snapshot in load_snapshots(self.store, case):
            if snapshot.id in ids:
                self.folder.place(snapshot)
        self.folder.clear_staged()

    def packed(self, exchange: Exchange, body: bytes, choice: Choice, about: dict[str, str]) -> bytes:
        try:
            return write_answer(exchange, body, choice.spans, about)
        except ValueError as wrong:  # headers that strangers made up
            self.troubles.append(f"an answer could not be kept as evidence: {type(wrong).__name__}")
            return b""
