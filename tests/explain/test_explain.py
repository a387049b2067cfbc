"""Explanations that a reader understands without help, and whose numbers add up to the score."""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest
from screened import REGISTRY, TOML, account, screener, table

from listener import language
from listener.cli import run
from listener.cli.explain_text import markdown, text
from listener.explain import explain, tell
from listener.explain.subject import Subject
from listener.explain.waterfall import GRAIN
from listener.explain.words import ALTERNATIVES, BECAUSE, FOLLOWS
from listener.language import translations
from listener.models import FLAGGED, Account, Asks, Signal, Verdict
from listener.rulings import Rule
from listener.screen.bulk import Screener
from listener.verdict import weigh

RECORDED = Path(__file__).parent / "recorded"
# Three accounts, and signals whose weights stay as they were on the day of the recording.
CASES: dict[str, tuple[Account, tuple[tuple[str, Asks, float, str], ...]]] = {
    "impostor": (
        Account(
            platform="x", platform_id="7002", handle="almbyk0mmun", display_name="Almby kommun",
            description="Skicka DM så hjälper vi dig", links=(), url="https://x.com/almbyk0mmun",
        ),
        (
            ("name_equal", Asks.CLAIMS, 0.95, "display name 'Almby kommun' equals our 'Almby kommun'"),
            ("handle_looks", Asks.CLAIMS, 0.95, "handle 'almbyk0mmun' reads like 'Almby kommun': '0' for 'o'"),
            ("handle_looks", Asks.POSES, 0.95, "handle 'almbyk0mmun' reads like 'Almby kommun': '0' for 'o'"),
            ("fraud_wording", Asks.POSES, 0.85, "asks for money, logins or messages: 'skicka dm'"),
        ),
    ),
    "unit": (
        Account(platform="instagram", handle="almbybibliotek", display_name="Almby bibliotek", description="Hej!"),
        (
            ("name_unit_place", Asks.CLAIMS, 0.6,
             "display name 'Almby bibliotek' puts the unit word 'bibliotek' beside our 'Almby'"),
            ("text_contact", Asks.CLAIMS, 0.4, "the description gives our number '012-34 56 78'"),
            ("freemail", Asks.POSES, 0.3,
             "the contact address 'almby@gmail.com' is a free mailbox, not on our domain"),
        ),
    ),
    "namesake": (
        Account(platform="facebook", handle="regionalmby", display_name="Region Almby län", description="Vården"),
        (
            ("handle_place", Asks.CLAIMS, 0.25, "handle 'regionalmby' holds the name 'Almby', which others bear too"),
            ("sibling_name", Asks.SPARES, 0.92,
             "display name 'Region Almby län' is that of 'regionalmbylan', who is not us"),
            ("third_party", Asks.SPARES, 0.7, "handle 'regionalmby' has 'region', a word of other organisations"),
        ),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def almby() -> Screener:
    return screener()


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> object:
    def switch(code: str) -> None:
        monkeypatch.setenv("LANGUAGE", code)
        monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8" if code == "sv" else "en_US.UTF-8")
        language.start_language()

    return switch


@pytest.mark.parametrize("code", ["en", "sv"])
@pytest.mark.parametrize("name", CASES)
def test_three_cases_read_as_recorded(almby: Screener, speak, name: str, code: str) -> None:  # type: ignore[no-untyped-def]
    speak(code)
    given, told = CASES[name]
    signals = tuple(Signal(feature=f, asks=a, score=s, detail=d) for f, a, s, d in told)
    explanation = tell(weigh(almby.index.look(given), signals), almby.index)
    said = "\n".join(text(explanation, Subject(account=given, known="given"), bars=True)) + "\n"
    path = RECORDED / f"{name}.{code}.txt"
    if os.environ.get("RECORD"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", table("verdicts"), ids=[row["case"] for row in table("verdicts")])
def test_the_parts_add_up_to_the_score(almby: Screener, row: dict[str, str]) -> None:
    told = explain(account(row), almby.organisation, almby.registry, almby.index)
    steps = [step for question in told.questions for step in question.steps] + ([told.rest] if told.rest else [])
    assert sum(round(step.added * GRAIN) for step in steps) == round(told.finding.score * GRAIN)
    running = 0.0
    for step in steps:
        running = round(running + step.added, 4)
        assert running == step.score
    assert told.finding == almby.judge(account(row))
    assert {step.detail for step in steps if step.detail} == {signal.detail for signal in told.finding.signals}


def test_what_is_printed_adds_up_too(almby: Screener) -> None:
    given = Account(platform="x", handle="almbyk0mmun", display_name="Almby kommun", description="Skicka DM")
    told = explain(given, almby.organisation, almby.registry, almby.index)
    lines = [line.split() for line in text(told, Subject(account=given, known="given"), bars=False)]
    parts = [round(float(cells[1]) * 100) for cells in lines if len(cells) > 3 and cells[1][:1] in "+\N{MINUS SIGN}"]
    assert sum(parts) == round(told.finding.score * 100)


def test_what_would_change_it_does_when_done(almby: Screener) -> None:
    given = Account(platform="instagram", handle="almbybibliotek", display_name="Almby bibliotek")
    told = explain(given, almby.organisation, almby.registry, almby.index)
    others = {other.kind: other for other in told.alternatives}
    assert others["register"].verdict is Verdict.OFFICIAL
    line = others["threshold"]
    lines = msgspec.structs.replace(almby.organisation.thresholds, **{line.subject: line.value})
    moved = msgspec.structs.replace(almby.organisation, thresholds=lines)
    assert Screener(moved, almby.registry).judge(given).verdict is line.verdict is not told.finding.verdict


def test_evidence_is_told_first_and_a_threshold_last_with_a_warning(almby: Screener) -> None:
    given = Account(platform="x", handle="q81", display_name="Almby bibliotek")
    told = explain(given, almby.organisation, almby.registry, almby.index)
    kinds = [other.kind for other in told.alternatives]
    assert (kinds[0], kinds[-1]) == ("without", "threshold")
    *others, last = text(told, Subject(account=given, known="given"), bars=False)
    assert "for every account, not for this one alone" in last
    assert "review decide" in others[-1]


def test_reasons_show_words_as_the_account_writes_them(almby: Screener) -> None:
    given = Account(platform="x", handle="q81", display_name="Almby Förskola", description="")
    details = {signal.feature: signal.detail for signal in almby.judge(given).signals}
    assert "'förskola' beside our 'Almby'" in details["name_unit_place"]
    shared = almby.judge(Account(platform="x", handle="q81", display_name="Na\u0308ringslivskontoret i Almby"))
    assert any("shares 'näringslivskontoret'" in signal.detail for signal in shared.signals)
    others = almby.judge(Account(platform="x", handle="q81", display_name="Almby Hembygdsförening"))
    assert any("has 'hembygdsförening'" in signal.detail for signal in others.signals)
    plain = almby.judge(Account(platform="x", handle="almbyforskola"))
    assert any("'forskola' beside" in signal.detail for signal in plain.signals)


def test_every_rule_and_verdict_is_put_in_words_in_both_languages() -> None:
    swedish = translations("sv").gettext
    assert set(BECAUSE) == {None, *Rule}
    assert set(FOLLOWS) == FLAGGED | {Verdict.OFFICIAL}
    for sentence in (*BECAUSE.values(), *FOLLOWS.values(), *ALTERNATIVES.values()):
        assert swedish(sentence) != sentence


def test_hostile_names_do_not_move_the_cursor_or_raise(almby: Screener) -> None:
    name = "Almby\u202e kom\x1b[31mmun\x00" + "\ud800" + "a\u0301" * 3000
    given = Account(platform="x", handle="almby|kommun`", display_name=name, description="<b>\n# Almby kommun")
    told = explain(given, almby.organisation, almby.registry, almby.index)
    subject = Subject(account=given, known="given")
    for lines in (text(told, subject, bars=True), markdown(told, subject)):
        whole = "\n".join(lines)
        assert "\x1b" not in whole
        assert "\u202e" not in whole
        whole.encode()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "listener.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "registry.csv").write_text(REGISTRY, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("given", "verdict", "rule"),
    [
        ("https://x.com/almbyk0mmun", "impostor", "poses"),
        ("x:@almbyk0mmun", "impostor", "poses"),
        ("x:1001", "official", "registered"),
        ("twitter:almbykommun", "official", "registered"),
        ("almby-kommun.example", "unclear", "site_name"),
        ("https://bibliotek.almby.example/", "official", "own_site"),
        ("x:kvitter_om_bakning", "unrelated", None),
    ],
)
def test_an_account_may_be_named_in_many_ways(
    folder: Path, capsys: pytest.CaptureFixture[str], given: str, verdict: str, rule: str | None
) -> None:
    assert run(["explain", given, "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["verdict"], said["rule"]) == (verdict, rule)


def test_a_candidate_in_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "one.json").write_text('{\n "platform": "x",\n "handle": "q81",\n "display_name": "Almbу kommun"}')
    assert run(["explain", "one.json", "--format", "markdown"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# ")
    assert "U+0443" in said


@pytest.mark.parametrize("given", ["", "almby", "https://", "12", "nofile.json", "one.json", "x" * 9000, "a\x00b"])
def test_what_names_no_account_is_refused_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    (folder / "one.json").write_text('{"platform": "x"}')
    assert run(["explain", given]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
