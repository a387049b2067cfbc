"""What goes wrong with X, Bluesky and the fediverse, and what becomes of accounts there."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_("X searches accounts with a user's token only: set {names}"),
    N_("{count} names were not searched on X: raise max_users or max_dollars"),
    N_("X knows more accounts than the {count} likeliest for {text}"),
    N_("X lists more affiliates than the {count} that were read"),
    N_("X has {count} posts for {text}, and {pages} may be read: raise max_posts or max_dollars"),
    N_('[sources.x] generation: write "tweet" or "post"'),
    N_("X counts posts without a total"),
    N_("Bluesky answers a log-in with no session"),
    N_("{text}: X has suspended the account"),
    N_("{text}: Bluesky has taken the account down"),
    N_("{host}: accounts there were not looked up: {trouble}"),
    N_("{url}: no actor of the fediverse"),
    N_("{text}: its owner has put the account to rest"),
)
