"""What goes wrong when evidence is kept, photographed or timestamped."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_("case {code}: no evidence kept: the run's {count} bytes are full"),
    N_("case {code}: no evidence kept: {what}"),
    N_("answers could not be kept as evidence: {what}"),
    N_("{count} answers were more than could be kept as evidence"),
    N_("an answer could not be kept as evidence: {name}"),
    N_("the evidence folder could not be put in order: {what}"),
    N_("no screenshot: pages of {name} are not open"),
    N_("no screenshot of {url}: {what}"),
    N_("no browser here: install chromium"),
    N_("the browser drew nothing within {count} seconds"),
    N_("the browser drew nothing ({what})"),
    N_("{host}: the page asks for too much"),
    N_("no timestamp: {what}"),
    N_("{url}: no timestamp ({name})"),
    N_("{url}: no usable timestamp: {what}"),
    N_("timestamps need the extra `evidence`: pip install 'listener[evidence]'"),
    N_("{url}: nothing came back"),
    N_("{url}: pages of {name} are not open: only its official interface is asked"),
)
