"""An account of ours that took another handle, found by its id: what is said, and of which queries."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from almby_weeks import SCOPE, W47

from listener.audit import tell_renamed
from listener.config import load_config
from listener.enrich import Enricher
from listener.models import Account, Fault, Verdict
from listener.organisation import Organisation
from listener.posts import Mention, Post
from listener.registered import judge_registered
from listener.registry import Registry, read_registry
from listener.renamed import naming, renamed
from listener.report import FORMATS
from listener.report.weekly import weekly
from listener.store import open_store
from listener.store.faults import save_faults
from listener.store.runs import finish_run, start_run

DID, STRANGER = "did:plc:almby", "did:plc:stranger"
ROWS = f"""platform,url,unit,status,owner_email,handle,platform_id,display_name
bluesky,https://bsky.app/profile/almby.example,Almby kommun,approved,a@almby.example,almby.example,{DID},Almby kommun
"""
QUERIES = {"ours": 'almby.example OR "Almby kommun"', "author": "author:almby.example bad", "else": "almbytorget"}


@pytest.fixture
def registry() -> Registry:
    return read_registry(ROWS.encode(), "registry.csv")


@pytest.fixture
def fault(registry: Registry) -> Fault:
    """The fault of our account, called nya.example now."""
    account = Account(platform="bluesky", platform_id=DID, handle="nya.example", display_name="Almby kommun")
    finding = judge_registered(account, Organisation(name="Almby kommun"), registry)
    assert finding is not None
    assert finding.verdict is Verdict.OFFICIAL_CHANGED
    (found,) = renamed([finding], registry, QUERIES)
    return found


def test_the_row_and_the_queries_with_the_old_handle_are_named(fault: Fault) -> None:
    assert fault.url == "https://bsky.app/profile/almby.example"
    assert "'almby.example' in the register and is now 'nya.example'" in fault.detail
    assert fault.hint.endswith("the queries that name the old one: ours, author.")


def test_the_audit_says_it_and_the_report_names_it_in_swedish(fault: Fault, tmp_path: Path) -> None:
    told: list[str] = []
    tell_renamed([fault, Fault(rule="P1", url="x", unit="Almby", detail="no name")], told.append)
    assert len(told) == 1
    assert "is now 'nya.example'. Write the new handle in the register, and in the queries" in told[0]
    with open_store(tmp_path / "listener.db") as store:
        run_id = start_run(store, "audit", W47.start, ["bluesky"])
        save_faults(store, run_id, [fault])
        finish_run(store, run_id, W47.start + timedelta(minutes=5), 0, True)
        report = weekly(store, SCOPE, W47, W47.end + timedelta(days=1))
    for form in ("text", "html"):
        drawn = FORMATS[form](report, "sv")
        assert (
            "Skriv det nya användarnamnet i registret, och i de sökningar som nämner det gamla: ours, author." in drawn
        )
        assert "kontot har ett annat användarnamn än raden säger" in drawn
    assert report.profiles is not None
    assert report.profiles.by_rule == (), "no profile rule is broken"


def test_an_account_that_kept_its_handle_is_no_fault(registry: Registry) -> None:
    account = Account(platform="bluesky", platform_id=DID, handle="almby.example", display_name="Almby kommun")
    finding = judge_registered(account, Organisation(name="Almby kommun"), registry)
    assert finding is not None
    assert list(renamed([finding], registry, QUERIES)) == []


@pytest.mark.parametrize(
    ("handle", "named"),
    [("almby.example", ["ours", "author"]), ("ALMBY.example", ["ours", "author"]), ("almby", ["ours", "author"]),
     ("torget", []), ("", [])],
)  # fmt: skip
def test_a_handle_is_found_in_a_query_as_whole_words(handle: str, named: list[str]) -> None:
    assert naming(handle, QUERIES) == named


@pytest.mark.parametrize(
    ("did", "author", "direction"),
    [
        (DID, "almby.example", "out"),
        (DID, "nya.example", "out"),
        (DID, DID, "out"),
        (STRANGER, "almby.example", "in"),
        (STRANGER, "other.example", "in"),
    ],
)
def test_who_speaks_for_us_is_known_by_the_id_and_not_by_the_handle(
    tmp_path: Path, did: str, author: str, direction: str
) -> None:
    (tmp_path / "listener.toml").write_text('[queries.a]\nquery = "a"\n', encoding="utf-8")
    (tmp_path / "registry.csv").write_text(ROWS, encoding="utf-8")
    post = Post(platform="bluesky", id=f"at://{did}/app.bsky.feed.post/3k", text="a", author=author)
    noted = Enricher(load_config(tmp_path / "listener.toml", {}))(Mention(post=post, query="a"))
    assert noted.direction == direction
