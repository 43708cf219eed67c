"""IFBench's constraints on every word: its letters, its length, its place."""

import string
from itertools import pairwise

from router.expression import expression
from verifiers.constraints.given import Given, Undecidable, number, words
from verifiers.constraints.ifbench_counts import EDGES, NO_PUNCTUATION
from verifiers.constraints.lexicon import NO_VERBS, ONE_SYLLABLE
from verifiers.constraints.sentences import sentences
from verifiers.constraints.tokens import tokens

CLUSTER = expression(r"[bcdfghj-np-tv-z]{2}")
PRIMES = frozenset(n for n in range(2, 98) if all(n % smaller for smaller in range(2, n)))
"""Officially, up to 97."""


def undoubted(text: str) -> list[str]:
    """Return the sentences of a text; undecidable where a boundary is doubtful."""
    found = sentences(text)
    if found.doubts:
        raise Undecidable("a sentence boundary that only the official tokenizer's corpus tells")
    return found.texts


def alphabet(text: str, given: Given) -> bool:
    """Each word starts with the next letter of the alphabet."""
    found = text.translate(NO_PUNCTUATION).lower().split()
    if not found or found[0][0] not in string.ascii_lowercase:
        return False
    first = ord(found[0][0]) - ord("a")
    return all(word[0] == string.ascii_lowercase[(first + place) % 26] for place, word in enumerate(found))


def vowel(text: str, given: Given) -> bool:
    """It is one paragraph with no more than three of the vowels."""
    text = text.strip().lower()
    return "\n" not in text and sum(1 for letter in "aeiou" if letter in text) <= 3


def consonants(text: str, given: Given) -> bool:
    """Each word has two consonants together."""
    return all(CLUSTER.search(word) for word in text.lower().split())


def palindrome(text: str, given: Given) -> bool:
    """There are at least ten palindromes of five letters or more."""
    found = text.translate(NO_PUNCTUATION).lower().split()
    return sum(1 for word in found if len(word) >= 5 and word == word[::-1]) >= 10


def prime_lengths(text: str, given: Given) -> bool:
    """The length of each word is a prime number."""
    return all(len(word) in PRIMES for word in text.translate(NO_PUNCTUATION).split())


def repeats(text: str, given: Given) -> bool:
    """No word occurs more than so many times."""
    most = number(given, "small_n")
    counts: dict[str, int] = {}
    for word in text.lower().translate(NO_PUNCTUATION).split():
        counts[word] = counts.get(word, 0) + 1
    return max(counts.values(), default=0) <= most


def no_consecutive(text: str, given: Given) -> bool:
    """No two words in a row start with the same letter."""
    found = text.lower().translate(NO_PUNCTUATION).split()
    return all(word[0] != following[0] for word, following in pairwise(found))


def odd_even_syllables(text: str, given: Given) -> bool:
    """Words with odd and even numbers of syllables take turns; only plain violations are told."""
    found = text.translate(NO_PUNCTUATION).lower().split()
    if any(word in ONE_SYLLABLE and following in ONE_SYLLABLE for word, following in pairwise(found)):
        return False
    if len(found) <= 1:
        return True
    raise Undecidable("syllables need a dictionary")


def start_verb(text: str, given: Given) -> bool:
    """The first word is a verb; only plain violations are told."""
    if not NO_VERBS.isdisjoint(text.lower().split(maxsplit=1)[:1]):
        return False
    raise Undecidable("parts of speech need a tagger")


def last_first(text: str, given: Given) -> bool:
    """Each sentence starts with the word that the one before ended with."""
    for sentence, following in pairwise(undoubted(text)):
        last, first = sentence.rstrip(EDGES).split()[-1:], following.lstrip(EDGES).split()[:1]
        if not last or not first or last[0].lower() != first[0].lower():
            return False
    return True


def paragraph_last_first(text: str, given: Given) -> bool:
    """Each line ends with the word it starts with."""
    lines = (line.strip().lower().strip(EDGES).split() for line in text.split("\n"))
    return all(line[0] == line[-1] for line in lines if line)


def keywords_specific_position(text: str, given: Given) -> bool:
    """A keyword is a certain word of a certain sentence."""
    keyword, nth, place = words(given, "keyword").strip(), number(given, "n"), number(given, "m")
    if not nth or not place:
        raise Undecidable("the reference answer names no place")
    found = undoubted(text)
    if len(found) < nth:
        return False
    inside = [token for token in tokens(found[nth - 1]) if any(char.isalnum() for char in token)]
    return len(inside) >= place and inside[place - 1].lower() == keyword.lower()


def words_position(text: str, given: Given) -> bool:
    """A keyword is the second word, and the second to last."""
    keyword = words(given, "keyword").strip().lower()
    found = [token.lower() for token in tokens(text)]
    last = 3 if found and found[-1] in string.punctuation else 2
    return len(found) >= last and found[1] == found[-last] == keyword
