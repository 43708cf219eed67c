r"""
Compare the tool calls that a response makes with the calls that the reference answer asks for.

Covered: calls given as such (OpenAI's `tool_calls`, Nova's and Bedrock's `toolUse`), <tool_call> tags,
JSON and Python call syntax alone, in a fence or on lines of their own; several calls, in any order or as
given; arguments by name or, through the tool's schema, by position; several accepted values, optional
arguments, defaults. The schemas come from `functions` in the reference answer or from the row's tools.
The rules for arguments are those of BFCL, the Berkeley function-calling benchmark: letter case, spaces and
`,./-_*^` in text do not count, a whole number does for a float, more calls than wanted are wrong. Where
accepted values are listed, all are: a text in other words is wrong.
Not covered: several turns, what a call returns, calls that differ and do the same, Qwen-Coder's, Llama's,
DeepSeek's and Claude's own call syntax in text (most trainers hand those over as `tool_calls`).

Where no call is wanted, a response without one is right, also if it talks about calls. What is meant as a
call and could not be carried out (arguments that are no JSON, a list that never closes) is wrong.
Calls written twice, in tags and in code, count once. It abstains where the two differ, where the reference
answer asks for no readable calls, where calls are in a syntax that it does not read or beyond its limits,
and where a broken call stands and none is wanted.

    "[get_weather(city='Paris')]" against {"tool_calls": [{"name": "get_weather", "arguments": {"city": "Paris"}}]} -> score 1, confidence .98
    "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1}}</tool_call>" against {"tool_calls": [{"name": "f", "arguments": {"a": 1}}]} -> score 1, confidence .98
    "[math.factorial(n=5)]" against {"possible_answer": {"math.factorial": {"n": [5]}}} -> score 1, confidence .98
    "[f(unit='Celsius')]" against {"possible_answer": {"f": {"unit": ["celsius", ""]}}} -> score 1, confidence .98
    "[f()]" against {"possible_answer": {"f": {"unit": ["celsius", ""]}}} -> score 1, confidence .98
    "[f(n=2), f(n=1)]" against {"possible_answer": {"f_1": {"n": [1]}, "f_2": {"n": [2]}}} -> score 1, confidence .98
    "[f(n=2), f(n=1)]" against {"possible_answer": {"f_1": {"n": [1]}, "f_2": {"n": [2]}}} with {"order": "as_given"} -> score 0, confidence .97
    "[f(n=1)]" against {"possible_answer": {"f_1": {"n": [1]}, "f_2": {"n": [2]}}} with {"partial": true} -> score 0.5, confidence .97
    "[f(n=1), f(n=2), f(n=3)]" against {"possible_answer": {"f": {"n": [2]}}} -> score 0, confidence .97
    "[f(n=2, m=1)]" against {"functions": {"name": "f", "parameters": {"properties": {"n": {"type": "integer"}}}}, "possible_answer": {"f": {"n": [2]}}} -> score 0, confidence .97
    "f(2)" against {"functions": {"name": "f", "parameters": {"properties": {"n": {"type": "integer"}}}}, "possible_answer": {"f": {"n": [2]}}} -> score 1, confidence .85
    "[f(to='the boss')]" against {"tool_calls": [{"name": "f", "arguments": {"to": "my boss"}}]} -> score 0, confidence .6
    "I would need the city to call get_weather(city)." against {"possible_answer": null} -> score 1, confidence .97
    "[get_weather(city='Paris')]" against {"possible_answer": null} -> score 0, confidence .97
    "It is sunny." against {"possible_answer": {"f": {}}} -> score 0, confidence .97
    "[f(n=2" against {"possible_answer": {"f": {"n": [2]}}} -> score 0, confidence .95
    "<function=f><parameter=n>2</parameter></function>" against {"possible_answer": {"f": {"n": [2]}}} -> abstains
    "<tool_call>{\"name\": \"f\"}</tool_call>\n[f(n=2)]" against {"possible_answer": {"f": {"n": [2]}}} -> abstains
    "<think>[f(n=2)]</think>" against {"possible_answer": {"f": {"n": [2]}}} -> score 0, confidence .99
    "[f(n=2)]" against "f of two" -> abstains
"""  # noqa: E501 - an example stands on one line

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier
from verifiers.calls.agreement import SITUATIONS, Agreement
from verifiers.calls.match import Match, Matcher, in_order, least_alike, paired
from verifiers.calls.places import mentions_a_call
from verifiers.calls.reading import Reading, read_calls
from verifiers.calls.reference import Reference, reference_of
from verifiers.calls.syntax import Broken, ToolCall, Unread
from verifiers.calls.tools import spellings

LISTED = ", though the accepted ones are listed"

