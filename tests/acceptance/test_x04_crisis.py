"""X4: a crisis is begun, official accounts are looked at, the picture groups what is asked, and the end restores."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup
from town import NOW, Town

from listener.cli import run
from listener.clock import read_time
from listener.config import load_config
from listener.crisis import factor
from listener.demo import Fault, load_world, start
from listener.demo.play import listen_back
from listener.store import open_store

pytestmark = pytest.mark.network


class Said(NamedTuple):
    """What one command said."""

    code: int
    out: str
    err: str


Listen = Callable[..., Said]


@pytest.fixture
def listen(heard: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Listen:
    """listen("crisis", "status") is run as in a terminal in the town's folder, without a process of its own."""
    for name, value in heard.environ().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(heard.folder)

    def command(*arguments: str) -> Said:
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return command


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Almby, its talk of twelve weeks and its storm in the log; nothing was audited."""
    folder: Path = tmp_path_factory.mktemp("almby")
    with start(load_world(read_time(NOW))) as served:
        town = Town(served, folder)
        config = load_config(folder / "listener.toml", town.environ())
        listen_back(config)
        yield town


def pace(town: Town) -> float:
    """What poll intervals are multiplied by now."""
    with open_store(town.folder / "listener.db") as store:
        return factor(store)


def test_a_crisis_from_start_to_stop(heard: Town, listen: Listen) -> None:
    assert pace(heard) == 1.0
    begun = listen("crisis", "start", "--name", "Simhallen", "--query", "simhallen", "--who", "anna")
    assert pace(heard) == 0.25
    assert begun.code == 3, "an account that cannot be seen is never all is well"
    lines = begun.out.splitlines()
    first = lines.index(next(line for line in lines if "almby.example: säger inte var information finns" in line))
    assert "kommunikation@almby.example, press@almby.example" in lines[first + 1]
    assert "Skriv i beskrivningen var information finns" in lines[first + 1]
    assert "titta för hand" in begun.out
    assert "Krisen Simhallen pågår. Källorna tillfrågas 4 gånger så ofta." in begun.err

    again = listen("crisis", "start", "--name", "Annat")
    assert again.code == 2
    assert "krisen 'Simhallen' pågår" in again.err

    asked = listen("crisis", "report", "--format", "json", "--who", "bo")
    picture = json.loads(asked.out)
    assert picture["amount"]["posts"] > 150
    bath = next(need for need in picture["needs"] if "bussar" in need["words"])
    assert bath["asked"] > 5
    assert bath["answered"] == 0
    (copied, *_rest) = picture["claims"]
    assert copied["text"].startswith("Almby kommun har vetat om taket")
    assert len(copied["first"]) == 3
    assert "listen: " not in asked.err
    for handle in ("almbo4471", "bsky.social", "torget.example"):
        assert handle not in asked.out

    ended = listen("crisis", "stop", "--who", "anna")
    assert ended.code == 0, ended.err
    assert pace(heard) == 1.0
    summary = (heard.folder / "reports" / "crisis-1-simhallen.html").read_text(encoding="utf-8")
    page = BeautifulSoup(summary, "html.parser").text
    assert "Krisen inleddes" in page
    assert "En lägesbild togs fram" in page
    assert "Almby kommun har vetat om taket" not in page
    told = listen("crisis", "status")
    assert "Krisen Simhallen är över." in told.out
    assert "(bo)" in told.out
    assert listen("crisis", "stop").code == 2


def test_a_platform_that_does_not_answer_is_told_as_unseen(heard: Town, listen: Listen) -> None:
    heard.served.fail("bluesky", Fault(status=503))
    begun = listen("crisis", "start", "--name", "Utan svar")
    heard.served.heal("bluesky")
    listen("crisis", "stop")
    unseen = [line for line in begun.out.splitlines() if "kunde inte ses" in line]
    assert any("(bluesky)" in line for line in unseen)
    assert not any("(bluesky)" in line and "säger" in line for line in begun.out.splitlines())


def test_a_query_that_is_not_saved_is_refused_before_anything_begins(listen: Listen) -> None:
    refused = listen("crisis", "start", "--name", "Badet", "--query", "badet")
    assert refused.code == 2
    assert "det finns kommunen, simhallen" in refused.err
    assert "Badet" not in listen("crisis", "status").out


def test_without_channels_the_test_of_alerts_says_what_to_set(listen: Listen) -> None:
    tried = listen("alerts", "test")
    assert tried.code == 2
    assert "mail_to" in tried.err
    assert listen("alerts", "list").code == 0
