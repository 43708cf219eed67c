"""Policies for the tests of `router.policy`: a rich sound one, and what `check` says about others."""

import re
from pathlib import Path

import pytest

from router.errors import PolicyError
from router.policy.check import Checked, check
from router.policy.sheets import PACKAGED, Sheets
from verifiers import VERIFIERS

REST = "  - {name: rest, judge: reference}\n"
"""The rule that takes what those above leave."""

HEAD = "version: 1\njudge: {model: amazon.nova-lite-v1:0}\n"
"""The first two lines of most policies here; what a test writes begins on the third."""

RICH = """\
# yaml-language-server: $schema=policy.schema.json
version: 1
reward:
  range: [0, 1]                  # or [-1, 1]: where the trainer wants its numbers
  envelope: mirror               # mirror (as the request came), list, body_string, body_object

judge:                           # defaults for every judge below; each judge may override any of them
  model: ${JUDGE_MODEL_ID:-us.amazon.nova-lite-v1:0}     # environment, set by a template parameter
  region: ${JUDGE_REGION:-}      # empty: the function's own
  max_tokens: 300
  max_input_tokens: 6000         # a longer response is cut in its middle, and the trail says so
  timeout_seconds: 20            # one attempt; all attempts end before the deadline
  quota: {requests_per_minute: 1000, tokens_per_minute: 2000000, shared_by: 12}   # left out: learnt
  backups:                       # asked in order when the model is down, throttled or too slow
    - {model: us.amazon.nova-micro-v1:0}

budget: {usd_per_invocation: 0.25, usd_per_day: 50}      # both optional

rules:
  - name: math
    when: {task: math}
    reference: [reference_answer, metadata.solution]
    verify: [number]
    escalate_below: 0.95
    judge: reference
    if_unsettled: group_mean

  - name: support replies
    when: {task: [support, chat], has: reference}
    gate: [{exact: {closed: true}}]
    parts:
      correctness: {weight: 0.6, verify: [exact, number], escalate_below: 0.9, judge: reference}
      tone:        {weight: 0.4, judge: {rubric: {criteria: support_tone}}}
    audit: 0.02

  - name: everything else
    judge: {rubric: {criteria: helpfulness}}
"""
"""The example of the design, with verifiers that there are."""


CHOICES = {
    "VERIFIERS": ", ".join(VERIFIERS),
    "RUBRICS": ", ".join(Sheets(PACKAGED).rubric_names()),
    "MODELS": ", ".join(sorted(Sheets(PACKAGED).prices)),
}
"""What `policy_mistakes.txt` leaves open, because it grows."""


def gallery(kind: str) -> list[tuple[str, str]]:
    """The mistakes of a kind in `policy_mistakes.txt`: what is written, and what is said about it."""
    text = Path(__file__).with_name("policy_mistakes.txt").read_text(encoding="utf-8")
    for name, choices in CHOICES.items():
        text = text.replace(f"one of {name}", f"one of {choices}")
    sections = re.split(r"^\[(\w+)\] .*\n", text, flags=re.MULTILINE)
    [section] = [body for name, body in zip(sections[1::2], sections[2::2], strict=True) if name == kind]
    return re.findall(r"^(\S.*)\n    (.+)$", section, flags=re.MULTILINE)


def checked(folder: Path, text: str) -> Checked:
    """The checked policy that this text makes."""
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return check(path)


def mistakes(folder: Path, text: str) -> list[str]:
    """Every mistake in this text: `line:column: path: what is wrong`, without the file's name."""
    with pytest.raises(PolicyError) as caught:
        checked(folder, text)
    return [line.removeprefix(f"{folder / 'policy.yaml'}:") for line in caught.value.mistakes]
