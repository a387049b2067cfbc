"""Search engines: a SearXNG of one's own, or Brave, behind one question and one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from listener.context import Context
from listener.errors import Blocked, Changed, ConfigError, CredentialError, SourceError
from listener.http import Response
from listener.models import Record
from listener.sources.fields import rows_of, text_of
from listener.urls import shown_url

BRAVE_URL = "https://api.search.brave.com"
TOKEN = "LISTEN_BRAVE_TOKEN"
PAID = "paid_searches"  # the quota that Brave's searches are counted under
ROWS = 20  # of one answer of Brave's, the most there are; SearXNG gives what its engines give
MOST_ROWS = 100
SECONDS = 40.0  # a SearXNG waits for its slowest engine
AGES = {"day": "pd", "week": "pw", "month": "pm", "year": "py"}  # how far back, as Brave calls it


class Question(Record, frozen=True):
    """What is searched for; `age` is a key of AGES or empty."""

    text: str
    news: bool = False
    age: str = ""


class Answer(Record, frozen=True):
    """Rows as the engine gave them, and the engines behind a SearXNG that kept silent: what they know is not here."""

    rows: tuple[dict[str, Any], ...]
    silent: tuple[str, ...] = ()

    @property
    def unanswered(self) -> bool:
        return not self.rows and bool(self.silent)


def ask(ctx: Context, question: Question) -> Answer | None:
    """What the engine of the settings answers; None when the money for it is spent (said in the run).

    Raises ConfigError, CredentialError, Blocked, Throttled, Changed or SourceError.
    """
    check(ctx.settings)
    return ENGINES[str(ctx.settings.get("engine", "searxng"))](ctx, question)


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for an engine that we do not know, or a SearXNG without an address."""
    name = str(settings.get("engine", "searxng"))
    if name not in ENGINES:
        raise ConfigError('[sources.websearch] engine: write it as "searxng" or "brave"')
    if name == "searxng" and not settings.get("base_url"):
        raise ConfigError('[sources.websearch] base_url: name your SearXNG, as "https://search.example.org"')


def _ask_searxng(ctx: Context, question: Question) -> Answer:
    base_url = str(ctx.settings["base_url"])
    asked: dict[str, str | int] = {
        "q": question.text,
        "format": "json",
        "language": str(ctx.settings.get("language", "sv")),
        "safesearch": 0,
        "categories": "news" if question.news else "general",
    }
    # no time_range: engines that know none would be left out without a word
    url = f"{base_url.rstrip('/')}/search"
    try:
        response = ctx.http.get(url, params=asked, seconds=SECONDS)
    except Blocked as refused:
        if "answers 403" not in str(refused):
            raise
        raise Blocked(
            f"{shown_url(url)} does not let us search: is json among the formats under search in its settings.yml?"
        ) from refused
    return read_searxng(_content(response))


def read_searxng(content: object) -> Answer:
    """A SearXNG's answer in JSON. Raises Changed."""
    rows = rows_of(content, "results")
    told = content.get("unresponsive_engines") if isinstance(content, Mapping) else None
    told = told if isinstance(told, list) else []
    silent = [one[0] if isinstance(one, list) and one else one for one in told]
    names = ("".join(c for c in name[:40] if c.isalnum() or c in " .-_") for name in map(text_of, silent) if name)
    return Answer(rows=tuple(rows[:MOST_ROWS]), silent=tuple(dict.fromkeys(filter(None, names))))


def _ask_brave(ctx: Context, question: Question) -> Answer | None:
    token = ctx.secrets.get(TOKEN)
    if not token:
        raise CredentialError(f"Brave wants a token: set {TOKEN}")
    if not ctx.afford(PAID):
        return None
    asked: dict[str, str | int] = {
        "q": question.text,
        "country": "SE",
        "search_lang": str(ctx.settings.get("language", "sv")),
        "count": ROWS,
        "safesearch": "off",
        "spellcheck": "false",
        "text_decorations": "false",
    }
    if question.age:
        asked["freshness"] = AGES[question.age]
    kind = "news" if question.news else "web"
    url = f"{str(ctx.settings.get('base_url', BRAVE_URL)).rstrip('/')}/res/v1/{kind}/search"
    ctx.spend(PAID)  # before it is asked: what was sent may be paid for, whatever comes back
    response = ctx.http.get(url, params=asked, headers={"X-Subscription-Token": token, "Accept": "application/json"})
    if response.status == 422 and b"SUBSCRIPTION_TOKEN" in response.body[:2000]:
        raise CredentialError(f"Brave refuses the token: check {TOKEN}")
    return read_brave(_content(response), news=question.news)


def read_brave(content: object, *, news: bool = False) -> Answer:
    """Brave's answer to a web or a news search; it leaves the list out when it is empty. Raises Changed."""
    found = content if news else content.get("web") if isinstance(content, Mapping) else None
    if found is None and isinstance(content, Mapping) and isinstance(content.get("query"), Mapping):
        return Answer(rows=())
    return Answer(rows=tuple(rows_of(found if isinstance(found, Mapping) else None, "results")[:MOST_ROWS]))


def _content(response: Response) -> Any:
    if not response.ok:
        raise SourceError(f"{shown_url(response.url)} answers {response.status}")
    content = response.json()
    if not isinstance(content, Mapping):
        raise Changed(f"{shown_url(response.url)}: the answer is no object")
    return content


ENGINES: dict[str, Callable[[Context, Question], Answer | None]] = {"searxng": _ask_searxng, "brave": _ask_brave}
