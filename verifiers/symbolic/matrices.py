"""Arithmetic in which a value may be a matrix: a tuple of rows, each a tuple of numbers."""

from typing import Any

from mpmath import mp

from verifiers.symbolic.formula import Unparsed

MOST_CELLS = 64
HIGHEST_POWER = 12


def cells(value: Any) -> list[Any]:
    """Return the numbers of a matrix, row by row; of a number, itself."""
    return [cell for row in value for cell in cells(row)] if isinstance(value, tuple) else [value]


def shape(value: Any) -> tuple[int, ...]:
    """Return the numbers of rows and columns; nothing for a number."""
    return (len(value), len(value[0])) if isinstance(value, tuple) else ()


def added(*values: Any) -> Any:
    """Return the sum of numbers, or of matrices of one shape."""
    if not any(isinstance(value, tuple) for value in values):
        total = values[0]
        for value in values[1:]:
            total = total + value
        return total
    if len({shape(value) for value in values}) > 1:
        raise Unparsed("a sum of matrices of different shapes")
    columns = zip(*(cells(value) for value in values), strict=True)
    return _shaped([added(*column) for column in columns], len(values[0][0]))


def _shaped(numbers: list[Any], width: int) -> Any:
    if len(numbers) > MOST_CELLS:
        raise Unparsed("too large a matrix")
    return tuple(tuple(numbers[start : start + width]) for start in range(0, len(numbers), width))


def scaled(matrix: Any, factor: Any) -> Any:
    """Return a matrix times a number."""
    return tuple(tuple(cell * factor for cell in row) for row in matrix)


def multiplied(*values: Any) -> Any:
    """Return the product of numbers and matrices, in their order."""
    total = values[0]
    for value in values[1:]:
        if isinstance(total, tuple):
            total = _matrix_product(total, value) if isinstance(value, tuple) else scaled(total, value)
        else:
            total = scaled(value, total) if isinstance(value, tuple) else total * value
    return total


def _matrix_product(one: Any, other: Any) -> Any:
    if shape(one)[1] != shape(other)[0] or len(cells(one)) + len(cells(other)) > MOST_CELLS:
        raise Unparsed("a product of matrices that do not fit")
    columns = list(zip(*other, strict=True))
    return tuple(
        tuple(added(*(a * b for a, b in zip(row, column, strict=True))) for column in columns) for row in one
    )


def divided(above: Any, below: Any) -> Any:
    """Return a quotient; nothing is divided by a matrix."""
    if isinstance(below, tuple):
        raise Unparsed("a division by a matrix")
    if not below:
        raise Unparsed("a division by zero")
    return scaled(above, 1 / below) if isinstance(above, tuple) else above / below


def power(matrix: Any, exponent: Any) -> Any:
    """Return a matrix to a small whole power, the inverse as well."""
    size = shape(matrix)
    if size[0] != size[1] or not mp.isint(exponent) or abs(exponent) > HIGHEST_POWER:
        raise Unparsed("a power of a matrix that is not computed")
    found = mp.matrix([list(row) for row in matrix]) ** int(exponent)
    return tuple(tuple(found[i, j] for j in range(size[1])) for i in range(size[0]))


def transposed(value: Any) -> Any:
    """Return a matrix with rows for columns."""
    if not isinstance(value, tuple):
        raise Unparsed("a transposed number")
    return tuple(zip(*value, strict=True))


def determinant_or_abs(value: Any) -> Any:
    """Return what bars around a value mean."""
    return mp.det(mp.matrix([list(row) for row in value])) if isinstance(value, tuple) else abs(value)
