"""Register this account: its row ready to copy, and for who keeps the register, added to it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.errors import RegistryError
from listener.language import _
from listener.models import Case, Decision, State, Status, UnitKind
from listener.platforms import PLATFORMS
from listener.records.registering import LONGEST, OPTIONAL, add_row, as_csv, as_it_was_unless_done, poses, proposed_row
from listener.registry import Registry, load_registry
from listener.registry_read import REQUIRED
from listener.report import labels
from listener.review.columns import Told, faults
from listener.review.odd import odd_letters
from listener.review.register import health
from listener.review.shown import page
from listener.spreadsheet import neutralise
from listener.store.cases import load_case, save_decision
from listener.store.database import StoreError
from listener.store.events import history
from listener.store.sightings import REGISTERED_BY_REGISTER

FORM = (*REQUIRED, *OPTIONAL)
STATUSES = (Status.APPROVED, Status.PENDING)


def show(case_id: int) -> str:
    """The row as far as it is known."""
    case = load_case(g.store, case_id)
    return render(case, proposed_row(case, register()))


def download(case_id: int) -> Response:
    """The row as a file that a spreadsheet opens."""
    case = load_case(g.store, case_id)
    registry = register()
    answer = make_response(as_csv(proposed_row(case, registry), registry, excel=True))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="case-{case_id}-row.csv"'
    return answer


def register_now(case_id: int) -> str | Response | tuple[str, int]:
    """Add the row of the form to the register, and close the case as registered; on any fault nothing changes."""
    case = load_case(g.store, case_id)
    row = {name: request.form.get(name, "").strip()[:LONGEST] for name in FORM}
    decision = Decision(case_id=case_id, who=g.login.person, to=State.REGISTERED, reason=REGISTERED_BY_REGISTER)
    if poses(case.finding) and request.form.get("ours") != "yes":
        told = _("This account was found to pass for us: mark that you know it to be ours.")
        return render(case, row, [Told("", told)]), 422
    try:
        with as_it_was_unless_done(g.config.registry), g.store.transaction():
            if request.form.get("seen") != str(history(g.store, case_id)[-1].id):
                told = _("Somebody has decided something about this case since you opened it: see its history below.")
                return render(case, row, [Told("", told)]), 409
            save_decision(g.store, decision, g.now)
            add_row(g.config, row, case.account)
    except (RegistryError, StoreError) as wrong:
        return render(case, row, faults(wrong, row, len(register().entries))), 422
    flash(_("Case {case}: the account stands in the register now").format(case=case_id))
    lacking = [labels.rule_label(fault.rule) for fault in health().get(row["url"], [])]
    if lacking:
        flash(_("Still to put right in its row: {faults}.").format(faults=", ".join(lacking)))
    return redirect(url_for("case", case_id=case_id))


def register() -> Registry:
    """The register as it is; an empty one where there is none that can be read."""
    try:
        return load_registry(g.config.registry)
    except RegistryError:
        return Registry(())


def render(case: Case, row: dict[str, str], told: Sequence[Told] = ()) -> str:
    registry = register()
    return page(
        "case_register.html",
        case=case,
        posing=poses(case.finding),
        odd=odd_letters(case),
        row=row,
        csv=as_csv({name: neutralise(cell) for name, cell in row.items()}, registry).decode("utf-8"),
        told=told,
        lacking={each.field for each in told},
        platforms=sorted({row["platform"], *PLATFORMS} - {""}),
        latest=history(g.store, case.id)[-1].id,
        statuses=STATUSES,
        kinds=tuple(UnitKind),
        units=sorted({entry.unit for entry in registry.entries})[:300],
    )
