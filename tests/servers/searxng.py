"""A real SearXNG on loopback, whose engines are small indexes of our own."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from servers.children import REAL, child, free_ports, installed
from urllib3.util import Retry

from listener.demo.serve import Reply, Request, Server, json_reply

SETTINGS = """
use_default_settings:
  engines:
    keep_only: []
general: {{debug: false, instance_name: "almby"}}
search: {{formats: {formats}, safe_search: 0}}
server: {{port: {port}, bind_address: "127.0.0.1", secret_key: "only-for-tests-on-loopback-0123456789", limiter: false,
  public_instance: false, image_proxy: false}}
outgoing: {{request_timeout: 3.0, enable_http2: false}}
engines:
"""
ENGINE = """
  - name: {name}
    engine: json_engine
    shortcut: {name}
    categories: [{category}]
    search_url: {url}/?q={{query}}
    results_query: hits
    url_query: url
    title_query: title
    content_query: text
    enable_http: true
    disabled: false
"""


class Index:
    """Pages and news that can be searched by phrase and by site; `broken` answers with a fault instead."""

    def __init__(self, pages: list[dict[str, str]]) -> None:
        self.pages = pages
        self.broken = False
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Reply:
        text = request.one("q").lower()
        self.asked.append(text)
        if self.broken:
            return Reply(status=500)
        phrase, _mark, site = text.partition("site:")
        phrase = phrase.replace('"', " ").strip()
        return json_reply({"hits": [page for page in self.pages if phrase in page["title"].lower() and on(site, page)]})


def on(site: str, page: dict[str, str]) -> bool:
    """Is the page on the site, `linkedin.com/company` or the like?"""
    parts = urlsplit(page["url"])
    host, _slash, path = site.strip().partition("/")
    return not host or ((parts.netloc == host or parts.netloc.endswith(f".{host}")) and path in parts.path)


def _await(url: str) -> None:
    """Return when it answers: its last word comes a moment before it listens. Raises requests.ConnectionError."""
    with requests.Session() as session:
        session.mount(url, HTTPAdapter(max_retries=Retry(30, backoff_factor=0.05, backoff_max=1.0)))
        session.get(f"{url}/healthz", timeout=20).raise_for_status()


@contextmanager
def searxng(pages: Index, news: Index, formats: tuple[str, ...] = ("html", "json")) -> Iterator[str]:
    """The address of a SearXNG that searches the two indexes. Raises ServerFailed."""
    program = installed(REAL / "searxng" / "bin" / "python")
    folder = Path(tempfile.mkdtemp(prefix="listen-searxng-"))
    servers = {"sidor": Server(pages), "tidningar": Server(news)}
    (port,) = free_ports(1)
    text = SETTINGS.format(port=port, formats=json.dumps(formats))
    for (name, server), category in zip(servers.items(), ("general", "news"), strict=True):
        text += ENGINE.format(name=name, category=category, url=server.url)
    (folder / "settings.yml").write_text(text, encoding="utf-8")
    try:
        env = {"SEARXNG_SETTINGS_PATH": str(folder / "settings.yml"), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
        with child([program, "-m", "searx.webapp"], ready="Debug mode", env=env, cwd=folder):
            _await(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
    finally:
        for server in servers.values():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
