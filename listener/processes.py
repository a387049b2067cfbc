"""Work shared between processes of this machine: each is given what it needs once, when it starts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

Shared = TypeVar("Shared")
Given = TypeVar("Given")
Result = TypeVar("Result")
Work = Callable[[Shared, Given], Result]  # a function of a module, for it is sent by its name

_shared: list[Any] = []  # what this process was given when it started


def in_batches(given: Iterable[Given], size: int) -> Iterator[list[Given]]:
    """The same things in lists of `size`."""
    given = iter(given)
    while batch := list(islice(given, size)):
        yield batch


def in_order(work: Work[Shared, Given, Result], shared: Shared, given: Iterable[Given], jobs: int) -> Iterator[Result]:
    """The results in the order of what is given; at most two under way a process.

    Raises BrokenProcessPool when a process is killed.
    """
    waiting: deque[Future[Result]] = deque()
    with _pool(jobs, shared) as pool:
        for one in given:
            waiting.append(pool.submit(_worked, work, one))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def as_done(work: Work[Shared, Given, Result], shared: Shared, given: Iterable[Given], jobs: int) -> Iterator[Result]:
    """The results as they come; at most two under way a process. Raises BrokenProcessPool when a process is killed."""
    rest = iter(given)
    with _pool(jobs, shared) as pool:
        waiting = {pool.submit(_worked, work, one) for one in islice(rest, 2 * jobs)}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            waiting |= {pool.submit(_worked, work, one) for one in islice(rest, len(done))}
            yield from (one.result() for one in done)


def _pool(jobs: int, shared: Any) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("fork"), initializer=_shared.append, initargs=(shared,))


def _worked(work: Work[Any, Given, Result], one: Given) -> Result:
    return work(_shared[0], one)
