"""The reasons by which people confirm or reject a pattern: closed lists, keys kept, words shown."""

from __future__ import annotations

from listener.language import N_

# ruling -> its reasons, each with what it says
REASONS: dict[str, dict[str, str]] = {
    "confirmed": {
        "read": N_("we have read the posts"),
        "source_known": N_("we know where it comes from"),
        "other": N_("other"),
    },
    "rejected": {
        "organic": N_("people who care about the matter"),
        "news": N_("news that many shared"),
        "own_campaign": N_("something of our own"),
        "wrong": N_("the tool is mistaken"),
        "other": N_("other"),
    },
}
OTHER = "other"  # needs words
