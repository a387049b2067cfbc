"""Every page, export and answer of the interface over a store in which everything from outside is hostile."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import lxml.html
import pytest
from flask import Flask
from lxml.html import HtmlElement

from listener.review import RIGHT_OF, ROUTES
from listener.review.roles import Right
from listener.store import open_store
from listener.store.tokens import add_token

from .conftest import NOW, Browser, app_over, logged_in, settled
from .planted import MARK, bad, plant

TEMPLATES = Path(__file__).resolve().parents[2] / "listener" / "review" / "templates"
# Who may look at a page; a page that anybody may see is looked at by nobody in particular.
WHO = {Right.LOG_IN: "", Right.OPERATE: "operator", "case": "decider", "mention": "decider", "pattern": "decider"}
NUMBERS = {
    "case_id": (1, 2, 3, 4), "mention_id": (1, 2, 5), "pattern_id": (1,), "run_id": (1,),
    "row": (3,), "number": (0,),
}  # fmt: skip
ASKED = {
    "mentions": ("?text=badhus&by=writer", "?text=badhus&by=lang&since=7d", f"?tag={quote(bad('tag')[:80])}"),
    "registered": ("?url=https://x.com/almbybad",),
    "outside": ("?link=1", "?link=2", "?link=3", "?link=7", "?link=8"),
    "changes": ("?from=1&to=2",),
    "queue": ("?state=all&text=badhus",),
    "trail": ("?who=anna",),
    "mentions_csv": ("?text=badhus&form=excel", "?text=badhus&form=csv"),
    "api_cases": ("?state=all",),
    "api_report": ("?week=2026-W47",),
    "api_mentions": ("?query=badhus&purpose=prov",),
    "case_forward": ("?language=sv",),
}  # fmt: skip
NEVER = ("author", "platform_id")  # who wrote a post is told by a pseudonym
MOST_BYTES = 300_000
OURS = re.compile(r"/(?!/)|#|\?|mailto:|$")
HIDING = frozenset({"Cc", "Cf", "Cs", "Co"})


class Page(NamedTuple):
    """What came for an address, and who asked."""

    path: str
    answer: Any
    who: Browser

    @property
    def kind(self) -> str:
        return str(self.answer.mimetype)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, peopled: Path) -> Flask:
    """The page over a store where all is hostile."""
    folder = settled(tmp_path_factory.mktemp("hostile"))
    text = '[review]\ntips = true\n[sources.tips]\nfiles = ["tips-from-the-page.ndjson"]\n'
    (folder / "listener.toml").write_text((folder / "listener.toml").read_text() + text, encoding="utf-8")
    shutil.copy(peopled, folder / "listener.db")
    with open_store(folder / "listener.db") as store:
        plant(folder, store)
    return app_over(folder)


def paths(app: Flask) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of every page that is read, with every number that leads somewhere, from ROUTES."""
    reports = sorted(path.name for path in app.config["LISTEN"].reports.iterdir())
    with open_store(app.config["LISTEN"].store) as store:
        texts = tuple(row["id"] for row in store.rows("SELECT id FROM events WHERE kind = 'prepared'"))
    values: dict[str, tuple[object, ...]] = NUMBERS | {"name": tuple(reports), "event": texts}
    for path, endpoint, _view, _right, methods in ROUTES:
        if "GET" not in methods:
            continue
        names = re.findall(r"<(?:\w+:)?(\w+)>", path)
        for chosen in product(*(values[name] for name in names)):
            filled = iter(chosen)
            address = re.sub(r"<[^>]+>", lambda _found: quote(str(next(filled))), path)  # noqa: B023  at once
            for asked in ("", *ASKED.get(endpoint, ())):
                yield endpoint, address + asked


