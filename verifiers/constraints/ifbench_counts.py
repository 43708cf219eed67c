"""IFBench's constraints on counts and shares: words, numbers, names, marks, overlap."""

import re
import string

from router.expression import expression
from verifiers.constraints.given import Given, Undecidable, number, words
from verifiers.constraints.length import WORD, count_words
from verifiers.constraints.lexicon import CONJUNCTIONS, PERSON_NAMES, PRONOUNS, STOP_WORDS
from verifiers.constraints.tokens import tokens

NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
EDGES = string.punctuation + " "
JAPANESE = expression(r"[\u3040-\u30ff\u4e00-\u9fff]")
NAME = expression(rf"\b(?:{'|'.join(sorted(PERSON_NAMES))})\b")
KEYWORD_COUNTS = {"keyword1": 1, "keyword2": 2, "keyword3": 3, "keyword4": 5, "keyword5": 7}


def word_count_range(text: str, given: Given) -> bool:
    """There are no less and no more words than that."""
    return number(given, "min_words") <= count_words(text) <= number(given, "max_words")


def unique_word_count(text: str, given: Given) -> bool:
    """There are at least so many different words."""
    return len({word.strip(EDGES) for word in text.lower().split()}) >= number(given, "N")


def stop_words(text: str, given: Given) -> bool:
    """No more than a percentage of the words are stop words."""
    found = [word.lower() for word in WORD.findall(text)]
    share = sum(1 for word in found if word in STOP_WORDS) / len(found) if found else 2
    return share * 100 <= number(given, "percentage")


def conjunctions(text: str, given: Given) -> bool:
    """There are at least so many coordinating conjunctions, `And,` and `and` being two."""
    found = {word for word in text.split() if word.strip(EDGES).lower() in CONJUNCTIONS}
    return len(found) >= number(given, "small_n")


def person_names(text: str, given: Given) -> bool:
    """At least so many different names of the list occur."""
    return len(set(NAME.findall(text))) >= number(given, "N")


def overlap(text: str, given: Given) -> bool:
    """So many percent, two more or less, of the runs of three characters occur in the reference text."""
    wanted, ours = _trigrams(words(given, "reference_text")), _trigrams(text)
    share = 100 * len(ours & wanted) / len(ours) if ours else -100
    return abs(share - number(given, "percentage")) <= 2


def _trigrams(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(len(text) - 2)}


def numbers(text: str, given: Given) -> bool:
    """There are exactly so many runs of digits once all punctuation is gone."""
    return len(re.findall(r"\d+", text.translate(NO_PUNCTUATION))) == number(given, "N")


def pronouns(text: str, given: Given) -> bool:
    """There are at least so many pronouns."""
    found = sum(1 for token in tokens(text.replace("/", " ").lower()) if token in PRONOUNS)
    return found >= number(given, "N")


def punctuation(text: str, given: Given) -> bool:
    """Every standard mark occurs, and beside them an interrobang."""
    if not any(mark in text for mark in ("!?", "?!", "‽")):
        return False
    rest = text.replace("?!", "", 1) if "?!" in text else text.replace("!?", "", 1)
    return all(mark in rest for mark in ".,!?;:")


def words_japanese(text: str, given: Given) -> bool:
    """Every so many-th word is Japanese, or a number."""
    every = number(given, "N")
    if not every:
        raise Undecidable("the reference answer names no number as 'N'")
    chosen = (word.strip(EDGES) for word in text.split()[every - 1 :: every])
    return all(JAPANESE.search(word) for word in chosen if word and not word.isdigit())


def keywords_multiple(text: str, given: Given) -> bool:
    """Five keywords occur once, twice, three, five and seven times, in any case, also within words."""
    text = text.lower()
    return all(
        text.count(words(given, key).strip().lower()) == count for key, count in KEYWORD_COUNTS.items()
    )
