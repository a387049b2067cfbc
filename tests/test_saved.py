"""The saved queries of listener.toml: read or refused by name, told as one result a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from listener.config import load_config
from listener.errors import ConfigError
from listener.models import Completeness, Issue, SourceResult
from listener.saved import joined, saved_queries


def queries(folder: Path, text: str) -> tuple[str, ...]:
    (folder / "listener.toml").write_text(f'[organisation]\nname = "Almby kommun"\n{text}', encoding="utf-8")
    return tuple(query.text for query in saved_queries(load_config(folder / "listener.toml", {})))


def test_every_saved_query_is_read(tmp_path: Path) -> None:
    text = "[queries.a]\nquery = '\"Almby kommun\"'\n[queries.b]\nquery = 'Almby badhus'\n"
    assert queries(tmp_path, text) == ('"Almby kommun"', "Almby badhus")


@pytest.mark.parametrize("line", ["query = 3", "purpose = 'x'", "query = '(Almby'"])
def test_a_query_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match=r"listener\.toml: \[queries\.badhus\]"):
        queries(tmp_path, f"[queries.badhus]\n{line}\n")


def test_a_source_is_as_incomplete_as_its_worst_answer_and_a_trouble_is_told_once() -> None:
    trouble = Issue(source="bluesky", kind="throttled", detail="later")
    parts = [
        SourceResult(source="bluesky", completeness=Completeness.COMPLETE, posts=3),
        SourceResult(source="bluesky", completeness=Completeness.UNAVAILABLE, posts=1, issues=(trouble,)),
        SourceResult(source="bluesky", completeness=Completeness.UNAVAILABLE, issues=(trouble,)),
    ]
    whole = joined("bluesky", parts)
    assert (whole.source, whole.completeness, whole.posts) == ("bluesky:posts", Completeness.UNAVAILABLE, 4)
    assert [issue.detail for issue in whole.issues] == ["later"]
