"""What pydantic finds wrong with a policy, in the user's words: what is wrong, and what the choices are."""

import re
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError

from router.policy.budgets import Budget
from router.policy.document import Document, KeyPath
from router.policy.grammar import (
    REFERENCE_PATH,
    RULE_NAME,
    PartSection,
    PolicyFile,
    RewardSection,
    RuleSection,
    VerifierChoice,
)
from router.policy.judge_sections import JudgeChoice, JudgeDefaults, Panel, Quota
from router.policy.phrases import clipped, quoted, shown, unknown
from router.policy.sections import NAME, Section
from router.policy.sound import Grammar, path_of

SAID = {
    "string_type": "must be text, not {value}",
    "int_type": "must be a whole number, not {value}",
    "float_type": "must be a number, not {value}",
    "bool_type": "must be true or false, not {value}",
    "list_type": "must be a list, not {value}",
    "dict_type": "must be a mapping, not {value}",
    "mapping_type": "must be a mapping, not {value}",
    "model_type": "must be a mapping, not {value}",
    "greater_than": "must be more than {gt:.16g}, not {value}",
    "greater_than_equal": "must be {ge:.16g} or more, not {value}",
    "less_than_equal": "must be {le:.16g} or less, not {value}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have {max_length} characters or fewer",
    "too_short": "must have {min_length} or more entries, not {actual_length}",
    "too_long": "must have {max_length} or fewer entries, not {actual_length}",
    "value_error": "{error}",
}
"""What to say for each kind of error."""

CHOICE = re.compile(r"'([^']*)'")
"""A choice as pydantic lists it."""

PATTERNS = {
    NAME: "must begin with a lower-case letter and hold only these, digits and _, 41 at most",
    RULE_NAME: "must be one line of text without spaces around it",
    REFERENCE_PATH: "must be keys with dots between them, such as metadata.solution",
}

HOMES: Mapping[str, type[Section]] = {
    "at the top of the policy": PolicyFile,
    "in `reward`": RewardSection,
    "in `budget`": Budget,
    "under `judge` at the top": JudgeDefaults,
    "in `quota`": Quota,
    "in `panel`": Panel,
    "in a rule": RuleSection,
    "in a part": PartSection,
}
"""Where the keys of the policy belong; those of verifiers and judges belong in their options."""


def parse(document: Document, grammar: type[Grammar]) -> Grammar | None:
    """Return the document in its grammar; None where it has mistakes, each noted at its place."""
    try:
        return grammar.model_validate(document.value)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            _note(document, grammar, one)
    return None


def _note(document: Document, grammar: type[BaseModel], error: Any) -> None:
    path = path_of(error)
    if error["type"] == "extra_forbidden":
        choices = sorted(_section_at(grammar, path[:-1]).known())
        document.mistake(path[:-1], _no_key(path[-1], choices), at=document.place(path))
    elif error["type"] == "missing":
        about = _section_at(grammar, path[:-1]).known()[str(path[-1])].description or ""
        document.mistake(path, f"is missing: {about[:1].lower()}{about[1:].removesuffix('.')}")
    elif error["type"] == "invalid_key" or (error["type"] == "string_type" and error["loc"][-1] == "[key]"):
        document.mistake(path, "a key must be text: put it in quotes")
    else:
        document.mistake(path, _said(error["type"], error["msg"], error["input"], error.get("ctx", {})))


def _no_key(key: str | int, choices: Sequence[str]) -> str:
    """Say that a key is none of a section's, and where it belongs if it is another one's."""
    homes = [where for where, section in HOMES.items() if key in section.known()]
    kinds = {**VerifierChoice.known(), **JudgeChoice.known()}
    if names := [name for name, one in kinds.items() if key in _bare(one.annotation).known()]:
        homes.append(f"in the options of {' or '.join(names)}")
    if homes:
        return f"{quoted(key)} belongs {', or '.join(homes)}; here may stand {', '.join(choices)}"
    return unknown(key, choices)


def _said(kind: str, message: str, value: object, context: Mapping[str, Any]) -> str:
    if kind == "literal_error":
        return unknown(value, CHOICE.findall(context["expected"]) or [context["expected"]])
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(context["pattern"], f"must fit the pattern {context['pattern']}")
    if kind == "list_type" and isinstance(value, str) and value and value.isprintable():
        return f"must be a list: write [{clipped(value, 60)}]"
    if kind == "list_type" and isinstance(value, dict):
        return "must be a list: put a dash before each entry, or all of it in [ ]"
    return SAID[kind].format(**context, value=shown(value)) if kind in SAID else message


def _section_at(grammar: Any, path: KeyPath) -> type[Section]:
    """Return the section that the grammar has at a path."""
    here = grammar.model_fields["root"].annotation if issubclass(grammar, RootModel) else grammar
    for step in path:
        if isinstance(here, type) and issubclass(here, Section):
            here = _bare(here.known()[str(step)].annotation)
        else:
            here = _bare(get_args(here)[-1])
    return cast(type[Section], here)


def _bare(annotation: Any) -> Any:
    """Take `Annotated` and `| None` off an annotation."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _bare(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation
