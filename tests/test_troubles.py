"""Errors and issues in the reader's language: each has a template, each template its Swedish, values are left alone."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.language import translations
from listener.sources.crawl import TOLD
from listener.trouble_texts import TEMPLATES, WORDS
from listener.troubles import MOMENT, as_read, in_language, kind_label

LISTENER = Path(__file__).resolve().parent.parent / "listener"
# call -> which argument is what people read
SAYING = {"incomplete": 1, "skipped": 0, "broken": 0, "truncated": 2, "wrong": 1, "Broken": 0}
# functions whose returned texts become the detail of an issue or an error
TELLING = {"no_answer", "_wanted", "_left_out", "_failures", "_last_line", "_nothing"}
GAP = "\0"
# Nothing but values and marks, such as {path}:{line}: {trouble}: the trouble itself is among the templates.
COMPOSED = re.compile(rf"[{GAP}:.–^\s]*(?:\[queries\.{GAP}\] {GAP}|\[sources\.{GAP}\] {GAP}: {GAP}| s)?")

swedish = translations("sv").gettext


def english(text: str) -> str:
    return text


def errors() -> set[str]:
    """The names of our own errors, wherever they are declared."""
    found = {"ListenerError"}
    classes = [
        n for p in LISTENER.rglob("*.py") for n in ast.walk(ast.parse(p.read_text())) if isinstance(n, ast.ClassDef)
    ]
    for _round in range(4):
        found |= {c.name for c in classes for base in c.bases if isinstance(base, ast.Name) and base.id in found}
    return found


def called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def skeletons(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    """What a text says with a gap for each value; nothing for one that was translated where it is raised."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values)
    elif isinstance(node, ast.Name) and node.id in constants:
        yield from skeletons(constants[node.id], constants)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from skeletons(value, constants)
    elif isinstance(node, ast.IfExp):
        yield from skeletons(node.body, constants)
        yield from skeletons(node.orelse, constants)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "replace":
        yield from skeletons(node.func.value, constants)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
        for argument in node.args:
            if isinstance(argument, ast.GeneratorExp):
                yield from skeletons(argument.elt, constants)


