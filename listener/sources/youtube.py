"""YouTube by its Data API: channels searched within a hundred searches a day, handles looked up, comments read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from listener.clock import rfc3339
from listener.context import Context
from listener.errors import Changed
from listener.language import N_
from listener.models import Account, Term
from listener.posts import Post
from listener.query import Query
from listener.quotas import Quota
from listener.sources import About, read_rows, truncated
from listener.sources.fields import count_of, links_in, plain_text, required, rows_of, text_of, time_of, url_of
from listener.sources.official import object_in, object_of
from listener.sources.turns import all_handles, in_turn, names
from listener.sources.youtube_api import BASE_URL, KEY, PACIFIC, Absent, Spent, ask_list, rows

ABOUT = About(
    access="official_api",
    finds=("accounts", "posts"),
    needs=(KEY,),
    note=N_(
        "100 searches a day, spread over the names; exact handles; comments of the channels you name; "
        "no mark of verification"
    ),
    per_term=False,
    base_url=BASE_URL,
    looks_up=True,
    proves_absence=True,
    # since 2026 a search costs one of a hundred a day, everything else one unit of ten thousand
    quotas=(
        Quota(kind="searches", most=80, window="run"),  # the rest of the day is for listening
        Quota(kind="searches", most=100, window="day", zone=PACIFIC),
        Quota(kind="units", most=10_000, window="day", zone=PACIFIC),
    ),
    retention_days=30,
    keys={
        "base_url": "address", "region": "text", "language": "text", "pages": "number", "channels": "texts",
        "comment_pages": "number",
    },
)  # fmt: skip
MOST = 50  # rows a page, and ids a look-up
COMMENTS = 100  # comment threads a page
COMMENT_PAGES = 5  # of one channel
PAGES = 1  # of one search; each costs a search
PARTS = "snippet,statistics,brandingSettings"
_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
_HANDLE = re.compile(r"@?[^\W_][\w.·-]{2,29}")


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """Every channel that the names find and the handles name; with a term, that one alone. Raises SourceError."""
    if term.text:
        yield from _look_up(ctx, term) if term.kind == "handle" else _search(ctx, term)
        return
    for handle in in_turn(ctx, "units", all_handles(ctx)):
        yield from _look_up(ctx, handle)
    for name in in_turn(ctx, "searches", names(ctx)):
        yield from _search(ctx, name)


def wanted(ctx: Context) -> dict[str, int]:
    """The searches that all names would take, and the units: one a handle, one a page of channels found."""
    searches = len(names(ctx)) * int(ctx.settings.get("pages", PAGES))
    return {"searches": searches, "units": len(all_handles(ctx)) + searches}


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These channels as they are today: by id, else by handle; those that are gone are left out."""
    ids = [account.platform_id for account in accounts if account.platform_id]
    yield from read_rows(ctx, _channels(ctx, ids), read_account)
    for account in accounts:
        if account.handle and not account.platform_id:
            yield from _look_up(ctx, Term(text=account.handle))


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The videos that the query's searches find, and the comments on the channels you name, down to `since`."""
    seen: set[str] = set()
    for post in read_rows(ctx, (*_comments_since(ctx, since), *_videos(ctx, query, since)), read_post):
        if post.id not in seen and (post.published_at is None or post.published_at >= since):
            seen.add(post.id)
            yield post


def read_account(row: dict[str, Any]) -> Account:
    """A channel resource as an account; its id is the key, the handle can change. Raises Changed."""
    number, snippet = required(row, "id"), object_in(row, "snippet")
    handle = (text_of(snippet.get("customUrl")) or "").removeprefix("@") or None
    statistics = object_of(row, "statistics")
    hidden = statistics.get("hiddenSubscriberCount") is True
    description = text_of(snippet.get("description"))
    return Account(
        platform="youtube",
        platform_id=number,
        handle=handle,
        display_name=text_of(snippet.get("title")) or "",
        description=description,
        url=f"https://www.youtube.com/@{handle}" if handle else f"https://www.youtube.com/channel/{number}",
        links=links_in(description),
        avatar=_largest(snippet.get("thumbnails")),
        banner=url_of(object_of(object_of(row, "brandingSettings"), "image").get("bannerExternalUrl")),
        followers=None if hidden else _count(statistics.get("subscriberCount")),
        created_at=time_of(snippet.get("publishedAt")),
        location=text_of(snippet.get("country")),
        source="youtube",
    )


