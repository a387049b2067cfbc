"""Parts screened on a Dask cluster: every worker is told once who we are, and a lost worker's parts are done again.

Workers get the two small things the index is built from, not the index itself: a worker that joins late, or is started
again, builds its own in a second, and nothing that is lost has to be sent again. Parts are read from where they lie, so
the Parquet files must be under the same path on every worker.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

from distributed import Client, as_completed, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from listener.errors import ListenerError
from listener.screen.parts import Part, PartError, Recipe, Screened, Worker

ANSWERS_WITHIN = 20.0  # seconds
AHEAD = 3  # parts under way for each thread of the cluster


class ClusterError(ListenerError):
    """The cluster cannot be reached, or cannot do this work."""


class Telling(WorkerPlugin):
    """Tells each worker, once, who we are."""

    def __init__(self, name: str, recipe: Recipe) -> None:
        self.name, self.here = name, Worker(recipe)

    def setup(self, worker: object) -> None:
        """Build the index before the first part comes; Dask calls this on every worker that joins."""
        with suppress(PartError):  # each part says why it has no answer
            _ = self.here.screening


def screened_there(name: str, part: Part) -> Screened:
    """One part, on a worker."""
    telling: Any = get_worker().plugins[name]
    screened: Screened = telling.here.screened(part)
    return screened


def on_cluster(address: str, recipe: Recipe, parts: Iterable[Part]) -> Iterator[Screened]:
    """Each part as it is done, in any order. Raises ClusterError when no scheduler or no worker answers."""
    with _connected(address) as client:
        name = f"listener-{uuid.uuid4().hex}"
        _tell(client, name, recipe)
        try:
            yield from _done(client, name, parts)
        finally:
            if client.status == "running":
                client.unregister_worker_plugin(name)


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    try:
        client: Any = Client(address, timeout=ANSWERS_WITHIN)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as wrong:
        raise ClusterError(f"{address}: no Dask scheduler answers: start one with `dask scheduler`") from wrong
    with client:
        try:
            client.wait_for_workers(1, timeout=ANSWERS_WITHIN)
        except OSError as wrong:
            raise ClusterError(f"{address}: no worker is there: start one with `dask worker`") from wrong
        yield client


def _tell(client: Any, name: str, recipe: Recipe) -> None:
    try:
        client.register_plugin(Telling(name, recipe), name=name)
    except (ImportError, AttributeError, TypeError) as wrong:
        raise ClusterError(f"the workers cannot load listener: install the same version on each: {wrong}") from wrong


def _done(client: Any, name: str, parts: Iterable[Part]) -> Iterator[Screened]:
    rest, known = iter(parts), {}
    ahead = AHEAD * max(1, sum(client.ncores().values()))

    def submitted(count: int) -> list[Any]:
        made = []
        for part in islice(rest, count):
            # a worker stands in a folder of its own
            there = part._replace(path=os.path.abspath(part.path), folder=os.getcwd())
            future = client.submit(screened_there, name, there, pure=False)
            known[future.key] = part
            made.append(future)
        return made

    under_way: Any = as_completed(submitted(ahead))  # type: ignore[no-untyped-call]
    for future in under_way:
        part = known.pop(future.key)
        if future.cancelled():
            raise ClusterError("the cluster went away: run the same command again, finished parts are kept")
        wrong = future.exception()
        if wrong is None:
            yield future.result()
        else:
            yield Screened(part, None, f"{part.path}: {type(wrong).__name__}: {wrong}")
        under_way.update(submitted(1))
