r"""
Derivatives -> a symbol each: \frac{dv}{dt}, \dot{v} and v' are one, \frac{d^2 v}{dt^2} and \ddot{v} another.

The dot and the prime mean the derivative by t or x; by another variable, or a partial one, its name says.
"""

import re

NAME = r"(?P<name>\\?[A-Za-z]+?(?:\s?_\s?(?:\w|\{[^{}]{1,20}\}))?)(?:\s?\([a-z]\))?"
FRACTION = re.compile(
    r"\\frac\s?\{\s?(?P<d>d|\\partial)\s?(?:\^\s?\{?\s?(?P<order>[2-4])\s?\}?)?\s?(?=[A-Za-z\\])"
    rf"{NAME}\s?\}}"
    r"\s?\{\s?(?:d|\\partial)\s?(?P<by>[a-z]|\\[a-z]+)\s?(?:\^\s?\{?\s?[2-4]\s?\}?)?\s?\}"
)
SLASHED = re.compile(
    rf"(?<![A-Za-z\\])(?P<d>d)(?:\^(?P<order>[2-4]))?(?=[A-Za-z]){NAME}"
    r"/d(?P<by>[a-z])(?:\^[2-4])?(?![A-Za-z])"
)
DOTTED = re.compile(
    rf"\\(?P<dots>d{{1,3}})ot(?![A-Za-z])\s?(?P<brace>\{{)?\s?{NAME}\s?(?(brace)\}})"
    r"(?P<index>_(?:\w|\{[^{}]{1,20}\}))?(?:\s?\([a-z]\))?"
)
PRIMED = re.compile(r"(?P<marks>(?:\s?\^\s?\{?\s?(?:\\prime\s?|')+\}?|'+))(?:\s?\([a-z]\))?")
WRAPPED_D = re.compile(r"\\(?:mathrm|text|rm)\s?\{\s?d\s?\}")


def with_derivatives(text: str) -> str:
    """Return the text with every derivative as its function's name with primes."""
    if "d" not in text and "'" not in text and "prime" not in text and "partial" not in text:
        return text
    text = WRAPPED_D.sub("d", text)
    text = DOTTED.sub(
        lambda match: f" {match['name']}{match['index'] or ''}{_primes(len(match['dots']))} ", text
    )
    text = PRIMED.sub(lambda match: _primes(match["marks"].count("'") + match["marks"].count("prime")), text)
    return SLASHED.sub(_by_its_variable, FRACTION.sub(_by_its_variable, text))


def _primes(count: int) -> str:
    return "'" * count


def _by_its_variable(match: re.Match[str]) -> str:
    by = match["by"].lstrip("\\")
    variable = "" if match["d"] == "d" and by in ("t", "x") else f"_{{{match['d'][-1]}{by}}}"
    return f" {match['name']}{_primes(int(match['order'] or 1))}{variable} "
