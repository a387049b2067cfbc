"""In which language a text is written, when its platform does not say; None rather than a guess."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# What is written in Sweden and by those who write about it. Among all 140 that the model knows, short Swedish texts are
# taken for Faroese, Guarani or Javanese.
SPOKEN = (
    "ar", "bg", "bs", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "hi", "hr", "hu", "is", "it", "ja",
    "ku", "lt", "lv", "nl", "nn", "no", "pl", "ps", "pt", "ro", "ru", "se", "so", "sq", "sr", "sv", "th", "tr", "uk",
    "ur", "vi", "zh",
)  # fmt: skip
LEAST_LETTERS = 20  # a shorter text may be anything
READ = 600  # characters looked at: more changes no answer
SURE = 0.75  # of the model's own probability: below it, Danish, Norwegian and Swedish are mixed up
_NOT_SAID = re.compile(r"https?://\S+|[@#]\w+|\d+")


def language_of(text: str) -> str | None:
    """The ISO 639 code of the language; None for a text too short or too mixed to tell. Norwegian is always `no`."""
    said = " ".join(_NOT_SAID.sub(" ", text[: 4 * READ]).split())[:READ]
    if sum(map(str.isalpha, said[: 2 * LEAST_LETTERS])) < LEAST_LETTERS > sum(map(str.isalpha, said)):
        return None
    return _classified(said)


@lru_cache(maxsize=1024)  # the same is said again and again
def _classified(said: str) -> str | None:
    language, probability = _model().classify(said)
    return {"nn": "no"}.get(language, str(language)) if probability >= SURE else None


@cache
def _model() -> LanguageIdentifier:
    """The model, loaded when first needed: that takes a second."""
    import numpy
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages([code for code in SPOKEN if code in model.labels])
    model.nb_ptc = numpy.ascontiguousarray(model.nb_ptc, dtype=numpy.float32)  # read a third faster so
    return model