def looked_at(app: Flask, store_path: Path) -> Iterator[tuple[str, Page]]:
    """Every page as the least role sees it that may do something there, by turns in both languages."""
    people = {
        (who, language): logged_in(app, who, language)
        for who in ("", "operator", "registrar", "decider")
        for language in ("sv", "en")
    }
    with open_store(store_path) as store:
        token = {"Authorization": f"Bearer {add_token(store, 'arkiv', 'registrar', NOW)}"}
    for turn, (endpoint, address) in enumerate(paths(app)):
        who = people[WHO.get(endpoint, WHO.get(RIGHT_OF[endpoint], "registrar")), ("sv", "en")[turn % 2]]
        yield (
            endpoint,
            Page(address, who.client.get(address, headers=token if endpoint.startswith("api_") else {}), who),
        )


@pytest.fixture(scope="module")
def pages(town: Flask) -> list[tuple[str, Page]]:
    return list(looked_at(town, town.config["LISTEN"].store))


def test_every_page_comes_and_shows_what_it_was_told(pages: list[tuple[str, Page]]) -> None:
    came = {endpoint for endpoint, page in pages if page.answer.status_code == 200}
    missing = {endpoint for endpoint, _page in pages} - came
    assert missing == {"home", "logo", "oidc_start", "oidc_return"}, "nothing there to show, or a way to elsewhere"
    assert not [page.path for _endpoint, page in pages if page.answer.status_code not in (200, 302, 400, 404)]
    shown = set(re.findall(rf"={MARK}([a-z]+)", "".join(unescape(text(page)) for _e, page in pages)))
    assert {"handle", "link", "note", "title", "tag", "unit", "cell", "issuedetail", "tipwords", "search"} <= shown
    assert not shown & set(NEVER)


def test_nothing_from_outside_does_anything(pages: list[tuple[str, Page]]) -> None:
    for _endpoint, page in pages:
        answer, whole = page.answer, text(page)
        assert len(answer.data) < MOST_BYTES or page.kind == "application/json", page.path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "zq" not in answer.headers.get("Set-Cookie", "")
        assert f"{MARK}49" not in whole, "no template of theirs is ever rendered"
        CHECKS[page.kind](page, whole)


def text(page: Page) -> str:
    return str(page.answer.data.decode("utf-8")) if page.kind in CHECKS and CHECKS[page.kind] in TEXTS else ""


def check_html(page: Page, whole: str) -> None:
    """No element, attribute, style, script or way out but our own; nothing that hides or turns a line round."""
    hidden = {sign for sign in set(whole) if unicodedata.category(sign) in HIDING} - {"\n", "\r"}
    assert not hidden, (page.path, hidden)
    root = lxml.html.document_fromstring(whole)
    for element in root.iter():
        if not isinstance(element, HtmlElement):
            continue
        assert element.tag != "zqx", page.path
        if element.tag == "script":
            assert element.get("src") == "/static/page.js", page.path
            assert not element.text, page.path
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (page.path, name)
            assert name not in ("style", "srcdoc", "srcset"), (page.path, name)
            if name in ("href", "src", "action", "formaction", "data"):
                assert OURS.match(value) or is_way_out(page, element), (page.path, value)


def is_way_out(page: Page, element: HtmlElement) -> bool:
    """The one link that leads to a suspect's page stands on a page of its own, and is a web address."""
    fenced = element.get("referrerpolicy") == "no-referrer" and "noopener" in element.get("rel", "")
    return "/outside" in page.path and fenced and element.get("href", "").startswith("https://")


