"""IFEval's constraints on upper and lower case, and on the language."""

from verifiers.constraints.given import Given, compares, words
from verifiers.constraints.identify import is_in
from verifiers.constraints.tokens import tokens


def english_capital(text: str, given: Given) -> bool:
    """It is English and has no small letter."""
    return text.isupper() and is_in(text, "en")


def english_lowercase(text: str, given: Given) -> bool:
    """It is English and has no capital letter."""
    return text.islower() and is_in(text, "en")


def capital_word_frequency(text: str, given: Given) -> bool:
    """There are less or at least so many words in capital letters."""
    count = sum(1 for token in tokens(text) if token.isupper())
    return compares(count, given, "capital_frequency", "capital_relation")


def response_language(text: str, given: Given) -> bool:
    """It is in a language."""
    return is_in(text, words(given, "language"))
