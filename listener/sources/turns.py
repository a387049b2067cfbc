"""Whose turn it is when a run cannot ask for every name: the next one goes on where this one stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from listener.context import Context
from listener.models import Term
from listener.sources import truncated
from listener.sources.guesses import guesses


def in_turn(ctx: Context, kind: str, terms: Iterable[Term]) -> Iterator[Term]:
    """The terms, from the one that the last run did not come to, while the quota of `kind` lasts.

    The caller spends. A term counts as asked once it was handed out, so that one that always fails holds up no run.
    """
    rows = list(terms)
    place = f"next_{kind}"
    left_off = ctx.cursor.get(place)
    first = next((number for number, term in enumerate(rows) if term.text == left_off), 0)
    order = rows[first:] + rows[:first]
    for number, term in enumerate(order):
        if not ctx.quotas.left(kind):
            ctx.next_cursor[place] = term.text
            _say(ctx, kind, number, len(order))
            return
        ctx.next_cursor[place] = order[(number + 1) % len(order)].text
        yield term
    ctx.next_cursor.pop(place, None)


def _say(ctx: Context, kind: str, asked: int, wanted: int) -> None:
    if asked:
        truncated(ctx, kind, f"asked for {asked} of {wanted} names: the next run goes on where this one stopped")
    else:
        ctx.afford(kind)


def names(ctx: Context) -> list[Term]:
    """What to search for by words: names, places and units."""
    return [term for term in ctx.terms if term.kind != "handle"]


def handles(ctx: Context) -> list[Term]:
    """The registered and the likely handles."""
    return [term for term in ctx.terms if term.kind == "handle"]


def all_handles(ctx: Context) -> list[Term]:
    """The same, and those that are guessed: for platforms where nobody can search by name."""
    return [*handles(ctx), *guesses(ctx)]


def one_each(kind: str) -> Callable[[Context], dict[str, int]]:
    """The `wanted` of a source that looks every handle up, one of `kind` each."""
    return lambda ctx: {kind: len(all_handles(ctx))}
