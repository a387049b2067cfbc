"""Words: where they begin and end, over every code point and against SQLite's own tokeniser."""

from __future__ import annotations

import sqlite3
from itertools import chain

from listener.text.words import SYMBOLS, TOKENISER, fold, nfc, words

CODES = [*range(1, 0xD800), *range(0xE000, 0x12000), *range(0x1E000, 0x20000), *range(0xE0000, 0xE0200)]


def tokens_of_sqlite(texts: list[str]) -> list[list[str]]:
    db = sqlite3.connect(":memory:")
    db.execute(f'CREATE VIRTUAL TABLE texts USING fts5(text, tokenize="{TOKENISER}")')
    db.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(texts, 'instance')")
    db.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", enumerate(texts))
    found: list[list[str]] = [[] for _text in texts]
    for term, row in db.execute("SELECT term, doc FROM terms ORDER BY doc, offset"):
        found[row].append(term)
    db.close()
    return found


def test_whatever_the_index_takes_for_one_word_is_one_word() -> None:
    texts = [f"x{chr(code)}y" for code in CODES]
    wrong = [
        hex(code)
        for code, text, tokens in zip(CODES, texts, tokens_of_sqlite(texts), strict=True)
        if len(words(text)) > len(tokens)
    ]
    assert not wrong


def test_letters_that_are_alike_here_are_alike_in_the_index() -> None:
    alike: dict[str, set[str]] = {}
    letters = [chr(code) for code in CODES if chr(code).isalpha()]
    for letter, tokens in zip(letters, tokens_of_sqlite([f"x{letter}" for letter in letters]), strict=True):
        alike.setdefault(fold(letter), set()).add(" ".join(tokens))
    assert not {letter: tokens for letter, tokens in alike.items() if len(tokens) > 1}


def test_symbol_blocks_hold_no_letter_and_no_quote() -> None:
    held = [chr(code) for first, last in SYMBOLS for code in range(first, last + 1)]
    assert not [char for char in held if char.isalnum() and fold(char) != char]
    assert "'" not in held
    assert '"' not in held


def test_words_and_their_places() -> None:
    text = nfc("Får vi e-tjänst, 🤦bad❤️hus?")
    assert [(word.folded, text[word.start : word.end]) for word in words(text)] == [
        ("får", "Får"), ("vi", "vi"), ("e", "e"), ("tjänst", "tjänst"), ("bad", "bad"), ("hus", "hus"),
    ]  # fmt: skip


def test_folding_keeps_the_length_of_every_text() -> None:
    text = "".join(map(chr, chain(range(0xD800), range(0xE000, 0x12000))))
    assert len(fold(text)) == len(text)
