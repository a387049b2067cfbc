"""Which single key does what, for each person: on or off, and each to be chosen."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from listener.language import N_
from listener.store import Store
from listener.store.people import choices_of

KEYS = "keys"
# What a key can do, and the key for it until somebody chooses another.
DOES: dict[str, tuple[str, str]] = {
    "next": ("j", N_("the next case of the list")),
    "previous": ("k", N_("the case before it")),
    "mark": ("x", N_("mark the case, to decide several together")),
    "back": ("q", N_("back to the queue")),
    "confirmed": ("c", N_("confirm")),
    "dismissed": ("d", N_("dismiss")),
    "harmless": ("h", N_("close a case that is judged harmless by now")),
    "watching": ("s", N_("put it under watch")),
    "triage": ("t", N_("look more closely")),
    "assign": ("a", N_("assign the case to me")),
    "undo": ("u", N_("take the last decision back")),
    "words": ("n", N_("write a note")),
    "keys": ("?", N_("these keys")),
}


class Keys(msgspec.Struct, frozen=True):
    """Whether keys are on, and which does what; what is not named does as DOES says, and with "" nothing."""

    on: bool = True
    chosen: dict[str, str] = {}

    def of(self, name: str) -> str:
        return self.chosen.get(name, DOES[name][0])


def keys_of(store: Store, person: str) -> Keys:
    """What somebody has chosen."""
    try:
        return msgspec.json.decode(choices_of(store, person).get(KEYS, "{}"), type=Keys)
    except (ValueError, TypeError):
        return Keys()


def as_json(keys: Keys) -> str:
    """For the page's script: key → what it does; none when they are off."""
    chosen_last = sorted(DOES, key=keys.chosen.__contains__)  # they outweigh a key that is ours from the start
    told = {key: name for name in chosen_last if (key := keys.of(name))}
    return msgspec.json.encode(told if keys.on else {}).decode()


def named(keys: Keys) -> list[tuple[str, str]]:
    """Each key with what it does, in English; none when they are off."""
    return [(key, words) for name, (_first, words) in DOES.items() if keys.on and (key := keys.of(name))]


def doubled(keys: Keys) -> list[str]:
    """What shares its key with something else."""
    given = [keys.of(name) for name in DOES]
    return [name for name in DOES if keys.of(name) and given.count(keys.of(name)) > 1]


def read_keys(form: Mapping[str, str]) -> Keys:
    """The keys of a form, an emptied one for none; what is no single visible letter stays as it was at first."""
    sent = {name: form[f"key-{name}"].strip() for name in DOES if f"key-{name}" in form}
    fit = {name: key for name, key in sent.items() if not key or (len(key) == 1 and key.isprintable())}
    return Keys(on=form.get("on") == "yes", chosen=fit)
