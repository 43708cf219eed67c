"""From what was decided to a number: weigh the parts, and price what nobody settled."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import fsum
from operator import mul

from router.case import Case
from router.errors import Unsettled
from router.policy.model import Policy
from router.types import Abstain, DecidedBy, Entry, Group, Reward, Unscorable, Verdict


def price(policy: Policy, cases: Sequence[Case | Unscorable]) -> list[Reward]:
    """Return the reward of each case, in order; raise Unsettled where a rule would rather fail."""
    own = [_own(policy, case) for case in cases]
    if all(own):
        return [reward for reward in own if reward]
    means = _group_means(own)
    return [reward or _fallback(policy, case, means) for case, reward in zip(cases, own, strict=True)]


def _own(policy: Policy, case: Case | Unscorable) -> Reward | None:
    """Return the reward that a case has of its own; None where a part of it stayed unsettled."""
    if isinstance(case, Unscorable):
        wire = Entry("row", "wire", Abstain(case.reason), 0.0)
        return Reward(case.id, policy.low, 1.0, "gate", None, {}, (wire,), case.flags)
    if case.gate:
        confidence = getattr(case.trail[-1].finding, "confidence", 1.0)
        return _reward(policy, case, "gate", policy.low, confidence)
    if len(case.decided) < len(case.rule.parts):
        return None
    by_judge = [entry for entry in case.trail if entry.call and isinstance(entry.finding, Verdict)]
    return _weighed(policy, case, "judge" if by_judge else "verifiers")


def _weighed(policy: Policy, case: Case, by: DecidedBy) -> Reward:
    """Return the weighted mean of the parts' verdicts, held as surely as the least sure of them."""
    weights = [part.weight for part in case.rule.parts]
    scores = [case.decided[part.name].score for part in case.rule.parts]
    score = fsum(map(mul, weights, scores)) / fsum(weights)  # six sixths make 1
    confidence = min([verdict.confidence for verdict in case.decided.values()])
    return _reward(policy, case, by, policy.scaled(score), confidence)


def _reward(policy: Policy, case: Case, by: DecidedBy, value: float, confidence: float) -> Reward:
    return Reward(
        id=case.sample.id,
        value=value,
        confidence=confidence,
        decided_by=by,
        rule=case.rule.name,
        parts={name: policy.scaled(verdict.score) for name, verdict in case.decided.items()},
        trail=tuple(case.trail),
        flags=case.flags,
        group=_group(case),
    )


def _fallback(policy: Policy, case: Case | Unscorable, means: Mapping[Group, float]) -> Reward:
    """Price a case that nobody settled, as its rule's `if_unsettled` says."""
    assert isinstance(case, Case)  # noqa: S101 - an unscorable row has a reward of its own
    wanted = case.rule.if_unsettled
    if wanted == "fail":
        late = " for lack of time: raise Timeout or send smaller batches" * ("out_of_time" in case.flags)
        raise Unsettled(
            f"the rule {case.rule.name!r} says `if_unsettled: fail`, and a sample stayed unsettled{late}"
        )
    if isinstance(wanted, float):
        return _reward(policy, case, "fallback", wanted, 0.0)
    if wanted == "verdict" and (surest := _surest(case)):
        case.decided |= surest
        return _weighed(policy, case, "fallback")
    return _reward(policy, case, "fallback", means.get(_group(case), policy.scaled(0.5)), 0.0)


def _surest(case: Case) -> dict[str, Verdict] | None:
    """Return the surest verdict about every part; None where a part has none at all."""
    surest: dict[str, Verdict] = {}
    for entry in case.trail:
        if isinstance(entry.finding, Verdict) and entry.part != "gate":
            held = surest.get(entry.part)
            if held is None or entry.finding.confidence > held.confidence:
                surest[entry.part] = entry.finding
    surest |= case.decided
    return surest if len(surest) == len(case.rule.parts) else None


def _group_means(own: Sequence[Reward | None]) -> dict[Group, float]:
    """Return the mean reward of each group, over those of its rollouts that have one of their own."""
    groups: defaultdict[Group, list[float]] = defaultdict(list)
    for reward in own:
        if reward and reward.group:
            groups[reward.group].append(reward.value)
    return {group: fsum(values) / len(values) for group, values in groups.items()}


def _group(case: Case) -> Group:
    reference = case.sample.reference
    if not isinstance(reference, str):  # text is most of them, and no text is equal to such a list
        reference = ("JSON", json.dumps(reference, sort_keys=True))
    return (case.rule.name, case.sample.prompt, reference)
