"""
Required tags in a response: each exactly once, closed, in order, not nested, holding something.

A tag in a code fence or alone in backticks is a mention, not a tag; whoever reads the response with a
plain pattern sees it all the same, so that such a response is never surely right.
"""

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from router.expression import expression
from verifiers.form.counts import fences, visible

TAG_NAME = expression(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
LONGEST_TAG = 100
"""Characters inside of a tag; a longer one is text."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the policy asks of tags."""

    names: tuple[str, ...]
    already_open: str = ""
    tags_only: bool = False
    may_be_empty: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for tag in self.names:
            if not TAG_NAME.fullmatch(tag):
                raise ValueError(
                    f"`tags`: {tag!r} is no tag's name; write the bare name, as in [think, answer]"
                )
        if len({tag.lower() for tag in self.names}) < len(self.names):
            raise ValueError("`tags` names a tag twice; each stands exactly once")
        if self.already_open and self.already_open not in self.names[:1]:
            raise ValueError(f"`already_open` must be the first of `tags`, and {self.already_open!r} is not")
        if stray := set(self.may_be_empty) - set(self.names):
            raise ValueError(f"`may_be_empty` names {min(stray)!r}, which is not among `tags`")
        if self.tags_only and not self.names:
            raise ValueError("`tags_only` needs `tags`; name them, as in [think, answer]")


@dataclass(frozen=True, slots=True)
class Mark:
    """An opening or a closing tag, as it stands in the response."""

    written: str
    wanted: str
    """What it would be if written exactly."""
    start: int
    end: int


def mistake(response: str, layout: Layout) -> tuple[str, str] | None:
    """Return what is wrong with a response's tags, as a situation and a detail; None where nothing is."""
    every = _marks(response, layout.names)
    code = fences(response) if every else []
    tags = [mark for mark in every if not _within(mark, code) and not _quoted(response, mark)]
    wrong = _mistake(response, tags, layout)
    if len(tags) == len(every):
        return wrong
    if wrong is None:
        return "tags stand in code as well", ""
    return wrong if _mistake(response, every, layout) else ("tags stand only in code", "")


def inside(response: str, name: str) -> str:
    """Return what stands in the last tag of a name; everything, where there is none."""
    start, end = response.rfind(f"<{name}>"), response.rfind(f"</{name}>")
    return response[start + len(name) + 2 : end] if 0 <= start < end else response


def _mistake(response: str, tags: Sequence[Mark], layout: Layout) -> tuple[str, str] | None:
    expected = [tag for name in layout.names for tag in (f"<{name}>", f"</{name}>")]
    written = [mark.wanted for mark in tags]
    opened = f"<{layout.already_open}>"
    if layout.already_open and opened not in written:
        expected.remove(opened)
    for tag in expected:
        if tag not in written:
            return "a tag is missing", tag
        if written.count(tag) > 1:
            return "a tag stands more than once", tag
    if written != expected:
        return "the tags stand in another order", " ".join(written[:8])
    for mark in tags:
        if mark.written != mark.wanted:
            return "a tag is missing", f"{mark.wanted} exactly so"
    return _emptiness(response, tags, layout)


def _emptiness(response: str, tags: Sequence[Mark], layout: Layout) -> tuple[str, str] | None:
    """Look at what stands in the tags, which are in order, and between them."""
    at = {mark.wanted: mark for mark in tags}
    before = 0
    for name in layout.names:
        opening, closing = at.get(f"<{name}>"), at[f"</{name}>"]
        start, inner = (opening.start, opening.end) if opening else (0, 0)
        if layout.tags_only and _says_something(response[before:start]):
            return "text stands outside the tags", f"before <{name}>"
        if name not in layout.may_be_empty and not _says_something(response[inner : closing.start]):
            return "a tag holds nothing", f"<{name}>"
        before = closing.end
    if layout.tags_only and _says_something(response[before:]):
        return "text stands outside the tags", "at the end"
    return None


def _says_something(text: str) -> bool:
    return bool(visible(text).strip())


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of these tags in any dress; the names are the policy's, and plain words."""
    return re.compile(
        rf"<\s{{0,8}}(/?)\s{{0,8}}({'|'.join(names)})(?![\w-])[^<>]{{0,{LONGEST_TAG}}}>", re.IGNORECASE
    )


def _marks(response: str, names: tuple[str, ...]) -> list[Mark]:
    lower = {name.lower(): name for name in names}
    return [
        Mark(mark[0], f"<{mark[1]}{lower[mark[2].lower()]}>", mark.start(), mark.end())
        for mark in _pattern(names).finditer(response)
        if mark[2].lower() in lower
    ]


def _within(mark: Mark, code: Sequence[tuple[int, int]]) -> bool:
    """Say whether a tag stands in one of these spans, which are in order."""
    at = bisect(code, (mark.start, len(code) and code[-1][1])) - 1
    return at >= 0 and mark.start < code[at][1]


def _quoted(response: str, mark: Mark) -> bool:
    return response[mark.start - 1 : mark.start] == "`" == response[mark.end : mark.end + 1]
