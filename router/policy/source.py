"""
YAML -> plain values and the place of each, with YAML's traps taken out.

`no`, `on`, `12:30`, `1_000` and `0o17` stay text, a key that stands twice is a mistake, so are tags and
merge keys, an alias cannot blow a document up, and a file that is too large or too deep is refused
before it costs anything.
"""

import re
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

from router.errors import PolicyError
from router.policy.document import Document, KeyPath, Place
from router.policy.phrases import quoted

MAX_BYTES = 256 * 1024
MAX_VALUES = 20_000
MAX_DEPTH = 40
LARGEST = 1e18
"""Larger numbers would lose digits or overflow; nothing in a policy needs one."""

PLAIN, QUOTED = "plain", "quoted"
"""The tags of scalars (and QUOTED of collections) to which the author gave none."""

INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
SURROGATE = re.compile(r"[\ud800-\udfff]")
WORDS = (
    {"": None, "~": None}
    | dict.fromkeys(("null", "Null", "NULL"))
    | dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
)
"""The words that YAML 1.2's core schema reads as no text; YAML 1.1 would add yes, no, on and off."""

HINTS = {
    "found character '\\t'": "a tab cannot indent: use spaces",
    "that cannot start any token": "text that begins with a special character must stand in quotes",
    "mapping values are not allowed here": "a colon where none fits: check the indentation, or put the text "
    "in quotes",
    "expected <block end>": "the indentation does not fit the lines above",
    "expected '<document start>'": "the indentation does not fit the lines above",
    "expected alphabetic or numeric character": "text that begins with * or & must stand in quotes",
    "found undefined alias": "*NAME repeats what &NAME marked above; a glob that begins with * needs quotes",
    "could not find expected ':'": "a key without a colon, or text that needs quotes",
    "expected ',' or '}'": "a comma or } is missing; between { and }, ${...} must stand in quotes",
    "expected ',' or ']'": "a comma or ] is missing",
    "found unexpected end of stream": "a quote is never closed",
    "but found '<stream end>'": "the file ends in the middle of something: a ] or } is missing",
    "but found another document": "a second document begins here: a file holds one",
}
"""What the parser says, and what to do about it."""


class Loader(yaml.SafeLoader):
    """Composes nodes, leaves every scalar as it is written, and remembers which were plain."""

    def resolve(self, kind: type[Node], value: str | None, implicit: object) -> str:
        """Return the tag of a node to which the author gave none."""
        return PLAIN if implicit == (True, False) else QUOTED


def load(path: Path) -> Document:
    """Read one file; raise PolicyError where it is no YAML at all."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PolicyError([f"{path}: cannot be read: {error.strerror}"]) from None
    return read(str(path), data)


def read(name: str, data: bytes) -> Document:
    """Read the content of a file; raise PolicyError where it is no YAML at all."""
    document = Document(name)
    text = _text(document, data)
    try:
        node = yaml.compose(text, Loader=Loader)
    except ReaderError as error:
        before = text[: error.position]
        place = (before.count("\n") + 1, error.position - before.rfind("\n"))
        raise _refusal(document, "a control character, which no text may hold", place) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refusal(document, _not_yaml(error), _place(mark) if mark else (1, 1)) from None
    except RecursionError:
        raise _refusal(document, f"more than {MAX_DEPTH} levels") from None
    document.value = _value(document, node, ()) if node else None
    return document


def _text(document: Document, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _refusal(document, f"more than {MAX_BYTES:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = (before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        raise _refusal(document, "not UTF-8 text", place) from None


def _not_yaml(error: yaml.MarkedYAMLError) -> str:
    said = error.problem or error.context or "not YAML"
    return next((hint for words, hint in HINTS.items() if words in said), f"not YAML: {said}")


def _refusal(document: Document, text: str, place: Place = (1, 1)) -> PolicyError:
    document.mistake((), text, at=place)
    return PolicyError(document.mistakes)


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


def _value(document: Document, node: Node, path: KeyPath) -> object:
    document.places.setdefault(path, _place(node.start_mark))
    if len(path) > MAX_DEPTH or len(document.places) > MAX_VALUES:
        text = f"more than {MAX_DEPTH} levels, or {MAX_VALUES:,} values with every alias written out"
        raise _refusal(document, text, _place(node.start_mark))
    _look_at_tag(document, node, path)
    if isinstance(node, MappingNode):
        return _mapping(document, node, path)
    if isinstance(node, SequenceNode):
        return [_value(document, item, (*path, index)) for index, item in enumerate(node.value)]
    return _scalar(document, node, path)


def _mapping(document: Document, node: MappingNode, path: KeyPath) -> dict[str | int, object]:
    values: dict[str | int, object] = {}
    for key_node, value_node in node.value:
        place = _place(key_node.start_mark)
        key = _key(document, key_node, path)
        if key is None:
            continue
        inner = (*path, key)
        if key in values:
            first = document.place(inner)[0]
            document.mistake(path, f"{quoted(key)} stands twice, first on line {first}: keep one", at=place)
            continue
        document.places.setdefault(inner, place)
        values[key] = _value(document, value_node, inner)
    return values


def _key(document: Document, node: Node, path: KeyPath) -> str | int | None:
    """Return a key; None for one that cannot be, which is a mistake."""
    place = _place(node.start_mark)
    if isinstance(node, ScalarNode) and node.tag == PLAIN and node.value == "<<":
        document.mistake(path, "merge keys (<<) are not supported: write the keys out", at=place)
        return None
    _look_at_tag(document, node, path)
    key = _scalar(document, node, path) if isinstance(node, ScalarNode) else None
    if isinstance(key, str) or type(key) is int:
        return key
    document.mistake(path, "a key must be text: put it in quotes", at=place)
    return None


def _look_at_tag(document: Document, node: Node, path: KeyPath) -> None:
    if node.tag not in (PLAIN, QUOTED):
        text = f"the tag {quoted(node.tag)} is not supported: write the value itself"
        document.mistake(path, text, at=_place(node.start_mark))


def _scalar(document: Document, node: Node, path: KeyPath) -> object:
    text = str(node.value)
    if SURROGATE.search(text):
        document.mistake(path, "half a character, \\ud800 to \\udfff, is no text", at=_place(node.start_mark))
        text = SURROGATE.sub("?", text)
    if node.tag == QUOTED:
        return text
    if text in WORDS:
        return WORDS[text]
    if not DECIMAL.fullmatch(text):
        return text
    if abs(number := float(text)) >= LARGEST:
        document.mistake(path, f"{quoted(text)} is too large a number", at=_place(node.start_mark))
        return 1
    return int(text) if INTEGER.fullmatch(text) else number
