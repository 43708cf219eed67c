r"""
The one JSON value that a response commits to, against a JSON Schema or field by field against a reference.

Covered: the whole response, or one value among prose and code fences. With `check: schema` the reference
answer is the schema (an object, a boolean, or either in a string), or the policy's `schema`; drafts 4, 6,
7, 2019-09, 2020-12 by `$schema`, else by the metadata field `draft`, else by `draft`. With `check: fields`
the reference answer is the value itself (or an array or object in a string): types count (1 is not true,
1 is 1.0), the score is the share of its fields that agree, keys that it does not have count against it.
Not covered: `format` and the content keywords of schemas (annotations, as by default in the drafts),
schemas to fetch, look-around in patterns, JSON with comments or trailing commas, a scalar in prose, lists
that are shifted by one (name them in `unordered` where their order means nothing).

It abstains where there is no schema or reference answer, the schema is broken, refers to what is not in it
(documents can be bundled: `$defs` with their `$id`) or takes too much work, several different values are
given, one is denied or taken back, a key is given twice with different values, or the JSON is too long,
too deep, or holds a number too large.

    "{\"a\": 1, \"b\": true}" against {"a": 1.0, "b": true} -> score 1, confidence .98
    "Here:\n```json\n{\"b\": 2, \"a\": 1}\n```" against {"a": 1, "b": 2} -> score 1, confidence .97
    "{\"a\": 1, \"b\": 3}" against {"a": 1, "b": 2} -> score .5, confidence .95
    "{\"a\": 1, \"b\": 3}" against {"a": 1, "b": 2} with {"partial_credit": false} -> score 0, confidence .95
    "{\"a\": 1, \"c\": 0}" against {"a": 1} -> score .5, confidence .95
    "{\"a\": 1, \"c\": 0}" against {"a": 1} with {"extra_keys": "ignored"} -> score 1, confidence .98
    "{\"a\": true}" against {"a": 1} -> score 0, confidence .97
    "{\"city\": \"Lisboa\"}" against {"city": "Lisbon"} -> score 0, confidence .6
    "{\"city\": \"lisbon \"}" against {"city": "Lisbon"} with {"texts": "loose"} -> score 1, confidence .98
    "{\"a\": [2, 1]}" against {"a": [1, 2]} with {"unordered": ["a"]} -> score 1, confidence .98
    "{\"a\": 1, \"at\": 9}" against {"a": 1, "at": 7} with {"ignore": ["at"]} -> score 1, confidence .98
    "{\"a\": 1, \"b\": 3}" against {"a": 1, "b": 2} with {"weights": {"a": 3}} -> score .75, confidence .95
    "12" against {"type": "integer"} with {"check": "schema"} -> score 1, confidence .99
    "\"12\"" against {"type": "integer"} with {"check": "schema"} -> score 0, confidence .99
    "[1]" against {"items": [{"type": "null"}]} given {"draft": "draft7"} with {"check": "schema"} -> score 0, confidence .99
    "It is [1]." against {"type": "array"} with {"check": "schema"} -> score 1, confidence .97
    "It is [1]." against {"type": "array"} with {"check": "schema", "where": "alone"} -> score 0, confidence .97
    "{\"a\": 1} or {\"a\": 2}" against {"a": 1} -> abstains
    "{\"a\": 2, \"a\": 1}" against {"a": 1} -> abstains
    "{\"a\": 1} Wait, that is wrong." against {"a": 1} -> abstains
    "1" against {"$ref": "https://example.com/schema"} with {"check": "schema"} -> abstains
    "{\"a\": 1,}" against {"a": 1} -> score 0, confidence .8
    "I cannot." against {"a": 1} -> score 0, confidence .8
    "<think>{\"a\": 1}</think>" against {"a": 1} -> score 0, confidence .99
"""  # noqa: E501 - an example is a line

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier
from verifiers.values.json_fields import Agreement, Comparison, TooMuch, path
from verifiers.values.json_find import Found, alike, found
from verifiers.values.json_keywords import SchemaRefused
from verifiers.values.json_reference import as_schema, as_value, draft_named
from verifiers.values.json_schema import Draft, valid
from verifiers.values.json_text import Refused

LONGEST_RESPONSE = 2_000_000
"""Characters with the reasoning; longer responses are not looked at."""

