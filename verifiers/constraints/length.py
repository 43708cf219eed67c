"""IFEval's constraints on how many words, sentences and paragraphs there are."""

from router.expression import expression
from verifiers.constraints.given import Given, Undecidable, compares, number, words
from verifiers.constraints.sentences import sentences

WORD = expression(r"\w+")
DIVIDER = expression(r"\s?\*\*\*\s?")
AFTER_FIRST_WORD = expression(r"[.,?!'\"]")


def count_words(text: str) -> int:
    """Count the runs of letters, digits and underscores."""
    return sum(1 for _ in WORD.finditer(text))


def number_words(text: str, given: Given) -> bool:
    """There are less or at least so many words."""
    return compares(count_words(text), given, "num_words")


def number_sentences(text: str, given: Given) -> bool:
    """There are less or at least so many sentences; a doubtful boundary counts where it matters."""
    found = sentences(text)
    count = len(found.texts)
    follows = compares(count, given, "num_sentences")
    if compares(count + found.doubts, given, "num_sentences") != follows:
        raise Undecidable("the number of sentences hangs on a doubtful boundary", guess=follows)
    return follows


def number_paragraphs(text: str, given: Given) -> bool:
    """There are so many paragraphs between `***`; only the outer ones may be empty."""
    pieces = [bool(piece.strip()) for piece in DIVIDER.split(text)]
    if not all(pieces[1:-1]):
        return False
    outer = pieces[:1] + pieces[1:][-1:]
    return len(pieces) - outer.count(False) == number(given, "num_paragraphs")


def nth_paragraph_first_word(text: str, given: Given) -> bool:
    """There are so many paragraphs between blank lines, and one of them starts with a word."""
    most, nth = number(given, "num_paragraphs"), number(given, "nth_paragraph")
    if not 0 < nth <= most:
        raise Undecidable("the reference answer names a paragraph that does not exist")
    paragraphs = [piece.strip() for piece in text.split("\n\n")]
    if sum(1 for piece in paragraphs if piece) != most or not paragraphs[nth - 1]:
        return False
    first = paragraphs[nth - 1].split(maxsplit=1)[0].lstrip("'").lstrip('"')
    return AFTER_FIRST_WORD.split(first, maxsplit=1)[0].lower() == words(given, "first_word").lower()
