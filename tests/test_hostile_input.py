"""Bad input of every kind gets an answer or a clear line: never a traceback, never a verdict out of bounds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.errors import RegistryError
from listener.models import Account, Verdict
from listener.registry import read_registry
from tests.fed import HEADER, TARGETS, feed, holds, judge_among, lindvik

SEEDS = st.integers(min_value=1, max_value=2**32)
ROW = b"x,https://x.com/a,Lindvik,approved,a@b.example,a,A\n"


@pytest.mark.parametrize("target", [name for name in TARGETS if name != "judge_among_many"])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=SEEDS)
def test_whatever_comes_in_an_answer_or_a_clear_line_comes_out(target: str, seed: int) -> None:
    refusal = feed(target, seed)
    assert refusal is None or refusal.strip()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Lindviks kommun" * 700,
        "Lindviks kommun" + "\u0301" * 5_000,
        "\u202enummok skivdniL",
        "Lindviks \ud800kommun",
        "Lindviks\0kommun",
        "\u200b" * 10_000,
        "ﷺ" * 10_000,
    ],
    ids=["empty", "long", "marks", "right to left", "lone surrogate", "NUL", "unseen", "ligatures"],
)
@pytest.mark.parametrize("field", ["handle", "display_name", "description"])
def test_odd_names_are_judged(name: str, field: str) -> None:
    holds(lindvik().judge(Account(platform="x", url="https://x.com/q1", **{field: name})))  # type: ignore[arg-type]


@pytest.mark.parametrize("spelled", ["Lindviks\0 kommun", "Lind\u200bviks kommun", "Lindviks \ud800kommun"])
def test_a_name_with_unseen_characters_is_still_our_name(spelled: str) -> None:
    assert lindvik().judge(Account(platform="x", handle="q1", display_name=spelled)).flagged


def test_a_handle_that_is_an_address_is_read_as_one() -> None:
    finding = lindvik().judge(Account(platform="x", handle="https://x.com/lindvikskommun"))
    assert finding.verdict is Verdict.OFFICIAL


@pytest.mark.parametrize("rows", [1, 2_000])
def test_registers_of_any_size_are_compared_with(rows: int) -> None:
    screener = judge_among(rows)
    assert screener.judge(Account(platform="x", handle="u0lindvik")).verdict is Verdict.OFFICIAL
    assert screener.judge(Account(platform="x", handle="kakbaket", display_name="Kakor")).verdict is Verdict.UNRELATED


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (HEADER.encode() + ROW + b"x,\0,a,approved,a@b.example,a,A\n", "register:3:"),
        (HEADER.encode() + ROW + b'x,"https://x.com/b,Lindvik', "register:3:"),
        (HEADER.encode() + b"x,https://x.com/a\n", "register:2:"),
        (b"\x00\x01\x02", "register:1:"),
        (b"", "register:1:"),
        (HEADER.encode("utf-32"), "register:"),
    ],
    ids=["NUL", "open quotation mark", "few columns", "no text", "empty", "UTF-32"],
)
def test_a_broken_register_is_refused_by_line(content: bytes, line: str) -> None:
    with pytest.raises(RegistryError) as refusal:
        read_registry(content, "register")
    assert str(refusal.value).startswith(line)


@pytest.mark.parametrize(
    "host",
    [
        ".".join(["lindvik"] * 1_000) + ".test",
        "xn--" + "9" * 3_000 + ".test",
        "xn--lindvik-\ud800.test",
        "lindvik" * 1_000,
        "...",
        "lindvik..test",
        "[::1",
        "1e999.test",
    ],
)
def test_odd_host_names_are_judged(host: str) -> None:
    holds(lindvik().judge(Account(platform="web", handle=host)))


@pytest.mark.parametrize(
    "link", ["https://[@lindvik.example/", "//]:x@www.lindvik.example", "http://[::1", "http://[v1.x]/"]
)
def test_odd_links_are_judged(link: str) -> None:
    holds(lindvik().judge(Account(platform="x", handle="q1", display_name="Lindvik", links=(link,))))
