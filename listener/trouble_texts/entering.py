"""What goes wrong with the doors of the review page: its settings, its key, its provider, its tokens."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_("{path}: [review] session_hours: a session lasts 1 to 24 hours"),
    N_("{path}: [review] idle_minutes: at least 1, and no longer than a session"),
    N_('{path}: [review] hosts: write names alone, hosts = ["granskning.example.org"]'),
    N_("{path}: [review.headers] needs [review] trusted_proxies: nobody else may say who asks"),
    N_("{path}: [review] trusted_proxies: {value} is no address: write 10.0.0.5"),
    N_("{path}: [review] trusted_proxies: {value} is too wide: name the proxies alone"),
    N_("{path}: {key} needs {name}"),
    N_("{path}: {key} issuer: write it as its provider does, with https:// and no question mark"),
    N_('{path}: {file} {key}: write the name of a header, "X-Remote-User"'),
    N_('{path}: {key} roles: write groups for each role, {name} = ["…"]'),
    N_("write it as a table of its own, with {key} in its heading"),
    N_("{path}: {what}: set LISTEN_REVIEW_KEY, or let this folder be written"),
    N_("{path}: others can read it: chmod 600, or remove it so that a new one is made"),
    N_("{path}: cannot be read: remove it so that a new one is made"),
    N_("{name}: too short: 32 characters at least, such as `openssl rand -hex 32` makes"),
    N_('{path}: [review] tips needs [sources.tips] files = ["{file}"], or no audit sees them'),
    N_("the log-in service says that it is another: see [review.oidc] issuer"),
    N_("the log-in service does not say where to log in"),
    N_("the log-in service shows no keys that can be read"),
    N_("the log-in service did not answer a moment ago"),
    N_("the log-in service is slow to answer"),
)
