"""IFEval's constraints on form: lists, titles, sections, JSON, endings, quotes."""

import json
import re

from router.expression import expression
from verifiers.constraints.given import Given, Undecidable, number, pattern, words

DEEPEST_JSON = 200
"""Nesting; where it gets too deep for a parser depends on the machine."""

STARRED = expression(r"\*[^\n*]*\*")
DOUBLY_STARRED = expression(r"\*\*[^\n*]*\*\*")
FENCES = ("```json", "```Json", "```JSON", "```")
JSON_MARK = expression(r'"(?>(?:[^"\\]|\\.)*)"?|[\[{\]}]', re.DOTALL)
"""A string, closed or not, or a bracket outside of one."""
POSTSCRIPTS = {"P.S.": expression(r"p\.\s?s\."), "P.P.S": expression(r"p\.\s?p\.\s?s")}
OPTIONS = ("My answer is yes.", "My answer is no.", "My answer is maybe.")


def number_placeholders(text: str, given: Given) -> bool:
    """There are at least so many pieces in square brackets, each within a line."""
    count = 0
    for line in text.split("\n"):
        opened = line.find("[")
        while opened >= 0 and (closed := line.find("]", opened + 1)) >= 0:
            count += 1
            opened = line.find("[", closed + 1)
    return count >= number(given, "num_placeholders")


def number_bullet_lists(text: str, given: Given) -> bool:
    """There are exactly so many lines that start with one `*` or with `-`."""
    lines = [line.lstrip() for line in text.split("\n")]
    count = sum(1 for line in lines if line.startswith("-"))
    position = 0
    while position < len(lines):
        line = lines[position]
        alone = line == "*" and position + 1 < len(lines)  # officially, it takes the line below with it
        count += alone or (line[:1] == "*" and line[1:2] not in ("", "*"))
        position += 2 if alone else 1
    return count == number(given, "num_bullets")


def number_highlighted_sections(text: str, given: Given) -> bool:
    """There are at least so many `*pieces*` within a line; officially, a `**piece**` can count, too."""
    count = sum(1 for piece in STARRED.findall(text) if piece.strip("*").strip())
    count += sum(1 for piece in DOUBLY_STARRED.findall(text) if piece[2:-2].strip())
    return count >= number(given, "num_highlights")


def multiple_sections(text: str, given: Given) -> bool:
    """There are at least so many headings such as `Section 1`."""
    heading = pattern(words(given, "section_spliter").strip()).pattern
    return sum(1 for _ in re.finditer(rf"{heading}\s?\d+", text)) >= number(given, "num_sections")


def json_format(text: str, given: Given) -> bool:
    """All of it is JSON, fenced or not."""
    text = text.strip()
    for fence in FENCES:
        text = text.removeprefix(fence)
    text = text.removesuffix("```").strip()
    depth = deepest = 0
    for mark in JSON_MARK.finditer(text):
        depth += (mark[0] in "[{") - (mark[0] in "]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST_JSON:
        raise Undecidable("brackets that nest too deep for a parser")
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def title(text: str, given: Given) -> bool:
    """Some line holds a title in `<<double angular brackets>>`."""
    return any(_titled(line) for line in text.split("\n") if "<<" in line)


def _titled(line: str) -> bool:
    opened, closed = line.find("<<"), line.rfind(">>")
    return closed >= opened + 3 and bool(line[opened : closed + 2].lstrip("<").rstrip(">").strip())


def postscript(text: str, given: Given) -> bool:
    """A postscript's marker occurs, in any case."""
    marker = words(given, "postscript_marker").strip()
    finds = POSTSCRIPTS.get(marker) or pattern(marker.lower())
    return re.search(finds.pattern, text.lower()) is not None


def constrained_response(text: str, given: Given) -> bool:
    """One of the three answers occurs."""
    return any(option in text for option in OPTIONS)


def end_checker(text: str, given: Given) -> bool:
    """It ends with a phrase, in any case."""
    return text.strip().strip('"').lower().endswith(words(given, "end_phrase").strip().lower())


def quotation(text: str, given: Given) -> bool:
    """All of it stands in double quotes."""
    text = text.strip()
    return len(text) > 1 and text[0] == text[-1] == '"'


def no_comma(text: str, given: Given) -> bool:
    """There is no comma."""
    return "," not in text


def two_responses(text: str, given: Given) -> bool:
    """There are two different responses with `******` between them."""
    pieces = [piece.strip() for piece in text.split("******")]
    said = [piece for piece in pieces if piece]
    return all(pieces[1:-1]) and len(said) == 2 and said[0] != said[1]


def repeat_prompt(text: str, given: Given) -> bool:
    """It starts with the request, word for word, in any case."""
    return text.strip().lower().startswith(words(given, "prompt_to_repeat").strip().lower())
