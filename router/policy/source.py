"""
YAML -> plain values and the place of each, with YAML's traps taken out.

`no`, `on` and `12:30` stay text, a key that stands twice is a mistake, an alias cannot blow a
document up, and a file that is too large or too deep is refused before it costs anything.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from router.errors import PolicyError

MAX_BYTES = 256 * 1024
MAX_VALUES = 20_000
MAX_DEPTH = 40

KeyPath = tuple[str | int, ...]

INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.?[0-9]*)(?:[eE][-+]?[0-9]{1,3})?")
WORDS = {"": None, "~": None, "null": None, "true": True, "True": True, "false": False, "False": False}
"""The words that YAML 1.2's core schema reads as no text; YAML 1.1 would add yes, no, on and off."""


class Loader(yaml.SafeLoader):
    """Composes nodes and leaves every scalar as it is written."""

    yaml_implicit_resolvers = {}


@dataclass(slots=True)
class Document:
    """One YAML file: its values, where each stands, and what is wrong with it as YAML."""

    name: str
    value: object = None
    places: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)
    """(line, column) of each value, or of its key, counted from 1."""
    mistakes: list[str] = field(default_factory=list)

    def mistake(self, path: KeyPath, text: str) -> None:
        """Add a mistake at a path, or at the nearest place around it."""
        around = path
        while around and around not in self.places:
            around = around[:-1]
        line, column = self.places.get(around, (1, 1))
        where = ".".join(map(str, path))
        self.mistakes.append(f"{self.name}:{line}:{column}: {where + ': ' if where else ''}{text}")


def load(path: Path) -> Document:
    """Read one file; raise PolicyError where it is no YAML at all."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PolicyError([f"{path}: cannot be read: {error.strerror}"]) from None
    if len(data) > MAX_BYTES:
        raise PolicyError([f"{path}: {len(data):,} bytes; a policy may have {MAX_BYTES:,}"])
    document = Document(str(path))
    try:
        node = yaml.compose(data.decode(), Loader=Loader)
        document.value = _value(document, node, ()) if node else None
    except UnicodeDecodeError:
        raise PolicyError([f"{path}: not UTF-8 text"]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise PolicyError([f"{path}:{line}:{column}: not YAML: {error.problem or error.context}"]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise PolicyError([f"{path}: not YAML: {type(error).__name__}"]) from None
    return document


def _value(document: Document, node: Node, path: KeyPath) -> object:
    document.places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if len(path) > MAX_DEPTH or len(document.places) > MAX_VALUES:
        raise PolicyError([f"{document.name}: more than {MAX_DEPTH} levels or {MAX_VALUES:,} values"])
    if isinstance(node, MappingNode):
        return _mapping(document, node, path)
    if isinstance(node, SequenceNode):
        return [_value(document, item, (*path, index)) for index, item in enumerate(node.value)]
    if node.tag != "tag:yaml.org,2002:str":
        document.mistake(path, f"the tag {node.tag!r} is not supported: write the value itself")
    assert isinstance(node, ScalarNode)  # noqa: S101 - the third and last kind of node
    return _scalar(node)


def _mapping(document: Document, node: MappingNode, path: KeyPath) -> dict[object, object]:
    values: dict[object, object] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, ScalarNode):
            document.mistake(path, "a key must be text")
            continue
        key = _scalar(key_node)
        inner = (*path, key if isinstance(key, str | int) else str(key))
        twice = key in values
        document.places.setdefault(inner, (key_node.start_mark.line + 1, key_node.start_mark.column + 1))
        if twice:
            line = key_node.start_mark.line + 1
            document.mistake(inner, f"{key!r} stands twice, again on line {line}: keep one")
        values[key] = _value(document, value_node, inner)
    return values


def _scalar(node: ScalarNode) -> object:
    text = str(node.value)
    if node.style is not None:
        return text
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text
