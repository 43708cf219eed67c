"""
Whether a JSON value is valid under a JSON Schema of draft 4, 6, 7, 2019-09 or 2020-12.

The library `jsonschema` says so, with three things of ours around it. Its work is counted, and too much of
it is refused (`json_keywords.py`). Patterns are ECMA-262 and linear (`json_pattern.py`). Nothing is fetched:
a `$ref` finds the schema itself and the drafts' meta-schemas, any other is refused. `format` says nothing
about validity, as is the drafts' default.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Literal

from router.expression import expression
from verifiers.values.json_keywords import (
    OURS,
    TOO_MUCH,
    WORK,
    SchemaRefused,
    Work,
    counted,
    without_line_ends,
)
from verifiers.values.json_pattern import PatternRefused
from verifiers.values.json_text import DEEPEST

Draft = Literal["draft4", "draft6", "draft7", "draft2019-09", "draft2020-12"]

DIALECTS: Mapping[str, Draft] = {
    "json-schema.org/draft-04/schema": "draft4",
    "json-schema.org/draft-06/schema": "draft6",
    "json-schema.org/draft-07/schema": "draft7",
    "json-schema.org/draft/2019-09/schema": "draft2019-09",
    "json-schema.org/draft/2020-12/schema": "draft2020-12",
}

LONGEST_SCHEMA = 50_000
"""Characters; longer schemas are refused."""


def valid(value: object, schema: object, draft: Draft) -> bool:
    """Say whether a value is valid; `draft` counts where the schema names no `$schema`."""
    from jsonschema.exceptions import UnknownType  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - only here
    from referencing.exceptions import Unresolvable  # noqa: PLC0415 - likewise

    try:
        written = json.dumps(schema)
        if len(written) > LONGEST_SCHEMA:
            raise SchemaRefused(f"the schema is longer than {LONGEST_SCHEMA} characters")
        if not _well_formed(written, draft):
            raise SchemaRefused("the schema is itself not valid")
        return _apply(_prepared(written, draft), value)
    except Unresolvable:
        raise SchemaRefused("the schema refers to what is not in it") from None
    except (PatternRefused, UnknownType) as error:
        raise SchemaRefused(f"not to be applied: {str(error)[:100]}") from None
    except RecursionError:
        raise SchemaRefused(TOO_MUCH) from None
    except SchemaRefused:
        raise
    except (TypeError, AttributeError, ValueError):  # what the library makes of such a `$ref`
        raise SchemaRefused("the schema refers to what is no schema, or no address") from None


def _apply(validator: Any, value: object) -> bool:
    work = Work()
    work.measure(value)
    token = WORK.set(work)
    try:
        return bool(validator.is_valid(value))
    finally:
        WORK.reset(token)


@lru_cache(maxsize=256)
def _prepared(written: str, draft: Draft) -> Any:
    from referencing import Registry  # noqa: PLC0415 - only schemas need it

    schema = json.loads(written)
    if _circumvents(schema):
        raise SchemaRefused("unevaluatedProperties beside patternProperties that are no plain texts")
    return _class_of(_dialect(schema, draft))(schema, registry=Registry())


@lru_cache(maxsize=256)
def _well_formed(written: str, draft: Draft) -> bool:
    schema = json.loads(written)
    kind = _class_of(_dialect(schema, draft))
    return isinstance(schema, bool) or _apply(_meta_validator(kind), schema)


@cache
def _meta_validator(kind: Any) -> Any:
    from referencing import Registry  # noqa: PLC0415 - only schemas need it

    return kind(kind.META_SCHEMA, registry=Registry())


def _dialect(schema: object, draft: Draft) -> Draft:
    named = schema.get("$schema") if isinstance(schema, dict) else None
    if not isinstance(named, str):
        return draft
    known = DIALECTS.get(named.removesuffix("#").partition("://")[2])
    if known is None:
        raise SchemaRefused("the schema's $schema is none of the drafts 4 to 2020-12")
    return known


@cache
def _class_of(draft: Draft) -> Any:
    """Return the library's validator for a draft, with every keyword counted and patterns of our own."""
    import jsonschema  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - only schemas need it

    name = {"draft2019-09": "Draft201909Validator", "draft2020-12": "Draft202012Validator"}
    library = getattr(jsonschema, name.get(draft, f"{draft.title()}Validator"))
    keywords = {key: counted(OURS.get(key, keyword)) for key, keyword in library.VALIDATORS.items()}
    if evaluated := library.VALIDATORS.get("unevaluatedProperties"):
        keywords["unevaluatedProperties"] = counted(without_line_ends(evaluated))
    kind = jsonschema.validators.extend(library, validators=keywords)
    kind.evolve = _evolve
    return kind


def _evolve(self: Any, **changes: Any) -> Any:
    """Return the validator for a subschema; the library's own would leave our classes at each `$schema`."""
    import attrs  # noqa: PLC0415 - the library's, only schemas need it

    kept = {one.alias: getattr(self, one.name) for one in attrs.fields(type(self)) if one.init}
    kept.update(changes)
    schema = kept["schema"]
    named = isinstance(schema, dict) and isinstance(schema.get("$schema"), str)
    return (_class_of(_dialect(schema, "draft2020-12")) if named else type(self))(**kept)


PLAIN = expression(r"\^?[^\\^$.|?*+()\[\]{}]*\$?")


def _circumvents(schema: object) -> bool:
    """Say whether the library would search a pattern by itself, and the pattern is not harmless."""
    inside = list(_within(schema, 0))
    return any("unevaluatedProperties" in one for one in inside) and any(
        not PLAIN.fullmatch(pattern)
        for one in inside
        if isinstance(patterns := one.get("patternProperties"), dict)
        for pattern in patterns
    )


def _within(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEEPEST:
        raise SchemaRefused(f"the schema is nested deeper than {DEEPEST}")
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _within(one, depth + 1)
