"""Taking snapshots: of all answers of a run, those that showed an account whose case is new or has moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from listener.config import Config
from listener.errors import ListenerError
from listener.evidence.archive import WARC, Archive, clock_of
from listener.evidence.chosen import Choice, choose
from listener.evidence.page import fetch_page, fetch_picture, open_page, page_session
from listener.evidence.spool import Spool
from listener.evidence.warc import write_statement
from listener.models import Finding, Record
from listener.store import Store
from listener.store.database import as_json
from listener.store.due import Due, due, has_picture, may_keep_picture
from listener.store.events import MACHINE
from listener.store.snapshots import Kept
from listener.urls import url_key

CASE_BYTES = 10_000_000  # of one case in one run
SHOTS = 20  # screenshots of one run, some seconds each
PICTURES = 100  # profile pictures fetched in one run


class Subject(Record, frozen=True):
    """A flagged account that is to be kept as it is now, and how the manifest knows it.

    `whole`: all that shows it; else only its picture: see `may_keep_picture`.
    """

    finding: Finding
    due: Due
    whole: bool
    picture: str = ""


class Camera(Archive):
    """Keeps what the sources of one run showed. `who` is the person who asked, else the machine.

    `troubles` gathers what could not be kept, as the words of Issues. Nothing here ends a run.
    """

    def __init__(self, store: Store, config: Config, *, run_id: int | None, who: str = MACHINE) -> None:
        super().__init__(store, config, run_id=run_id, who=who)
        self._room = self.settings.most_bytes
        self._pages, self._shots, self._pictures = self.settings.pages, SHOTS, PICTURES

    def take(
        self,
        source: str,
        findings: Iterable[Finding],
        spool: Spool | None,
        hashes: Mapping[str, str],
        *,
        again: bool = False,
    ) -> list[int]:
        """Snapshots of the flagged findings that are due (with `again`, of all); returns the cases that got one.

        `hashes` holds the SHA-256 of the profile pictures that were looked at, by address.
        """
        try:
            return self._take(source, findings, spool, hashes, again)
        except (OSError, ValueError, LookupError) as trouble:  # an answer that no reader of ours was made for
            self.troubles.append(f"answers could not be kept as evidence: {type(trouble).__name__}")
            return []

    def _take(
        self,
        source: str,
        findings: Iterable[Finding],
        spool: Spool | None,
        hashes: Mapping[str, str],
        again: bool,
    ) -> list[int]:
        subjects = list(self._subjects(findings, again)) if spool else []
        if not subjects or spool is None:
            return []
        missed = self._fetch(subjects, spool)
        accounts = {subject.due.case_id: subject.finding.account for subject in subjects if subject.whole}
        pictures = {subject.due.case_id: subject.picture for subject in subjects}
        choices = choose(accounts, spool, pictures)
        self._tell(spool)
        done = []
        for subject in subjects:
            case = subject.due.case_id
            if self._keep(source, subject, choices.get(case, []), spool, hashes, missed.get(case, "")):
                done.append(case)
        for subject in subjects if self.settings.screenshots else ():
            page = open_page(subject.finding.account)
            if page and subject.whole and not missed.get(subject.due.case_id) and self._shots > 0:
                self._shots -= 1
                self.photograph(subject.due.case_id, page)
        return done

    def _subjects(self, findings: Iterable[Finding], again: bool) -> Iterator[Subject]:
        seen: set[int] = set()
        for finding in findings:
            wanted = due(self.store, finding.account, ordered=again) if finding.flagged or again else None
            if wanted is None or wanted.case_id in seen:
                continue
            seen.add(wanted.case_id)
            avatar = finding.account.avatar or ""
            wants_picture = may_keep_picture(finding.verdict, wanted.confirmed) and avatar.startswith(
                ("http://", "https://")
            )
            picture = avatar if wants_picture and not has_picture(self.store, wanted.case_id, avatar) else ""
            whole = again or not wanted.taken
            if whole or picture:
                yield Subject(finding=finding, due=wanted, whole=whole, picture=picture)

    def _fetch(self, subjects: list[Subject], spool: Spool) -> dict[int, str]:
        """Open pages that no source has read, and pictures that may be kept; by case, why a page was not read."""
        seen = {url_key(exchange.url) for _place, exchange, _body in spool}
        session, missed = page_session(self.config, spool), {}
        for subject in subjects:
            page = open_page(subject.finding.account) if subject.whole else None
            if page and url_key(page) not in seen and self._pages > 0:
                self._pages -= 1
                missed[subject.due.case_id] = fetch_page(session, page)
            if subject.picture and self._pictures > 0:
                self._pictures -= 1
                fetch_picture(session, subject.picture)
        return missed

    def _tell(self, spool: Spool) -> None:
        """Say what the spool could not hold."""
        if spool.writer.trouble:
            self.troubles.append(f"answers could not be kept as evidence: {spool.writer.trouble}")
        elif spool.writer.left_out:
            self.troubles.append(f"{spool.writer.left_out} answers were more than could be kept as evidence")

    def _keep(
        self,
        source: str,
        subject: Subject,
        choices: list[Choice],
        spool: Spool,
        hashes: Mapping[str, str],
        missed: str,
    ) -> bool:
        """Write one case's files, enter them in the manifest and put them in place; False when it could not be."""
        case = subject.due.case_id
        if self._room <= 0:
            self.troubles.append(
                f"case {case}: no evidence kept: the run's {self.settings.most_bytes:,} bytes are full"
            )
            return False
        try:
            files = self._files(source, subject, choices, spool, hashes, missed)
            kept = [self._stage(source, subject, *file) for file in files]
            if not kept:
                return False
            self.enter(case, kept)
        except (OSError, ListenerError) as trouble:
            what = (trouble.strerror if isinstance(trouble, OSError) else None) or str(trouble)
            self.troubles.append(f"case {case}: no evidence kept: {what}")
            return False
        return True

    def _stage(self, source: str, subject: Subject, file: bytes, url: str, kind: str, at: datetime) -> Kept:
        self._room -= len(file)
        return Kept(
            kind=kind,
            suffix=WARC,
            sha256=self.folder.stage(file),
            size=len(file),
            url=url,
            at=at,
            source=source,
            event_id=subject.due.event_id,
            fingerprint=subject.due.fingerprint,
        )

    def _files(
        self,
        source: str,
        subject: Subject,
        choices: list[Choice],
        spool: Spool,
        hashes: Mapping[str, str],
        missed: str,
    ) -> Iterator[tuple[bytes, str, str, datetime]]:
        """Content, address, kind and time of each file of one case: its answers, then what we made of them."""
        about = {"isPartOf": f"case {subject.due.case_id}", "source": source, "taken-by": self.who}
        if self.run_id is not None:
            about["run"] = str(self.run_id)
        room = CASE_BYTES
        for choice in choices:
            exchange, body = spool.read(choice.place)
            exchange = msgspec.structs.replace(exchange, url=choice.url)
            if self.config.frozen:  # a spider has a clock of its own
                exchange = msgspec.structs.replace(exchange, at=self.config.now)
            room -= len(body)
            if room < 0:
                break
            file = self.packed(exchange, body, choice, about)
            if file:
                yield file, exchange.url, choice.kind, exchange.at
        if subject.whole:
            now = clock_of(self.config)()
            url = f"urn:listen:case:{subject.due.case_id}:finding"
            content = statement(subject.finding, hashes, missed)
            address = subject.finding.account.url or ""
            yield write_statement(url, content, "application/json", now, about), address, "finding", now


def statement(finding: Finding, hashes: Mapping[str, str], missed: str = "") -> bytes:
    """What the machine made of the account, as JSON; of its picture only the hash, and why its page was not read."""
    told: dict[str, object] = {"finding": msgspec.to_builtins(finding)}
    avatar = finding.account.avatar
    if avatar in hashes:
        told["picture_sha256"] = hashes[str(avatar)]
    if missed:
        told["page_not_read"] = missed
    return as_json(told).encode()
