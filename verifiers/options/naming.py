"""Which options a short text names: by letter, by letter and text, or by an option's own words."""

import re

from router.expression import expression
from verifiers.options.offered import LETTERS, Options
from verifiers.options.reading import undressed, value_of, words_of

Letters = frozenset[str]
"""Letters of options; with `or` among them where the choice is left open."""

NOTHING: Letters = frozenset()
LONGEST_NAMING = 100
"""Characters; a longer text is prose, whatever letters it consists of."""

SHORTEST_START = 5
"""Words; what begins as one option alone does, as far as its first sentence, is that option."""

LABEL = expression(
    r"(?:^|(?<=\())(?P<bare>\d{1,2}|[a-z])(?=\)|[.:](?:\s|$)|$)|(?<=ption )(?P<titled>\d{1,2}|[a-z])\b"
)
TITLED = expression(r"\b(?:[Oo]ption|[Cc]hoice|OPTION|CHOICE)\s{1,3}\(?([A-Z])\b\)?")
LETTERS_ALONE = expression(r"\(?[A-Z]\)?(?>(?:(?>(?:[\s,;/&]|and\b|or\b)*)\(?[A-Z]\)?)*)[.:!]?")
LEAD = expression(
    r"\A(?:(?:so|thus|hence|therefore|yes|ok(?:ay)?)\b[,:]?\s{1,3})?(?:(?:it|that)(?:['’]s| is)\s{1,3})?"
    r"(?=\(?[A-Z]\)?[.!]?\Z)",
    re.IGNORECASE,
)
"""Words that lead to a letter and to nothing else: "So it is (B)."."""
LETTER_AND_TEXT = expression(
    r"\((?P<letter>[A-Z])\)(?P<text>.*)"
    r"|(?P<letter_2>[A-Z])(?:[).:]|\s[-\u2013\u2014](?=\s))(?P<text_2>\s.*)"
    r"|(?P<letter_3>[B-HJ-Z])(?P<text_3>\s[a-z(].*)",
    re.DOTALL,
)
"""A letter that heads a text; bare `A` and `I` may be words."""
OTHER_LETTER = expression(r"\([A-Z]\)|\b[A-Z][).:](?!\w)|\b(?:or|and|not|but)\s\(?[A-Z]\b|\n")
MARK = expression(r"\(([A-Z])\)|\b([A-Z])[).:](?=\s)")
JOINT = expression(r"[\s,;.&]*\b(?:and|or)\s*$|[\s,;.&]+$")


def lettered(text: str, options: Options) -> str:
    """Return a text with the question's labels as capital letters, those with a title in parentheses."""
    if options.labels != LETTERS:
        text = LABEL.sub(lambda label: _letter(label["bare"] or label["titled"], options), text)
    return TITLED.sub(r"(\1)", text)


def _letter(label: str, options: Options) -> str:
    return LETTERS[options.labels.index(label)] if label in options.labels else label


def named(text: str, options: Options) -> Letters | None:
    """
    Return the letters of the options that a short text names.

    Empty where it contradicts itself; None where it names none. `or` between letters stands among
    them, so that a choice left open equals no set of options.
    """
    text = LEAD.sub("", undressed(text)).strip("'")
    text = text.upper() if len(text.strip("().")) == 1 else text
    if text.endswith("?"):
        return None
    labelled = lettered(text, options)
    letters = _letters_alone(labelled, options)
    worded = worded_like(text, options) if letters is None or _read_as_texts(text, options) else None
    if worded is None:
        return _headed(labelled, options) if letters is None else letters
    contradicts = letters is not None and len(letters) == 1 and worded not in letters
    return NOTHING if contradicts else frozenset({worded})


def _letters_alone(text: str, options: Options) -> Letters | None:
    """Return the letters of which a text consists, with the `or` that leaves a choice between them open."""
    if len(text) > LONGEST_NAMING or not LETTERS_ALONE.fullmatch(text):
        return None
    letters = frozenset(re.findall(r"[A-Z]|\bor\b", text))
    return letters if options.allow(letters) else None


def _read_as_texts(text: str, options: Options) -> bool:
    """Say whether an option's text could be such letters itself: blood group "A", "DNA"."""
    return text[:1] != "(" and any(len(option) <= len(text) + 2 for option in options.texts.values())


def worded_like(text: str, options: Options) -> str | None:
    """Return the letter of the one option whose text reads like this, or is the same number."""
    words = words_of(text) if options.texts else ()
    if not words:
        return None
    fitting = [letter for letter, wording in options.wordings.items() if wording == words]
    if not fitting and (value := value_of(words)) is not None:
        fitting = [letter for letter, wording in options.wordings.items() if value_of(wording) == value]
    if not fitting and len(words) >= SHORTEST_START:
        fitting = [letter for letter, wording in options.wordings.items() if wording[: len(words)] == words]
    return fitting[0] if len(fitting) == 1 else None


def _headed(text: str, options: Options) -> Letters | None:
    """Return the letters that head texts of their own; empty where a text belongs to another option."""
    headed = heading(text)
    if headed is None:
        return None
    letter, rest = headed
    worded = worded_like(rest, options)
    if worded is not None:
        return frozenset({letter}) if worded == letter else NOTHING
    if _rephrases(rest, letter, options):
        return frozenset({letter})
    if OTHER_LETTER.search(rest):
        return _listed(text, options)
    if rest.strip(" ,.;:!") or not options.allow(frozenset({letter})):
        return None
    return frozenset({letter})


def _listed(text: str, options: Options) -> Letters:
    """Return the letters of a list such as "(A) Mars and (C) Venus"; empty where a text is another's."""
    marks = list(MARK.finditer(text))[: len(LETTERS)]
    if not marks:
        return NOTHING
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    letters = {mark[1] or mark[2] for mark in marks}
    for mark, end in zip(marks, ends, strict=True):
        if worded_like(JOINT.sub("", text[mark.end() : end]), options) != (mark[1] or mark[2]):
            return NOTHING
    return frozenset(letters | {"or"} if re.search(r"\bor\s*\(?[A-Z]\b", text) else letters)


MOSTLY = 0.8
"""Share of the words of an option's text and of a rephrasing that both have."""
TURNING = frozenset({"not", "no", "never", "nor", "or", "and", "but", "n", "t", "without", "except", "only"})


def _rephrases(text: str, letter: str, options: Options) -> bool:
    """Say whether a text differs from an option's own in a few words that turn nothing round."""
    said, own = set(words_of(text)), set(options.wordings.get(letter, ()))
    apart = said ^ own
    return (
        len(said & own) >= MOSTLY * len(said | own)
        and all(word.isalpha() and word not in TURNING for word in apart)
        if own
        else False
    )


def heading(text: str) -> tuple[str, str] | None:
    """Return the letter that heads an undressed text, and the text; None where there is none."""
    match = LETTER_AND_TEXT.match(text)
    if match is None:
        return None
    letter = match["letter"] or match["letter_2"] or match["letter_3"]
    return letter, match["text"] or match["text_2"] or match["text_3"] or ""