def read_post(row: dict[str, Any]) -> Post:
    """A video or a comment resource as a post. Raises Changed."""
    readers = {"youtube#video": _read_video, "youtube#comment": _read_comment}
    kind = required(row, "kind")
    if kind not in readers:
        raise Changed(f"a post of an unknown kind, {kind[:80]!r}")
    return readers[kind](required(row, "id"), object_in(row, "snippet"))


def _read_video(number: str, snippet: dict[str, Any]) -> Post:
    title, description = text_of(snippet.get("title")) or "", text_of(snippet.get("description")) or ""
    return Post(
        platform="youtube",
        id=number,
        text=f"{title}\n{description}".strip(),
        url=f"https://www.youtube.com/watch?v={number}",
        author=text_of(snippet.get("channelTitle")),
        lang=text_of(snippet.get("defaultAudioLanguage")) or text_of(snippet.get("defaultLanguage")),
        published_at=time_of(snippet.get("publishedAt")),
        links=links_in(description),
        source="youtube",
        title=title or None,
    )


def _read_comment(number: str, snippet: dict[str, Any]) -> Post:
    video = text_of(snippet.get("videoId"))
    text = plain_text(snippet.get("textDisplay")) or ""
    place = f"watch?v={video}&lc={number}" if video else f"channel/{text_of(snippet.get('channelId')) or ''}/community"
    return Post(
        platform="youtube",
        id=number,
        text=text,
        url=f"https://www.youtube.com/{place}",
        author=(text_of(snippet.get("authorDisplayName")) or "").removeprefix("@") or None,
        published_at=time_of(snippet.get("publishedAt")),
        reply_to=text_of(snippet.get("parentId")) or video,
        links=links_in(text),
        source="youtube",
        thread=video,
    )


def _largest(thumbnails: object) -> str | None:
    sizes = [object_of(thumbnails, name) for name in ("high", "medium", "default")]
    return next((url for size in sizes if (url := url_of(size.get("url")))), None)


def _count(value: object) -> int | None:
    """Numbers come as texts."""
    return count_of(int(value)) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value) else None


def _look_up(ctx: Context, term: Term) -> Iterator[Account]:
    """The channel that bears a handle, or an id, exactly."""
    text = term.text.strip()
    if _CHANNEL.fullmatch(text):
        found = _channels(ctx, [text])
    elif _HANDLE.fullmatch(text) and ctx.afford("units"):
        found = iter(rows(ask_list(ctx, "channels", "units", part=PARTS, forHandle=f"@{text.removeprefix('@')}")))
    else:
        return
    for account in read_rows(ctx, found, read_account):
        yield msgspec.structs.replace(account, term=term.text)


def _search(ctx: Context, term: Term) -> Iterator[Account]:
    """The channels a search finds, with their full record, each once a run."""
    seen: set[str] = ctx.memory.setdefault("seen", set())
    for ids in _found(ctx, term.text, "channel", "channelId", {}):
        fresh = [number for number in ids if number not in seen]
        seen.update(fresh)
        for account in read_rows(ctx, _channels(ctx, fresh), read_account):
            yield msgspec.structs.replace(account, term=term.text)


def _videos(ctx: Context, query: Query, since: datetime) -> Iterator[dict[str, Any]]:
    """The videos with their whole text: a search shows only its beginning."""
    for search in query.alternatives():
        more = {"publishedAfter": rfc3339(since), "order": "date"}
        for ids in _found(ctx, search.to_platform("youtube"), "video", "videoId", more):
            for part in _parts(ctx, ids):
                yield from rows(ask_list(ctx, "videos", "units", part="snippet", id=",".join(part)))


