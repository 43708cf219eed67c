"""
What a verifier is: a small frozen object that turns a sample into a finding.

The fields of a verifier are its options in the policy, the docstring under each field is its
documentation, and the docstring of its module is its manual.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from router.types import Abstain, Finding, Sample

OUT_OF_TIME = Abstain("the time for the batch was over")
"""What a verifier says that would need more time than the batch has."""


class Verifier(ABC):
    """Deterministic, free of I/O, and free of charge."""

    name: ClassVar[str]
    """How the policy calls it."""
    cost: ClassVar[int]
    """Typical microseconds for one sample; a rule runs its cheapest verifier first."""

    aside: ClassVar[bool] = False
    """Whether it waits for other processes: samples go to it side by side, after all others."""

    at_once: ClassVar[int] = 0
    """How many samples it may look at at once where `aside`; 0 for one a processor."""

    @abstractmethod
    def verify(self, sample: Sample) -> Finding:
        """Return a verdict about the response, or abstain."""

    def glance(self, sample: Sample, ends: float) -> Finding | None:
        """Do the same in a moment, or return None; end by `ends` (monotonic). Asked first where `aside`."""
        return self.verify(sample)

    def verify_by(self, sample: Sample, ends: float) -> Finding:
        """Do the same by `ends` (monotonic); OUT_OF_TIME where that is too soon. This is what is asked."""
        return self.verify(sample)


def plain(reference: object) -> object:
    """
    Return the one value that a reference answer stands for.

    Trainers wrap it: an object with a single `answer`, `text` or `value` stands for that value.
    """
    if isinstance(reference, dict):
        values = [reference[key] for key in ("answer", "text", "value") if key in reference]
        if len(values) == 1:
            return values[0]
    return reference


WRITTEN = (str, int, float)


def written(reference: object) -> str | None:
    """Return the text or the number that a reference answer stands for, as text; None where it is neither."""
    value = plain(reference)
    return None if isinstance(value, bool) or not isinstance(value, WRITTEN) else str(value)
