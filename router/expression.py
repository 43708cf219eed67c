"""Regular expressions that are compiled when they are first needed: no cold start waits for hundreds."""

import re
from typing import Any, cast

METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class _Late:
    """Stands for a compiled expression; from its first use on its methods are that one's own."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = pattern, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._source)
        vars(self).update({method: getattr(compiled, method) for method in METHODS})
        return getattr(compiled, name)


def expression(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` would; it is compiled with its first use, which is when a mistake raises."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