CONFIDENCE = {
    "valid": 0.99,
    "valid, among other text": 0.97,
    "not valid": 0.99,
    "not valid, among other text": 0.95,
    "every field agrees": 0.98,
    "every field agrees, among other text": 0.97,
    "some fields agree": 0.95,
    "some fields agree, and texts differ": 0.6,
    "not every field agrees": 0.95,
    "not every field agrees, and only texts differ": 0.6,
    "no field agrees": 0.97,
    "no field agrees, and texts differ": 0.6,
    "not only JSON": 0.97,
    "the JSON is broken": 0.8,
    "no JSON in the response": 0.8,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `python -m benchmarks.accuracy` prints what was measured."""


@dataclass(frozen=True, slots=True)
class Json(Verifier):
    """The response's one JSON value, against a schema or field by field."""

    name: ClassVar[str] = "json"
    cost: ClassVar[int] = 200

    check: Literal["fields", "schema"] = "fields"
    """Compare with the reference answer field by field, or validate against it as a JSON Schema."""
    where: Literal["anywhere", "alone"] = "anywhere"
    """Where the JSON may stand: among prose and in fences too, or only alone."""
    schema: Mapping[str, object] = field(default_factory=dict)
    """The schema for every sample, `check: schema` implied; else the reference answer is the schema."""
    draft: Draft = "draft2020-12"
    """The dialect of a schema without `$schema`, where the metadata has no field `draft`."""
    partial_credit: bool = True
    """Score the share of the fields that agree; otherwise 1 for all of them and 0 for fewer."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """What a field weighs, by its path such as `items.*.price`; others weigh 1, the longest path counts."""
    ignore: Sequence[str] = ()
    """Paths of fields that do not count."""
    unordered: Sequence[str] = ()
    """Paths of lists whose order does not count; `$` is the whole value."""
    extra_keys: Literal["counted", "ignored"] = "counted"
    """Whether a key that the reference answer does not have counts as a field that is wrong."""
    texts: Literal["exact", "loose"] = "exact"
    """Whether letter case and white space count in texts."""
    closed: bool = False
    """The reference answer's texts are the only right ones: a text in other words settles as wrong."""
    relative_tolerance: float = field(default=0.0, metadata={"ge": 0, "le": 1})
    """Largest difference between equal numbers, relative to the reference answer."""

    def __post_init__(self) -> None:
        """Refuse options that contradict each other."""
        if self._by_schema and (self.weights or self.ignore or self.unordered):
            raise ValueError(
                "`weights`, `ignore` and `unordered` compare fields: write no schema beside them"
            )
        if any(not weight >= 0 for weight in self.weights.values()):
            raise ValueError("`weights` must not be negative: write 0 for a field that does not count")

    @property
    def _by_schema(self) -> bool:
        return self.check == "schema" or bool(self.schema)

    def verify(self, sample: Sample) -> Finding:
        """Return how far the value is valid, or agrees; see the module's manual."""
        if sample.reference is None and not self.schema:
            return Abstain("the sample has no reference answer")
        if len(sample.response) > LONGEST_RESPONSE:
            return Abstain(f"the response is longer than {LONGEST_RESPONSE} characters")
        text = spoken(sample.response)
        if not text:
            return _verdict(0, "no answer outside the reasoning")
        try:
            return self._judged(found(sample.response, text), sample)
        except (Refused, SchemaRefused, TooMuch) as refused:
            return Abstain(str(refused))

    def _judged(self, offered: Found, sample: Sample) -> Finding:
        read = as_schema if self.check == "schema" else as_value
        reference = self.schema or read(sample.reference)
        values = offered.values if offered.alone or self._by_schema else alike(offered.values, reference)
        if offered.broken:
            return Abstain("JSON beside broken JSON") if values else _verdict(0, "the JSON is broken")
        if not values:
            return _verdict(0, "no JSON in the response")
        if self.where == "alone" and not offered.alone:
            return _verdict(0, "not only JSON")
        if len(values) > 1:
            return Abstain("several JSON values that differ: none is committed to")
        return self._against(values[0], reference, sample, offered.alone)

    def _against(self, value: object, reference: object, sample: Sample, alone: bool) -> Finding:
        among = "" if alone else ", among other text"
        if self._by_schema:
            fits = valid(value, reference, draft_named(sample.fields.get("draft"), self.draft))
            return _verdict(int(fits), f"{'valid' if fits else 'not valid'}{among}")
        agreed = self._comparison().agreement(reference, value)
        if not agreed.total:
            return Abstain("no field of the reference answer counts")
        if not agreed.lost:
            return _verdict(1, f"every field agrees{among}")
        return self._partly(agreed)

    def _partly(self, agreed: Agreement) -> Verdict:
        share = agreed.earned / agreed.total
        told = f"{agreed.earned:g} of {agreed.total:g}"
        reworded = agreed.reworded > 0 and not self.closed
        if not share:
            return _verdict(0, f"no field agrees{', and texts differ' if reworded else ''}", told)
        if self.partial_credit:
            return _verdict(share, f"some fields agree{', and texts differ' if reworded else ''}", told)
        only = reworded and agreed.reworded == agreed.lost
        return _verdict(0, f"not every field agrees{', and only texts differ' if only else ''}", told)

    def _comparison(self) -> Comparison:
        return Comparison(
            weights={path(written): weight for written, weight in self.weights.items()},
            ignored=[path(written) for written in self.ignore],
            unordered=[path(written) for written in self.unordered],
            extra_keys_count=self.extra_keys == "counted",
            same_text=_loose if self.texts == "loose" else str,
            tolerance=self.relative_tolerance,
        )


def _loose(text: str) -> str:
    return " ".join(text.casefold().split())


def _verdict(score: float, situation: str, detail: str = "") -> Verdict:
    return Verdict(score, CONFIDENCE[situation], f"{situation} ({detail})" if detail else situation)
