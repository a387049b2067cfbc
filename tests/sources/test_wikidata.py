"""Wikidata by a real SPARQL engine over an invented graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from servers.sparql import Endpoint, sparql

from listener.context import Context
from listener.demo.serve import Reply, Request, Server, json_reply
from listener.errors import Blocked, Changed, ConfigError, SourceError, Throttled
from listener.models import Completeness, Term
from listener.sources import wikidata

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
Make = Callable[..., Context]

pytestmark = pytest.mark.network

# Almby kommun (Q1), its library (Q2) and the library's lending branch (Q3); the company it owns (Q4); a stranger (Q9).
GRAPH = """
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix p: <http://www.wikidata.org/prop/> .
@prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix pq: <http://www.wikidata.org/prop/qualifier/> .
@prefix s: <http://www.wikidata.org/entity/statement/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

wd:Q1 wdt:P525 "9901" ; wdt:P6460 "212000-9901" ; wdt:P856 <https://www.almby.example/> ; wdt:P355 wd:Q4 ;
  rdfs:label "Almby kommun"@sv, "Almby Municipality"@en ;
  p:P2002 s:a ; p:P2013 s:b ; p:P4033 s:c ; p:P12361 s:d ; p:P2397 s:e ; p:P4264 s:f ; p:P11892 s:g ; p:P3789 s:h .
