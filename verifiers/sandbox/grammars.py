"""
The grammars of other languages, for helpers that parse and run nothing.

A parser is C that reads hostile text, and some texts take it seconds: it stands behind the same walls as a
program. Grammars are loaded before the fork, in helpers of their own: others would pay for them in each fork.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

LANGUAGES = {
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "go": ("tree_sitter_go", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
}
"""(The package, its function) by language."""
PARSERS: dict[str, Any] = {}
"""Those that this process has loaded."""


def folder() -> str:
    """Return where the packages are installed."""
    found = find_spec("tree_sitter")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("tree_sitter")
    return str(Path(found.origin).parents[1])


def load(where: str) -> None:
    """Load every grammar from the packages in a folder."""
    sys.path.append(where)
    tree_sitter = import_module("tree_sitter")
    for language, (package, function) in LANGUAGES.items():
        grammar = getattr(import_module(package), function)()
        PARSERS[language] = tree_sitter.Parser(tree_sitter.Language(grammar))


def first_error(language: str, source: str) -> int | None:
    """Return the first line that the grammar does not allow; None where it allows the whole."""
    text = f"{source}\n"  # a fence ends without one, and Go's statements end with one
    wrong = node = PARSERS[language].parse(text.encode(errors="replace")).root_node
    if not node.has_error:
        return None
    while wrong:
        node = wrong
        wrong = None if node.is_error else next((one for one in node.children if one.has_error), None)
    return int(node.start_point.row) + 1
