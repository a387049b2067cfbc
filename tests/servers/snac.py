"""Real fediverse servers on loopback: snac2 instances that find each other by WebFinger and speak ActivityPub."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from mastodon import Mastodon
from requests.adapters import HTTPAdapter
from servers.children import REAL, ServerFailed, child, free_ports, installed
from urllib3.util import Retry

SCOPES = ["read", "write", "follow"]
NO_REDIRECT = "urn:ietf:wg:oauth:2.0:oob"


@dataclass(frozen=True)
class Snac:
    """One instance. `name` is its host and port, as it stands in addresses such as @almby@localhost:8801."""

    name: str
    folder: Path

    @property
    def url(self) -> str:
        return f"http://{self.name}"

    def add_user(self, user: str, display_name: str, note: str = "") -> Mastodon:
        """Register a user and return a client signed in as it, over the server's own OAuth pages."""
        made = _snac("adduser", self.folder, user)
        found = re.search(r"User password is (\S+)", made)
        if found is None:
            raise ServerFailed(f"snac adduser {user} said:\n{made}")
        client = sign_in(self.url, user, found.group(1))
        client.account_update_credentials(display_name=display_name, note=note)
        return client


@contextmanager
def fediverse(count: int = 2) -> Iterator[tuple[Snac, ...]]:
    """`count` federating instances, stopped at the end. Raises ServerFailed."""
    folder = Path(tempfile.mkdtemp(prefix="listen-snac-"))
    try:
        with ExitStack() as started:
            yield tuple(
                started.enter_context(snac(folder / f"instance-{number}", port))
                for number, port in enumerate(free_ports(count))
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def snac(folder: Path, port: int) -> Iterator[Snac]:
    """One instance with an empty folder of its own."""
    name = f"localhost:{port}"
    _snac("init", folder, answers=f"127.0.0.1\n{port}\n{name}\n\nadmin@almby.example\n")
    settings = folder / "server.json"
    wanted = {"protocol": "http", "disable_sandbox": True, "show_instance_timeline": True}
    settings.write_text(json.dumps({**json.loads(settings.read_text()), **wanted}))
    with child([_program(), "httpd", folder], ready="background thread started"):
        yield Snac(name, folder)


def sign_in(url: str, user: str, password: str) -> Mastodon:
    """A Mastodon client with a user token, by the authorization code flow and its HTML form."""
    session = requests.Session()
    # snac closes after every answer without saying so: a kept connection breaks now and then
    session.mount("http://", HTTPAdapter(max_retries=Retry(3, allowed_methods=None)))
    client_id, secret = Mastodon.create_app(
        "listen", api_base_url=url, scopes=SCOPES, redirect_uris=NO_REDIRECT, session=session
    )
    client = Mastodon(
        client_id=client_id, client_secret=secret, api_base_url=url, version_check_mode="none", session=session
    )
    form = requests.get(client.auth_request_url(scopes=SCOPES, redirect_uris=NO_REDIRECT), timeout=10).text
    action = re.search(r'<form[^>]*action="([^"]+)"', form)
    if action is None:
        raise ServerFailed(f"no sign-in form at {url}:\n{form[:500]}")
    fields = dict(re.findall(r'<input type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    fields.update(login=user, passwd=password)
    answer = requests.post(action.group(1), data=fields, allow_redirects=False, timeout=10)
    code = re.search(r"code=([^&\"]+)|\b([0-9a-f]{16,})\b", answer.headers.get("location", "") + answer.text)
    if code is None:
        raise ServerFailed(f"{url} gave no code to {user}:\n{answer.text[:500]}")
    client.log_in(code=code.group(1) or code.group(2), redirect_uri=NO_REDIRECT, scopes=SCOPES)
    return client


def _program() -> Path:
    on_path = shutil.which("snac")
    return Path(on_path) if on_path else installed(REAL / "snac" / "usr" / "bin" / "snac")


def _snac(command: str, folder: Path, *words: str, answers: str = "") -> str:
    done = subprocess.run(
        [_program(), command, folder, *words], input=answers, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ServerFailed(f"snac {command} failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr
