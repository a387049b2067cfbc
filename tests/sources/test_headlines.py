"""`headline:` finds what has a headline, from every source that shows one, and nothing that has none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from listener.mentions import cleaned
from listener.posts import Post
from listener.query import parse
from listener.sources import load_sources

CASES = Path(__file__).parent / "cases"
HEADED = {"feeds", "gdelt", "googlenews", "lemmy", "reddit", "websearch", "youtube"}  # articles, videos, threads
READ = sorted(path for path in CASES.glob("*/*.json") if json.loads(path.read_text("utf-8"))["read"] == "read_post")


def read(path: Path) -> Post:
    case = json.loads(path.read_text("utf-8"))
    post: Post = load_sources()[path.parent.name].read_post(case["row"])
    return cleaned(post, path.parent.name)


@pytest.mark.parametrize("path", READ, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_first_word_of_a_headline_is_found_in_it(path: Path) -> None:
    post = read(path)
    first = post.text.split()[0].strip(",")
    found = parse(f"headline:{first}").matches(post)
    assert (found is not None) is (path.parent.name in HEADED and path.stem != "comment")


def test_every_source_with_headlines_is_held_to_it() -> None:
    assert {path.parent.name for path in READ} >= HEADED
