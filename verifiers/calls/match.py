"""
How far the calls that were made are those that were wanted.

By the rules of BFCL's checker: arguments that the tool does not declare are wrong, required ones that are
missing as well, and a float is no whole number. Beyond it, an argument that has its default equals one
that is left out, and calls are paired as well as can be, not one after the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verifiers.calls.agreement import Agreement
from verifiers.calls.foreign import foreign_literal
from verifiers.calls.reference import Reference, Wanted
from verifiers.calls.syntax import Code, ToolCall
from verifiers.calls.tools import MISSING, Tool, spellings
from verifiers.calls.values import Values


@dataclass(frozen=True, slots=True)
class Match:
    """How far a call is the wanted one, and which argument says so."""

    agreement: Agreement
    where: str
    listed: bool
    """The reference answer lists what is accepted."""


Table = Sequence[Sequence[Match]]
"""A row for each wanted call, in it a match for each call made."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """The rules of one comparison."""

    reference: Reference
    loose: bool
    defaults: bool

    def call(self, call: ToolCall, wanted: Wanted) -> Match:
        """Compare a call with a wanted one."""
        if not self._same_function(call.name, wanted.name):
            return Match(self._other_function(call.name), call.name, wanted.listed)
        tool = self.reference.tools.get(wanted.name) or Tool(wanted.name, open=True)
        arguments = _with_names(call, list(tool.parameters or wanted.arguments))
        if arguments is None:
            return Match(Agreement.UNKNOWN_ARGUMENT, f"{wanted.name}: without its name", wanted.listed)
        found = [Match(_in_code(call, wanted.name), wanted.name, wanted.listed)]
        for name in dict.fromkeys([*wanted.arguments, *tool.required, *arguments]):
            agreement = (
                self._given(name, arguments[name], wanted, tool)
                if name in arguments
                else self._left_out(name, wanted, tool)
            )
            found.append(Match(agreement, f"{wanted.name}.{name}", wanted.listed))
        return max(found, key=_agreement)

    def _same_function(self, name: str, wanted: str) -> bool:
        return name == wanted or (name in spellings(wanted) and name not in self.reference.tools)

    def _other_function(self, name: str) -> Agreement:
        offered = self.reference.tools
        known = not offered or any(name in spellings(tool) for tool in offered)
        return Agreement.OTHER_FUNCTION if known else Agreement.NO_SUCH_FUNCTION

    def _left_out(self, name: str, wanted: Wanted, tool: Tool) -> Agreement:
        accepted = wanted.arguments.get(name, ())
        if name in tool.required:
            return Agreement.LACKING
        if wanted.listed and "" in accepted:
            return Agreement.SAME
        same = any(self._is_default(name, one, wanted, tool) for one in accepted)
        return Agreement.DEFAULTED if same else Agreement.LACKING

    def _given(self, name: str, value: object, wanted: Wanted, tool: Tool) -> Agreement:
        if not tool.open and name not in tool.parameters:
            return Agreement.UNDECLARED if name in wanted.arguments else Agreement.UNKNOWN_ARGUMENT
        listed = wanted.arguments.get(name, ("",) if wanted.listed else ())
        empty = value == "" and (tool.is_text(name) or any(one and isinstance(one, str) for one in listed))
        accepted = [one for one in listed if not (wanted.listed and one == "" and not empty)]
        found = [self._typed(name, value, one, wanted, tool) for one in accepted]
        if len(accepted) < len(listed) or not listed:  # it may be left out
            if self._is_default(name, value, wanted, tool):
                found.append(Agreement.DEFAULTED)
            elif value is None and not wanted.listed and name not in tool.required:
                found.append(Agreement.LOOSE)
        return min(found, default=Agreement.EXTRA)

    def _is_default(self, name: str, value: object, wanted: Wanted, tool: Tool) -> bool:
        default = tool.default(name)
        values = Values(wanted.listed, self.loose)
        return self.defaults and default is not MISSING and values.agree(value, default).fits

    def _typed(self, name: str, value: object, accepted: object, wanted: Wanted, tool: Tool) -> Agreement:
        """Compare a value with an accepted one, and with the declared type."""
        values = Values(wanted.listed, self.loose, tool.item_kind(name))
        found = values.agree(value, accepted)
        if not found.fits:
            if tool.foreign and not isinstance(accepted, str) and isinstance(value, str | Code):
                return _foreign(value, accepted, tool.kind(name), values)
            text = found in (Agreement.REWORDED, Agreement.OTHER_TEXT)
            return Agreement.OTHER_VALUE if text and tool.closed(name) else found
        if tool.foreign and not isinstance(value, str):
            return max(found, Agreement.LOOSE)  # a literal of another language should stand there
        if isinstance(accepted, str) and value != accepted and not tool.is_text(name):
            found = max(found, Agreement.RESPELLED)  # the name of a variable
        kind = tool.kind(name)
        if kind in ("integer", "int") and isinstance(value, float) and isinstance(accepted, int):
            return Agreement.FLOATING if wanted.listed else Agreement.LOOSE
        return max(found, Agreement.LOOSE) if isinstance(value, tuple) and kind != "tuple" else found


def _agreement(match: Match) -> Agreement:
    return match.agreement


def _foreign(value: str | Code, accepted: object, kind: str, values: Values) -> Agreement:
    """Compare a literal of another language, written as a text, with an accepted value."""
    literal, surely = foreign_literal(value, kind)
    if values.agree(literal, accepted).fits:
        return Agreement.SAME if surely else Agreement.LOOSE
    return Agreement.OTHER_VALUE if surely else Agreement.COMPUTED


def _in_code(call: ToolCall, wanted: str) -> Agreement:
    """Return how sure a call can be for how it is written: in code, a name is the name with its dots."""
    if call.positional:
        return Agreement.ORDERED
    dotless = call.in_code and call.name != wanted and call.name == wanted.replace(".", "_")
    return Agreement.RESPELLED if dotless else Agreement.SAME


def _with_names(call: ToolCall, parameters: Sequence[str]) -> Mapping[str, object] | None:
    """Return a call's arguments by name; None where those without names do not fit."""
    if len(call.positional) > len(parameters):
        return None
    named = dict(zip(parameters, call.positional, strict=False))
    return None if named.keys() & call.arguments.keys() else {**named, **call.arguments}