def check_csv(page: Page, whole: str) -> None:
    """No cell is a formula, and nothing is opened where it stands."""
    assert "attachment" in page.answer.headers["Content-Disposition"]
    mark = ";" if whole.startswith("\ufeff") else ","
    cells = [cell for row in csv.reader(io.StringIO(whole.lstrip("\ufeff")), delimiter=mark) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")], page.path


def check_json(page: Page, whole: str) -> None:
    assert json.loads(whole)


def check_zip(page: Page, _whole: str) -> None:
    names = zipfile.ZipFile(io.BytesIO(page.answer.data)).namelist()
    assert not [name for name in names if name.startswith("/") or ".." in name or MARK in name], page.path


def check_picture(page: Page, _whole: str) -> None:
    assert page.answer.data.startswith(b"\x89PNG"), page.path


def check_plain(page: Page, whole: str) -> None:
    """A file to save, with nothing in it that hides or turns a line round."""
    assert "attachment" in page.answer.headers["Content-Disposition"]
    assert not {sign for sign in set(whole) if unicodedata.category(sign) in HIDING} - {"\n"}, page.path


TEXTS = (check_html, check_csv, check_json, check_plain)
CHECKS: dict[str, Callable[[Page, str], None]] = {
    "text/html": check_html, "text/csv": check_csv, "application/json": check_json,
    "application/problem+json": check_json, "application/zip": check_zip, "image/png": check_picture,
    "text/plain": check_plain,
}  # fmt: skip


def forms_on(page: Page) -> Iterator[tuple[str, dict[str, str]]]:
    """(address, fields) of every form of a page that changes something, filled in with bad words and last choices.

    What stands elsewhere on the page and belongs to the form is part of it, and so is where its buttons send it.
    """
    root = lxml.html.document_fromstring(page.answer.data)
    for form in root.iter("form"):
        if form.get("method") == "post":
            fields = dict(filled(form, root))
            buttons = root.xpath("//button[@form=$id and @formaction]", id=form.get("id", ""))
            for address in (form.get("action") or page.path, *(button.get("formaction") for button in buttons)):
                yield address.partition("#")[0], fields


def filled(form: HtmlElement, root: HtmlElement) -> Iterator[tuple[str, str]]:
    inside = form.xpath(".//input[@name]|.//textarea[@name]|.//select[@name]|.//button[@name]")
    for field in (*inside, *root.xpath("//textarea[@form=$id]", id=form.get("id", ""))):
        name, kind = field.get("name"), field.get("type", "text")
        if field.tag == "select":
            yield name, field.xpath(".//option")[-1].get("value", "")
        elif field.tag == "button" or kind in ("hidden", "checkbox", "radio", "date"):
            yield name, field.get("value", "")
        else:
            yield name, bad("posted")


# What somebody has typed stands in the field as they typed it, or they could not go on.
OWN_WORDS = re.compile(r'value="[^"]*"|(?<=>)[^<]*(?=</textarea>)')


def test_what_is_sent_by_every_form_comes_back_harmless(town: Flask, pages: list[tuple[str, Page]]) -> None:
    adapter, sent = town.url_map.bind("localhost"), {"log_out", "own_sessions"}
    waiting = [page for _endpoint, page in pages if page.kind == "text/html" and page.answer.status_code == 200]
    while waiting:
        page = waiting.pop()
        for address, fields in forms_on(page):
            endpoint, _values = adapter.match(address.partition("?")[0], method="POST")
            if endpoint in sent:
                continue
            sent.add(endpoint)
            answer = page.who.client.post(address, data=fields, follow_redirects=True)
            assert answer.status_code in (200, 400, 401, 403, 409, 422, 429), (address, answer.status_code)
            came = Page(address, answer, page.who)
            CHECKS[came.kind](came, OWN_WORDS.sub("", text(came)))
            waiting += [came] if came.kind == "text/html" else []
    posted = {
        name for path, name, _view, _right, methods in ROUTES if "POST" in methods and not path.startswith("/api")
    }
    assert posted <= sent


UNQUOTED = re.compile(r"<[^>]*\s[\w-]+=\{\{")
TRUSTED = re.compile(r"\|\s*safe\b|autoescape\s+false|\bstyle=|\bon\w+=\"|<script(?! src=\"\{\{ url_for)")


def test_no_template_trusts_what_it_is_given() -> None:
    for path in TEMPLATES.glob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert not UNQUOTED.search(source), (path.name, "an attribute without quotation marks ends at a space")
        assert not TRUSTED.search(source), path.name
