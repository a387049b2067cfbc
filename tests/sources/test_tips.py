"""Tips in the files people keep: Swedish Excel's, a program's, and broken ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from listener.context import Context
from listener.errors import ConfigError, SourceError
from listener.models import Completeness, Term
from listener.run import attempt, failed
from listener.sources import tips

TEXT = "platform;url;display_name\r\nfacebook;https://www.facebook.com/almbykommun;Almby kommun på svår väg\r\n"
Make = Callable[..., Context]


def read(make_context: Make, folder: Path, content: bytes, name: str = "tips.csv") -> tuple[list[str], list[str]]:
    """Display names read, and what was skipped."""
    (folder / name).write_bytes(content)
    ctx = make_context("tips", {"files": [name], "folder": str(folder)})
    names = [account.display_name or "" for account in tips.accounts(ctx, Term(text=""))]
    return names, [issue.detail for issue in ctx.issues]


@pytest.mark.parametrize(
    "content",
    [TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode(), TEXT.encode("cp1252"), TEXT.replace(";", ",").encode()],
    ids=["utf-8", "bom", "cp1252", "comma"],
)
def test_every_way_a_spreadsheet_saves(make_context: Make, tmp_path: Path, content: bytes) -> None:
    assert read(make_context, tmp_path, content) == (["Almby kommun på svår väg"], [])


def test_a_broken_line_is_named_and_the_others_are_read(make_context: Make, tmp_path: Path) -> None:
    content = b'{"platform": "x", "handle": "almby", "display_name": "A"}\n{"platform": \n[]\n{"display_name": "B"}\n'
    names, skipped = read(make_context, tmp_path, content, "tips.ndjson")
    assert names == ["A"]
    assert [detail.removeprefix(f"{tmp_path}/").partition(" ")[0] for detail in skipped] == [
        "tips.ndjson:2:",
        "tips.ndjson:3:",
        "tips.ndjson:4:",
    ]


def test_a_web_site_is_an_account_too(make_context: Make, tmp_path: Path) -> None:
    (tmp_path / "tips.csv").write_text("url\nhttps://almby-kommun.example/bankid\n", encoding="utf-8")
    ctx = make_context("tips", {"files": ["tips.csv"], "folder": str(tmp_path)})
    (account,) = tips.accounts(ctx, Term(text=""))
    assert (account.platform, account.handle) == ("web", "almby-kommun.example")


def test_a_missing_file_and_a_picture_are_source_errors(make_context: Make, tmp_path: Path) -> None:
    (tmp_path / "bild.csv").write_bytes(b"\x89PNG\r\n\x00\x00")
    for name in ("finns-inte.csv", "bild.csv"):
        ctx = make_context("tips", {"files": [name], "folder": str(tmp_path)})
        with pytest.raises(SourceError, match=name):
            list(tips.accounts(ctx, Term(text="")))


def test_files_must_be_a_list(make_context: Make) -> None:
    with pytest.raises(ConfigError):
        list(tips.accounts(make_context("tips", {"files": "tips.csv"}), Term(text="")))


@pytest.mark.parametrize(
    ("content", "names", "said"),
    [
        (b"", [], []),
        (b" \r\n\n", [], []),
        (b"platform,url,display_name\n", [], []),
        (b"namn;konto\nAlmby;almby\n", [], ["tips.csv:1: no column url"]),
        (b'platform,handle,display_name\nx,a,A\nx,b,"B\nx,c,C\n', ["A"], ["tips.csv:3: unexpected end of data"]),
        (b"platform,handle,display_name\nx,a,A\nx,,B\n", ["A"], ["tips.csv:3: no url, handle"]),
    ],
    ids=["empty", "blank", "header", "strangers' header", "open quote", "no account"],
)
def test_what_cannot_be_read_is_told_with_its_line_and_fails_the_run(
    make_context: Make, tmp_path: Path, content: bytes, names: list[str], said: list[str]
) -> None:
    (tmp_path / "tips.csv").write_bytes(content)
    ctx = make_context("tips", {"files": ["tips.csv"], "folder": str(tmp_path)})

    def work() -> tuple[int, int]:
        read.extend(account.display_name or "" for account in tips.accounts(ctx, Term(text="")))
        return len(read), 0

    read: list[str] = []
    result = attempt(ctx, work)
    assert read == names
    assert len(result.issues) == len(said)
    for issue, words in zip(result.issues, said, strict=True):
        assert words in issue.detail
    assert failed(result) == bool(said)
    assert result.completeness == Completeness.COMPLETE
