"""`listen --query TEXT`: what is said, live and in the log, printed as one list."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.language import N_, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from listener.config import Config
    from listener.heard import Heard, Wish
    from listener.listen import Explanation
    from listener.query import Query
    from listener.store import Store

PURPOSE = "omvärldsbevakning"
DEMO = ".almby-demo"  # what `listen demo` marks its folder with
TROUBLES = {
    "blocked": N_("it refused us"),
    "guarded": N_("we did not ask it"),
    "throttled": N_("it asks us to wait"),
    "changed": N_("its answer cannot be read"),
    "failed": N_("it failed"),
    "credentials": N_("it wants a log-in"),
    "truncated": N_("not all was read"),
    "quota": N_("the quota is spent"),
    "skipped": N_("note"),
}


def search(query: str, **options: Any) -> int:
    """One ad-hoc search, with the options of `listen` itself; returns the exit code."""
    from listener.query import parse

    config, configured = settings(options["config_path"])
    asked = parse(query, config.now)
    wish = wish_of(options, config.now)
    field = group_of(options["group_by"])
    form = options["form"] or ("table" if sys.stdout.isatty() else "ndjson")
    if options["explain"]:
        from listener.listen import explain

        show_explanation(explain(config, asked, wish), options["form"] or "table")
        say_doubts(asked)
        return 0
    if options["save"]:
        save(options, config, configured, asked)
    say_doubts(asked)
    store = log_of(config, configured, wish)
    try:
        note_search(store, config, asked, wish, options["purpose"] or PURPOSE, field)
        heard = hear(config, asked, wish, store)
    finally:
        if store is not None:
            store.close()
    show_troubles(heard)
    say_demo_is_down(config, (issue.kind for result in heard.results for issue in result.issues))
    total = show(heard, field, form, options["limit"])
    if not heard.exit_code and not total and options["fail_on_empty"]:
        return 1
    return heard.exit_code


def say_doubts(query: Query) -> None:
    """What will probably find nothing, or much else, as it stands: nobody who searches once runs the check before."""
    from listener.heard import names_of_sources
    from listener.query.lint import GRAVE, lint

    known = names_of_sources() if "source:" in query.text.casefold() else ()
    for warned in lint(query, known=known):
        if warned.code in GRAVE:
            place = _("column {column}").format(column=warned.column)
            say(f"{place}: {warned.text}. {warned.hint}")


def settings(path: str | None) -> tuple[Config, bool]:
    """The settings, and whether there is a listener.toml: without one there is no log to search or to write."""
    from listener.config import default_config, find_config, load_config
    from listener.errors import ConfigError

    if path is None:
        try:
            path = str(find_config(os.environ))
        except ConfigError:
            say(_("no listener.toml: searching live only, and nothing is logged (`listen init` writes one)"))
            return default_config(os.environ), False
    return load_config(Path(path), os.environ), True


def hear(config: Config, query: Query, wish: Wish, store: Store | None) -> Heard:
    """Ask the sources and the log; offline only the log, without loading what asks sources."""
    from listener.heard import look_back, ours

    if wish.offline and ours(wish.sources):
        return look_back(query, wish, store)
    from listener.listen import listen

    return listen(config, query, wish, store, say if sys.stderr.isatty() else lambda _line: None)


def save(options: dict[str, Any], config: Config, configured: bool, query: Query) -> None:
    """Write the query into listener.toml, with its purpose."""
    from listener.errors import ConfigError
    from listener.kept_queries import keep_query

    if not configured:
        raise ConfigError("there is no listener.toml to save the query in: run `listen init`")
    keep_query(config.path, options["save"], query, options["purpose"], options["source"], options["lang"])
    say(_("saved as [queries.{name}] in {path}").format(name=options["save"], path=config.path))


def wish_of(options: dict[str, Any], now: datetime) -> Wish:
    """The options that say what to look for."""
    from listener.heard import Wish

    since, until = moment(options["since"], "--since", now), moment(options["until"], "--until", now, end=True)
    if since and until and until <= since:
        raise click.BadParameter(_("it ends before --since begins"), param_hint="--until")
    return Wish(
        since=since,
        until=until,
        sources=tuple(dict.fromkeys(options["source"])),
        lang=language(options["lang"]),
        limit=None if options["group_by"] else options["limit"],
        offline=options["offline"],
        fold=options["fold_copies"],
    )


def language(code: str | None) -> str | None:
    from listener.query.lint_values import is_language

    if code is not None and not is_language(code.casefold().partition("-")[0]):
        wrong = _("{code!r} is no language code: write two letters, sv or en").format(code=code)
        raise click.BadParameter(wrong, param_hint="--lang")
    return code


def moment(text: str | None, option: str, now: datetime, *, end: bool = False) -> datetime | None:
    from listener.query.when import read_when

    if text is None:
        return None
    try:
        return read_when(text, now, end=end)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint=option) from wrong


def group_of(field: str | None) -> str | None:
    from listener.mentions import GROUPS

    if field is not None and field not in GROUPS:
        choices = _("{field!r}: choose among {choices}").format(field=field, choices=", ".join(GROUPS))
        raise click.BadParameter(choices, param_hint="--group-by")
    return field


def log_of(config: Config, configured: bool, wish: Wish) -> Store | None:
    """The log; none without settings, or offline before anything was ever logged."""
    from listener.store import open_store

    if not configured:
        return None
    if wish.offline and not config.store.exists():
        say(_("nothing is logged yet: {path} does not exist").format(path=config.store))
        return None
    return open_store(config.store)


def note_search(store: Store | None, config: Config, query: Query, wish: Wish, purpose: str, field: str | None) -> None:
    """Keep who-was-asked-what and why; refuse to line up people by a sensitive trait, and keep that too."""
    from listener.errors import QueryError
    from listener.query.sensitive import sensitive_trait
    from listener.store.searches import save_search

    trait = sensitive_trait(query.tree) if field == "author" else None
    if store is not None:
        refused = f"grouped by author: {trait}" if trait else None
        save_search(store, config.now, query.name, purpose, ",".join(wish.sources) or None, refused)
    if trait:
        raise QueryError(
            _(
                "refused: the query asks about {trait}, and counting it by author would list people by a sensitive "
                "trait (GDPR, article 9); count by source, lang or day instead"
            ).format(trait=_(trait))
        )


def show(heard: Heard, field: str | None, form: str, limit: int) -> int:
    """Print what was found; returns how many posts that were."""
    from listener.cli.mention_output import show_counts, show_mentions
    from listener.mentions import counted

    if field is not None:
        show_counts(counted(heard.mentions, field)[:limit], field, form)
    else:
        show_mentions(heard.mentions, form)
    total = len(heard.mentions)
    found = ngettext("{total} post", "{total} posts", total).format(total=total)
    say(found + ", " + ngettext("{new} new in the log", "{new} new in the log", heard.new).format(new=heard.new))
    return total


def show_troubles(heard: Heard) -> None:
    """What kept a source from being searched in full, or posts from being logged, a line each, on stderr."""
    from listener.clock import rfc3339
    from listener.troubles import in_language

    for issue in (issue for result in heard.results for issue in result.issues):
        until = f" ({rfc3339(issue.until)})" if issue.until else ""
        say(f"{issue.source}: {_(TROUBLES.get(issue.kind, issue.kind))}: {in_language(issue.detail, _)}{until}")
    if heard.unlogged:
        trouble = in_language(heard.unlogged, _)
        say(
            _("nothing was logged, as the register cannot be read (`listen registry check`): {trouble}").format(
                trouble=trouble
            )
        )


def say_demo_is_down(config: Config, kinds: Iterable[str]) -> None:
    """What to do where nobody was asked as the settings name this machine: the demo's folder, and nobody plays it."""
    if "guarded" in kinds and (config.folder / DEMO).exists():
        say(_("the demo's servers live only while `listen demo` runs: search its log with --offline"))


