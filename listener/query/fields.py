"""What a field of a query asks of a post: where it stands, who wrote it, in what language, what it links to."""

from __future__ import annotations

from urllib.parse import unquote

from listener.posts import Post
from listener.query.tree import STAR, Field
from listener.text.fold import compact
from listener.urls import host, on_site, read_address, registrable_domain, unwrap

FIELDS = ("since", "until", "source", "srcname", "lang", "author", "site", "link", "is", "headline", "intros")
WORDED = ("headline", "intros")  # whose value is a word or a phrase
KINDS = ("reply", "original")  # of is:


def plain_value(name: str, value: str) -> str | None:
    """The folded value as posts are compared with it, or None when the field cannot have it.

    A language goes without its region, a site as its host, a link as host and path, a name as its letters and stars.
    """
    match name:
        case "lang":
            return value.partition("-")[0]
        case "site":
            return host(value) or value
        case "author":
            return value.removeprefix("@")
        case "link":
            return _link(value)
        case "is":
            return value if value in KINDS else None
        case "srcname":
            letters = STAR.join(compact(piece) for piece in value.split(STAR))
            return letters if letters.strip(STAR) else None
    return value


def is_so(field: Field, post: Post) -> bool:
    """Does the post have what the field asks for? Raises ValueError for a name that is no field."""
    match field.name:
        case "source":
            return field.value in ((post.source or "").casefold(), post.platform.casefold())
        case "srcname":
            return any(fits(field.value, name) for name in outlet_names(post))
        case "lang":
            return (post.lang or "").casefold().partition("-")[0] == field.value
        case "author":
            return (post.author or "").removeprefix("@").casefold() == field.value
        case "site":
            return any(on_site(url, [field.value]) for url in (post.url, *post.links) if url)
        case "link":
            return any(leads_to(link, field.value) for link in post.links)
        case "is":
            return (post.reply_to is not None) == (field.value == "reply")
    raise ValueError(f"no field {field.name!r}")


def outlet_names(post: Post) -> set[str]:
    """What the outlet goes by, as bare letters: source, platform, host, the host's own name; on the web the author."""
    place = host(post.url or "").removeprefix("www.")
    names = [post.source, post.platform, place, registrable_domain(place).partition(".")[0] if place else None]
    if post.platform == "web":
        names.append(post.author)  # a paper's name, or its host
    return {compact(name) for name in names if name} - {""}


def leads_to(link: str, wanted: str) -> bool:
    """Is the link on the host of `wanted`, or below it, with a path that begins with its path?"""
    site, _slash, path = wanted.partition("/")
    target = unwrap(link)
    if not on_site(target, [site]):
        return False
    address = read_address(target)
    return address is not None and plain_path(address.path).startswith(path)


def fits(pattern: str, word: str) -> bool:
    """Is the word written so, each star any letters or none? Each piece is taken where it first stands: no way back."""
    first, *between = pattern.split(STAR)
    if not between:
        return word == pattern
    last = between.pop()
    at, end = len(first), len(word) - len(last)
    if end < at or not word.startswith(first) or not word.endswith(last):
        return False
    for piece in between:
        at = word.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def _link(value: str) -> str | None:
    address = read_address(value)
    if address is None or "." not in address.host:
        return None
    return f"{address.host.removeprefix('www.')}/{plain_path(address.path)}".rstrip("/")


def plain_path(path: str) -> str:
    """A path as paths are compared: unquoted, folded, without slashes at its ends."""
    return unquote(path).casefold().strip("/")
