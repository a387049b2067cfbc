"""Stored reasons in the reader's language: every sentence that judging and checking can write has a template."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from listener.clock import read_time
from listener.config import load_config
from listener.demo import load_world, start
from listener.demo.folder import write_folder
from listener.language import translations
from listener.organisation import load_organisation
from listener.registry import load_registry
from listener.rules import check_profile
from listener.sentences import TEMPLATES, in_language, pattern
from listener.storms.reasons import TEMPLATES as STORMS
from listener.verdict import judge

swedish = translations("sv").gettext


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        ("handle '0rebro' reads like 'orebro': '0' for 'o'", "kontonamnet '0rebro' ser ut som 'orebro': '0' för 'o'"),
        ("display name \"It's Alm\" holds our name 'Alm'", "visningsnamnet \"It's Alm\" rymmer vårt namn 'Alm'"),
        ("handle 'a' is 2 letters from 'b'", "kontonamnet 'a' är 2 bokstäver från 'b'"),
        ("host 'a[.]example' looks like our 'b.example': '1' for 'l'",
         "värdnamnet 'a[.]example' liknar vårt 'b.example' för ögat: '1' för 'l'"),
        ("host 'akmby.test' is our 'almby.example' with slips: 'k' is next to 'l' on a Swedish keyboard; 'm' doubled",
         "värdnamnet 'akmby.test' är vårt 'almby.example' med felskrivningar: "
         "'k' ligger intill 'l' på ett svenskt tangentbord; 'm' dubblerat"),
        ("Write exactly: En verksamhet inom Almby kommun", "Skriv exakt: En verksamhet inom Almby kommun"),
        ("a sentence nobody knows", "a sentence nobody knows"),
        ("", ""),
    ],
)  # fmt: skip
def test_words_are_translated_and_values_left_alone(english: str, translated: str) -> None:
    assert (in_language(english, swedish) if english else "") == translated
    assert in_language(english, lambda text: text) == english


def test_figures_and_platforms_are_written_as_the_reader_writes_them() -> None:
    storm = ("mentions: 25 in 3 h, usually 10.5", "from bluesky: 54%")
    assert [in_language(sentence, swedish, STORMS) for sentence in storm] == [
        "omnämnanden: 25 på 3 h, normalt 10,5",
        "från Bluesky: 54\N{NO-BREAK SPACE}%",
    ]


def test_every_template_reads_back_what_it_writes() -> None:
    for template in TEMPLATES:
        fields = [name for _text, name, _form, _how in string.Formatter().parse(template) if name]
        assert len(fields) == len(set(fields)), template
        assert pattern(template)


@pytest.mark.parametrize("text", ["' equals our '" * 300, "'" * 3000, "\\'" * 2000, "a" * 50_000, "'a' for " * 2000])
def test_hostile_values_neither_hang_nor_break_it(text: str) -> None:
    assert in_language(f"display name {text!r} equals our 'Almby'", swedish).startswith("visningsnamnet")
    assert in_language(text, swedish)


@pytest.mark.network
def test_every_reason_for_almbys_accounts_has_its_swedish(tmp_path: Path) -> None:
    with start(load_world(read_time("2026-11-20T07:00:00+01:00"))) as served:
        config = load_config(write_folder(tmp_path, served, "sv"), {})
    organisation, registry = load_organisation(config), load_registry(config.registry)
    said = set()
    for resident in served.world.residents:
        said |= {signal.detail for signal in judge(resident.account, organisation, registry).signals}
        if entry := registry.find(resident.account):
            faults = check_profile(resident.account, entry, organisation)
            said |= {text for fault in faults for text in (fault.detail, fault.hint) if text}
    assert len(said) > 50
    assert not {sentence for sentence in said if in_language(sentence, swedish) == sentence}
