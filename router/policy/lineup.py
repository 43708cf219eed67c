"""A rule's verifiers as the policy names them, made when the first sample reaches the rule."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

from verifiers import VERIFIERS
from verifiers.base import Verifier

Seen = tuple[str, Verifier]
"""The name under which its findings are reported, and a verifier."""


@dataclass(frozen=True)
class Lineup(Sequence[Seen]):
    """
    Verifiers in the order in which they look.

    A policy may name them all, and a job need one: each module waits for a sample, not for the cold start.
    """

    named: tuple[tuple[str, str, Mapping[str, Any]], ...]
    """(reported as, verifier, options), as the checked policy has it."""
    stand_in: Callable[[Verifier], Verifier] = lambda verifier: verifier
    """What takes a verifier's place."""

    @cached_property
    def _made(self) -> tuple[Seen, ...]:
        return tuple(
            (reported, self.stand_in(VERIFIERS[name](**options))) for reported, name, options in self.named
        )

    @overload
    def __getitem__(self, place: int) -> Seen: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Seen]: ...
    def __getitem__(self, place: int | slice) -> Seen | Sequence[Seen]:
        """Return the verifiers at a place."""
        return self._made[place]

    def __iter__(self) -> Iterator[Seen]:
        """Go through them."""
        return iter(self._made)

    def __len__(self) -> int:
        """Count them, and make none."""
        return len(self.named)