CONFIDENCE = {
    "as wanted": 0.98,
    "as wanted but for letter case or punctuation": 0.9,
    "as wanted, with a text that lacks its quotes": 0.85,
    "as wanted, with arguments by position": 0.85,
    "as wanted, where a default is left out or given": 0.8,
    f"as wanted, where a default is left out or given{LISTED}": 0.55,
    "as wanted but for punctuation in a number": 0.65,
    "as wanted, in a neighbouring type": 0.6,
    "as wanted, on lines or in fences amid prose": 0.85,
    "an argument that is code": 0.6,
    "a float where a whole number is declared": 0.7,
    "an argument that is wanted, though the tool does not have it": 0.6,
    "a text in other words": 0.6,
    f"a text in other words{LISTED}": 0.96,
    "another text": 0.8,
    f"another text{LISTED}": 0.97,
    "a value of another type": 0.95,
    "another value": 0.97,
    "an argument that is not wanted": 0.95,
    "an argument is missing": 0.97,
    "an argument that the tool does not have": 0.97,
    "another function": 0.97,
    "a function that was not offered": 0.97,
    "another number of calls": 0.97,
    "another number of calls, on lines or in fences amid prose": 0.8,
    "the calls in another order": 0.97,
    "a call that cannot be carried out": 0.95,
    "no call": 0.97,
    "no call, but the text writes one": 0.8,
    "no call, as wanted": 0.97,
    "no call, as wanted, and nothing else": 0.6,
    "a call where none is wanted": 0.97,
    "code where no call is wanted": 0.6,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `python -m benchmarks.accuracy` prints what was measured."""


@dataclass(frozen=True, slots=True)
class ToolCalls(Verifier):
    """The tool calls of the response against those of the reference answer."""

    name: ClassVar[str] = "tool_calls"
    cost: ClassVar[int] = 60

    order: Literal["any", "as_given"] = "any"
    """Whether several calls have to come in the order of the reference answer."""
    partial: bool = False
    """Score the share of calls that fit, of those wanted or made, whichever are more; else all or nothing."""
    text: Literal["loose", "exact"] = "loose"
    """Whether letter case, spaces and `,./-_*^` in text arguments count."""
    defaults: bool = True
    """Whether an argument that has its default equals one that is left out."""

    def verify(self, sample: Sample) -> Finding:
        """Return 1 for exactly the wanted calls, else 0 or their share; see the module's manual."""
        reference = reference_of(sample)
        if reference is None:
            return Abstain("the reference answer asks for no readable calls")
        names = {one.name for one in reference.wanted} | reference.tools.keys()
        known = {spelling for name in names for spelling in spellings(name)}
        try:
            reading = read_calls(sample, known)
        except Unread as unread:
            return Abstain(f"the calls are not readable ({unread})")
        except Broken as broken:
            return self._broken(reference, str(broken))
        if not reference.wanted:
            return _none_wanted(reading)
        if not reading.calls:
            return _none_made(reading, known)
        return self._compare(reading, reference)

    def _broken(self, reference: Reference, why: str) -> Finding:
        if not reference.wanted:
            return Abstain("a broken call, and none is wanted")
        if any(tool.foreign for tool in reference.tools.values()):
            return Abstain("a call with arguments in another language's syntax")
        return _verdict(0, "a call that cannot be carried out", why)

    def _compare(self, reading: Reading, reference: Reference) -> Finding:
        calls, wanted = reading.calls, reference.wanted
        if len(calls) != len(wanted) and not self.partial:
            return _verdict(0, *_counts(reading, reference))
        matcher = Matcher(reference, self.text == "loose", self.defaults)
        table = [[matcher.call(call, one) for call in calls] for one in wanted]
        pairs = in_order(table) if self.order == "as_given" else paired(table)
        if len(pairs) == len(wanted) == len(calls):
            return _right([table[row][column] for row, column in pairs.items()], reading)
        score = len(pairs) / max(len(wanted), len(calls)) if self.partial else 0
        if len(calls) != len(wanted):
            return _verdict(score, *_counts(reading, reference))
        if self.order == "as_given" and len(paired(table)) == len(wanted):
            return _verdict(score, "the calls in another order")
        match = least_alike(table, pairs)
        return _verdict(score, _situation(match), match.where)


def _counts(reading: Reading, reference: Reference) -> tuple[str, str]:
    amid = ", on lines or in fences amid prose" if reading.amid_prose else ""
    return f"another number of calls{amid}", f"{len(reading.calls)} instead of {len(reference.wanted)}"


def _right(matches: Sequence[Match], reading: Reading) -> Verdict:
    """Return 1, as sure as the least sure of the calls."""
    match = max(matches, key=lambda match: match.agreement)
    if reading.amid_prose and match.agreement is Agreement.SAME:
        return _verdict(1, "as wanted, on lines or in fences amid prose")
    return _verdict(1, _situation(match), match.where)


def _situation(match: Match) -> str:
    situation = SITUATIONS[match.agreement]
    return situation + LISTED if match.listed and situation + LISTED in CONFIDENCE else situation


def _none_wanted(reading: Reading) -> Verdict:
    if reading.calls:
        if reading.amid_prose:
            return _verdict(0, "code where no call is wanted")
        return _verdict(0, "a call where none is wanted", _names(reading.calls))
    return _verdict(1, "no call, as wanted" if reading.text else "no call, as wanted, and nothing else")


def _none_made(reading: Reading, known: set[str]) -> Verdict:
    if not reading.text:
        return _verdict(0, "no answer outside the reasoning")
    written = ", but the text writes one" if mentions_a_call(reading.text, known) else ""
    return _verdict(0, f"no call{written}")


def _names(calls: Sequence[ToolCall]) -> str:
    return ", ".join(call.name[:50] for call in calls[:5])


def _verdict(score: float, situation: str, detail: str = "") -> Verdict:
    return Verdict(score, CONFIDENCE[situation], f"{situation} ({detail[:200]})" if detail else situation)
