"""What goes wrong while domains are looked for: zones, the DNS, certificates, registries, and the probe of sites."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_("{host}:{port}: only port 53 is asked for a zone"),
    N_("{path}: {what}: name an existing file under files in [sources.zone]"),
    N_("the transfer of {name} broke off after {count} names: {trouble}"),
    N_("zone {name}: the server tells no serial number"),
    N_("zone {name}: the transfer cannot be read ({what})"),
    N_("zone {name}: the server does not let us transfer it ({what})"),
    N_("zone {name}: the server answers {status}"),
    N_("zone {name}: {trouble}"),
    N_("{host}: the name is not found"),
    N_("the server closed the connection"),
    N_("no name server to ask: {what}"),
    N_("the name servers fail ({what})"),
    N_("cannot be asked ({what})"),
    N_("none of {count} names could be looked up: {trouble}"),
    N_("{count} of {faults} names could not be looked up, such as {host}: {trouble}"),
    N_("the answer is no RDAP domain"),
    N_("the answer is no RDAP bootstrap file"),
)
