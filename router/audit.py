"""
Some of what verifiers settle is judged as well, so that a job shows how far the two agree.

Asked when every other question is answered and every reward is priced: an audit cannot change a reward or
its confidence, and costs no other question of its batch its turn, its time or its dollars. What does not
come within a few seconds is left out; the trail says so, as a silence.

A sample is drawn by a hash of its content and the policy: the same event is audited alike by every instance,
and makes the same reply. A student that knew the hash could not aim at it with words of its own, and would
win nothing: to be audited pays no more and no less. Samples that a gate ended are not audited: the judge
would be asked another question than the gate.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from router.case import Ask, Case, Question, entry_of
from router.observe import settles
from router.policy.model import Part, Policy
from router.types import Entry, Reward, Unscorable, Verdict

MOST_SECONDS = 5.0
"""That a batch is held up by its audits: several times what a judge usually takes."""


def audited(
    policy: Policy,
    cases: Sequence[Case | Unscorable],
    rewards: Sequence[Reward],
    consult: Ask,
    deadline: float,
) -> list[Reward]:
    """Return the rewards as they are, with what judges say of some settled parts in their trails."""
    seen = list(rewards)
    if audits := list(drawn(policy, cases)):
        until = min(deadline, time.monotonic() + MOST_SECONDS)
        answers = consult([question for _, question, _ in audits], until)
        for (place, question, settled), judged in zip(audits, answers, strict=True):
            entry = replace(entry_of(question, judged), audits=settled)
            seen[place] = replace(seen[place], trail=(*seen[place].trail, entry))
    return seen


def drawn(policy: Policy, cases: Sequence[Case | Unscorable]) -> Iterator[tuple[int, Question, Verdict]]:
    """Yield what is asked: about which case, and of which verdict that settled a part."""
    for place, case in enumerate(cases):
        if isinstance(case, Case) and is_drawn(policy, case):
            for part in case.rule.parts:
                if part.judge and (settled := verdict_that_settled(case, part)):
                    yield place, Question(case, part.name, part.judge), settled


def is_drawn(policy: Policy, case: Case) -> bool:
    """Say whether a sample is one of the share that its rule audits."""
    if not case.rule.audit:
        return False
    sample = case.sample
    said = [[message.role, message.text] for message in sample.prompt]
    content = [policy.fingerprint, said, sample.response, list(sample.calls), sample.reference]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()
    return int.from_bytes(digest[:8], "big") < case.rule.audit * 2**64


def verdict_that_settled(case: Case, part: Part) -> Verdict | None:
    """Return the verifier's verdict that settled a part; None where none did."""
    for entry in case.trail:
        match entry:
            case Entry(part=part.name, finding=Verdict() as verdict, call=None):
                if settles(verdict, part.escalate_below):
                    return verdict
    return None
