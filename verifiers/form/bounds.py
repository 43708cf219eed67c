"""Whether a text's length lies within bounds, where people count differently."""

from dataclasses import dataclass

from verifiers.form.counts import COUNTS, Unit

Broken = tuple[float, str, str]
"""A score, a situation, a detail."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How many of a unit there may be; 0 stands for any number."""

    unit: Unit
    low: int
    high: int

    def __post_init__(self) -> None:
        """Refuse what nothing could pass."""
        if 0 < self.high < self.low:
            raise ValueError(f"`min_{self.unit}` is more than `max_{self.unit}`; nothing could pass")

    def broken(self, text: str, cut: bool) -> Broken | None:
        """Return how a text breaks this bound or may break it, None where it holds; a cut text goes on."""
        fewest, most = COUNTS[self.unit](text)
        said = f"{self.unit}: {fewest}" if fewest == most else f"{self.unit}: {fewest} to {most}"
        if self.high and fewest > self.high:
            return 0, "too many", f"{said}, at most {self.high}"
        if most < self.low and not cut:
            return 0, "too few", f"{said}, at least {self.low}"
        if (self.high and most > self.high) or (fewest < self.low and not cut):
            middle = (fewest + most) / 2
            return float(self.low <= middle <= (self.high or middle)), "depends on how one counts", said
        return None
