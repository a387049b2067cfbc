"""What a query that can be read will probably not do as its writer means it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from listener.language import _
from listener.query import Query
from listener.query.backends import narrowed, patterns
from listener.query.explain import written
from listener.query.homonyms import is_homonym
from listener.query.lint_never import contradictions, needless
from listener.query.lint_typed import lower_operators, odd_letters, odd_signs
from listener.query.lint_values import unknown_values
from listener.query.tree import STAR, And, Field, Inside, Near, Node, Not, Or, When, Wild, Words, sought
from listener.query.warned import Typed, Warned

__all__ = ["Warned", "lint"]

FAR = 10  # words between; farther than a sentence it is hardly more than AND
SHORT = 3  # letters beside a star; fewer stand in a word of every sentence
GRAVE = frozenset({"never", "operator-as-word", "letters", "homonym"})  # told to whoever searches, unasked
NO_PLATFORM = frozenset({"link", "srcname", "is"})  # fields that no search of a platform knows


def lint(query: Query, sources: Sequence[str] = (), known: Collection[str] = ()) -> tuple[Warned, ...]:
    """The warnings, left to right.

    `sources` are the enabled ones that are searched: what they cannot be asked for. `known` is every name that
    source: may be given; without it no name is doubted.
    """
    typed = Typed(query)
    checks = (lower_operators, odd_signs, odd_letters, far, short, bare_homonyms, contradictions, needless, itself)
    found = [warned for check in checks for warned in check(typed)]
    found += [*unknown_values(typed, known), *unasked(typed, sources)]
    return tuple(sorted(dict.fromkeys(found), key=lambda warned: warned.column))


def far(typed: Typed) -> Iterator[Warned]:
    for token in typed.tokens:
        within = token.leaf.within if isinstance(token.leaf, Near) else token.within
        if within > FAR:
            yield Warned(
                code="far",
                column=token.start + 1,
                text=_("{count} words between are farther than a sentence").format(count=within),
                hint=_("Use at most {most}, or AND for words anywhere in the post.").format(most=FAR),
            )


def short(typed: Typed) -> Iterator[Warned]:
    for part in sought(typed.tree):
        for pattern in patterns(part):
            if STAR in pattern and max(map(len, pattern.split(STAR))) < SHORT:
                yield Warned(
                    code="short",
                    column=typed.column(part),
                    text=_("{word} finds very many words").format(word=pattern),
                    hint=_("Write at least {least} letters together with *.").format(least=SHORT),
                )


def bare_homonyms(typed: Typed) -> Iterator[Warned]:
    for part in _bare(typed.tree, held=False):
        yield Warned(
            code="homonym",
            column=typed.column(part),
            text=_("{word} means much else besides the place").format(word=part.text),
            hint=_('Ask for "{word} kommun", or add what it is about: {word} (kommunen OR kommunstyrelsen)').format(
                word=part.text
            ),
        )


def _bare(node: Node, *, held: bool) -> Iterator[Words]:
    """The homonyms that nothing beside them holds to the place."""
    match node:
        case Words():
            if not held and len(node.folded) == 1 and not node.prefix and is_homonym(node.folded[0]):
                yield node
        case Or():
            for part in node.parts:
                yield from _bare(part, held=held)
        case And():
            telling = [part for part in node.parts if not isinstance(part, Not | When) and not _loose(part)]
            for part in node.parts:
                yield from _bare(part, held=held or len(telling) > 1)
        case Inside(sought=Words() as inner):
            yield from _bare(inner, held=held)


def _loose(part: Node) -> bool:
    return isinstance(part, Field) and part.name in ("lang", "source", "is")


def itself(typed: Typed) -> Iterator[Warned]:
    for near in _nears(typed.tree):
        said = [frozenset(patterns(part)) for part in near.parts if isinstance(part, Words | Wild)]
        if len(set(said)) < len(said):
            yield Warned(
                code="near-itself",
                column=typed.column(near),
                text=_("a word near itself: it must stand there twice"),
                hint=_("Write another word on one side."),
            )


def _nears(node: Node) -> Iterator[Near]:
    match node:
        case Near():
            yield node
        case And() | Or():
            for part in node.parts:
                yield from _nears(part)
        case Not():
            yield from _nears(node.part)


def unasked(typed: Typed, sources: Sequence[str]) -> list[Warned]:
    """The first part that no search of a platform can say. Exclusions are no news: they are always looked at here."""
    part = next(_unknown(typed.tree), None) if sources else None
    if part is None:
        return []
    names, operator = ", ".join(sources), written(part)
    if narrowed(typed.tree):
        text = _("{sources} cannot be asked for {part}, only for whole words: some posts are missed")
        hint = _("Add a whole word that must stand in the post.")
    else:
        text = _("{sources} cannot be asked for {part}: it is looked at here, in what comes back")
        hint = _("Nothing is lost but time. `listen --query … --explain` shows who is asked for what.")
    return [Warned(code="source", column=typed.column(part), text=text.format(sources=names, part=operator), hint=hint)]


def _unknown(node: Node) -> Iterator[Node]:
    match node:
        case Near() | Wild() | Inside():
            yield node
        case Words():
            if node.prefix:
                yield node
        case Field():
            if node.name in NO_PLATFORM:
                yield node
        case And() | Or():
            for part in node.parts:
                yield from _unknown(part)
