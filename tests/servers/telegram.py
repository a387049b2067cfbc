"""A small t.me: a channel, an impostor marked as a scam, and the page that everybody else gets."""

from __future__ import annotations

from listener.demo.serve import Reply, Request

HEAD = '<html><head><meta property="og:title" content="{}"><meta property="og:image" content="{}"></head><body>'
FREE_IMAGE = "https://telegram.org/img/t_logo_2x.png"
CHANNEL = HEAD.format("Almby kommun", "https://cdn4.telesco.example/a.jpg") + (
    '<div class="tgme_page"><div class="tgme_page_title" dir="auto"><span dir="auto">Almby kommun</span>'
    '<i class="verified-icon"> ✔</i></div><div class="tgme_page_extra">12\u00a0345 subscribers</div>'
    '<div class="tgme_page_description" dir="auto">Nyheter<br/>från <a href="https://almby.example/">almby.example</a>'
    "</div></div></body></html>"
)
FAKE = HEAD.format("Almby kommun", FREE_IMAGE) + (
    '<div class="tgme_page_title"><span>Almby kommun</span><i class="scam-icon">SCAM</i></div>'
    '<div class="tgme_page_extra">@almbysvar</div></body></html>'
)
WELL_KNOWN = HEAD.format("Telegram News", "") + (
    '<div class="tgme_page_title"><span>Telegram News</span></div><div class="tgme_page_extra">9 subscribers</div>'
)
PAGES = {"almbykommun": CHANNEL, "almbysvar": FAKE, "telegram": WELL_KNOWN}


def free(name: str) -> str:
    return HEAD.format(f"Telegram: Contact @{name}", FREE_IMAGE) + '<div class="tgme_page_icon"></div></body></html>'


def page(text: str) -> Reply:
    return Reply(body=text.encode(), kind="text/html; charset=utf-8")


def answer(request: Request) -> Reply:
    if request.path == "/robots.txt":
        return Reply(status=404)
    name = request.path.removeprefix("/")
    return page(PAGES.get(name.lower(), free(name)))
