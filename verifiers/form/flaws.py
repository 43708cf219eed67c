"""What is wrong with the form of a text, condition by condition; an abstention where that cannot be told."""

from collections.abc import Iterator, Mapping, Sequence

from router.types import Abstain
from verifiers.form.bounds import Bound, Broken
from verifiers.form.language import speaks
from verifiers.form.syntax import Syntax, Unreadable, flaw
from verifiers.form.tags import Layout, mistake

Flaw = Broken | Abstain

INVALID: Mapping[Syntax, str] = {
    "json": "not valid JSON",
    "xml": "not well-formed XML",
    "markdown": "a flaw in the Markdown",
}


def tag_flaws(response: str, layout: Layout) -> Iterator[Flaw]:
    """Yield what is wrong with the tags of a whole response."""
    if layout.names and (found := mistake(response, layout)):
        yield float(found[0] == "tags stand in code as well"), *found


def count_flaws(text: str, bounds: Sequence[Bound], cut: bool) -> Iterator[Flaw]:
    """Yield each bound that a text breaks, of a text that is cut only the upper ones."""
    for bound in bounds:
        if found := bound.broken(text, cut):
            yield found


def syntax_flaws(text: str, syntax: Syntax) -> Iterator[Flaw]:
    """Yield the first mistake in a syntax."""
    if syntax == "any":
        return
    try:
        found = flaw(text, syntax)
    except Unreadable as why:
        yield Abstain(str(why))
    else:
        if found:
            yield 0, INVALID[syntax], found


def language_flaws(text: str, language: str) -> Iterator[Flaw]:
    """Yield what else a text speaks than a language, if one is asked for."""
    if not language:
        return
    spoken_so, heard = speaks(text, language)
    if spoken_so == "no":
        yield 0, "another language", heard
    elif spoken_so == "unclear":
        yield Abstain(f"the language is not clear: {heard}" if heard else "the language is not clear")
