"""
Which language a text is written in, by the n-grams of `eld`: deterministic, no network, no randomness.

The detector reads the first 350 bytes of what it is given, so several windows across the text are asked
and each one that is sure has a vote: a polite first line in one language does not speak for the rest.
Code fences, formulas, links and tags are left out first. A short text has no language.
"""

import re
from typing import Literal

from router.expression import expression
from verifiers.form.counts import UNSPACED, outside_fences, visible

Spoken = Literal["yes", "no", "unclear"]

LANGUAGES = frozenset(
    re.findall(
        r"\w+",
        "am ar az be bg bn ca cs da de el en es et eu fa fi fr gu he hi hr hu hy is it ja ka kn ko "
        "ku lo lt lv ml mr ms nl no or pa pl pt ro ru sk sl sq sr sv ta te th tl tr uk ur vi yo zh",
    )
)
"""ISO 639-1 codes of what the detector tells apart."""

WINDOW, WINDOWS = 400, 8
"""Characters of a window, and how many at the most."""
FEWEST_LETTERS = 40
"""Letters; a shorter text is a name or an interjection. In a script without spaces each counts thrice."""
CLOSE_KIN = 0.8
"""Share of the best score at which the wanted language is too close to it to tell (es and ca, no and da)."""

NOISE = expression(
    r"\$[^$\n]{0,500}\$|https?://\S{1,500}|</?[A-Za-z][^<>]{0,100}>|`[^`\n]{0,500}`|\\[A-Za-z]{1,40}"
)
DENSE = expression(rf"[{UNSPACED}\uac00-\ud7af]")
LETTER = expression(r"[^\W\d_]")


def speaks(text: str, language: str) -> tuple[Spoken, str]:
    """Say whether a text is in a language, and in which ones its windows are."""
    prose = " ".join(NOISE.sub(" ", visible(outside_fences(text))).split())
    letters = len(LETTER.findall(prose)) + 2 * len(DENSE.findall(prose))
    if letters < FEWEST_LETTERS:
        return "unclear", "too short to have a language"
    step = max(WINDOW, len(prose) // WINDOWS + 1)
    votes = [vote for at in range(0, len(prose), step) if (vote := _vote(prose[at : at + WINDOW], language))]
    heard = ", ".join(sorted(set(votes)))
    if not votes or any(vote.endswith("?") for vote in votes):
        return "unclear", heard
    if set(votes) == {language}:
        return "yes", heard
    return ("no" if language not in votes else "unclear"), heard


def _vote(window: str, language: str) -> str | None:
    """Return the window's language, with a question mark where the wanted one is its close kin."""
    from eld import LanguageDetector  # type: ignore[import-untyped]  # noqa: PLC0415 - 70 ms, and only who asks for a language pays it

    found = LanguageDetector().detect(window)
    if not found.language or not found.is_reliable():
        return None
    scores = found.scores()
    if found.language != language and scores.get(language, 0) >= CLOSE_KIN * scores[found.language]:
        return f"{found.language}?"
    return str(found.language)