def show_explanation(explanation: Explanation, form: str) -> None:
    """How the query was read, on stdout, in place of a search."""
    import msgspec

    from listener.terminal import plain

    if form in ("json", "ndjson"):
        data = msgspec.json.encode(explanation)
        click.echo(msgspec.json.format(data, indent=2) if form == "json" else data)
        return
    click.echo(_("The query was read as"))
    for line in explanation.tree:
        click.echo("  " + plain(line))
    click.echo(_("The log is searched for") + "\n  " + plain(explanation.log or _("every post, each looked at")))
    for name, ways in explanation.sources.items():
        click.echo(_("{source} is asked for").format(source=name))
        for way in ways or (_("all its new posts, each looked at"),):
            click.echo("  " + plain(way))
        if ways and explanation.checked_of[name]:
            click.echo(
                "  " + _("and here is looked at: {parts}").format(parts=plain(", ".join(explanation.checked_of[name])))
            )
    if explanation.whole_words_only:
        click.echo(_("A platform cannot be asked for parts of words (word*, *word): it is asked for the whole word."))
    if explanation.checked_here and not explanation.sources:
        click.echo(_("Looked at here, in whatever comes back"))
        for part in explanation.checked_here:
            click.echo("  " + plain(part))


def say(line: str) -> None:
    """A line for people, on stderr."""
    from listener.terminal import plain

    click.echo(plain(line), err=True)
