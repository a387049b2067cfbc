"""Each role logs in to the served page through a real OpenID provider; the page is served and ended as a service is."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from review_seen import WATCH, grave, with_axe
from servers.children import Output, free_ports
from servers.oidc_provider import follow, oidc_provider

from listener.models import Account, Finding, Verdict
from listener.review.roles import Right, may, states_for
from listener.store import open_store
from listener.store.accounts import save_findings
from listener.store.log_ins import Outcome, log_ins
from listener.store.people import outsiders
from listener.store.runs import start_run

pytestmark = pytest.mark.realserver
SECRET = "s3cret-s3cret-s3cret-s3cret-s3cr"
HREFS = "all => all.map(each => each.href.split('#')[0])"
ROLES = ("reader", "reviewer", "decider", "registrar", "operator")
PEOPLE: dict[str, dict[str, Any]] = {role: {"name": f"Almby {role}", "groups": [f"g-{role}", "alla"]} for role in ROLES}
PEOPLE["vikarie"] = {"name": "Utan roll", "groups": ["alla"]}
SETTINGS = """
[organisation]
name = "Almby kommun"
[review]
local_accounts = false
[review.oidc]
issuer = "{issuer}"
client_id = "granskning"
[review.oidc.roles]
"""


class Served:
    """`listen serve` as a process of its own, and the provider that its people log in at."""

    def __init__(self, folder: Path, address: str, process: subprocess.Popen[str]) -> None:
        self.folder, self.address, self.process = folder, address, process

    def log_in(self, who: str) -> tuple[requests.Session, requests.Response]:
        session = requests.Session()
        began = session.get(f"{self.address}/log-in/oidc?next=/settings", allow_redirects=False)
        assert began.status_code == 302, began.text
        back = follow(session, began.headers["Location"], who, self.address)
        return session, session.get(back)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("almby")
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    client = {
        "client_id": "granskning", "client_secret": SECRET, "redirect_uris": [f"{address}/log-in/callback"],
        "post_logout_redirect_uris": [f"{address}/log-in"],
    }  # fmt: skip
    with oidc_provider(client, PEOPLE) as issuer:
        text = SETTINGS.format(issuer=issuer) + "".join(f'{role} = ["g-{role}"]\n' for role in ROLES)
        (folder / "listener.toml").write_text(text, encoding="utf-8")
        environ = {**os.environ, "LISTEN_ALLOW_LOOPBACK": "1", "LISTEN_OIDC_CLIENT_SECRET": SECRET, "LANGUAGE": "en"}
        command = [sys.executable, "-m", "listener", "serve", "--port", str(port)]
        process = subprocess.Popen(command, cwd=folder, env=environ, stderr=subprocess.PIPE, text=True)
        process.stdout = process.stderr
        output = Output(process, f"127.0.0.1:{port}")
        try:
            assert output.wait(60), "\n".join(output.tail)
            yield Served(folder, address, process)
        finally:
            process.kill()
            process.wait()
            if process.stderr is not None:
                process.stderr.close()


def test_each_role_comes_in_and_is_what_its_group_says(served: Served) -> None:
    for role in ROLES:
        session, answer = served.log_in(role)
        with session:
            assert (answer.status_code, answer.url) == (200, f"{served.address}/settings")
            assert f"Almby {role}" in answer.text
            assert session.cookies.get("listen", domain="127.0.0.1")
    with open_store(served.folder / "listener.db") as store:
        assert {one["person"]: one["role"] for one in outsiders(store)} == {f"Almby {role}": role for role in ROLES}
        assert {told.outcome for told in log_ins(store, 20)} == {Outcome.LOGGED_IN}


def test_who_has_no_group_with_a_role_is_told_so(served: Served) -> None:
    session, answer = served.log_in("vikarie")
    with session:
        assert answer.status_code == 403
        assert session.get(f"{served.address}/queue").url.startswith(f"{served.address}/log-in")


def test_logging_out_here_leads_to_logging_out_there(served: Served) -> None:
    session, answer = served.log_in("reader")
    with session:
        form = re.search(r'name="form" value="([^"]+)"', answer.text)
        assert form is not None
        told = session.post(f"{served.address}/log-out", data={"form": form[1]})
        link = re.search(r'href="(http://127[^"]+client_id[^"]+)"', told.text)
        assert link is not None
        assert session.get(link[1].replace("&amp;", "&")).status_code == 200
        assert session.get(f"{served.address}/queue").url.startswith(f"{served.address}/log-in")


def in_chromium(chromium: Any, served: Served, who: str) -> Any:
    """A window in which somebody has logged in at the provider, through its own pages."""
    page = chromium.new_context(locale="en-GB").new_page()
    page.troubles = []
    page.add_init_script(WATCH)
    page.on("console", lambda said: page.troubles.append((said.location["url"], said.text)))
    page.goto(f"{served.address}/settings")
    page.locator("main a").click()  # log in with the organisation's account
    page.locator("input[name=login]").fill(who)
    page.locator("input[name=password]").fill("vilket som helst")
    page.keyboard.press("Enter")
    page.locator("form button[type=submit]", has_text="Continue").click()
    page.wait_for_url(lambda address: address.startswith(served.address))
    return page


@pytest.fixture(scope="module")
def flagged(served: Served) -> None:
    """A case to look at, decided once."""
    account = Account(platform="x", platform_id="1", handle="almby", display_name="Almby", url="https://x.com/almby")
    found = Finding(account=account, verdict=Verdict.IMPOSTOR, score=0.9, signals=())
    now = datetime.now(UTC)
    with open_store(served.folder / "listener.db") as store:
        save_findings(store, start_run(store, "audit", now, ["x"]), "x", [found], now)


@pytest.mark.parametrize("role", ROLES)
def test_in_a_browser_each_role_sees_what_it_may_and_no_link_refuses(
    served: Served, chromium: Any, flagged: None, role: str
) -> None:
    page = in_chromium(chromium, served, role)
    assert page.url == f"{served.address}/settings"
    assert page.locator(".who bdi").text_content() == f"Almby {role}"
    offered = set(page.eval_on_selector_all("a[href]", HREFS))
    for path in ("/queue", "/case/1", "/trail"):
        page.goto(served.address + path)
        offered |= set(page.eval_on_selector_all("a[href]", HREFS))
    statuses = {link: page.request.get(link).status for link in offered if link.startswith(served.address)}
    assert {link for link, status in statuses.items() if status >= 400} == set()
    assert len(statuses) > 10
    page.goto(f"{served.address}/case/1")
    offers = page.eval_on_selector_all("#decision input[name=to]", "all => all.map(each => each.value)")
    assert set(offers) == {state.value for state in states_for(role)}
    assert page.locator("#decision").count() == may(role, Right.REVIEW)
    for path, right in (("/trail/readings", Right.OPERATE), ("/case/1/forward", Right.REVIEW)):
        answer = page.goto(served.address + path)
        assert answer.status == (200 if may(role, right) else 403), path
        assert page.locator("h1").count() == page.locator("nav[aria-label=Pages]").count() == 1, "a plain page"
    page.locator("form[action='/log-out'] button").click()
    page.locator("h1", has_text="logged out").wait_for()
    assert page.evaluate("window.refused") == []
    page.locator("main a").first.click()  # out there too
    page.goto(f"{served.address}/queue")
    assert page.url.startswith(f"{served.address}/log-in"), "the session has ended"
    told = [text for where, text in page.troubles if where.startswith(served.address)]
    assert [text for text in told if "403" not in text] == []
    page.context.close()


def test_in_a_browser_who_has_no_role_is_told_so_and_is_let_nowhere(served: Served, chromium: Any) -> None:
    page = in_chromium(chromium, served, "vikarie")
    assert page.locator("[role=alert]").count() == 1
    with_axe(page)
    assert grave(page) == []
    page.goto(f"{served.address}/queue")
    assert page.url.startswith(f"{served.address}/log-in")
    page.context.close()


def test_in_a_browser_a_session_that_was_ended_leads_to_logging_in_again(served: Served, chromium: Any) -> None:
    page = in_chromium(chromium, served, "reviewer")
    page.context.add_cookies([{"name": "listen", "value": "forged", "url": served.address}])
    page.goto(f"{served.address}/settings")
    assert page.url.startswith(f"{served.address}/log-in")
    page.locator("main a").click()  # still logged in there: no word is asked for
    page.wait_for_url(f"{served.address}/settings")
    page.context.close()


def test_told_to_end_it_ends_well(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(20) == 0