def paired(table: Table) -> dict[int, int]:
    """Return for as many wanted calls as possible a call that fits, each call once (Kuhn's algorithm)."""
    taken: dict[int, int] = {}

    def settle(row: int, seen: set[int]) -> bool:
        fitting = [column for column, match in enumerate(table[row]) if match.agreement.fits]
        for column in sorted(fitting, key=lambda column: table[row][column].agreement):
            if column not in seen:
                seen.add(column)
                if column not in taken or settle(taken[column], seen):
                    taken[column] = row
                    return True
        return False

    for row in range(len(table)):
        settle(row, set())
    return {row: column for column, row in taken.items()}


def in_order(table: Table) -> dict[int, int]:
    """Return the calls that fit the wanted ones in their order, as many as possible."""
    if all(len(row) == len(table) for row in table):
        return {row: row for row, matches in enumerate(table) if matches[row].agreement.fits}
    return _longest(table)


def _longest(table: Table) -> dict[int, int]:
    """Return a longest common subsequence."""
    best: list[dict[int, int]] = [{} for _ in range(len(table[0]) + 1)]
    for row, matches in enumerate(table):
        before, best = best, [{}]
        for column, match in enumerate(matches):
            diagonal = {**before[column], row: column} if match.agreement.fits else before[column]
            best.append(max(diagonal, best[-1], before[column + 1], key=len))
    return best[-1]


def least_alike(table: Table, pairs: Mapping[int, int]) -> Match:
    """Return the surest of the reasons why the wanted calls left over fit none of the calls left over."""
    left = set(range(len(table[0]))) - set(pairs.values())
    closest = [
        min([table[row][column] for column in left], key=_agreement)
        for row in range(len(table))
        if row not in pairs
    ]
    return max(closest, key=_agreement)
