"""IFEval's constraints on words and letters that must, or must not, occur."""

from verifiers.constraints.given import Given, Undecidable, compares, listed, pattern, words


def existence(text: str, given: Given) -> bool:
    """Every keyword occurs somewhere, in any case, also within a word."""
    return all(pattern(keyword).search(text) for keyword in listed(given, "keywords"))


def forbidden(text: str, given: Given) -> bool:
    """No forbidden word occurs as a word, in any case."""
    return not any(pattern(word, whole_word=True).search(text) for word in listed(given, "forbidden_words"))


def frequency(text: str, given: Given) -> bool:
    """A keyword occurs less or at least so many times, also within words."""
    keyword = pattern(words(given, "keyword").strip())
    return compares(sum(1 for _ in keyword.finditer(text)), given, "frequency")


def letters(text: str, given: Given) -> bool:
    """
    A letter, or a sign, occurs less or at least so many times, in any case.

    Officially a random letter is counted in place of a sign, which no prompt asks for.
    """
    letter = words(given, "letter").strip().lower()
    if len(letter) != 1:
        raise Undecidable("the reference answer names several letters as 'letter'")
    return compares(text.lower().count(letter), given, "let_frequency", "let_relation")
