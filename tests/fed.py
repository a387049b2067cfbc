"""Every reader and the judge, each fed one hostile input and held to what must be true of its answer."""

from __future__ import annotations

import atexit
import csv
import io
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from listener.errors import ListenerError
from listener.explain import explain
from listener.harvest import page_links
from listener.logos.opening import LONGEST, open_picture
from listener.models import Account, Finding, Verdict
from listener.organisation import read_organisation
from listener.posts import Post
from listener.profiles import read_link
from listener.query import parse
from listener.registry import read_registry
from listener.rules import check_profile
from listener.screen.answers import as_csv, as_ndjson, as_table
from listener.screen.bulk import Screener
from listener.screen.candidates import Broken, read_candidate, read_csv
from listener.screen.stream import Filter, Numbered, Writer
from listener.screen.sweep import Sweep
from listener.store import Store, open_store
from listener.store.accounts import save_findings
from listener.store.runs import start_run
from listener.text.fold import fold
from listener.text.skeleton import odd_characters, skeleton
from listener.text.tokens import read_key
from tests.eval.labelled import HERE, screener
from tests.hostile import Hostile

HEADER = "platform,url,unit,status,owner_email,handle,display_name\n"
MANY = 100_000  # rows of the largest register
TOML = Path("listener.toml")
NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)


@cache
def lindvik() -> Screener:
    """The judge of an invented municipality."""
    return screener("lindvik")


@cache
def judge_among(rows: int) -> Screener:
    """The same municipality with a register of so many rows."""
    lines = (
        f"x,https://x.com/u{n}lindvik,Unit {n},approved,a@b.example,u{n}lindvik,Unit {n} Lindvik\n" for n in range(rows)
    )
    return Screener(lindvik().organisation, read_registry((HEADER + "".join(lines)).encode(), "register"))


@cache
def screening(form: str) -> Filter:
    """`listen screen` in a format."""
    writers: dict[str, Writer] = {"csv": as_csv, "table": partial(as_table, str, str)}
    register = read_registry((HERE / "lindvik" / "registry.csv").read_bytes(), "register")
    return Filter(lindvik().organisation, register, writers.get(form, as_ndjson))


@cache
def sweep() -> Sweep:
    """`listen screen --domains`."""
    return Sweep(lindvik(), as_ndjson)


def holds(finding: Finding, longest: int = 10_000) -> None:
    """What is true of every finding, whatever it is about; no reason has more than `longest` characters."""
    assert 0.0 <= finding.score <= 1.0, finding.score
    for one in finding.signals:
        assert 0.0 <= one.score <= 1.0, one
        assert 0 < len(one.detail) < longest, "a sentence that a person can read"


def account(hostile: Hostile) -> Account:
    """An account of texts that no JSON could carry, such as lone surrogates."""
    return Account(
        platform=hostile.platform(),
        handle=hostile.text(),
        display_name=hostile.text(),
        description=hostile.text(),
        url=hostile.url(),
        links=(hostile.url(),),
        avatar=hostile.text(300),
    )


def judge(hostile: Hostile) -> None:
    given = account(hostile)
    finding = lindvik().judge(given)
    holds(finding)
    assert finding.account == given


def judge_among_one(hostile: Hostile) -> None:
    holds(judge_among(1).judge(account(hostile)))


def judge_among_many(hostile: Hostile) -> None:
    holds(judge_among(MANY).judge(account(hostile)))


def judge_domain(hostile: Hostile) -> None:
    holds(lindvik().judge(Account(platform="web", handle=hostile.domain(), url=hostile.url())))


def screen_domain(hostile: Hostile) -> None:
    line = hostile.domain().encode("utf-8", "surrogatepass")
    for answer in sweep().answers(io.BytesIO(line)):
        assert all(json.loads(written)["platform"] == "web" for written in answer.written.splitlines())


def screen_lines(hostile: Hostile) -> None:
    batch: list[Numbered] = [(number, hostile.line()) for number in range(1, 6)]
    for form in ("ndjson", "csv", "table"):
        answer = screening(form).answer(batch)
        text = answer.written.decode("utf-8")
        rows = len(batch) - len(answer.broken)
        if form == "ndjson":
            assert [bool(json.loads(line)["verdict"]) for line in text.split("\n") if line] == [True] * rows
        if form == "csv":
            assert len(list(csv.reader(io.StringIO(text, newline="")))) == rows
        if form == "table":
            lines = text.removesuffix("\n").split("\n") if text else []
            assert len(lines) == rows
            assert all(map(str.isprintable, lines)), text


def screen_table(hostile: Hostile) -> None:
    text = hostile.table().decode("utf-8", "replace")
    for _, row in read_csv(io.StringIO(text, newline="")):
        with suppress(Broken):
            holds(lindvik().judge(read_candidate(row).account))


def tell(hostile: Hostile) -> None:
    told = explain(account(hostile), lindvik().organisation, lindvik().registry, lindvik().index)
    holds(told.finding)


def register(hostile: Hostile) -> None:
    read = read_registry(hostile.table(40), "registry.csv")
    holds(Screener(lindvik().organisation, read).judge(account(hostile)))


def settings(hostile: Hostile) -> None:
    organisation = read_organisation(hostile.settings(), TOML)
    made = Screener(organisation, read_registry(HEADER.encode(), "register"))
    holds(made.judge(account(hostile)), longest=100_000)  # our own name is quoted as we wrote it


@cache
def store() -> tuple[Store, int]:
    """A store in a folder of its own, with a run to save under; both go when the process ends."""
    folder = TemporaryDirectory(prefix="listener-fed-")
    atexit.register(folder.cleanup)
    opened = open_store(Path(folder.name) / "listener.db")
    atexit.register(opened.close)
    return opened, start_run(opened, "audit", NOW, ["bluesky"])


def keep(hostile: Hostile) -> None:
    opened, run = store()
    one = lindvik().judge(account(hostile))
    saved = save_findings(opened, run, "bluesky", [msgspec.structs.replace(one, verdict=Verdict.IMPOSTOR)], NOW)
    assert saved.seen == 1


def profile(hostile: Hostile) -> None:
    for entry in lindvik().registry.entries[:1]:
        for fault in check_profile(account(hostile), entry, lindvik().organisation):
            assert fault.detail, fault


def texts(hostile: Hostile) -> None:
    text = hostile.text()
    assert fold(fold(text[:100])) == fold(text[:100])
    skeleton(text)
    odd_characters(text)
    read_key(text)


def address(hostile: Hostile) -> None:
    link = read_link(hostile.url(), hostile.url())
    assert link.key


def page(hostile: Hostile) -> None:
    for link in page_links(hostile.page(), hostile.url()):
        assert link.platform != "web"


def query(hostile: Hostile) -> None:
    asked = parse(hostile.query())
    spans = asked.matches(Post(platform="x", id="1", text=hostile.text()))
    assert all(start < end for start, end in spans or ())


def picture(hostile: Hostile) -> None:
    pixels = open_picture(hostile.picture()).pixels
    assert max(pixels.shape[:2]) <= LONGEST


TARGETS: dict[str, Callable[[Hostile], None]] = {
    target.__name__: target
    for target in (
        judge, judge_among_one, judge_among_many, judge_domain, screen_domain, screen_lines, screen_table, tell,
        register, settings, texts, address, page, query, picture, keep, profile,
    )
}  # fmt: skip


def feed(target: str, seed: int) -> str | None:
    """Feed input number `seed` to a target: the words of a clear refusal, None when there was an answer."""
    try:
        TARGETS[target](Hostile(seed))
    except ListenerError as refusal:
        return str(refusal)
    return None