def _found(ctx: Context, text: str, kind: str, name: str, more: dict[str, str]) -> Iterator[list[str]]:
    """The ids that a search finds, a list a page. Told when there were more pages, or no search left."""
    page = ""
    for _page in range(int(ctx.settings.get("pages", PAGES))):
        if not ctx.afford("searches"):
            return
        asked = {"part": "snippet", "type": kind, "q": text, "maxResults": str(MOST), **more, **_place(ctx)}
        try:
            content = ask_list(ctx, "search", "searches", **asked, **({"pageToken": page} if page else {}))
        except Spent:  # elsewhere, or by another program with our key; handles can still be looked up
            ctx.afford("searches")
            return
        yield list(read_rows(ctx, rows(content), lambda row: required(object_of(row, "id"), name)))
        page = text_of(content.get("nextPageToken")) or ""
        if not page:
            return
    truncated(ctx, kind, f"more than was read for {text!r}: raise pages in [sources.youtube], each costs a search")


def _place(ctx: Context) -> dict[str, str]:
    region, language = ctx.settings.get("region", "SE"), ctx.settings.get("language", "sv")
    return {key: str(value) for key, value in (("regionCode", region), ("relevanceLanguage", language)) if value}


def _channels(ctx: Context, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    for part in _parts(ctx, ids):
        yield from rows(ask_list(ctx, "channels", "units", part=PARTS, id=",".join(part), maxResults=str(MOST)))


def _parts(ctx: Context, ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids by the fifty, while there are units to pay a look-up with."""
    for start in range(0, len(ids), MOST):
        if not ctx.afford("units"):
            return
        yield ids[start : start + MOST]


def _comments_since(ctx: Context, since: datetime) -> Iterator[dict[str, Any]]:
    """The comments on the channels of the setting `channels`, read once for all the queries of a run."""
    kept: tuple[datetime, list[dict[str, Any]]] | None = ctx.memory.get("comments")
    if kept is None or kept[0] > since:
        kept = since, [row for channel in _own_channels(ctx) for row in _comments(ctx, channel, since)]
        ctx.memory["comments"] = kept
    yield from kept[1]


def _own_channels(ctx: Context) -> Iterator[str]:
    """The ids of the setting `channels`, whose handles are looked up."""
    for name in map(str, ctx.settings.get("channels") or ()):
        found = [name] if _CHANNEL.fullmatch(name) else [a.platform_id for a in _look_up(ctx, Term(text=name))]
        if not found:
            ctx.skipped(f"[sources.youtube] channels: no channel {name!r}")
        yield from (number for number in found if number)


def _comments(ctx: Context, channel: str, since: datetime) -> Iterator[dict[str, Any]]:
    """Comments and their first replies, newest threads first; none where they are turned off."""
    asked = {"part": "snippet,replies", "allThreadsRelatedToChannelId": channel, "order": "time"}
    page = ""
    for _page in range(int(ctx.settings.get("comment_pages", COMMENT_PAGES))):
        if not ctx.afford("units"):
            return
        more = {"maxResults": str(COMMENTS), "textFormat": "plainText", **({"pageToken": page} if page else {})}
        try:
            content = ask_list(ctx, "commentThreads", "units", **asked, **more)
        except Absent:
            return
        found = [comment for thread in read_rows(ctx, rows(content), _of_thread) for comment in thread]
        yield from found
        page = text_of(content.get("nextPageToken")) or ""
        last = time_of(object_of(found[-1], "snippet").get("publishedAt")) if found else None
        if not page or (last is not None and last < since):
            return
    truncated(ctx, "comments", "more comments than were read: raise comment_pages in [sources.youtube]")


def _of_thread(thread: dict[str, Any]) -> list[dict[str, Any]]:
    """Replies first: the last row then tells how far back the thread itself reaches."""
    replies = object_of(thread, "replies").get("comments")
    answers = rows_of(replies, "") if replies else []
    return [*answers, object_in(object_in(thread, "snippet"), "topLevelComment")]
