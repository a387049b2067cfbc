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
    N_("{path}: more than {count} sites about you: the rest is left out"),
    N_("{host}: the name is not found"),
    N_("the server closed the connection"),
    N_("no name server to ask: {what}"),
    N_("the name servers fail ({what})"),
    N_("cannot be asked ({what})"),
    N_("none of {count} names could be looked up: {trouble}"),
    N_("{count} of {faults} names could not be looked up, such as {host}: {trouble}"),
    N_("the answer is no RDAP domain"),
    N_("the answer is no RDAP bootstrap file"),
    N_("no list {text}: pip install --no-deps {name}, or leave list out"),
    N_("{path}: no list of sites ({what})"),
    N_("[sources.probe] list: {text} is not one of own, {list}"),
    N_("[sources.probe] file: {path}: name an existing file"),
    N_("{host}: robots.txt does not let us in, or cannot be read"),
    N_("no handle to ask for: name some under handles in [sources.probe]"),
    N_("asked {count} of {faults} sites: the next run goes on where this one stopped"),
    N_("{count} sites find a name that nobody has, and are not believed in this run: {list}"),
    N_("none of {count} sites answered clearly"),
    N_("{count} of {faults} sites did not answer clearly: {list}"),
    N_("{count} of {faults} sites do not let us in: {list}"),
    N_("{count} of {faults} sites were not reached in time: raise max_seconds"),
)