s:a ps:P2002 "almbykommun" ; pq:P6552 "990011" ; wikibase:rank wikibase:NormalRank .
s:b ps:P2013 "Almby.Kommun" ; wikibase:rank wikibase:PreferredRank .
s:c ps:P4033 "almby@social.example" ; wikibase:rank wikibase:NormalRank .
s:d ps:P12361 "almby.example" ; wikibase:rank wikibase:NormalRank .
s:e ps:P2397 "UCabcdefghijklmnopqrstuv" ; wikibase:rank wikibase:NormalRank .
s:f ps:P4264 "almby-kommun" ; wikibase:rank wikibase:NormalRank .
s:g ps:P11892 "almbykommun" ; wikibase:rank wikibase:NormalRank .
s:h ps:P3789 "https://evil.example/x" ; wikibase:rank wikibase:NormalRank .
wd:Q2 wdt:P137 wd:Q1 ; rdfs:label "Almby bibliotek"@sv ; p:P2003 s:i ; p:P2002 s:j .
s:i ps:P2003 "almbybibliotek" ; wikibase:rank wikibase:NormalRank .
s:j ps:P2002 "almbybibl" ; pq:P582 "2023-05-01T00:00:00Z"^^xsd:dateTime ; wikibase:rank wikibase:NormalRank .
wd:Q3 wdt:P749 wd:Q2 ; p:P7085 s:k .
s:k ps:P7085 "@almbybokbuss" ; wikibase:rank wikibase:DeprecatedRank .
wd:Q4 rdfs:label "Almbybostäder"@sv ; p:P11245 s:l ; p:P3984 s:m .
s:l ps:P11245 "almbybostader" ; wikibase:rank wikibase:NormalRank .
s:m ps:P3984 "almby" ; wikibase:rank wikibase:NormalRank .
wd:Q9 wdt:P525 "9902" ; wdt:P131 wd:Q1 ; p:P2003 s:n .
s:n ps:P2003 "nagonannan" ; wikibase:rank wikibase:NormalRank .
"""
OURS = {
    "https://x.com/almbykommun", "https://www.facebook.com/Almby.Kommun", "https://social.example/@almby",
    "https://bsky.app/profile/almby.example", "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
    "https://www.linkedin.com/company/almby-kommun", "https://www.threads.com/@almbykommun",
    "https://www.instagram.com/almbybibliotek", "https://x.com/almbybibl", "https://www.tiktok.com/@almbybokbuss",
    "https://www.youtube.com/@almbybostader", "https://www.reddit.com/r/almby",
}  # fmt: skip


@pytest.fixture
def engine() -> Iterator[tuple[str, Endpoint]]:
    with sparql(GRAPH) as running:
        yield running


@pytest.mark.parametrize(
    "known_by",
    [
        {"settings": {"municipality_code": "9901"}},
        {"settings": {"org_numbers": ["2120009901"]}},
        {"settings": {"items": ["Q1"]}},
        {"sites": ("almby.example",)},
    ],
    ids=["code", "number", "item", "address"],
)
def test_our_accounts_and_our_parts_are_found_by_whatever_we_are_known_by(
    engine: tuple[str, Endpoint], make_context: Make, known_by: dict[str, Any]
) -> None:
    settings = {"base_url": engine[0], **known_by.get("settings", {})}
    ctx = make_context("wikidata", settings, sites=known_by.get("sites", ()))
    found = {account.url: account for account in wikidata.accounts(ctx, Term(text=""))}
    assert set(found) == OURS
    ours = found["https://x.com/almbykommun"]
    assert (ours.platform_id, ours.term, ours.labels, ours.display_name) == (
        "990011",
        "Almby kommun",
        ("wikidata",),
        None,
    )
    former = {url for url, account in found.items() if "wikidata_former" in account.labels}
    assert former == {"https://x.com/almbybibl", "https://www.tiktok.com/@almbybokbuss"}
    assert ctx.completeness == Completeness.COMPLETE
    assert [issue.kind for issue in ctx.issues] == ["skipped"]  # what was written as a Telegram name is none


def test_nothing_known_of_us_is_said_aloud(engine: tuple[str, Endpoint], make_context: Make) -> None:
    ctx = make_context("wikidata", {"base_url": engine[0], "municipality_code": "9999"})
    assert not list(wikidata.accounts(ctx, Term(text="")))
    assert ctx.completeness == Completeness.TRUNCATED
    with pytest.raises(SourceError, match="nothing to find us by"):
        list(wikidata.accounts(make_context("wikidata", {"base_url": engine[0]}), Term(text="")))


def test_settings_cannot_write_the_question(engine: tuple[str, Endpoint], make_context: Make) -> None:
    hostile = {"base_url": engine[0], "municipality_code": '9901" } #', "language": 'sv") } #', "items": []}
    ctx = make_context("wikidata", hostile, sites=("almby.example",))
    assert {account.url for account in wikidata.accounts(ctx, Term(text=""))} == OURS
    with pytest.raises(ConfigError, match="items"):
        list(wikidata.accounts(make_context("wikidata", {"items": ["Q1 } #"]}), Term(text="")))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Reply(status=403), Blocked),
        (Reply(status=429, headers={"Retry-After": "3600"}), Throttled),
        (Reply(status=500, body=b"java.util.concurrent.TimeoutException"), SourceError),
        (Reply(status=400), SourceError),
        (Reply(body=b'{"results": {"bindings": [', kind="application/json"), Changed),
        (json_reply({"results": []}), Changed),
        (json_reply([]), Changed),
    ],
    ids=["blocked", "throttled", "timeout", "refused", "cut", "shape", "list"],
)
def test_a_service_in_trouble_is_a_source_error(make_context: Make, answer: Reply, error: type[SourceError]) -> None:
    def served(_request: Request) -> Reply:
        return answer

    server = Server(served)
    try:
        with pytest.raises(error):
            ctx = make_context("wikidata", {"base_url": server.url, "municipality_code": "9901"})
            list(wikidata.accounts(ctx, Term(text="")))
    finally:
        server.stop()


@pytest.mark.parametrize(
    "change",
    [
        {"value": {"value": "../../evil"}},
        {"value": {"value": "a b"}},
        {"value": {"value": 'x"><script>'}},
        {"value": {"value": ""}},
        {"value": "bare"},
        {"property": {"value": "P31"}},
        {"item": {"value": "javascript:alert(1)"}},
    ],
)
def test_a_row_that_names_no_account_is_changed(change: dict[str, Any]) -> None:
    row = {
        "item": {"value": "http://www.wikidata.org/entity/Q1"},
        "property": {"value": "P2003"},
        "value": {"value": "almby"},
        "rank": {"value": ""},
    }
    assert wikidata.read_account(row).handle == "almby"
    with pytest.raises(Changed):
        wikidata.read_account(row | change)
