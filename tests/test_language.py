"""Swedish and English complete: every text to people has its Swedish, and the catalog is the one the files make."""

from __future__ import annotations

import ast
import os
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from jinja2.ext import babel_extract

from listener.language import translations

ROOT = Path(__file__).resolve().parent.parent
LISTENER = ROOT / "listener"
SWEDISH = LISTENER / "locale" / "sv"
SINGLE = {"_", "N_", "say", "gettext"}
PLURAL = {"ngettext", "many"}
Message = str | tuple[str, ...]


def called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_code(path: Path) -> Iterator[Message]:
    """Messages in a module, those inside f-strings too (which pybabel does not see)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        texts = [literal(argument) for argument in node.args]
        if called(node) in SINGLE and texts[0]:
            yield texts[0]
        elif called(node) in PLURAL and len(texts) == 3 and texts[0] and texts[1]:
            yield texts[0], texts[1]


def in_template(path: Path) -> Iterator[Message]:
    found = babel_extract(BytesIO(path.read_bytes()), ("_", "ngettext"), [], {"trimmed": "true"})
    for _line, _function, message, _comments in found:
        if isinstance(message, tuple) and message[0] and message[1]:
            yield message[0], message[1]
        elif isinstance(message, str):  # a variable's text is marked where it is written
            yield message


def messages() -> Iterator[tuple[str, Message]]:
    for path in sorted(LISTENER.rglob("*.py")):
        for message in in_code(path):
            yield path.relative_to(ROOT).as_posix(), message
    for path in sorted(LISTENER.rglob("templates/*.html")):
        for message in in_template(path):
            yield path.relative_to(ROOT).as_posix(), message


def catalog() -> dict[str | tuple[str, ...], str | tuple[str, ...]]:
    with (SWEDISH / "LC_MESSAGES" / "listener.mo").open("rb") as file:
        return {frozen(message.id): frozen(message.string) for message in read_mo(file) if message.id}


def frozen(text: str | list[str] | tuple[str, ...]) -> str | tuple[str, ...]:
    return text if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str]:
    return {name or "" for _text, name, _form, _how in string.Formatter().parse(text) if name is not None}


def test_every_text_to_people_has_its_swedish() -> None:
    known = catalog()
    lacking = sorted({f"{place}: {message!r}" for place, message in messages() if message not in known})
    assert not lacking


def test_a_translation_fills_in_the_same_values() -> None:
    for message, swedish in catalog().items():
        ours = (message,) if isinstance(message, str) else message
        theirs = (swedish,) if isinstance(swedish, str) else swedish
        wanted = {name for text in ours for name in placeholders(text)}
        for text in theirs:
            assert text, ours
            assert placeholders(text) <= wanted, f"{text!r} asks for values that {ours!r} does not have"


def test_the_compiled_catalog_is_fresh() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "compile_locale.py", "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_no_swedish_text_is_left_without_a_use() -> None:
    """click.po is for click's own words; every other file translates ours only."""
    from babel.messages.pofile import read_po

    used = {message for _place, message in messages()}
    for path in sorted(SWEDISH.glob("*.po")):
        if path.name == "click.po":
            continue
        with path.open(encoding="utf-8") as file:
            idle = [message.id for message in read_po(file) if message.id and message.id not in used]
        assert not idle, path.name


def listen(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **environ}
    return subprocess.run(
        [sys.executable, "-m", "listener", *arguments], capture_output=True, text=True, check=False, env=kept
    )


@pytest.mark.parametrize(
    "environ",
    [
        {"LANG": "sv_SE.UTF-8"},
        {"LC_ALL": "sv_SE.UTF-8", "LANG": "en_GB.UTF-8"},
        {"LC_MESSAGES": "sv_SE", "LANG": "C"},
        {"LANGUAGE": "sv:en", "LANG": "en_GB.UTF-8"},
    ],
    ids=lambda environ: " ".join(environ),
)
def test_help_is_swedish_where_the_machine_is(environ: dict[str, str]) -> None:
    help_text = listen("--help", **environ).stdout
    assert "Användning: listen" in help_text
    assert "Exempel: listen --query" in help_text
    assert not re.search(r"\b(Usage|Options|Commands|Show|Example)\b", help_text)


@pytest.mark.parametrize("environ", [{"LANG": "en_GB.UTF-8"}, {"LANG": "C"}, {}, {"LANG": "de_DE.UTF-8"}])
def test_help_is_english_everywhere_else(environ: dict[str, str]) -> None:
    help_text = listen("--help", **environ).stdout
    assert "Usage: listen" in help_text
    assert "Example: listen --query" in help_text
    assert not re.search(r"\b(Användning|Exempel|Visa)\b", help_text)


def test_a_wrong_option_is_refused_in_swedish() -> None:
    refused = listen("--hjälp", LANG="sv_SE.UTF-8")
    assert refused.returncode == 2
    assert "Fel: Det finns inget val" in refused.stderr


def test_an_unknown_language_falls_back_to_english() -> None:
    assert translations("de").gettext("Mentions") == "Mentions"
