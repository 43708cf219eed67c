"""A rule's `when`: what may stand there, and which rules leave nothing for another."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from router.policy.mistakes import unknown

HAS = ["reference", "system", "tools"]
INVISIBLE = ("label", "label_detail")

Mistake = Callable[[tuple[str | int, ...], str], None]

Condition = dict[str, Any]
"""`{"fields": [[field, [value or {"like": glob}, ...]], ...], "has": [...]}`, plain JSON."""


def read_when(when: Mapping[str, Any] | None, mistake: Mistake) -> Condition:
    """Return the condition that a `when` states; report what is wrong with it, at its path in the `when`."""
    fields = []
    for field, wanted in (when or {}).items():
        if field == "has":
            continue
        if field in INVISIBLE:
            mistake((field,), "labels are invisible to rules: choose another field")
        elif "." in field:
            mistake((field,), "no nested paths: put the value into a field of its own in `metadata`")
        values = wanted if isinstance(wanted, list) else [wanted]
        if not values:
            mistake((field,), "an empty list fits nothing: name a value")
        for index, value in enumerate(values):
            if not _is_value(value):
                path = (field, index) if isinstance(wanted, list) else (field,)
                mistake(path, 'must be text, a number, true or false, a list of these, or {like: "glob-*"}')
        fields.append([field, values])
    return {"fields": fields, "has": _read_has((when or {}).get("has", []), mistake)}


def _is_value(value: object) -> bool:
    if isinstance(value, dict):
        return list(value) == ["like"] and isinstance(value["like"], str)
    return isinstance(value, str | int | float)


def _read_has(has: object, mistake: Mistake) -> list[str]:
    wanted = has if isinstance(has, list) else [has]
    for index, what in enumerate(wanted):
        if what not in HAS:
            mistake(("has", index) if isinstance(has, list) else ("has",), unknown(str(what), HAS))
    return [str(what) for what in wanted]


def leaves_nothing(first: Condition, later: Condition) -> bool:
    """Say whether every sample that fits `later` also fits `first`, as far as their text shows."""
    narrower = dict(later["fields"])
    return set(first["has"]) <= set(later["has"]) and all(
        field in narrower and all(any(_covers(one, value) for one in wanted) for value in narrower[field])
        for field, wanted in first["fields"]
    )


def _covers(wanted: object, value: object) -> bool:
    if wanted == value:
        return isinstance(wanted, bool) == isinstance(value, bool)
    return isinstance(wanted, dict) and isinstance(value, str) and fnmatchcase(value, wanted["like"])
