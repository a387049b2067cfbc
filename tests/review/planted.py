"""A store in which everything that comes from outside is hostile: names, texts, addresses, cells, errors, tips."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from listener.clock import Week
from listener.config import load_config
from listener.coordination.pattern import Pattern, Reason
from listener.evidence.folder import Folder
from listener.evidence.warc import write_statement
from listener.models import (
    Account,
    Asks,
    Completeness,
    Decision,
    Entry,
    Fault,
    Finding,
    Issue,
    Nearest,
    Signal,
    SourceResult,
    State,
    Status,
    Verdict,
)
from listener.posts import Mention, Post
from listener.records.notice import Given, notice_text
from listener.report.filing import file_report, load_scope
from listener.report.wording import Words
from listener.store import Store
from listener.store.accounts import save_findings
from listener.store.answers import add_step
from listener.store.cases import assign, load_case, save_decision
from listener.store.crises import begin_crisis
from listener.store.events import history
from listener.store.faults import save_faults
from listener.store.log_ins import LogIn, Outcome, note_log_in
from listener.store.mention_looks import save_look
from listener.store.mentions import Notes, save_mentions
from listener.store.notes import add_note
from listener.store.patterns import rule_on, save_pattern
from listener.store.people import welcome
from listener.store.prepared import save_prepared
from listener.store.proposals import propose
from listener.store.runs import finish_run, save_source, start_run
from listener.store.searches import save_search
from listener.store.snapshots import Kept, add_snapshots, load_snapshot
from listener.store.storms import Storm, save_storm
from listener.store.supervision import add_looks
from listener.store.tips import add_tip
from listener.store.unmaskings import ask
from listener.store.written import as_json

from .conftest import NOW

MARK = "zq"  # what every planted text begins with, after a sign that makes a formula of it
WALLS = ("\u202e" * 10_000, "👩\u200d👩\u200d👧🇸🇪" * 2_000, "e\u0301\u0489" * 5_000, "W" * 10_000, "\u200b\0" * 5_000)
ADDRESSES = (
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "JaVaScRiPt&colon;alert(1)", " javascript:x",
    "vbscript:x", "//evil.example/\u202egnp", 'https://evil.example/"onmouseover="x', "https://evil.example/\r\nX: y",
)  # fmt: skip
QUERIES = """
[queries."=zqsaved<zqx>"]
query = "badhus"
purpose = "=zqpurpose<zqx>"
"""


def bad(name: str) -> str:
    """Text that breaks out of wherever it is put unescaped; `name` tells where it came from."""
    return (
        f"={MARK}{name}\"'><zqx onclick=zq()></zqx><svg onload=zq()><script>zq()</script>&lt;zqe&gt;{{{{7*7}}}}{{%zq%}}"
        "\u202egnp\u2066\u200b\0\r\nSet-Cookie: zq=1\x1b[31m👩\u200d👩\u200d👧 javascript:zq() badhus"
    )


def half(name: str) -> str:
    """The same with half a letter in it, which no encoding of text can hold."""
    return f"{bad(name)}\ud800"


def accounts() -> list[Account]:
    """One with bad text in each field, two with walls in them, one of an unknown platform at a bad address."""
    told = {name: half(name) for name in ("handle", "display_name", "description", "location", "term", "ref")}
    first = Account(
        platform="x", platform_id="1", url=half("url"), avatar=half("avatar"), banner=bad("banner"), source="x",
        links=(half("link"), *ADDRESSES), labels=(half("label"),), verified=bad("verified"), **told,
    )  # fmt: skip
    walls = [
        Account(
            platform="x", platform_id=f"wall-{turn}", source="x", links=WALLS * 20,
            **dict(zip(("handle", "display_name", "description", "url"), (*WALLS[turn:], *WALLS), strict=False)),
        )
        for turn in (0, 2)
    ]  # fmt: skip
    last = Account(platform=bad("platform"), handle=bad("other"), url=ADDRESSES[0], avatar=ADDRESSES[1], source="x")
    return [first, *walls, last]


def finding(account: Account) -> Finding:
    nearest = Nearest(platform=bad("near"), handle=bad("nearhandle"), url=bad("nearurl"), unit=half("nearunit"))
    why = Signal(feature=bad("feature"), asks=Asks.POSES, score=0.9, detail=half("detail"))
    return Finding(
        account=account, verdict=Verdict.IMPOSTOR, score=0.9, signals=(why,), nearest=nearest, unit=half("unit")
    )


def plant(folder: Path, store: Store) -> None:
    """Fill the store, the register, the settings and the reports."""
    settings = folder / "listener.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + QUERIES, encoding="utf-8")
    row = Entry(
        platform="x", url="https://x.com/almbybad", unit="Badhuset", status=Status.APPROVED, owner_email="a@b.se"
    )
    write_register(folder / "registry.csv", row)
    run = start_run(store, "audit", NOW - timedelta(days=1), ["x", bad("planned")])
    save_findings(store, run, "x", map(finding, accounts()), NOW)
    trouble = Issue(source=bad("issuesource"), kind=bad("issuekind"), detail=half("issuedetail"), until=NOW)
    save_source(store, run, SourceResult(source=bad("ran"), completeness=Completeness.TRUNCATED, issues=(trouble,)))
    faults = [Fault(rule="P4", url=row.url, unit=bad("faultunit"), detail=half("fault"), hint=half("hint"))]
    save_faults(store, run, faults)
    finish_run(store, run, NOW, 3, complete=False)
    add_looks(store, [row], bad("looker"), 1, half("lookwords"), NOW)
    add_tip(store, bad("tip"), bad("tipwords"), NOW)
    decided(store)
    said(store)
    kept(folder, store)
    config = load_config(settings, {"LISTEN_NOW": NOW.isoformat()})
    file_report(config, store, load_scope(config), Week(2026, 47), "sv")


def write_register(path: Path, row: Entry) -> None:
    cell = bad("cell").replace('"', '""').replace("\0", "").replace("\r\n", " ")
    path.write_text(
        f'platform,url,unit,status,owner_email,display_name,{MARK}column<zqx>\n'
        f'{row.platform},{row.url},"{cell}unit",{row.status},{row.owner_email},"{cell}name","{cell}"\n',
        encoding="utf-8",
    )  # fmt: skip


def decided(store: Store) -> None:
    """What colleagues wrote and did, under hostile names: a log-in service may call anybody anything."""
    who = welcome(store, "https://idp.example", "1", bad("person"), "reader", NOW) or "anna"
    note_log_in(
        store, LogIn(at=NOW, person=bad("tried"), how="local", place=bad("place"), outcome=Outcome.REFUSED), 180
    )
    assign(store, 1, bad("assignee"), who, NOW)
    add_note(store, 1, bad("noter"), half("note"), NOW)
    save_decision(
        store, Decision(case_id=2, who=bad("decider"), to=State.DISMISSED, reason="other", text=half("why")), NOW
    )
    propose(
        store,
        Decision(case_id=3, who=bad("proposer"), to=State.ACTION, reason="police_report", text=half("proposal")),
        NOW,
    )
    given = Given(ground="other", why=half("ground"), reporter=bad("reporter"), mail="a@almby.example", good_faith=True)
    text = notice_text(load_case(store, 1), given, "Almby kommun", (), (), Words("sv"))
    save_prepared(store, 1, "other", text, bad("preparer"), NOW)
    save_search(store, NOW, half("search"), half("purpose"), bad("searched"), bad("refused"), bad("searcher"))


def said(store: Store) -> None:
    """Posts, the queries that found them, and what was made of them."""
    for number, text in enumerate((half("text"), *WALLS), 1):
        post = Post(
            platform=bad("postplatform"), id=f"{number}", text=f"badhus {text}", url=half("posturl"),
            author=half("author"), lang=bad("lang"), source=bad("postsource"), title=half("title"), thread="1",
            links=ADDRESSES, published_at=NOW - timedelta(hours=number), ref=half("postref"),
        )  # fmt: skip
        mention = Mention(post=post, query=half("query"), spans=((0, 6),))
        notes = Notes(unit=bad("notedunit"), tags=(half("tag"),))
        save_mentions(
            store, None, half("query"), bad("postsource"), [mention], NOW, notes=lambda _m, notes=notes: notes
        )
    with store.transaction():
        add_step(store, 1, "public", "yes", bad("stepper"), NOW, half("step"))
        add_step(store, 2, "remove", "secrecy", bad("closer"), NOW)
        store.conn.execute("INSERT INTO questions VALUES (1, ?, 'mark', 'name')", (bad("question"),))
    ask(store, 2, bad("asker"), "other", half("asked"), NOW)
    save_look(store, 1, bad("reader"), "other", half("look"), NOW)
    why = Reason(signal="copied", score=0.9, detail=bad("patterndetail"), posts=(1, 2))
    shown = Pattern(
        kind="organised", score=0.9, reasons=(why,), changes=(bad("change"),), posts=2, writers=2, rest="criticism",
    )  # fmt: skip
    pattern = save_pattern(
        store, NOW, bad("talk"), NOW - timedelta(days=1), NOW, "organised", msgspec.json.encode(shown).decode()
    )
    rule_on(store, pattern, NOW, bad("ruler"), "confirmed", "other", half("ruling"))
    began = begin_crisis(store, bad("crisis"), (half("query"),), 0.5, bad("crisiswho"), NOW)
    assert began
    storm: dict[str, Any] = {
        "peak": 9,
        "expected": 1.0,
        "count": 9,
        "writers": 3,
        "new_writers": 3,
        "threats": 0,
        "score": 9.0,
    }
    at = NOW - timedelta(hours=3)
    save_storm(
        store,
        Storm(
            id=0,
            query=half("query"),
            started_at=at,
            raised_at=at,
            last_at=NOW,
            ended_at=None,
            reasons=(bad("stormreason"),),
            **storm,
        ),
    )


def kept(folder: Path, store: Store) -> None:
    """Evidence of the first case: what was found twice, a picture that is none."""
    place = Folder.of(folder / "listener.db")
    first = finding(accounts()[0])
    other = msgspec.structs.replace(first, account=msgspec.structs.replace(first.account, description=bad("before")))
    files = [("finding", f'{{"finding":{as_json(each)}}}'.encode(), "application/json") for each in (other, first)]
    files.append(("picture", b"<svg xmlns='http://www.w3.org/2000/svg' onload='zq()'/>", "image/svg+xml"))
    for days, (kind, content, content_type) in enumerate(files):
        at = NOW + timedelta(days=days)
        file = write_statement("https://cdn.example/a.png", content, content_type, at, {})
        told = Kept(
            kind=kind,
            suffix=".warc.gz",
            sha256=place.stage(file),
            size=len(file),
            url=bad("evidence"),
            at=at,
            source=bad("evidencesource"),
        )
        (row,) = add_snapshots(store, [told], case_id=1, run_id=None, tool=bad("tool"), who=bad("keeper"))
        snapshot = load_snapshot(store, row)
        assert snapshot is not None
        place.place(snapshot)
    assert history(store, 1)
