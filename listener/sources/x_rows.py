"""Users and posts of X's v2 interface read into records, in the words of both generations of its specification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from listener.errors import Changed
from listener.models import Account
from listener.posts import Post
from listener.sources.fields import count_of, distinct, required, rows_of, text_of, time_of, url_of
from listener.sources.reach import reach_of

Row = Mapping[str, Any]

# X's own words for who it has checked; "blue" is paid for and proves nothing.
_CHECKS = {"government": "government", "business": "business", "blue": "individual", "none": "false"}
_REFERENCES = ("referenced_tweets", "referenced_posts")  # 2.159, 2.167


def read_account(row: Row) -> Account:
    """A user object as an account. Raises Changed."""
    handle, entities = required(row, "username"), object_of(row, "entities")
    return Account(
        platform="x",
        platform_id=required(row, "id"),
        handle=handle,
        display_name=text_of(row.get("name")) or "",
        description=text_of(row.get("description")),
        url=f"https://x.com/{handle}",
        links=distinct(link for part in ("url", "description") for link in _expanded(object_of(entities, part))),
        avatar=(url_of(row.get("profile_image_url")) or "").replace("_normal.", ".") or None,
        banner=url_of(row.get("profile_banner_url")),
        followers=count_of(object_of(row, "public_metrics").get("followers_count")),
        created_at=time_of(row.get("created_at")),
        verified=_CHECKS.get(str(row.get("verified_type"))),
        location=text_of(row.get("location")),
        source="x",
        labels=tuple(_labels(row)),
    )


def _labels(row: Row) -> Iterator[str]:
    """What X itself has put on the account."""
    for label in ("parody", "protected"):
        if row.get(label) is True:
            yield label
    if object_of(row, "withheld"):
        yield "withheld"


def read_post(row: Row, handles: Mapping[str, str] | None = None) -> Post:
    """A post object as a post; `handles` gives the handle of an author's id. Raises Changed."""
    number, author = required(row, "id"), text_of(row.get("author_id")) or ""
    handle = (handles or {}).get(author)
    return Post(
        platform="x",
        id=number,
        text=text_of(row.get("text")) or "",
        url=f"https://x.com/{handle or 'i'}/status/{number}",
        author=handle,
        lang=text_of(row.get("lang")),
        published_at=time_of(row.get("created_at")),
        reply_to=_replied_to(row),
        links=distinct(_expanded(object_of(row, "entities"))),
        source="x",
        thread=text_of(row.get("conversation_id")),
        reach=reach_of(
            object_of(row, "public_metrics"),
            likes="like_count",
            reposts="retweet_count",
            replies="reply_count",
            quotes="quote_count",
            views="impression_count",
        ),
    )


def organisations_of(row: Row) -> tuple[str, ...]:
    """The ids of the organisations that X shows a user to be affiliated to."""
    affiliation = object_of(row, "affiliation")
    ids = affiliation.get("user_id")
    found = ids if isinstance(ids, list) else [ids]
    return tuple(text for one in found if (text := text_of(one)))


def rows_in(content: object) -> list[dict[str, Any]]:
    """The rows of an answer; X leaves `data` out when it found nothing. Raises Changed."""
    if not isinstance(content, Mapping):
        raise Changed("X answers with something else than an object")
    return rows_of(content.get("data", []), "")


def authors_in(content: Row) -> list[dict[str, Any]]:
    """The users that an answer about posts brings along. Raises Changed."""
    return rows_of(object_of(content, "includes").get("users") or [], "")


def suspended_in(content: Row) -> list[str]:
    """The ids of the users that an answer says are suspended; what is merely not found is not among them."""
    errors = content.get("errors")
    told = [one for one in errors if isinstance(one, Mapping)] if isinstance(errors, list) else []
    return [text for one in told if "suspended" in str(one.get("detail")) and (text := text_of(one.get("resource_id")))]


def next_page(content: Row) -> str | None:
    """What asks for the next page; None after the last one."""
    return text_of(object_of(content, "meta").get("next_token"))


def total_of(content: Row) -> int:
    """How many posts a count found. Raises Changed when it does not say."""
    meta = object_of(content, "meta")
    total = count_of(meta.get("total_tweet_count", meta.get("total_post_count")))
    if total is None:
        raise Changed("X counts posts without a total")
    return total


def object_of(row: Row, name: str) -> Row:
    """The object under `name`; an empty one when there is none."""
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}


def _expanded(entity: Row) -> Iterator[object]:
    urls = entity.get("urls")
    shown = urls if isinstance(urls, list) else ()
    yield from (url.get("expanded_url") for url in shown if isinstance(url, Mapping))


def _replied_to(row: Row) -> str | None:
    for name in _REFERENCES:
        references = row.get(name)
        for one in references if isinstance(references, list) else ():
            if isinstance(one, Mapping) and one.get("type") == "replied_to":
                return text_of(one.get("id"))
    return None
