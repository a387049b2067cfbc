"""Nothing a stranger writes may take over the terminal, and odd code points are shown by name."""

from __future__ import annotations

import pytest

from listener.terminal import columns, padded, plain, seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Örebro kommun", "Örebro kommun"),
        ("evil\u202egnp.exe", "evil<U+202E>gnp.exe"),
        ("\x1b[31mred\x1b[0m", "<U+001B>[31mred<U+001B>[0m"),
        ("title\x1b]0;owned\x07", "title<U+001B>]0;owned<U+0007>"),
        ("c1\x9b31m", "c1<U+009B>31m"),
        ("two\nlines\tand tab", "two lines and tab"),
        ("over\rwritten", "over<U+000D>written"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>"),
        ("nul\0", "nul<U+0000>"),
        ("half\ud800", "half<U+D800>"),
        ("tag\U000e0041", "tag<U+E0041>"),
        ("filler\u3164", "filler<U+3164>"),
        ("heap A" + "\u0336\u0489\u030a" * 500 + "b", "heap A\u0336\u0489\u030a…b"),
        ("Vie\u0323\u0302t", "Vie\u0323\u0302t"),
        ("", ""),
    ],
)
def test_controls_are_written_out(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Almby kommun", 12, "Almby kommun"),
        ("Almby kommun", 6, "Almby…"),
        ("市役所案内", 5, "市役…"),
        ("a\u0308b", 2, "a\u0308b"),
        ("x" * 10_000, 4, "xxx…"),
        ("x", 0, "…"),
    ],
)
def test_a_width_is_kept(text: str, width: int, shown: str) -> None:
    assert plain(text, width) == shown


def test_padding_counts_columns_not_characters() -> None:
    assert columns(padded("市役", 6)) == 6


def test_a_table_steers_no_terminal_and_stays_as_it_is_elsewhere() -> None:
    table = "a,b\r\n\x1b[31mröd,\u202etxt\r\n".encode()
    assert seen(table, on_terminal=True).decode() == "a,b\n<U+001B>[31mröd,<U+202E>txt\n"
    assert seen(table, on_terminal=False) == table
