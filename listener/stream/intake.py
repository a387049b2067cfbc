"""From frames to the log: read, matched by all queries at once, and saved with how far each line was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from listener.errors import Changed
from listener.mentions import cleaned
from listener.posts import Mention, Post
from listener.query import Query
from listener.query.matcher import Matcher
from listener.sources.live import Told
from listener.store import Store
from listener.store.lines import note_changed, save_reached
from listener.store.mentions import Noter, save_mentions
from listener.stream.channel import Channel, Place
from listener.stream.handles import Handles
from listener.stream.tally import Tally

LARGEST = 5_000_000  # bytes of a frame that are read; a connection ends at more than the wire takes
EVERY = timedelta(seconds=5)  # how often a line's place is saved when there is nothing else to save
UNREADABLE = (Changed, ValueError, OverflowError, RecursionError)


class Batch:
    """What some frames told: mentions by source and query, what became of older posts, and where each line stands."""

    def __init__(self) -> None:
        self.mentions: dict[tuple[str, str], list[Mention]] = defaultdict(list)
        self.gone: dict[str, set[str]] = defaultdict(set)
        self.edited: dict[str, set[str]] = defaultdict(set)
        self.places: dict[tuple[str, str], Place] = {}
        self.posts = 0

    @property
    def empty(self) -> bool:
        """True when nothing in it needs to be saved at once."""
        return not (self.mentions or self.gone or self.edited)


class Intake:
    """Reads, matches and saves; used by one thread only."""

    def __init__(
        self,
        store: Store,
        queries: Mapping[str, Query],
        tallies: Mapping[str, Tally],
        handles: Handles,
        noter: Noter,
    ) -> None:
        self._store, self._tallies, self._handles, self._noter = store, tallies, handles, noter
        self._unsaved: dict[tuple[str, str], Place] = {}
        self._saved_at: datetime | None = None
        self.ask(queries, tallies)

    def ask(self, queries: Mapping[str, Query], tallies: Mapping[str, Tally], noter: Noter | None = None) -> None:
        """Match by these queries from now on, and count here; `noter` finds out about what they find, if it is new."""
        self._queries, self._matcher = dict(queries), Matcher(queries)
        self._tallies, self._noter = tallies, noter or self._noter

    def read(self, frames: Iterable[tuple[Channel, bytes]], now: datetime) -> Batch:
        """What the frames tell. A frame that cannot be read is counted and left out."""
        batch = Batch()
        posts: list[Post] = []
        for channel, frame in frames:
            source = channel.line.source
            for told in self._told(channel, frame):
                channel.read(told, now)
                if told.kind == "named":
                    self._handles.doubt(told.id)
                if told.kind == "odd":
                    self._tallies[source].leave_out(told.id)
                if told.kind in ("gone", "edit"):
                    (batch.gone if told.kind == "gone" else batch.edited)[source].add(told.id)
                if told.post is not None:
                    posts.append(self._handles.named(cleaned(told.post, source)))
                    self._tallies[source].read += 1
            channel.heard(now)
            batch.places[source, channel.line.place] = channel.place
        batch.posts = len(posts)
        self._match(posts, batch)
        return batch

    def _told(self, channel: Channel, frame: bytes) -> Sequence[Told]:
        tally = self._tallies[channel.line.source]
        if len(frame) > LARGEST:
            tally.leave_out("larger than any that is read")
            return ()
        try:
            return channel.line.read(frame) if frame else ()
        except UNREADABLE as odd:
            tally.leave_out(str(odd) if isinstance(odd, Changed) else "not readable")
            return ()

    def _match(self, posts: Sequence[Post], batch: Batch) -> None:
        """Put the posts that match into the batch, their authors' handles looked up."""
        found = list(self._matcher.all_matches(posts))
        self._handles.look_up([post for post, _told in found])
        for post, told in found:
            named = self._handles.named(post)
            source = post.source or ""
            self._tallies[source].matched += 1
            for name, spans in told:
                query = self._queries[name].name
                batch.mentions[source, query].append(Mention(post=named, query=query, spans=tuple(spans)))

    def save(self, batch: Batch, run_id: int, now: datetime) -> None:
        """Log what the frames told and where their lines stand, in one transaction.

        Raises LockedError when another process keeps writing: nothing is lost, it can be saved again.
        """
        self._unsaved |= batch.places
        if batch.empty and self._saved_at is not None and now - self._saved_at < EVERY:
            return
        with self._store.transaction():
            for (source, query), mentions in batch.mentions.items():
                save_mentions(self._store, run_id, query, source, mentions, now, notes=self._noter)
            for source in batch.gone.keys() | batch.edited.keys():
                changed = note_changed(self._store, source, batch.gone[source], batch.edited[source], now)
                self._tallies[source].changed += changed
            for (source, name), place in self._unsaved.items():
                save_reached(self._store, source, name, place.mark, place.at, place.heard_at)
        self._unsaved = {}
        self._saved_at = now
