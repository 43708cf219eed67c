"""A batch's questions as they are put: in words, before which models, for how much; or why not."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from judges.base import Seat
from judges.switchboard import worst_case
from router.cache import Verdicts
from router.case import LATE, Question
from router.errors import JudgeError
from router.query import Query
from router.telemetry import log_bug
from router.types import Silence


@dataclass(frozen=True, slots=True)
class Put:
    """A question, ready to be put; or why it cannot be."""

    query: Query | Silence
    seats: Mapping[str, Seat] = field(default_factory=dict)
    """The models that are asked first, by the keys of what they come to."""
    twice: bool = False
    """Whether an earlier row of the batch asks the same, and pays."""

    @property
    def size(self) -> int:
        """How much the model has to read: about how long it takes."""
        return len(self.query.first.text) if isinstance(self.query, Query) else 0

    def at_most(self, verdicts: Verdicts) -> float:
        """Return what it may cost, in dollars, where every reply comes at once, at worst from a backup."""
        if not isinstance(self.query, Query) or self.twice:
            return 0.0
        first, behind = self.query.first, self.query.backups
        asked = [seat for key, seat in self.seats.items() if verdicts.get(key) is None]
        return math.fsum(max(worst_case(first, one.settings) for one in (seat, *behind)) for seat in asked)


def worded(questions: Sequence[Question], deadline: float, clock: Callable[[], float]) -> list[Put]:
    """
    Word the questions; one that cannot be asked is a silence that costs nothing.

    To word ten thousand takes a second: half of the time until the deadline is for it, and the rest is late.
    """
    put: list[Put] = []
    keys: set[str] = set()
    by = (clock() + deadline) / 2
    for question in questions:
        if clock() >= by:
            put.append(Put(LATE))
            continue
        try:
            query = Query.of(question)
            seats = {query.key(seat): seat for seat in query.seats}
        except JudgeError as error:
            put.append(Put(Silence(type(error).__name__, str(error))))
        except Exception as bug:
            put.append(Put(broken(question.judge.name, bug)))
        else:
            put.append(Put(query, seats, keys.issuperset(seats)))
            keys.update(seats)
    return put


def broken(judge: str, bug: Exception) -> Silence:
    """Log a bug, and return what it is to the question that met it."""
    log_bug(f"the judge {judge}", bug)
    return Silence("JudgeBroken", f"the judge failed: {type(bug).__name__}")
