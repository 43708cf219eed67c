"""
How many sound programs the grammars refuse: files of repositories whose own builds compile them.

    python -m benchmarks.grammars CLONE ...

What is refused here is refused of a student, too: the confidence of "it does not parse" rests on it.
"""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tabulate import tabulate

from verifiers.sandbox import Limits, Returned, parsing

LANGUAGES = {
    ".c": "c",
    ".cpp": "cpp",
    ".go": "go",
    ".hpp": "cpp",
    ".java": "java",
    ".js": "javascript",
    ".rs": "rust",
    ".ts": "typescript",
}
MOST_FILES = 500
"""Of a clone and a language."""


def main() -> int:
    """Print the table."""
    seen: defaultdict[str, list[bool]] = defaultdict(list)
    for clone in map(Path, sys.argv[1:]):
        for language, name in files(clone):
            source = git(clone, "show", f"HEAD:{name}").rstrip()
            seen[language].append(parsing().parse(language, source, Limits()) == Returned(None))
    seen["all"] = [each for parsed in seen.values() for each in parsed]
    rows = [(language, len(parsed), parsed.count(False)) for language, parsed in seen.items()]
    print(tabulate(rows, ["", "files", "refused"]))
    return 0


def files(clone: Path) -> Iterator[tuple[str, str]]:
    """Yield (language, path) of the first files of a clone in each language."""
    counts: defaultdict[str, int] = defaultdict(int)
    for name in git(clone, "ls-tree", "-r", "--name-only", "HEAD").splitlines():
        language = LANGUAGES.get(Path(name).suffix)
        if language and counts[language] < MOST_FILES:
            counts[language] += 1
            yield language, name


def git(clone: Path, *order: str) -> str:
    """Return what git says of a clone."""
    done = subprocess.run(["git", "-C", str(clone), *order], capture_output=True, check=True)
    return done.stdout.decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
