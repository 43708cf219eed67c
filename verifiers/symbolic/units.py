"""Units behind a number, split off its expression and written plainly: `kcal m^-2 yr^-1`."""

import re

WRAPPER = r"\\(?:text|mathrm|mbox|textbf|textit|mathit|rm)\s?\{"
PIECE = re.compile(
    rf"{WRAPPER}(?P<inside>[^{{}}]*)\}}"
    r"|\^\s?\{?\s?(?P<power>-?\d)(?![\d.])\s?\}?"
    r"|(?P<sign>[/()*])|\\(?P<times>cdot|times)(?![A-Za-z])"
    r"|(?P<special>\\(?:AA|Omega|mu))(?![A-Za-z])\s?|(?P<degrees>\^\\circ)\s?(?=[A-Za-z\\])"
    r"|(?P<word>[A-Za-zµμΩÅ]+)|\s+"
)
FIRST = re.compile(
    rf"(?<=[\d}})%.\s]){WRAPPER}\s*[(A-Za-zµμΩÅ\\]"
    r"|(?<=[\d})%\s])(?:\\AA|\\Omega|\\mu|[µμΩÅ])(?![A-Za-z])"
    r"|(?<=[\d})])\s?\^\\circ\s?(?:\\(?:text|mathrm)\s?\{\s?)?[CFK]\b"
    r"|(?<=[\d})]\s)[A-Za-z]{2,}(?![A-Za-z_^(]*[(_])"
)
"""Where units begin that are no letters: wrapped, with a sign of their own, or a word after a space."""
BARE = re.compile(r"(?<=\d)\s?[A-Za-zµμΩÅ]|(?<=\})\s?[A-Za-zµμΩÅ](?![\w{])")
"""Where they may begin that could be letters as well: `5 m`, `10cm`."""
NAMES = {r"\AA": "angstrom", "Å": "angstrom", r"\Omega": "ohm", "Ω": "ohm", r"\mu": "µ", "μ": "µ"}
POWER = re.compile(r"\^\s?\{?(-?\d)\}?")
FUNCTION_WORDS = "and or if of st nd rd th mod choose sin cos tan log ln exp pi sqrt max min gcd lcm i e"
NO_UNITS = frozenset(FUNCTION_WORDS.split())
DENIALS = re.compile(
    r"\b(?:not|no|is|wrong|never|false|incorrect|or|if|unless|but|maybe|perhaps|probably|guess)\b",
    re.IGNORECASE,
)
VARIABLES = re.compile(r"[abcdnpqrtuvwxyz]{2}")
"""Two letters that are more likely a product."""
LONGEST = 80
MOST_STARTS = 6


def without_unit(text: str, bare: bool = False) -> tuple[str, str]:
    """Return an expression without the units behind it, and the units; `bare` takes letters for units."""
    for count, start in enumerate((BARE if bare else FIRST).finditer(text)):
        if count == MOST_STARTS:
            break
        head, tail = text[: start.start()].strip(), text[start.start() :]
        if head and _ends_operand(head) and len(tail) <= LONGEST and (unit := _plain(tail)):
            return head, unit
    return text, ""


def _ends_operand(head: str) -> bool:
    balanced = all(head.count(opening) == head.count(closing) for opening, closing in ("{}", "()"))
    return balanced and head[-1] not in "+-=*/^_,[" and not head.endswith((r"\cdot", r"\times"))


def _plain(tail: str) -> str:
    """Return what the tail says in plain spelling; nothing where it holds more than units."""
    said: list[str] = []
    place = 0
    while place < len(tail):
        piece = PIECE.match(tail, place)
        if not piece:
            return ""
        said.append(_spelled(piece))
        place = piece.end()
    unit = "".join(said).replace("~", " ")
    for spelling, name in NAMES.items():
        unit = unit.replace(spelling, name)
    unit = " ".join(unit.split()).replace("µ ", "µ").replace(" ^", "^").replace("deg ", "deg")
    words = re.findall(r"[A-Za-zµ°]+", unit)
    if not words or words[0].lower() in NO_UNITS or VARIABLES.fullmatch(words[0]) or DENIALS.search(unit):
        return ""
    return unit


def _spelled(piece: re.Match[str]) -> str:
    if piece["inside"] is not None:
        return " " + POWER.sub(r"^\1", piece["inside"]) + " "
    if piece["power"]:
        return f"^{piece['power']} "
    if piece["degrees"]:
        return " deg"
    return piece["special"] or piece["word"] or piece["sign"] or " "
