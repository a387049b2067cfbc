"""The invented web sites: the municipality's own, the local paper's feed, and one that fishes for log-ins."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import format_datetime
from html import escape

from listener.demo.serve import Reply, Request
from listener.demo.shield import shield_svg
from listener.demo.world import CONTENT, World

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
ROBOTS = "User-agent: *\nDisallow: /intern/\nAllow: /\n\nSitemap: {base}/sitemap.xml\n"


class SiteServer:
    """A folder of pages under almby/; `{base}` in a page is the site's own address."""

    def __init__(self, folder: str, world: Callable[[], World]) -> None:
        self._folder = CONTENT / folder
        self._world = world
        self.base_url = ""

    def answer(self, request: Request) -> Reply:
        """A page, the sitemap, robots.txt, the shield or the proof of the Bluesky handle."""
        fixed = {
            "/robots.txt": self._robots,
            "/sitemap.xml": self._sitemap,
            "/.well-known/atproto-did": self._proof,
            "/bilder/skold.svg": self._shield,
        }
        if request.path in fixed:
            return fixed[request.path]()
        page = self.pages().get(request.path.rstrip("/") or "/")
        if page is None:
            return Reply(status=404, body=b"<h1>Sidan finns inte</h1>", kind=HTML)
        return Reply(body=page.replace("{base}", self.base_url).encode(), kind=HTML)

    def pages(self) -> dict[str, str]:
        """Path -> page, read from the folder: index.html is /, skola.html is /skola."""
        files = sorted(self._folder.glob("*.html"))
        names = {path: "/" if path.stem == "index" else f"/{path.stem}" for path in files}
        return {name: path.read_text(encoding="utf-8") for path, name in names.items()}

    def _robots(self) -> Reply:
        return Reply(body=ROBOTS.format(base=self.base_url).encode(), kind=TEXT)

    def _sitemap(self) -> Reply:
        rows = "".join(f"<url><loc>{self.base_url}{path}</loc></url>" for path in self.pages())
        body = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        return Reply(body=f"{body}{rows}</urlset>".encode(), kind="application/xml; charset=utf-8")

    def _proof(self) -> Reply:
        for resident in self._world().residents:
            if resident.account.handle == "almby.example" and resident.account.platform_id:
                return Reply(body=resident.account.platform_id.encode(), kind=TEXT)
        return Reply(status=404, kind=TEXT)

    def _shield(self) -> Reply:
        return Reply(body=shield_svg().encode(), kind="image/svg+xml")


class NewsServer:
    """The local paper: one RSS feed, and a page an article."""

    def __init__(self, world: Callable[[], World]) -> None:
        self._world = world
        self.base_url = ""

    def answer(self, request: Request) -> Reply:
        """The feed at /rss.xml, articles at their own paths."""
        if request.path == "/rss.xml":
            return self._feed()
        if request.path == "/robots.txt":
            return Reply(body=b"User-agent: *\nAllow: /\n", kind=TEXT)
        for article in self._world().news:
            if article.path == request.path:
                body = f"<!doctype html><title>{escape(article.title)}</title><p>{escape(article.summary)}</p>"
                return Reply(body=body.encode(), kind=HTML)
        return Reply(status=404, body=b"<h1>404</h1>", kind=HTML)

    def _feed(self) -> Reply:
        rows = "".join(
            f"<item><title>{escape(article.title)}</title><link>https://almbyposten.example{article.path}</link>"
            f'<guid isPermaLink="true">https://almbyposten.example{article.path}</guid>'
            f"<pubDate>{format_datetime(article.published_at)}</pubDate>"
            f"<description>{escape(article.summary)}</description></item>"
            for article in self._world().news
        )
        head = "<title>Almbyposten</title><link>https://almbyposten.example/</link><language>sv</language>"
        about = "<description>Nyheter från Almby</description>"
        body = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}{about}{rows}</channel></rss>'
        return Reply(body=body.encode(), kind="application/rss+xml; charset=utf-8")
