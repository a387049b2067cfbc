"""What some sources say should be searched for too, such as the names of our schools: asked before all others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import ModuleType

import msgspec

from listener.config import Config
from listener.language import _
from listener.models import Completeness, Record, SourceResult, Term
from listener.organisation import Organisation
from listener.run import Progress, attempt, make_context, silent
from listener.store import Store
from listener.store.runs import load_cursor, save_cursor, save_source
from listener.store.usage import StoredUsage
from listener.troubles import in_language, kind_label

KEPT = "terms"  # where the cursor keeps what was brought last time
MOST = 1_000  # terms of one source


class Seeds(Record, frozen=True):
    """The terms that were brought, and how each source fared."""

    terms: tuple[Term, ...] = ()
    results: tuple[SourceResult, ...] = ()


def gather(
    config: Config,
    store: Store,
    run_id: int,
    sources: Mapping[str, ModuleType],
    organisation: Organisation,
    progress: Progress = silent,
) -> Seeds:
    """Ask each source for its terms. Those of last time stand in for a source that cannot be asked now."""
    terms: dict[str, Term] = {}
    results = []
    for name, module in sources.items():
        brought, result = ask(config, store, run_id, name, module, organisation)
        progress(_("{source}: names to search for {count}").format(source=name, count=len(brought)))
        for issue in result.issues:
            progress(f"  {kind_label(issue.kind, _)}: {in_language(issue.detail, _)}")
        terms |= {term.text.casefold(): term for term in brought}
        results.append(result)
    return Seeds(terms=tuple(terms.values()), results=tuple(results))


def ask(
    config: Config, store: Store, run_id: int, name: str, module: ModuleType, organisation: Organisation
) -> tuple[list[Term], SourceResult]:
    """One source's terms; its result and what it brought are kept with the run."""
    cursor, usage = load_cursor(store, name), StoredUsage(store, name, config.moment)
    ctx = make_context(config, name, organisation.domains, cursor, about=module.ABOUT, usage=usage)
    found: dict[str, Term] = {}

    def work() -> tuple[int, int]:
        for term in module.terms(ctx):
            if len(found) < MOST:
                found.setdefault(term.text, term)
        return 0, 0

    result = attempt(ctx, work)
    if result.completeness is Completeness.UNAVAILABLE:
        found |= {term.text: term for term in _kept(cursor)}
    else:
        ctx.next_cursor[KEPT] = json.dumps(msgspec.to_builtins(list(found.values())), ensure_ascii=False)
    with store.transaction():
        save_cursor(store, name, ctx.next_cursor)
        save_source(store, run_id, result)
    return list(found.values()), result


def _kept(cursor: Mapping[str, str]) -> list[Term]:
    try:
        return msgspec.json.decode(cursor.get(KEPT, "[]"), type=list[Term])
    except msgspec.DecodeError:
        return []
