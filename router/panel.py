"""A panel's verdicts -> one: what they come to, when that can no longer change, how far they agree."""

from collections import Counter
from collections.abc import Sequence
from statistics import fmean, median

from router.policy.model import Take
from router.types import Verdict


def quorum(voices: int) -> int:
    """Return how many voices are more than half: so many are asked at first, and so many must answer."""
    return voices // 2 + 1


def taken(scores: Sequence[float], take: Take) -> float:
    """Return what the scores come to; where none is the most frequent one, a majority is their median."""
    if take == "mean":
        return fmean(scores)
    [(score, count), *others] = Counter(scores).most_common(2)
    tied = bool(others) and others[0][1] == count
    return median(scores) if take == "median" or tied else score


def decided(scores: Sequence[float], left: int, take: Take) -> bool:
    """Say whether the voices that are left could no longer change what the scores come to."""
    if not scores or not left:
        return not left
    if take == "majority":
        return 2 * max(Counter(scores).values()) > len(scores) + left
    return taken([*scores, *[0.0] * left], take) == taken([*scores, *[1.0] * left], take)


def together(verdicts: Sequence[Verdict], take: Take) -> Verdict:
    """Return the panel's verdict; the further its voices lie from it, the less it is trusted."""
    scores = [verdict.score for verdict in verdicts]
    score = taken(scores, take)
    agreement = 1 - fmean(abs(one - score) for one in scores)
    nearest = min(verdicts, key=lambda verdict: abs(verdict.score - score))
    said = ", ".join(f"{one:g}" for one in scores)
    reason = f"{take} of {said}: {nearest.reason}"
    return Verdict(score, agreement * fmean(verdict.confidence for verdict in verdicts), reason)
