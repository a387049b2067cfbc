"""The reports that were filed, opened so that nothing in them can run, load or send anything."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from flask import Response, abort, g, make_response, url_for
from markupsafe import escape

from listener.language import _
from listener.report.filing import filed_weeks
from listener.review.shown import page
from listener.store.runs import load_reports

NAME = re.compile(r"(?:2\d{3}-W\d{2}|crisis-\d{1,9}-[a-z0-9åäö-]{1,60})\.(html|json)", re.ASCII | re.IGNORECASE)
CRISIS = re.compile(r"crisis-(\d{1,9})-[a-z0-9åäö-]{1,60}\.html")
BODY = re.compile(r"<body[^>]{0,300}>")
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
BIGGEST = 30_000_000  # bytes that are read


def show() -> str:
    """Every week that has a report, the latest first, and the summaries of crises."""
    complete = load_reports(g.store)
    weeks = [(week.name, complete.get(week.name)) for week in reversed(filed_weeks(g.config.reports))]
    return page("reports.html", weeks=weeks, crises=crises())


def crises() -> list[str]:
    """The files of crises that are over, the latest first, without what follows the point."""
    folder: Path = g.config.reports
    found = [match for path in folder.glob("crisis-*.html") if (match := CRISIS.fullmatch(path.name))]
    return [match[0].removesuffix(".html") for match in sorted(found, key=lambda match: int(match[1]), reverse=True)]


def filed(name: str) -> Response:
    """One file of the reports folder: HTML shut in, JSON as a download."""
    match = NAME.fullmatch(name)
    path: Path = g.config.reports / name
    if not match or path.is_symlink() or not path.is_file() or path.stat().st_size > BIGGEST:
        abort(404)
    content = path.read_bytes()
    if match[1].lower() == "html":
        return shut_in(content.decode("utf-8", "replace"))
    answer = make_response(content)
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{path.name}"' if name.isascii() else "attachment"
    return answer


def shut_in(html: str) -> Response:
    """A page of ours that brings its own style: that very style may stand, and nothing else may do anything.

    No script may run or load (`default-src`). That the sandbox would allow one lets checkers of accessibility, which
    read by script, look at the page; it is nobody's origin.
    """
    if body := BODY.search(html):
        way = f'<nav><a href="{escape(url_for("reports"))}">{escape(_("Back to the reports"))}</a></nav>'
        html = f"{html[: body.end()]}{way}{html[body.end() :]}"
    styles = STYLE.findall(html.partition("</head>")[0])
    hashes = " ".join(f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in styles)
    answer = make_response(html)
    allowed = hashes or "'none'"
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {allowed}; sandbox allow-scripts; form-action 'none'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return answer
