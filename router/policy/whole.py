"""
A policy with everything that it names, as one text: what is published to a place that holds one object.

The text stays the author's, comments included; the rubrics that the rules ask for and the prices follow as
their files hold them, unless the policy has such a section of its own. The environment is filled in where
the text is read, never here.
"""

from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

from router.errors import PolicyError
from router.policy.check import Checked, check, check_text
from router.policy.sheets import Sheets
from router.policy.source import load

ADDED = "\n# Added by `publish`: what the policy names, as its files hold it.\n"


def whole(path: Path) -> tuple[str, Checked]:
    """Return the text and the checked policy that it makes; raise PolicyError with every mistake."""
    checked = check(path)
    sheets = Sheets(path.parent, load(path))
    text = _text(path)
    if added := "".join(_sections(sheets, checked)):
        text = f"{text.rstrip()}\n{ADDED}{added}"
    if _checked_again(path, text) != checked:
        hint = "keep them in block style, without `---` or `...`"
        raise PolicyError([f"{path}: it and the files it names cannot be put into one: {hint}"])
    return text, checked


def rubrics_of(checked: Checked) -> dict[str, Any]:
    """Return the rubrics that the rules ask for, by name."""
    judges = [part["judge"] for rule in checked["rules"] for part in rule["parts"] if part["judge"]]
    rubrics = [judge["options"]["criteria"] for judge in judges if "criteria" in judge["options"]]
    return {rubric["name"]: rubric for rubric in rubrics}


def _sections(sheets: Sheets, checked: Checked) -> Iterator[str]:
    if sheets.own("rubrics") is None and (names := sorted(rubrics_of(checked))):
        yield "rubrics:\n"
        for name in names:
            yield f"  {name}:\n{_set_in(sheets.file(f'rubrics/{name}.yaml'), 4)}"
    if sheets.own("prices") is None:
        yield f"prices:\n{_set_in(sheets.file('prices.yaml'), 2)}"


def _set_in(path: Path, spaces: int) -> str:
    return indent(f"{_text(path).rstrip()}\n", " " * spaces)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def _checked_again(path: Path, text: str) -> Checked | None:
    """Return the checked policy that a text makes by itself; None where it has mistakes."""
    try:
        return check_text(str(path), text.encode())
    except PolicyError:
        return None
