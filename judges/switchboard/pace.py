"""
How many calls a second a model takes: declared in the policy, or learnt from what it throws back.

A declared quota is the ceiling. Under it, and where nothing is declared, the pace falls to a little
less than what was let through when something is thrown back, or to half where hardly anybody called. It
rises again the longer nothing is: quadratically, so that it stays near a limit just found and soon finds
one that has moved away. Other instances on the same quota do the same, and their paces meet at a fair share.

Where falling does not help, because a model throws calls back whatever the pace, it rises instead.
"""

import math
from collections import deque
from dataclasses import dataclass

from judges.base import Quota
from judges.switchboard.bucket import Bucket

MINUTE = 60.0
OPENING = 1000.0
"""Calls a second before anything is known: a millisecond apart, so that the first that is thrown back
stops the rest."""
TRUSTING = 64
"""Replies after which the opening pace has doubled, then trebled and so on, while nothing is thrown back."""
HEADROOM = 0.97
"""Share of a declared quota that is used; the rest is for clocks that differ."""
SAVED_UP = 15.0
"""Seconds of a declared quota that may be saved up for a batch, as the service counts by the minute."""
RUSH = 4.0
"""How much faster than the quota what is saved up is spent."""
WINDOW, FEWEST = 1.0, 10
"""What was let through is counted over this many seconds, or over this many calls where they are rarer."""
FALL, FALL_BLIND = 0.9, 0.5
"""The pace after something was thrown back, as a share of what was let through, and where nothing was, or so
little was tried that this says nothing, of the pace before."""
USED = 0.5
"""Share of the pace, under which what was let through tells how few wanted to call, not what is allowed."""
SLOWEST = 0.05
RISE = 30.0
"""Seconds in which the pace doubles twice."""
BOUNCE_MEMORY = 0.2
"""Weight of the latest failure in how long a failure takes."""
BY_CHANCE = 0.2
"""Share thrown back from which on it is asked whether falling helps."""
HELPED = 0.6
"""Of the share that was thrown back before a fall, the most that is left after one that helped."""
STILL_LOW = 5.0
"""Seconds after a fall in which its pace can be judged; later it has risen again, and calls at few a second
would be thrown back although the fall helped."""


@dataclass(slots=True)
class Stretch:
    """What came of the calls at one pace."""

    turns: int = 0
    thrown_back: int = 0

    @property
    def share(self) -> float:
        """Return the share that was thrown back."""
        return self.thrown_back / self.turns if self.turns else 0.0


@dataclass(slots=True)
class Try:
    """A call that had its turn, and whether it failed."""

    at: float
    failed: bool = False


