"""What a response declares: which options each declaration names, and whether it stands."""

from dataclasses import dataclass

from verifiers.extract import Answer
from verifiers.options.closing import GUESSED, asserted_in, concluded, wavers
from verifiers.options.naming import NOTHING, Letters, named
from verifiers.options.offered import Options
from verifiers.options.sentences import gives_reasons
from verifiers.standing import FAR, NEAR, taken_back


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that is declared, and the options that it names; None where it names none."""

    answer: Answer
    letters: Letters | None
    manner: str = ""
    """How it names them: by nothing but their names, in a sentence, or in doubt."""

    @classmethod
    def by(cls, answer: Answer, options: Options) -> "Said":
        """Read an answer: as the name of options, or else as a sentence that settles on one."""
        letters = named(answer.text, options)
        reasoned = letters == NOTHING and gives_reasons(answer.text)
        if reasoned or (letters is None and answer.strategy != "whole"):
            return cls(answer, *(asserted_in(answer.text, options) or (letters, "")))
        return cls(answer, letters)


def stands(text: str, answer: str, letters: Letters, options: Options) -> bool:
    """Say whether nothing around an answer denies it, takes it back or offers another beside it."""
    behind = text[_end(text, answer) :]
    if taken_back(text, answer) or wavers(behind, letters, options):
        return False
    if not behind.strip(" .)}]$*_`\n"):
        return True
    last = concluded(text, options)
    return last is None or last[0] == letters or (last[1] == GUESSED and bool(last[0]))


BEFORE_AN_ANSWER = (("{", ">", "#"), (":", " is"))
"""What stands before a declared answer: a mark, or else words."""


def _end(text: str, answer: str) -> int:
    """Return where an answer ends that is declared; else where it last ends."""
    last = text.rfind(answer)
    for marks in BEFORE_AN_ANSWER:
        start = last
        while start > 0:
            if text[max(0, start - NEAR) : start].rstrip(" $*_(\n").endswith(marks):
                return start + len(answer)
            start = text.rfind(answer, max(0, last - FAR), start)
    return last + len(answer)
