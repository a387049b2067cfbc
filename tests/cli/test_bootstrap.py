"""A first register from our own pages and Wikidata: proposed, never written over anything, and safe to open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.sparql import sparql
from town import NOW, Town

from listener.bootstrap import Proposal
from listener.cli.bootstrap import bootstrap
from listener.clock import read_time
from listener.config import default_config
from listener.demo.serve import Fault, Server, json_reply
from listener.demo.stage import start
from listener.demo.world import load_world
from listener.errors import RegistryError
from listener.first_files import COLUMNS
from listener.models import Completeness, SourceResult
from listener.registry import read_registry, save_registry
from listener.run import silent

pytestmark = pytest.mark.network

# The municipality (Q1), found by its address, and a part of it whose name somebody wrote to hurt who opens the file.
GRAPH = """
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix p: <http://www.wikidata.org/prop/> .
@prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix s: <http://www.wikidata.org/entity/statement/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
wd:Q1 wdt:P856 <https://www.almby.example/> ; rdfs:label "Almby kommun"@sv ; p:P4264 s:a ; p:P12361 s:c .
s:a ps:P4264 "almby-kommun" ; wikibase:rank wikibase:NormalRank .
s:c ps:P12361 "almby.example" ; wikibase:rank wikibase:NormalRank .
wd:Q2 wdt:P137 wd:Q1 ; rdfs:label "=HYPERLINK(\\"https://evil.example/\\";\\"öppna\\")"@sv ; p:P2003 s:b .
s:b ps:P2003 "konstiga_grejer" ; wikibase:rank wikibase:DeprecatedRank .
"""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Almby, with an empty register, a Wikidata that knows it and a register of its schools."""
    units = [{"name": name, "status": "AKTIV"} for name in ("Tallåsskolan", "Sjövikens skola F-6")]
    schools = Server(lambda _request: json_reply({"data": {"attributes": units}}))
    with start(load_world(read_time(NOW))) as served, sparql(GRAPH) as (url, _endpoint):
        town = Town(served, tmp_path)
        (tmp_path / "registry.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
        settings = (tmp_path / "listener.toml").read_text(encoding="utf-8")
        settings = settings.replace("[organisation]\n", '[organisation]\nmunicipality_code = "9901"\n', 1)
        settings += f'\n[sources.wikidata]\nbase_url = "{url}"\n[sources.skolverket]\nbase_url = "{schools.url}"\n'
        (tmp_path / "listener.toml").write_text(settings, encoding="utf-8")
        yield town
    schools.stop()


def rows(text: str) -> dict[str, dict[str, str]]:
    """url -> row, as the cells stand in the file."""
    return {row["url"]: row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")}


def test_a_first_register_is_proposed_and_goes_in_once_people_have_filled_it_in(town: Town) -> None:
    told = town.listen("discover", "--bootstrap", "forslag.csv")
    assert told.returncode == 0, told.stderr
    assert "listen registry import forslag.csv" in told.stderr
    text = (town.folder / "forslag.csv").read_text(encoding="utf-8")
    found = rows(text)
    assert {row["status"] for row in found.values()} == {"pending"}
    assert {row["owner_email"] for row in found.values()} == {""}
    ours = found["https://www.linkedin.com/company/almby-kommun"]
    assert ours["unit"] == "Almby kommun"
    assert "Wikidata" in ours["notes"]
    linked = found["https://bsky.app/profile/almby.example"]
    assert linked["listed_on"].startswith("http")
    assert "Wikidata" in linked["notes"]  # told by both, one row
    assert found["https://torget.example/@sjovikensskola"]["unit"] == "Sjövikens skola"
    assert "Ännu ingen enhet" in told.stderr
    assert "Sjövikens skola" in told.stderr
    hostile = found["https://www.instagram.com/konstiga_grejer"]
    assert hostile["unit"].startswith("'=HYPERLINK")  # a text, not a formula
    assert "används inte längre" in hostile["notes"]
    assert not [row for row in found.values() for cell in row.values() if cell and cell[0] in "=+-@\t\r"]
    assert not (town.folder / "listener.db").exists()

    with pytest.raises(RegistryError, match="owner_email"):
        read_registry(text.encode(), "forslag.csv", unique=True)
    filled = read_registry(
        text.replace(";pending;", ";pending;press@almby.example").encode(), "ifyllt.csv", unique=True
    )
    assert len(filled) == len(found)
    save_registry(filled, town.folder / "registry.csv")
    site = town.folder / "listener.toml"
    site.write_text(site.read_text().replace("[sources.website]\n", "[sources.website]\nenabled = false\n", 1))
    again = town.listen("discover", "--bootstrap", "-")
    assert (again.returncode, again.stdout) == (0, "")  # nothing that the register lacks
    assert "3 konton står redan" in again.stderr


def test_what_is_there_is_never_written_over(town: Town) -> None:
    (town.folder / "mitt.csv").write_text("mitt")
    refused = town.listen("discover", "--bootstrap", "mitt.csv")
    assert refused.returncode == 2
    assert "mitt.csv" in refused.stderr
    assert (town.folder / "mitt.csv").read_text() == "mitt"
    assert not town.served.requests("website")  # refused before anybody was asked
    assert town.listen("discover", "--bootstrap", "x.csv", "--source", "website").returncode == 2


def test_a_site_that_cannot_be_read_is_told_and_what_wikidata_knows_is_kept(town: Town) -> None:
    town.served.fail("website", Fault(status=500))
    told = town.listen("discover", "--bootstrap", "-")
    assert told.returncode == 3
    assert "website" in told.stderr
    assert "https://www.linkedin.com/company/almby-kommun" in rows(told.stdout)


@pytest.mark.parametrize(("seen", "said", "code"), [(True, "No account was found", 0), (False, "Could not look", 3)])
def test_finding_nothing_is_told_apart_from_not_having_looked(
    seen: bool,
    said: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reached = Completeness.COMPLETE if seen else Completeness.UNAVAILABLE
    results = tuple(SourceResult(source=name, completeness=reached) for name in ("website", "wikidata"))
    nothing = Proposal(rows=(), known=0, results=results)
    monkeypatch.setattr("listener.bootstrap.propose", lambda *_given: nothing)
    monkeypatch.chdir(tmp_path)
    assert bootstrap(default_config({}), tmp_path / "x.csv", silent) == code
    told = capsys.readouterr().err
    assert said in told
    assert ("website, wikidata" in told) is not seen
    assert not (tmp_path / "x.csv").exists()
