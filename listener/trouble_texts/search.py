"""What goes wrong with search engines, Wikidata, Skolverket's register and the news."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_('[sources.websearch] engine: write it as "searxng" or "brave"'),
    N_('[sources.websearch] base_url: name your SearXNG, as "https://search.example.org"'),
    N_("{url} does not let us search: is json among the formats under search in its settings.yml?"),
    N_("Brave wants a token: set {names}"),
    N_("Brave refuses the token: check {names}"),
    N_("{url}: the answer is no object"),
    N_("no engine answers the search any more ({list})"),
    N_("engines keep silent, and without a domain of ours or probe nobody can tell what that means"),
    N_("the search for {text} must find something and does not: set probe if it cannot"),
    N_("{name} gave no answer to some searches: what it knows was not seen"),
    N_("{count} searches made, {pages} wait for the next run: raise searches_per_run in [sources.websearch]"),
    N_("the answer has no 'url' where every one had"),
    N_("Wikidata has nothing with our code, number or address: name its item in [sources.wikidata] items"),
    N_("Wikidata has more than {count} statements: name fewer items"),
    N_("a row of Wikidata's names no account of ours"),
    N_("{name} {word}: {text} is no account"),
    N_('[sources.wikidata] items: {text} is no item; write it as ["Q123"]'),
    N_("nothing to find us by in Wikidata: name our item in [sources.wikidata] items"),
    N_('[organisation] municipality_code: Skolverket is asked by it; write it as "1880"'),
    N_('write the four digits as text, municipality_code = "1880"'),
    N_("the answer holds no list 'attributes'"),
    N_("more than {count} school units: the rest was left out"),
    N_("GDELT asks us to wait ({what})"),
    N_("GDELT does not answer the search ({what})"),
    N_("GDELT reaches back three months only"),
    N_("more than {count} articles in the hour from {time}"),
    N_("Google News shows {count} headlines at most: ask for a shorter time"),
)
