"""The options of a question, and which of them a text names."""

import re
from collections.abc import Mapping

from router.types import Sample

Options = Mapping[str, str]
"""Option texts by letter, empty where the sample lists none."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST_NAMING = 100
"""Characters; a longer text is prose, whatever letters it consists of."""
LONGEST_PROMPT = 8000
"""Characters of the prompt's end in which options are looked for."""


def options_of(sample: Sample) -> Options:
    """Return the sample's options by letter, from its metadata or else from its last prompt message."""
    for key in ("options", "choices"):
        listed = sample.fields.get(key)
        if isinstance(listed, list):
            return {letter: str(text) for letter, text in zip(LETTERS, listed, strict=False)}
        if isinstance(listed, dict):
            return {str(letter).strip("(). ").upper(): str(text) for letter, text in listed.items()}
    return _listed(sample.prompt[-1].text) if sample.prompt else {}


LISTED = re.compile(r"(?:^|\s)(?:\(([A-Z])\)|([A-Z])[.):])[ \t]+(?=\S)")


def _listed(prompt: str) -> Options:
    """Return the options that a prompt lists in the order A, B, C ..."""
    text = prompt[-LONGEST_PROMPT:]
    marks = list(LISTED.finditer(text))
    options: dict[str, str] = {}
    for position, mark in enumerate(marks):
        if (mark[1] or mark[2]) == LETTERS[len(options) : len(options) + 1]:
            end = marks[position + 1].start() if position + 1 < len(marks) else len(text)
            options[mark[1] or mark[2]] = text[mark.end() : end].partition("\n")[0].strip()
    return options if len(options) > 1 else {}


DRESS = re.compile(
    r"\\(?:text|textbf|mathrm|mathbf)\s?(?=\{)|\\[()\[\],;! ]|[{}$*_`\"]"
    r"|\b(?:[Oo]ption|[Cc]hoice)\s(?=\W?[A-Z]\b)"
)
"""What may be wrapped around a letter without changing what is said."""
LETTERS_ALONE = re.compile(r"\(?[A-Z]\)?(?:(?:[\s,;/&]|and\b|or\b)*+\(?[A-Z]\)?)*+[.:]?")
LETTER_AND_TEXT = re.compile(
    r"\((?P<letter>[A-Z])\)(?P<text>.*)"
    r"|(?P<letter_2>[A-Z])[).:](?P<text_2>\s.*)"
    r"|(?P<letter_3>[B-HJ-Z])(?P<text_3>\s[a-z].*)",
    re.DOTALL,
)
"""A letter that heads a text; bare `A` and `I` may be words."""
OTHER_LETTER = re.compile(r"\([A-Z]\)|\b[A-Z][).:]|\b(?:or|and|not|but)\s\(?[A-Z]\b|\n")
IN_PARENTHESES = re.compile(r"\(([A-Z])\)")


def named(text: str, options: Options) -> frozenset[str] | None:
    """
    Return the letters of the options that a short text names.

    Empty where it contradicts itself; None where it names none. `or` between letters stands among
    them, so that a choice left open equals no set of options.
    """
    text = DRESS.sub("", text).strip().removesuffix(".").strip()
    if text.endswith("?"):
        return None
    if (letter := _worded(text, options)) is not None:
        return frozenset({letter})
    if len(text) <= LONGEST_NAMING and LETTERS_ALONE.fullmatch(text):
        letters = frozenset(re.findall(r"[A-Z]", text))
        left_open = {"or"} if " or " in text else set()
        return letters | left_open if not options or letters <= options.keys() else None
    return _headed(text, options)


def mentioned(text: str) -> frozenset[str] | None:
    """Return the one letter that a text mentions in parentheses; None where it is not one."""
    letters = frozenset(IN_PARENTHESES.findall(text))
    return letters if len(letters) == 1 else None


def _headed(text: str, options: Options) -> frozenset[str] | None:
    """Return the letter that heads a text; empty where the text belongs to another option."""
    match = LETTER_AND_TEXT.match(text)
    if not match:
        return None
    letter = match["letter"] or match["letter_2"] or match["letter_3"]
    rest = match["text"] or match["text_2"] or match["text_3"] or ""
    worded = _worded(rest, options)
    if OTHER_LETTER.search(rest) or worded not in (None, letter):
        return frozenset()
    if rest.strip(" ,.;:!") and worded is None:
        return None
    return frozenset({letter}) if not options or letter in options else None


def headed(text: str) -> frozenset[str] | None:
    """Return the letter that heads a text which goes on in words of its own; None where there is none."""
    match = LETTER_AND_TEXT.match(DRESS.sub("", text).strip())
    if not match or OTHER_LETTER.search(match["text"] or match["text_2"] or match["text_3"] or ""):
        return None
    return frozenset({match["letter"] or match["letter_2"] or match["letter_3"]})


def _worded(text: str, options: Options) -> str | None:
    """Return the letter of the one option whose text reads like this."""
    wanted = _words(text)
    fitting = [letter for letter, option in options.items() if wanted and _words(option) == wanted]
    return fitting[0] if len(fitting) == 1 else None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
