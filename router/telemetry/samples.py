"""LOG_SAMPLES: a share of the samples, in words and redacted, a line each; off unless it is asked for."""

import hashlib
import json
from collections.abc import Callable, Sequence

from router.telemetry.outcome import Outcome
from router.telemetry.redact import redacted
from router.types import Entry, Message, Reward, Row, Sample, Verdict

MOST_LINES = 8
"""A batch, however large the share and the batch are."""
TEXT, REASON = 2000, 300
"""Characters of each text, and of each reason, at the most."""


class Samples:
    """Emits a share of the samples, 0 to 1."""

    def __init__(self, share: float, emit: Callable[[str], None]) -> None:
        self._share = share
        self._emit = emit

    def add(self, outcome: Outcome, rows: Sequence[Row]) -> None:
        """Emit those of a batch that are chosen, the first of them only where there are many."""
        both = zip(rows, outcome.rewards, strict=True)
        chosen = [(row, reward) for row, reward in both if isinstance(row, Sample)]
        chosen = [(row, reward) for row, reward in chosen if is_chosen(row, self._share)]
        for sample, reward in chosen[:MOST_LINES]:
            self._emit(sample_line(outcome.policy.fingerprint, sample, reward))


def is_chosen(row: Row, share: float) -> bool:
    """Say whether a row is among this share of all rows; the same row always is, or never."""
    said = [str(row.id), row.response if isinstance(row, Sample) else row.reason]
    digest = hashlib.sha256(json.dumps(said).encode()).digest()
    return int.from_bytes(digest[:8]) < share * 2**64


def sample_line(policy: str, sample: Sample, reward: Reward) -> str:
    """Return a sample and what became of it; neither its id nor its metadata."""
    line = {
        "event": "sample",
        "policy": policy,
        "rule": reward.rule,
        "decided_by": reward.decided_by,
        "reward": reward.value,
        "prompt": redacted("\n".join(_turn(message) for message in sample.prompt), TEXT),
        "response": redacted(sample.response, TEXT),
        "reference": redacted(_text(sample.reference), TEXT),
        "trail": [_finding(entry) for entry in reward.trail],
    }
    return json.dumps(line)


def _turn(message: Message) -> str:
    return f"{message.role}: {message.text}"


def _text(reference: object) -> str:
    return reference if isinstance(reference, str) else json.dumps(reference)


def _finding(entry: Entry) -> dict[str, object]:
    finding = entry.finding
    score = {"score": finding.score} if isinstance(finding, Verdict) else {}
    return {"part": entry.part, "by": entry.by, **score, "reason": redacted(finding.reason, REASON)}
