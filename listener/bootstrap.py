"""A first register, proposed from what our own sites link to and what Wikidata notes, for people to correct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from listener.config import Config
from listener.context import Context
from listener.discover import planned
from listener.first_files import COLUMNS
from listener.language import _, ngettext
from listener.models import Account, Record, SourceResult, Status, Term
from listener.organisation import Organisation, load_organisation
from listener.profiles import account_key
from listener.registry import Registry, load_registry
from listener.run import Progress, attempt, make_context, silent
from listener.spreadsheet import write_csv
from listener.terminal import plain
from listener.text.fold import compact, forms, stem

SOURCES = ("website", "wikidata")
LONGEST = 200  # characters of a cell that somebody else wrote
FEW = 3  # pages: what more of them link to stands in a footer, and its page tells nothing of the unit
SHORTEST = 5  # letters of a unit's name that a handle must hold


class Proposal(Record):
    """Rows by column, those that are `known` to the register left out, and how each source fared.

    `schools` are those that sources know of and listener.toml does not.
    """

    rows: tuple[dict[str, str], ...]
    known: int
    results: tuple[SourceResult, ...]
    schools: tuple[str, ...] = ()


class Trace(Record):
    """One account and where it was found: the pages of ours that link to it, and what Wikidata calls whose it is."""

    account: Account
    pages: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    former: bool = False


def propose(config: Config, progress: Progress = silent) -> Proposal:
    """Ask our own sites and Wikidata for our accounts; nothing is stored, and no row is approved.

    Raises ConfigError or RegistryError before anybody is asked.
    """
    organisation = load_organisation(config)
    registry = load_registry(config.registry) if config.registry.exists() else Registry((), COLUMNS)
    asked = [name for name in SOURCES if config.source(name).get("enabled", True)]
    sources = planned(config, "accounts", asked) if asked else {}
    schools, results = ask_names(config, organisation)
    traces: dict[str, Trace] = {}
    for name, module in sources.items():
        progress(f"{name} …")
        ctx = make_context(config, name, organisation.domains, about=module.ABOUT)
        results.append(ask_accounts(ctx, module, traces))
    fresh = [trace for trace in traces.values() if registry.find(trace.account) is None]
    units = unit_names(organisation, schools)
    rows = sorted(
        (row_of(trace, organisation, units) for trace in fresh), key=lambda row: (row["platform"], row["url"])
    )
    named = unit_names(organisation, ())
    new = tuple(school for school in schools if not named.keys() & set(forms(school)))
    return Proposal(rows=tuple(rows), known=len(traces) - len(fresh), results=tuple(results), schools=new)


def ask_names(config: Config, organisation: Organisation) -> tuple[list[str], list[SourceResult]]:
    """The names of our schools and the like, from the sources that know them and are on."""
    names: list[str] = []
    results = []
    for name, module in planned(config, "terms").items():
        ctx = make_context(config, name, organisation.domains, about=module.ABOUT)

        def work(ctx: Context = ctx, module: ModuleType = module) -> tuple[int, int]:
            names.extend(term.text for term in module.terms(ctx))
            return 0, 0

        results.append(attempt(ctx, work))
    return names, results


def ask_accounts(ctx: Context, module: ModuleType, traces: dict[str, Trace]) -> SourceResult:
    """What one source brings, added to the traces; what came before a failure is kept."""

    def work() -> tuple[int, int]:
        count = 0
        for account in module.accounts(ctx, Term(text="")):
            count += 1
            add(traces, account)
        return count, 0

    return attempt(ctx, work)


def add(traces: dict[str, Trace], account: Account) -> None:
    """Join what two sources say of one account."""
    key = account_key(account.platform, account.handle or account.url or "")
    known = traces.get(key) or Trace(account=account)
    noted = (account.term or "",) if account.source == "wikidata" else ()
    traces[key] = Trace(
        account=known.account if known.account.platform_id else account,
        pages=tuple(dict.fromkeys(known.pages + account.official_links)),
        noted=tuple(dict.fromkeys(known.noted + noted)),
        former=known.former or "wikidata_former" in account.labels,
    )


def unit_names(organisation: Organisation, schools: Sequence[str]) -> dict[str, str]:
    """Every way to write a unit's name -> the unit, the longest first."""
    units = [(unit.name, name) for unit in organisation.units for name in (unit.name, *unit.aliases)]
    written = {form: unit for unit, name in (*units, *((school, school) for school in schools)) for form in forms(name)}
    return dict(sorted(written.items(), key=lambda pair: -len(pair[0])))


def row_of(trace: Trace, organisation: Organisation, units: dict[str, str]) -> dict[str, str]:
    """A row of the register: pending, without an owner, its unit guessed, and in its notes where it was found."""
    account, (unit, why) = trace.account, guess_unit(trace, organisation, units)
    kinds = {known.name: known.kind.value for known in organisation.units}
    row = {
        "platform": account.platform,
        "url": account.url or "",
        "unit": unit,
        "status": Status.PENDING.value,
        "platform_id": account.platform_id or "",
        "handle": account.handle or "",
        "unit_kind": kinds.get(unit, ""),
        "listed_on": trace.pages[0] if trace.pages else "",
        "notes": "; ".join([*where(trace), why]),
    }
    return {name: cell(text) for name, text in row.items()}


def cell(text: str) -> str:
    """One line without invisible characters, at most LONGEST of them; addresses are never cut."""
    shown = plain(text).strip()
    return shown if shown.startswith(("http://", "https://")) else shown[:LONGEST]


def where(trace: Trace) -> Iterator[str]:
    """Where the account was found, as a person can look it up."""
    if trace.pages:
        text = ngettext("linked from {page}", "linked from {count} pages, such as {page}", len(trace.pages))
        yield text.format(page=trace.pages[0][:100], count=len(trace.pages))
    if trace.noted:
        whose = next(filter(None, trace.noted), "")[:60]
        yield _("in Wikidata under {name}, which anyone may edit").format(name=whose or "–")
    if trace.former:
        yield _("Wikidata says that it is no longer in use")


def guess_unit(trace: Trace, organisation: Organisation, units: dict[str, str]) -> tuple[str, str]:
    """Whose it probably is, and by what: its handle, the page that links to it, Wikidata; else the organisation's."""
    handle = compact(trace.account.handle or "")
    held = next((unit for form, unit in units.items() if len(form) >= SHORTEST and form in handle), None)
    if held:
        return held, _("unit guessed by the handle")
    stems = {stem(form): unit for form, unit in units.items()}
    pages = trace.pages if len(trace.pages) <= FEW else ()
    paths = [compact(Path(urlsplit(page).path).stem) for page in pages]
    linked = next((stems[stem(path)] for path in paths if stem(path) in stems), None)
    if linked:
        return linked, _("unit guessed by the page")
    noted = next((name for name in trace.noted if name and compact(name) != compact(organisation.name)), None)
    if noted:
        return noted, _("unit guessed by Wikidata")
    if any(form in handle for name in organisation.names for form in forms(name)):
        return organisation.name, _("unit guessed by the handle")
    return organisation.name, _("unit not known: the organisation itself was put in")


def written(proposal: Proposal) -> bytes:
    """The rows as a CSV file that Swedish Excel opens, with no cell that it would take for a formula."""
    return write_csv(proposal.rows, COLUMNS, excel=True)
