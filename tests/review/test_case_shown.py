"""What a case shows beside the suspect: pictures, reasons, copied wording, changes, related cases, notes, evidence."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from listener.evidence.folder import Folder
from listener.evidence.warc import write_statement
from listener.logos import Look
from listener.models import Account, Asks, Finding, Signal, Verdict
from listener.store import Store
from listener.store.accounts import save_findings
from listener.store.cases import find_case, history, load_case
from listener.store.looks import save_looks
from listener.store.notes import notes_of
from listener.store.runs import start_run
from listener.store.searches import load_searches
from listener.store.snapshots import Kept, add_snapshots, load_snapshot
from listener.store.traits import save_pictures

from .conftest import NEAREST, NOW, Browser, finding

Open = Callable[..., Browser]
Flag = Callable[..., None]
Keep = Callable[..., int]


def png(side: int = 40) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def keep(folder: Path, store: Store) -> Keep:
    """keep(kind, content, content_type, days): one file of evidence of case 1; returns its row."""

    def one(kind: str, content: bytes, content_type: str = "image/png", days: int = 0, case: int = 1) -> int:
        at, place = NOW + timedelta(days=days), Folder.of(folder / "listener.db")
        file = write_statement("https://cdn.example/a.png", content, content_type, at, {})
        kept = Kept(
            kind=kind, suffix=".warc.gz", sha256=place.stage(file), size=len(file), url="https://c.example", at=at
        )
        (row,) = add_snapshots(store, [kept], case_id=case, run_id=None, tool="test", who="listen")
        snapshot = load_snapshot(store, row)
        assert snapshot is not None
        place.place(snapshot)
        return row

    return one


def with_account(made: Finding, **known: Any) -> Finding:
    return msgspec.structs.replace(made, account=msgspec.structs.replace(made.account, **known))


def test_the_kept_picture_stands_beside_our_logo_and_is_drawn_anew(
    browser: Open, flagged: Flag, keep: Keep, folder: Path
) -> None:
    (folder / "logo.png").write_bytes(png())
    settings = folder / "listener.toml"
    settings.write_text(settings.read_text() + 'logos = ["logo.png"]\n', encoding="utf-8")
    flagged(with_account(finding(1), avatar="https://cdn.example/1.png"))
    one = browser("reader")
    assert "No picture saved: it could not be fetched" in one.get("/case/1").text
    row = keep("picture", png(2_000))
    page = one.get("/case/1").text
    assert f'src="/case/1/picture/{row}" width="96" height="96" alt="Profile picture of the flagged account"' in page
    answer = one.client.get(f"/case/1/picture/{row}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert max(Image.open(io.BytesIO(answer.data)).size) == 512
    assert one.get(f"/case/2/picture/{row}").status_code == 404


def test_why_no_picture_is_saved_is_said(browser: Open, flagged: Flag, store: Store) -> None:
    person = finding(2, Verdict.EMPLOYEE_OFFICIAL)
    flagged(finding(1), with_account(person, avatar="https://cdn.example/2.png"), finding(3))
    one = browser("decider", "sv")
    assert "Ingen bild sparad: kontot visar ingen" in one.get("/case/1").text
    assert "Ingen bild sparad: det kan vara en privatpersons konto" in one.get("/case/2").text
    one.decide(3, "confirmed", "child_abuse", destroy="yes")
    assert "Ingen bild sparad: av det här kontot får inget sparas" in one.get("/case/3").text


def test_a_note_beside_a_decision_that_destroys_is_not_kept_and_hinders_nothing(
    browser: Open, flagged: Flag, store: Store
) -> None:
    flagged(finding(1))
    one = browser("decider", "sv")
    one.decide(1, "confirmed", "child_abuse", destroy="yes", note="Bilden visar ett barn")
    page = one.get("/case/1").text
    assert "Bilden visar ett barn" not in page
    assert store.rows("SELECT * FROM case_notes") == []
    assert store.rows("SELECT state FROM cases WHERE id = 1") == [{"state": "confirmed"}]


def test_our_own_logo_is_served_and_nothing_else_of_the_folder(
    browser: Open, flagged: Flag, folder: Path, app: Any
) -> None:
    (folder / "logo.png").write_bytes(png())
    app.config["LISTEN"].tables["organisation"]["logos"] = ["logo.png", "registry.csv", "absent.png"]
    flagged(finding(1))
    one = browser("reader")
    page = one.get("/case/1").text
    assert 'src="/logo/0"' in page
    assert 'alt="Our logo"' in page
    assert one.client.get("/logo/0").headers["Content-Type"] == "image/png"
    assert [one.get(f"/logo/{number}").status_code for number in (1, 2, 3)] == [404, 404, 404]


NO_PICTURES = (
    (b"<script>alert(1)</script>", "text/html"),
    (b"\x89PNG\r\n\x1a\nbroken", "image/png"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><!ENTITY a "b"></svg>', "image/svg+xml"),
)


def test_what_is_no_picture_is_never_sent(browser: Open, flagged: Flag, keep: Keep) -> None:
    flagged(finding(1))
    one = browser("reader")
    for content, told in NO_PICTURES:
        assert one.get(f"/case/1/picture/{keep('picture', content, told)}").status_code == 404, told


def test_an_altered_file_is_no_picture(browser: Open, flagged: Flag, keep: Keep, folder: Path, store: Store) -> None:
    flagged(finding(1))
    row = keep("picture", png())
    snapshot = load_snapshot(store, row)
    assert snapshot is not None
    path = Folder.of(folder / "listener.db").found(snapshot)
    assert path is not None
    path.write_bytes(write_statement("https://x.example", png(90), "image/png", NOW, {}))
    assert browser("reader").get(f"/case/1/picture/{row}").status_code == 404


def test_a_picture_that_its_platform_warns_of_is_blurred_until_it_is_asked_for(
    browser: Open, flagged: Flag, keep: Keep
) -> None:
    flagged(with_account(finding(1), labels=("porn",)))
    row = keep("picture", png())
    one = browser("reader")
    page = one.get("/case/1").text
    assert f"/case/1/picture/{row}?seen=blurred" in page
    assert f'"/case/1/picture/{row}"' not in page
    blurred = one.client.get(f"/case/1/picture/{row}?seen=blurred")
    assert Image.open(io.BytesIO(blurred.data)).mode == "L"
    assert f'"/case/1/picture/{row}"' in one.get("/case/1?show=picture").text


def test_reasons_add_up_and_what_is_ours_in_the_text_is_marked(browser: Open, flagged: Flag) -> None:
    text = "Officiell sida för Almby kommun, skriv till oss på almby.example nu"
    flagged(with_account(finding(1), description=text, created_at=NOW - timedelta(days=12)))
    page = browser("reader").get("/case/1").text
    assert "Does it pretend to be us?" in page
    assert "display name" in page
    assert re.search(r"<mark><span class=\"unseen\">\[ours: </span>Almby kommun,<", page)
    assert "(12 days)" in page
    why = browser("reader", "sv").get("/case/1/why")
    assert why.status_code == 200
    assert "Steg för steg" in why.text


def test_without_a_register_the_case_is_shown_all_the_same(browser: Open, flagged: Flag, folder: Path) -> None:
    flagged(finding(1))
    (folder / "registry.csv").write_text("platform;url\nnowhere;x\n", encoding="utf-8")
    one = browser("reader")
    assert "It pretends:" in one.get("/case/1").text
    assert one.get("/case/1/why").status_code == 200


def test_what_changed_between_two_snapshots_is_told(browser: Open, flagged: Flag, keep: Keep) -> None:
    before = with_account(finding(1), description="Vi svarar vardagar", links=("https://almby.example/",))
    after = with_account(before, description="Vi svarar aldrig", links=("https://evil.example/<script>",))
    flagged(after)
    one = browser("reader")
    assert "no evidence kept" in one.get("/case/1/changes").text
    rows = [
        keep("finding", msgspec.json.encode({"finding": each}), "application/json", days)
        for days, each in enumerate((before, after))
    ]
    page = one.get("/case/1/changes").text
    assert "vardagar" in page[page.index("<del>") :]
    assert "aldrig" in page[page.index("<ins>") :]
    assert "hxxps://evil[.]example" in page
    assert "<script>" not in page[page.index("<main") :]
    same = one.get(f"/case/1/changes?from={rows[0]}&to={rows[0]}").text
    assert "Nothing that we compare has changed" in same
    assert one.get("/case/1/changes?from=999").status_code == 404
    assert one.get("/case/1/changes?from=<script>").status_code == 404


def test_cases_that_share_a_picture_a_site_or_a_name_stand_at_each_other(
    browser: Open, flagged: Flag, store: Store
) -> None:
    told = Signal(feature="name", asks=Asks.POSES, score=0.9, detail="display name 'a' equals our 'a'")

    def made(number: int, name: str, links: tuple[str, ...]) -> Finding:
        account = Account(
            platform="x", platform_id=str(number), handle=f"h{number}", display_name=name, source="x", links=links
        )
        return Finding(account=account, verdict=Verdict.IMPOSTOR, score=0.9, signals=(told,), nearest=NEAREST)

    flagged(
        made(1, "Almby kommun", ("https://a.evil.example/x", "https://almby.example/")),
        made(2, "Almby k\u03bfmmun", ()),  # a Greek o
        made(3, "Annat namn", ("https://b.evil.example/", "https://almby.example/")),
        made(4, "Tredje", ()),
        made(5, "Ensam", ("https://almby.example/",)),
    )
    save_pictures(store, {"x:1": "ab" * 32, "x:4": "ab" * 32, "x:nobody": "ab" * 32})
    other = Look(bytes(32), bytes([200] * 48))
    save_looks(store, {"x:1": Look(bytes(32), bytes(48)), "x:4": Look(bytes(32), bytes(48)), "x:5": other})
    page = browser("reader", "sv").get("/case/1").text
    related = page[page.index('id="related"') : page.index('id="kept"')]
    assert re.findall(r"/case/(\d+)", related) == ["4", "5", "3", "2"], "the same bytes are told of once"
    assert "<h3>Samma bild, omfärgad</h3>" in related
    assert "evil[.]example" in related


def test_notes_are_added_and_never_changed(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    one = browser("reviewer")
    one.get("/case/1")
    assert one.post("/case/1/note", note="Ringde\nsimhallen: https://evil.example/ <b>").status_code == 302
    assert one.post("/case/1/note", note="  ").status_code == 422
    assert one.post("/case/1/note", note="x" * 5_001).status_code == 422
    page = one.get("/case/1").text
    assert "Ringde\nsimhallen: hxxps://evil[.]example/ &lt;b&gt;" in page
    (kept,) = notes_of(store, 1)
    assert (kept.who, kept.at) == ("reviewer", NOW)
    for sql in ("UPDATE case_notes SET text = 'annat'", "DELETE FROM case_notes"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.conn.execute(sql)
        store.conn.rollback()
    reader = browser("reader")
    reader.get("/case/1")
    assert reader.post("/case/1/note", note="jag med").status_code == 403


def test_a_half_typed_decision_outlives_a_note(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    one, other = browser("reviewer"), browser("decider")
    one.get("/case/1")
    seen = str(history(store, 1)[-1].id)
    half = {
        "to": "dismissed", "reason-dismissed": "other", "reason-watching": "", "until-dismissed": "2027-03-01",
        "owner": "Kim", "text": "De bygger <om>", "seen": seen,
    }  # fmt: skip
    assert other.decide(1, "confirmed", "impostor").status_code == 302
    for _again in range(2):  # the page is loaded once more
        answer = one.post("/case/1/note", note="Ringde simhallen", **half)
        assert answer.status_code == 200
    assert [each.text for each in notes_of(store, 1)] == ["Ringde simhallen"]
    page = answer.text.partition('id="decision"')[2]
    assert re.search(r'value="dismissed" required checked', page)
    assert '<option value="other" selected>' in page
    assert 'name="until-dismissed" value="2027-03-01"' in page
    assert 'name="owner" value="Kim"' in page
    assert ">De bygger &lt;om&gt;</textarea>" in page
    assert 'name="note" rows="2" maxlength="5000"></textarea>' in page, "the note itself is done with"
    assert f'name="seen" value="{seen}"' in page, "what the other did has not been seen"
    assert one.post("/case/1/decide", **half).status_code == 409


def test_a_note_typed_beside_a_decision_is_kept_with_it(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    one = browser("decider")
    wrong = one.decide(1, "dismissed", "", note="Ringde simhallen")
    assert wrong.status_code == 422
    assert ">Ringde simhallen</textarea>" in wrong.text
    assert notes_of(store, 1) == []
    assert one.decide(1, "dismissed", "namesake", note="x" * 5_001).status_code == 422
    assert load_case(store, 1).state == "new", "neither is kept without the other"
    assert one.decide(1, "dismissed", "namesake", note="Ringde simhallen").status_code == 302
    assert [each.text for each in notes_of(store, 1)] == ["Ringde simhallen"]
    assert load_case(store, 1).state == "dismissed"


def test_evidence_is_listed_checked_and_handed_over_by_who_may(
    browser: Open, flagged: Flag, keep: Keep, folder: Path, store: Store
) -> None:
    flagged(finding(1))
    row = keep("finding", b"{}", "application/json")
    one = browser("reviewer")
    assert f'<li value="{row}">' in one.get("/case/1/evidence").text
    assert "1 file read again: as it was taken." in one.post("/case/1/evidence/check").text
    answer = one.client.get("/case/1/evidence.zip")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "SHA256SUMS" in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert browser("reader").get("/case/1/evidence.zip").status_code == 403
    kept = [(search.query, search.purpose, search.who) for search in load_searches(store)]
    assert kept == [("#1", "evidence (zip)", "reviewer")], "that it was taken out is kept"
    next(Folder.of(folder / "listener.db").root.glob("1/*")).write_bytes(b"annat")
    assert "The evidence is not as it was taken:" in one.post("/case/1/evidence/check").text


def test_the_way_out_warns_and_is_the_only_link(browser: Open, flagged: Flag) -> None:
    flagged(with_account(finding(1), links=("https://evil.example/a", "javascript:alert(1)")))
    one = browser("reader")
    assert 'href="https://evil' not in one.get("/case/1").text
    page = one.get("/case/1/outside?link=1").text
    assert "hxxps://evil[.]example/a" in page
    assert re.search(r'<a href="https://evil.example/a" rel="noreferrer noopener nofollow"', page)
    refused = one.get("/case/1/outside?link=2").text
    assert 'href="javascript' not in refused
    assert "cannot be opened" in refused or "no web address" in refused
    assert [one.get(f"/case/1/outside?link={link}").status_code for link in ("3", "0", "x", "-1")] == [404] * 4


def test_hostile_accounts_are_harmless_on_every_page_of_a_case(
    browser: Open, flagged: Flag, store: Store, keep: Keep
) -> None:
    evil = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(1)>"
    made = with_account(
        finding(1), display_name=evil + "\u0301" * 10_000, description=(evil + " Almby kommun ") * 500,
        handle=evil, url="javascript:alert(1)", labels=(evil,) * 50, avatar="javascript:x",
        links=("data:text/html,x", *(f"https://e{number}.example/{evil}" for number in range(60))),
    )  # fmt: skip
    flagged(made, finding(2))
    keep("finding", msgspec.json.encode({"finding": made}), "application/json")
    keep("finding", msgspec.json.encode({"finding": finding(1)}), "application/json", 1)
    one = browser("registrar")
    paths = (
        "",
        "/why",
        "/changes",
        "/evidence",
        "/outside",
        "/outside?link=2",
        "/register",
        "/forward",
        "/forward?to=" + evil,
    )
    for path in ("/queue", *(f"/case/1{path}" for path in paths)):
        answer = one.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text, path
        assert "<img src=x" not in answer.text, path
        assert 'href="javascript' not in answer.text, path
        assert len(answer.text) < 200_000, path


def test_the_traits_of_a_case_that_child_abuse_bars_are_gone(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1), finding(2))
    one = browser("decider")
    one.get("/case/1")
    one.post("/case/1/note", note="hemligt")
    asked = one.decide(1, "confirmed", "child_abuse")
    assert asked.status_code == 422
    assert 'name="destroy"' in asked.text
    assert notes_of(store, 1), "nothing is destroyed yet"
    assert one.decide(1, "confirmed", "child_abuse", destroy="yes").status_code == 302
    case = find_case(store, "x:1")
    assert case is not None
    assert case.account.display_name is None
    assert [note.text for note in notes_of(store, 1)] == [None]
    assert "Related cases" not in one.get("/case/1").text
    assert "not opened from here" in one.get("/case/1/outside").text
    one.get("/case/1")
    assert one.post("/case/1/note", note="mer").status_code == 422
    assert history(store, 1)[-1].reason == "child_abuse"
    save_findings(store, start_run(store, "audit", NOW, ["x"]), "x", [finding(1)], NOW)
    assert "Related cases" not in one.get("/case/1").text
