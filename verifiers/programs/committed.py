"""The programs of a response that count: those that it offers, less those that it takes back."""

from collections.abc import Sequence

from router.types import Abstain, Sample
from verifiers.programs.extraction import Offer, Program, offers, prepared
from verifiers.programs.reference import Compiles, Stdio, Suite
from verifiers.programs.scaffold import Scaffold, scaffold
from verifiers.programs.syntax import offers_in
from verifiers.values.afterwords import FAR, TAKEN_BACK

MOST_PROGRAMS = 4
"""Different programs in one response; more is a spray."""


def committed(sample: Sample, text: str, tests: Suite) -> Sequence[Program] | Abstain:
    """Return the programs in a spoken text, the last one last; abstain where it commits itself to none."""
    if isinstance(tests, Compiles) and tests.language != "python":
        offered = offers_in(tests.language, text)
        stray = not offered and "```" in text
        return _doubt(offered, stray, tests.language) or [Program(one.source) for one in _counted(offered)]
    entry = "" if isinstance(tests, Stdio | Compiles) else tests.entry
    given = scaffold(sample.prompt, entry) if entry else Scaffold()
    offered = offers(sample, text, entry, given)
    stray = not offered and (f"def {entry}" if entry else "```") in text
    return _doubt(offered, stray, "Python") or [
        prepared(one.source, entry, given) for one in _counted(offered)
    ]


def _doubt(offered: Sequence[Offer], stray: bool, language: str) -> Abstain | None:
    if stray:
        return Abstain(f"no {language} program is committed to")
    if len(offered) > MOST_PROGRAMS:
        return Abstain("many different programs: none is committed to")
    if offered and (offered[-1].disowned or TAKEN_BACK.search(offered[-1].behind, 0, FAR)):
        return Abstain("the program is taken back by the words around it")
    return None


def _counted(offered: Sequence[Offer]) -> Sequence[Offer]:
    """Return the last one alone where it is said to replace the others; else what is not called wrong."""
    return offered[-1:] if offered and offered[-1].final else [one for one in offered if not one.disowned]
