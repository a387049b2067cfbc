"""How long a case takes by keyboard: `python scripts/stopwatch.py [CASES]` decides so many of a demo's in Chromium.

The keys are pressed without a pause: what is measured is the page and the path through it, not the reading. A case
takes d, its reason by the first letters, Tab to the button and Enter, and the next one is there.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from waitress import create_server

from listener.config import load_config
from listener.evidence.screenshot import NAMES
from listener.review import create_app
from listener.review.passwords import make_hash
from listener.store import open_store
from listener.store.people import add_person, begin_session

CASES = 40
NOBODY = "ingen loggar in med det här"


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    spent: list[float] = []
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as made, served(Path(made)) as (address, token), sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context(locale="sv-SE")
        context.add_cookies([{"name": "listen", "value": token, "url": address}])
        page = context.new_page()
        while len(spent) < wanted:
            cleared = clear(page, f"{address}/queue", wanted - len(spent))
            spent += cleared.values()
            take_back(page, list(cleared)[: wanted - len(spent)])
        browser.close()
    print(summary(spent))


def summary(spent: list[float]) -> str:
    """What it came to, in words."""
    return (
        f"{len(spent)} cases by keyboard in {sum(spent):.1f} s: {statistics.mean(spent):.2f} s a case,\n"
        f"median {statistics.median(spent):.2f} s, slowest {max(spent):.2f} s: of 20 minutes the rest is for reading"
    )


def clear(page: Any, queue: str, most: int) -> dict[str, float]:
    """Decide the cases that wait, one after the other, at most so many: the address of each, and its seconds."""
    page.goto(queue)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/case/**")
    spent: dict[str, float] = {}
    while len(spent) < most and "/case/" in page.url:
        case = page.url
        spent[case] = decide(page)
    return spent


def take_back(page: Any, decided: list[str]) -> None:
    """Put these cases back into the queue, for a demo has fewer than a week can bring."""
    for case in decided:
        page.goto(case)
        page.keyboard.press("u")
        page.locator("#told:not(:empty)").wait_for()


def decide(page: Any) -> float:
    """One case, until the next page is there; seconds."""
    start, before = time.perf_counter(), page.url
    page.keyboard.press("d")
    page.keyboard.type("namne")  # a list takes the first entry that begins so
    while not page.evaluate("document.activeElement.matches('#decision button.main')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    page.wait_for_load_state()
    return time.perf_counter() - start


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """A demo's store behind the review page: its address, and the session of somebody who may decide, alone."""
    subprocess.run([sys.executable, "-m", "listener", "demo"], cwd=folder, check=True, capture_output=True)
    with (folder / "demo" / "listener.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[review]\nfour_eyes = false\n")
    now = datetime.now(UTC)
    with open_store(folder / "demo" / "listener.db") as store:
        add_person(store, "anna", "decider", make_hash(NOBODY), now)
        token = begin_session(store, "anna", "decider", now)
    app = create_app(load_config(folder / "demo" / "listener.toml", {}))
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    yield f"http://127.0.0.1:{server.effective_port}", token
    server.close()
    running.join(5)


if __name__ == "__main__":
    main()
