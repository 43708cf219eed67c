"""Whether a program printed what it should: line by line, white space and the spelling of numbers aside."""

from router.expression import expression

NUMBER = expression(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?\Z")
LONGEST_NUMBER = 400
WHOLE = expression(r"[-+]?\d+\Z")


def same_output(printed: str, expected: str, tolerance: float) -> bool:
    """Say whether two outputs are the same."""
    ours, theirs = _lines(printed), _lines(expected)
    return ours == theirs or (
        len(ours) == len(theirs)
        and all(_same_line(one, other, tolerance) for one, other in zip(ours, theirs, strict=True))
    )


def _lines(text: str) -> list[list[str]]:
    return [words for line in text.splitlines() if (words := line.split())]


def _same_line(ours: list[str], theirs: list[str], tolerance: float) -> bool:
    return len(ours) == len(theirs) and all(
        one == other or _same_number(one, other, tolerance) for one, other in zip(ours, theirs, strict=True)
    )


def _same_number(one: str, other: str, tolerance: float) -> bool:
    """Say whether two words are numbers that differ by no more than rounding; whole ones differ or do not."""
    if max(len(one), len(other)) > LONGEST_NUMBER or not (NUMBER.match(one) and NUMBER.match(other)):
        return False
    if WHOLE.match(one) and WHOLE.match(other):
        return False
    return abs(float(one) - float(other)) <= tolerance * max(1.0, abs(float(other)))
