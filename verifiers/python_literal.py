r"""
Compare the Python literal that a response commits to with a reference literal.

Covered: `'text'`, `b'bytes'`, numbers, `True`, `None`, tuples, lists, sets, dictionaries, inside each
other; alone, in a code fence, in [ANSWER] or <answer> tags, after "the answer is" or "Output:", in a box,
or as `assert f(x) == LITERAL`. Both sides are read as literals, nothing is run.
They are equal where Python's `==` says so, as in `assert f(x) == LITERAL`, which is how such questions
are scored: the order of a set or a dictionary does not count, `1`, `1.0` and `True` are equal, a list
and a tuple are not. `strict` tells the types of numbers apart as well.
Not covered: anything that computes (`'a' * 3`, `'a' + 'b'`, `sorted([2, 1])`), NaN, other objects.

A response that breaks off inside its literal is wrong, unless it is all there but for its end.
It abstains where the reference answer is no literal, no literal is committed to, it is taken back, or
several are committed to and one of them is right.

    "'!123Leap'" against "'!123Leap'" -> score 1, confidence .99
    "\"!123Leap\"" against "'!123Leap'" -> score 1, confidence .99
    "{'b': [2], 'a': 1}" against "{'a': 1, 'b': [2]}" -> score 1, confidence .99
    "[1, 2]" against "(1, 2)" -> score 0, confidence .99
    "1" against "True" -> score 1, confidence .9
    "1" against "True" with {"strict": true} -> score 0, confidence .9
    "assert f('a == b') == [1]" against "[1]" -> score 1, confidence .99
    "f(1) == 41 == 42" against "42" -> abstains
    "[ANSWER]\nf('x') == None\n[/ANSWER]" against "None" -> score 1, confidence .99
    "It is reversed.\n```python\n'cba'\n```" against "'cba'" -> score 1, confidence .99
    "The answer is `set()`." against "set()" -> score 1, confidence .99
    "Output: ['a']" against "['a']" -> score 1, confidence .99
    "So it returns\n\n['a']" against "['a']" -> score 1, confidence .8
    "We start with\n```\n[2, 1]\n```\nand it returns [1, 2]." against "[1, 2]" -> abstains
    "<answer>1</answer><answer>2</answer>" against "2" -> abstains
    "[1, 2] or [3]" against "[3]" -> abstains
    "The answer is 5. Wait, that is wrong." against "5" -> abstains
    "[1, 2, 2, 2, 2" against "[1, 3]" -> score 0, confidence .97
    "[1, 2" against "[1, 2]" -> score 0, confidence .7
    "cba" against "'cba'" -> score 0, confidence .6
    "'c' + 'ba'" against "'cba'" -> abstains
    "" against "'cba'" -> score 0, confidence .99
    "[1]" against "sorted(x)" -> abstains
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from router.expression import expression
from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier, plain
from verifiers.extract import DECLARED, Answer, Strategy
from verifiers.values.afterwords import replaced, taken_back
from verifiers.values.literals import CutOff, Literal, literal
from verifiers.values.stated import offered, stated, unread

CONFIDENCE = {
    "equal": 0.99,
    "equal, but only guessed to be the answer": 0.8,
    "equal, but of another type": 0.9,
    "different": 0.99,
    "different, but only guessed to be the answer": 0.8,
    "different in nothing but the type": 0.9,
    "several answers, all of them different": 0.97,
    "cut off, and different before": 0.97,
    "cut off, but not different before": 0.7,
    "the text without its quotes": 0.6,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `python -m benchmarks.accuracy` prints what was measured."""


@dataclass(frozen=True, slots=True)
class PythonLiteral(Verifier):
    """The response's one Python literal against a reference literal."""

    name: ClassVar[str] = "python_literal"
    cost: ClassVar[int] = 15

    strict: bool = False
    """Whether `True`, `1` and `1.0` are three answers; Python's `==`, the usual measure, says one."""
    extract: Sequence[Strategy] = ("boxed", "tag", "hashes", "phrase", "last_line")
    """Where else to look than in the whole response, in code fences, [ANSWER] tags and asserts."""

    def verify(self, sample: Sample) -> Finding:
        """Return 1 for an equal literal, 0 for another; see the module's manual."""
        reference = _reference(sample.reference)
        if reference is None:
            return Abstain("the reference answer is no Python literal")
        text = spoken(sample.response)
        if text == reference.value:
            return _verdict(0, "the text without its quotes")
        if not text:
            return _verdict(0, "no answer outside the reasoning")
        if isinstance(whole := stated(text), Literal):
            return self._compare(whole, reference, committed=True)
        if isinstance(whole, CutOff):
            return _cut_off(text, sample.reference)
        found = offered(text, self.extract)
        if any(taken_back(text, one.text) or replaced(text, one.text) for one in found):
            return Abstain("the answer is taken back by the words behind it")
        return self._among(found, reference)

    def _among(self, found: Sequence[Answer], reference: Literal) -> Finding:
        """Compare the one answer that is committed to."""
        readable = [value for one in found if isinstance(value := stated(one.text), Literal)]
        if not readable or any(map(unread, found)):
            return Abstain("no Python literal is committed to")
        committed = found[0].strategy in DECLARED
        if all(self._equal(one, readable[0]) for one in readable):
            return self._compare(readable[0], reference, committed=committed)
        if any(self._equal(one, reference) for one in readable):
            return Abstain("several answers, one of them equal: none is committed to")
        return _verdict(0, "several answers, all of them different")

    def _compare(self, found: Literal, reference: Literal, *, committed: bool) -> Verdict:
        guessed = "" if committed else ", but only guessed to be the answer"
        if found.value != reference.value:
            return _verdict(0, f"different{guessed}")
        same_types = _typed(found.value) == _typed(reference.value)
        if self.strict and not same_types:
            return _verdict(0, "different in nothing but the type")
        if guessed or same_types:
            return _verdict(1, f"equal{guessed}")
        return _verdict(1, "equal, but of another type")

    def _equal(self, one: Literal, other: Literal) -> bool:
        return one.value == other.value and (not self.strict or _typed(one.value) == _typed(other.value))


def _reference(reference: object) -> Literal | None:
    """Return the literal of a reference answer: of its text, or of the JSON value that it is."""
    value = plain(reference)
    if value is None:
        return None
    found = literal(value if isinstance(value, str) else repr(value))
    return found if isinstance(found, Literal) and found.value == found.value else None


QUOTES_AND_SPACE = expression(r"[\s'\"]+")


def _cut_off(text: str, reference: object) -> Verdict:
    """Return 0; a text that lacks nothing but its end may be the fault of a limit on its length."""
    begun, wanted = (QUOTES_AND_SPACE.sub("", one) for one in (text, str(plain(reference))))
    missing = "but not different" if wanted.startswith(begun) else "and different"
    return _verdict(0, f"cut off, {missing} before")


def _typed(value: object) -> object:
    """Return a value that equals another only where every type in it is the same as well."""
    match value:
        case list() | tuple():
            return type(value), tuple(map(_typed, value))
        case set():
            return set, frozenset(map(_typed, value))
        case dict():
            return dict, frozenset((_typed(key), _typed(one)) for key, one in value.items())
    return type(value), value


def _verdict(score: float, situation: str) -> Verdict:
    return Verdict(score, CONFIDENCE[situation], situation)
