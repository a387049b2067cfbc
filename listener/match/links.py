"""Features of links: what our sites say of the account counts, what the account says of our sites clears nothing."""

from __future__ import annotations

from listener.match.claims import Hit
from listener.match.view import View
from listener.urls import host, on_site, read_address


def official_link(view: View) -> Hit | None:
    """One of our own pages links to the account."""
    pages = view.account.official_links
    return Hit(1.0, f"our page {pages[0]} links to {_called(view)}") if pages else None


def verified_link(view: View) -> Hit | None:
    """The platform verified, both ways, a link between the account and our site."""
    for link in view.account.verified_links or ():
        if on_site(link, view.organisation.domains):
            return Hit(1.0, f"the link from {_called(view)} to {link} is verified both ways")
    return None


def official_handle(view: View) -> Hit | None:
    """A Bluesky or fediverse handle on our own domain: whoever owns the domain set it up."""
    account = view.account
    if account.platform not in ("bluesky", "mastodon") or not account.handle:
        return None
    place = account.handle.strip("@").rpartition("@")[2].casefold()
    if "." not in place or not on_site(f"https://{place}/", view.organisation.domains):
        return None
    return Hit(1.0, f"the handle {account.handle!r} stands on our domain {view.organisation.domains[0]!r}")


def links_to_us(view: View) -> Hit | None:
    """The account links to our site: a claim that anyone can make. A deep link names the unit."""
    for link in view.links:
        if on_site(link, view.organisation.domains):
            address = read_address(link)
            deep = address is not None and bool(address.path.strip("/"))
            return Hit(1.0 if deep else 0.7, f"{_called(view)} links to our {link}")
    return None


def links_to_lookalike(view: View) -> Hit | None:
    """The account links to a host that holds our domain's name and is not ours."""
    labels = [domain.partition(".")[0] for domain in view.organisation.domains]
    for link in view.links:
        place = host(link)
        if place and not on_site(link, view.organisation.domains):
            inside = [label for label in labels if len(label) >= 5 and label in place.replace("-", "")]
            if inside:
                return Hit(
                    1.0, f"{_called(view)} links to {place!r}, which holds our {inside[0]!r} and is not our site"
                )
    return None


def sibling_link(view: View) -> Hit | None:
    """The account links to the site of a sibling organisation."""
    for link in view.links:
        for sibling in view.organisation.siblings:
            if sibling.domains and on_site(link, sibling.domains):
                return Hit(1.0, f"{_called(view)} links to {link}, the site of {sibling.name!r}")
    return None


def _called(view: View) -> str:
    account = view.account
    return repr(account.handle or account.display_name or account.url or account.platform)
