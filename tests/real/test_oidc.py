"""Each role logs in to the served page through a real OpenID provider; the page is served and ended as a service is."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from servers.children import Output, free_ports
from servers.oidc_provider import follow, oidc_provider

from listener.store import open_store
from listener.store.log_ins import Outcome, log_ins
from listener.store.people import outsiders

pytestmark = pytest.mark.realserver
SECRET = "s3cret-s3cret-s3cret-s3cret-s3cr"
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


def test_told_to_end_it_ends_well(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(20) == 0