class Pace:
    """Turns for the calls to one model. Times are seconds of one clock; the caller waits, the pace counts."""

    def __init__(self, quota: Quota, now: float) -> None:
        self._ceiling = (
            HEADROOM * quota.requests_per_minute / MINUTE if quota.requests_per_minute else OPENING
        )
        self._declared = quota.requests_per_minute is not None
        self._tokens_a_second = HEADROOM * (quota.tokens_per_minute or math.inf) / MINUTE
        self._base = self._ceiling
        self._fell_at = -math.inf
        self._moved_at = -math.inf
        self._before, self._here = Stretch(), Stretch()
        self._calls = Bucket(self._most_saved(now), now)
        self._tokens = Bucket(SAVED_UP * self._tokens_a_second, now)
        self._tries: deque[Try] = deque()
        self._answered = 0
        self._bounce = 0.0
        """Seconds that a call which fails is out, on average."""

    def rate(self, now: float) -> float:
        """Return the calls a second that are allowed at this time."""
        if self._fell_at == -math.inf:
            return self._base if self._declared else self._base * (1 + self._answered / TRUSTING)
        risen: float = self._base * (1 + (now - self._fell_at) / RISE) ** 2
        return min(self._ceiling, risen)

    def wait(self, tokens: int, now: float) -> float:
        """Return the seconds until a call that reserves these tokens has its turn."""
        self._fill(now)
        rate = self.rate(now)
        apart = self._tries[-1].at + 1 / (RUSH * rate) - now if self._tries else 0.0
        return max(apart, self._calls.lacks(1, rate), self._starved(tokens))

    def take(self, tokens: int, now: float) -> Try:
        """Note that a call that reserves these tokens has its turn now."""
        self._fill(now)
        self._calls.level -= 1
        self._tokens.level -= tokens
        self._here.turns += 1
        self._tries.append(one := Try(now))
        self._forget(now)
        return one

    def answered(self) -> None:
        """Note a reply."""
        self._answered += 1

    def thrown_back(self, one: Try, now: float) -> None:
        """Note that the model threw back a call that is noted as failed already."""
        if one.at <= self._moved_at:
            self._before.thrown_back += 1
            self._fall(now)
            return
        self._here.thrown_back += 1
        if self._here.turns < FEWEST and self.let_through(now):
            return
        still_low = now - self._moved_at <= STILL_LOW
        in_vain = still_low and self._here.share >= max(BY_CHANCE, HELPED * self._before.share)
        self._base = self.rate(now)
        self._before, self._here, self._moved_at = self._here, Stretch(), now
        if in_vain:
            self._base = min(self._ceiling, 2 * self._base)
        else:
            self._fall(now)

    def let_through(self, now: float) -> float:
        """Return the calls a second that were lately let through, or may still be."""
        lately = self._lately(now)
        if not lately:
            return 0.0
        return sum(not one.failed for one in lately) / max(WINDOW, now - lately[0].at)

    def failed(self, one: Try, now: float) -> None:
        """Note that a call was not let through."""
        one.failed = True
        self._bounce += BOUNCE_MEMORY * (min(now - one.at, WINDOW) - self._bounce)

    def share_let_through(self, since: float, now: float) -> float:
        """Return the share of the calls since then let through, those too fresh to have failed left out."""
        fresh = now - 2 * self._bounce
        lately = [one for one in self._lately(now) if one.at >= since and (one.failed or one.at < fresh)]
        return sum(not one.failed for one in lately) / len(lately) if lately else 0.0

    def _fall(self, now: float) -> None:
        let_through = self.let_through(now)
        if let_through and not self._is_idle(now):
            self._base = min(self._base, max(SLOWEST, FALL * let_through))
        else:
            self._base = max(SLOWEST, FALL_BLIND * self._base)
        self._fell_at = now
        self._calls.level = min(self._calls.level, 0.0)

    def _is_idle(self, now: float) -> bool:
        """Say whether far fewer called lately than might have: what was let through then says little."""
        known = self._declared or self._fell_at > -math.inf
        seconds = min(self._window(now), now - self._tries[0].at)
        return known and len(self._lately(now)) < USED * self._base * seconds

    def _window(self, now: float) -> float:
        return max(WINDOW, FEWEST / self.rate(now))

    def _lately(self, now: float) -> list[Try]:
        window = self._window(now)
        return [one for one in self._tries if now - one.at <= window]

    def _forget(self, now: float) -> None:
        window = self._window(now)
        while now - self._tries[0].at > max(window, MINUTE):
            self._tries.popleft()

    def _starved(self, tokens: int) -> float:
        """Return the seconds until there are tokens for a call, at the most all that can be saved."""
        if self._tokens_a_second == math.inf:
            return 0.0
        wanted = min(tokens, SAVED_UP * self._tokens_a_second)
        return self._tokens.lacks(wanted, self._tokens_a_second)

    def _fill(self, now: float) -> None:
        self._calls.fill(self.rate(now), self._most_saved(now), now)
        self._tokens.fill(self._tokens_a_second, SAVED_UP * self._tokens_a_second, now)

    def _most_saved(self, now: float) -> float:
        """Nothing is saved up where the limit is only guessed, or was hit within the last minute."""
        sound = self._declared and now > self._fell_at + MINUTE
        return max(1.0, SAVED_UP * self._ceiling) if sound else 1.0