def told_in(path: Path, ours: set[str]) -> Iterator[tuple[int, str]]:
    """Every text of a module that people may be shown as an error or an issue, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        said: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = called(node)
            place = 0 if name in ours else SAYING.get(name)
            said = node.args[place : place + 1] if place is not None else []
            said += [word.value for word in node.keywords if name == "Check" and word.arg == "detail"]
        elif isinstance(node, ast.FunctionDef) and node.name in TELLING:
            inside = list(ast.walk(node))
            said = [n.value for n in inside if isinstance(n, ast.Return | ast.Assign) and n.value is not None]
        for text in said:
            yield from ((text.lineno, skeleton) for skeleton in skeletons(text, constants))


def skeleton_of(template: str) -> str:
    parts = string.Formatter().parse(template)
    return "".join(text + (GAP if name is not None else "") for text, name, _form, _how in parts)


def test_every_error_and_issue_has_a_template() -> None:
    known, ours = {skeleton_of(template) for template in TEMPLATES}, errors()
    assert {"ConfigError", "Throttled", "NotAllowed", "StoreError", "Missing"} <= ours
    told = [(path, line, text) for path in sorted(LISTENER.rglob("*.py")) for line, text in told_in(path, ours)]
    assert len(told) > 90
    lacking = [
        f"{path.name}:{line}: {text.replace(GAP, '{}')}"
        for path, line, text in told
        if text not in known and not COMPOSED.fullmatch(text)
    ]
    assert not lacking, "add a template to trouble_texts.py and its Swedish to troubles.po"


def test_every_template_and_word_has_its_swedish() -> None:
    assert not [text for text in (*TEMPLATES, *WORDS) if swedish(text) == text]
    assert not [why for why in TOLD.values() if in_language(why, swedish) == why]


def test_every_template_names_each_value_once() -> None:
    for template in TEMPLATES:
        fields = [name for _text, name, _form, _how in string.Formatter().parse(template) if name]
        assert len(fields) == len(set(fields)), template


HELD = {
    "path": "almby.toml", "file": "almby.csv", "key": "queries.x", "word": "ord", "host": "almby.example",
    "url": "https://almby.example/x", "address": "192.0.2.7", "place": "almby.csv:7", "method": "app.almby",
    "kind": "almby", "time": "2026-11-22T07:00:00Z", "names": "LISTEN_ALMBY", "list": "almby, badet",
    "places": "almby, badet", "name": "almby", "trouble": "Zz", "what": "Zz",
}  # fmt: skip
NUMBERS = ("port", "line", "column", "pages", "faults", "status", "code", "count")


def test_every_template_is_read_back_as_itself() -> None:
    """No wider template takes its words for a value, such as what follows `no timestamp:`."""
    for template in TEMPLATES:
        fields = [name for _text, name, _form, _how in string.Formatter().parse(template) if name]
        values = {name: "7" if name in NUMBERS else HELD.get(name, "'almby'") for name in fields}
        told = MOMENT.sub(as_read, swedish(template).format(**values))
        assert in_language(template.format(**values), swedish) == told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("LISTEN_NOW='nu': write it as 2026-11-22T07:00:00+01:00",
         "LISTEN_NOW='nu': skriv den som 2026-11-22T07:00:00+01:00"),
        ("/a b/listener.toml: No such file or directory: name an existing file with --config",
         "/a b/listener.toml: filen finns inte: ange en fil som finns med --config"),
        ("listener.toml: not TOML: Invalid value (at line 3, column 7)",
         "listener.toml: inte TOML: ogiltigt värde (på rad 3, kolumn 7)"),
        ("listener.toml: organisation.units[2].name: write the name as text, name = \"…\"",
         "listener.toml: organisation.units[2].name: skriv name som text, name = \"…\""),
        ("tips.csv:3: no url, handle or platform_id: fill in one of them",
         "tips.csv:3: varken url, handle eller platform_id: fyll i någon av dem"),
        ("https://almby.example/: no connection (Name or service not known)",
         "https://almby.example/: ingen anslutning (namnet hittas inte)"),
        ("https://almby.example/: no answer in time", "https://almby.example/: inget svar i tid"),
        ("a.example: the name is not found; b.example: refused (401, 403 or 451)",
         "a.example: namnet hittas inte; b.example: nekade oss (401, 403 eller 451)"),
        ("3 pages not read (refused (401, 403 or 451)), such as https://a.example/x; 1 pages not read (no such page), "
         "such as https://a.example/y",
         "3 sidor lästes inte (nekade oss (401, 403 eller 451)), till exempel https://a.example/x; 1 sidor lästes inte "
         "(sidan finns inte), till exempel https://a.example/y"),
        ("a.example leads to 127.0.0.1: 127.0.0.1 is this machine",
         "a.example leder till 127.0.0.1: 127.0.0.1 är den här datorn"),
        ("X wants a token: set LISTEN_X_BEARER_TOKEN", "X kräver en nyckel: sätt LISTEN_X_BEARER_TOKEN"),
        ("Bluesky wants a log-in to search posts: set A and B (use an app password)",
         "Bluesky kräver inloggning för att söka inlägg: sätt A och B (använd ett applösenord)"),
        ("no source tiktok that finds posts: choose among bluesky, feeds",
         "ingen källa tiktok som hittar inlägg: välj bland bluesky, feeds"),
        ("https://a.example/ answers 503 · https://b.example/ answers 500",
         "https://a.example/ svarar 503 · https://b.example/ svarar 500"),
        ("query, column 1: x\n  no connection\n  ^\nno connection",
         "query, column 1: x\n  no connection\n  ^\ningen anslutning"),
        ("what nobody ever said", "what nobody ever said"),
        ("", ""),
    ],
)  # fmt: skip
def test_words_are_translated_and_values_left_alone(said: str, told: str) -> None:
    assert in_language(said, swedish) == told
    assert in_language(said, english) == said


@given(st.text(max_size=300) | st.lists(st.sampled_from([*TEMPLATES, ": ", "; ", " · ", "\n", "'x'"])).map("".join))
def test_english_stays_as_it_was_whatever_it_holds(text: str) -> None:
    assert in_language(text, english) == text


@pytest.mark.parametrize("text", [": " * 1000, "a; " * 700, "x: no platform; " * 100, "'" * 1999, "a" * 100_000])
def test_hostile_details_neither_hang_nor_break_it(text: str) -> None:
    assert in_language(text, swedish)


def test_kinds_are_called_something() -> None:
    assert kind_label("throttled", swedish) == "bad oss vänta"
    assert kind_label("of_tomorrow", swedish) == "of tomorrow"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["config", "show", "--config", "saknas.toml"], "listen: saknas.toml: filen finns inte: ange en fil som finns"),
        (["registry", "check", "--registry", "saknas.csv"], "saknas.csv: filen finns inte: kör `listen init`"),
        (["screen", "saknas.ndjson", "--config", "listener.toml"], "saknas.ndjson: filen finns inte: ange en fil"),
        (["links", "saknas.html", "--base-url", "https://a.example/"], "saknas.html: filen finns inte: ange en fil"),
    ],
)
def test_errors_are_told_in_swedish_where_the_machine_is(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from listener.cli import run

    (tmp_path / "listener.toml").write_text('[organisation]\nname = "Almby kommun"\n', encoding="utf-8")
    (tmp_path / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "sv")
    assert run(arguments) == 2
    assert told in capsys.readouterr().err


def test_times_are_read_as_swedes_tell_them() -> None:
    told = "jetstream.example told nothing from 2026-11-22T07:00:00Z to 2026-06-22T08:00:30Z"
    english = in_language(told, lambda text: text)
    assert english == "jetstream.example told nothing from 2026-11-22 08:00 to 2026-06-22 10:00:30"
    assert in_language("9999-99-99T07:00:00Z", lambda text: text) == "9999-99-99T07:00:00Z"
