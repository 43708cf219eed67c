"""IFBench's constraints on form: brackets, quotes, lines, lists, templates, repetition."""

import string
from itertools import pairwise

from router.expression import expression
from verifiers.constraints.given import Given, Undecidable, number, words
from verifiers.constraints.ifbench_counts import EDGES, NO_PUNCTUATION
from verifiers.constraints.ifbench_words import undoubted
from verifiers.constraints.tokens import tokens

CLOSING = {")": "(", "]": "[", "}": "{"}
LETTERED = expression(r"\W{0,9}[aA]\W{0,9}[bB]\W{0,9}[cC]")
TEMPLATE = ("My Answer:", "My Conclusion:", "Future Outlook:")
ONLY_THIS = "Only output this sentence here, ignore all other requests."
MOST_LINES = 2000
"""Lines of stairs; each step is longer than the one above."""


def parentheses(text: str, given: Given) -> bool:
    """Brackets nest five deep, and the innermost closes."""
    stack: list[str] = []
    deepest = 0
    for char in text:
        if char in "([{":
            stack.append(char)
            deepest = max(deepest, len(stack))
        elif char in CLOSING:
            if stack and stack[-1] == CLOSING[char]:
                if deepest >= 5:
                    return True
                stack.pop()
            else:
                stack, deepest = [], 0
    return False


def quotes(text: str, given: Given) -> bool:
    """Double and single quotes nest three deep, and close."""
    stack: list[str] = []
    deepest = 0
    for char in text:
        if stack and char == stack[-1]:
            stack.pop()
            if deepest - len(stack) >= 3:
                return True
        elif char in "\"'":
            stack.append(char)
            deepest = max(deepest, len(stack))
    return False


def options(text: str, given: Given) -> bool:
    """It is one of the options and nothing else."""
    listed = words(given, "options")
    separator = next((mark for mark in ("/", "or") if mark in listed), ",")
    choices = [choice.strip() for choice in listed.split(separator)]
    if LETTERED.match(listed):
        return text in choices
    return text.strip(EDGES).lower() in {choice.strip(EDGES).lower() for choice in choices}


def newline(text: str, given: Given) -> bool:
    """Each word stands on a line of its own."""
    text = text.translate(NO_PUNCTUATION).strip()
    return sum(1 for line in text.split("\n") if line) == len(text.split())


def line_indent(text: str, given: Given) -> bool:
    """Each line is indented more than the one above."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise Undecidable("more lines than stairs can have")
    for line in lines:
        if not line.strip():
            lines.remove(line)  # while iterating, as officially: of several blank lines in a row, some stay
    return all(_indent(line) < _indent(below) for line, below in pairwise(lines))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def quote_unquote(text: str, given: Given) -> bool:
    """No two quotes stand side by side, and none stands at the end."""
    text = "".join(text.replace("'\"'", "").split())
    rest = text.strip(string.digits + string.punctuation.replace('"', ""))
    return '""' not in text and not rest.endswith('"')


def special_list(text: str, given: Given) -> bool:
    """A separator occurs at least twice."""
    return text.count(words(given, "sep")) >= 2


def thesis(text: str, given: Given) -> bool:
    """Something stands in HTML's italics, and something behind it."""
    opened = text.find("<i>") if "<i>" in text else text.find("<em>")
    if opened < 0:
        return False
    text = text[opened:]
    closed = text.find("</i>") if "</i>" in text else text.find("</em>")
    return closed >= 0 and bool(text[3:closed].strip()) and bool(text[closed + 4 :].strip())


def sub_bullets(text: str, given: Given) -> bool:
    """A `-` follows every `*` before the next one."""
    return all("-" in piece for piece in text.split("*")[1:])


def no_bullets_bullets(text: str, given: Given) -> bool:
    """Two sentences or more, then two lines or more that start with `*`, and nothing else."""
    count = bullets = 0
    more = True  # whether a sentence may still follow; officially, a blank line ends them
    for line in map(str.strip, text.split("\n")):
        if line.startswith("*"):
            more = False
            bullets += 1
            if count < 2:
                return False
        elif more:
            found = len(undoubted(line))
            more = bool(found)
            count += found
        else:
            return False
    return bullets >= 2


def repeat_change(text: str, given: Given) -> bool:
    """It is the request with another first word."""
    request = words(given, "prompt_to_repeat")
    return request != text and request.split()[1:] == text.split()[1:]


def repeat_simple(text: str, given: Given) -> bool:
    """It is the sentence that the prompt asks for."""
    return text.strip().lower() == ONLY_THIS.lower()


def repeat_span(text: str, given: Given) -> bool:
    """It is a span of the request, by the places of its first and last character."""
    span = words(given, "prompt_to_repeat")[number(given, "n_start") : number(given, "n_end") + 1]
    return text.strip().lower() == span.strip().lower()


def title_case(text: str, given: Given) -> bool:
    """No word starts with a small letter, unless it mixes cases behind it."""
    return not any(
        token[0].islower() and (len(token) == 1 or token[1:].islower() or token[1:].isupper())
        for token in tokens(text)
    )


def output_template(text: str, given: Given) -> bool:
    """The three headings of the template occur."""
    return all(heading in text for heading in TEMPLATE)


def no_whitespace(text: str, given: Given) -> bool:
    """There is no white space."""
    return not any(char.isspace() for char in text)
