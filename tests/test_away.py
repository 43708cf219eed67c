"""Programs that run elsewhere: the same findings as here, or an abstention that says what to do."""

import json
import logging
import math
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.away import line as line_module
from router.away import placed, state
from router.away.letter import Question, Unreadable, answer, question, read_answer, read_question
from router.away.line import LINES, Line
from router.away.place import AT_ONCE, TOO_SLOW, Away, Off
from router.batch import make_handler
from router.code_function import lambda_handler
from router.commands.serve import Server
from router.policy import Policy
from router.service import Connecting
from router.settings import Settings
from router.types import Abstain, Finding, Message, Sample, Verdict
from tests.fakes import Context, policy_from, row, sample
from tests.local.scripted_lambda import Fault, scripted_lambda
from tests.local.sdk import lead_to
from tests.local.servers import Answer, answered, failing, refused, served
from tests.manuals import Example, examples
from tests.processes import offspring
from verifiers import code as code_module
from verifiers.base import OUT_OF_TIME
from verifiers.code import Code

NOBODY = "http://127.0.0.1:9"
"""Where nobody listens."""
ADD = {"asserts": ["assert add(1, 2) == 3"]}
RIGHT = "def add(a, b): return a + b"
ENDLESS = "def add(a, b):\n    while True: pass"
FINE = {"score": 1.0, "confidence": 0.98, "reason": "every test passes"}

CODE_RULE = "rules: [{name: code, gate: [{format: {max_words: 99}}], verify: [{code: {seconds: 0.5}}]}]"


def soon(seconds: float = 30.0) -> float:
    return time.monotonic() + seconds


# --- where -------------------------------------------------------------------------------------------


def verifier_of(policy: Policy) -> object:
    [(name, verifier)] = policy.rules[0].parts[0].verify
    assert name == "code"
    return verifier


def test_here_nothing_changes(tmp_path: Path) -> None:
    policy = policy_from(CODE_RULE, tmp_path)
    assert placed(policy, Settings.read({}).code) is policy
    assert placed(policy, Settings.read({"CODE": ""}).code) is policy


def test_off_abstains_with_the_parameter_to_set_and_starts_nothing(tmp_path: Path) -> None:
    policy = placed(policy_from(CODE_RULE, tmp_path), Settings.read({"CODE": "off"}).code)
    before = offspring(os.getpid()).keys()
    assert isinstance(found := verifier_of(policy), Off)
    why = "programs are not run: the template's parameter Code is off"
    assert found.verify(sample(RIGHT, ADD)) == Abstain(why)
    assert offspring(os.getpid()).keys() <= before
    assert state.state("off") == {"runs": "off", "open": False, "reason": why}


def test_a_name_is_a_function_for_gates_and_parts_and_other_verifiers_stay(tmp_path: Path) -> None:
    rules = "rules: [{name: all, gate: [code, {format: {max_words: 9}}], verify: [exact, code]}]"
    policy = policy_from(rules, tmp_path)
    moved = placed(policy, "programs")
    assert [type(verifier).__name__ for _, verifier in moved.rules[0].gate] == ["Format", "Away"]
    assert [type(verifier).__name__ for _, verifier in moved.rules[0].parts[0].verify] == ["Exact", "Away"]
    assert [name for name, _ in moved.rules[0].gate] == ["format", "code"]
    assert moved.fingerprint == policy.fingerprint


# --- letters -----------------------------------------------------------------------------------------


def test_a_question_holds_what_code_looks_at_and_nothing_else() -> None:
    others: dict[str, Any] = {"fields": {"CANARY": 1}, "row": {"CANARY": 1}, "tools": ["CANARY"]}
    one = sample(RIGHT, ADD, id="CANARY", calls=["CANARY"], **others)
    letter = question(Question(Code(), one, 8.0, briefly=True))
    assert b"CANARY" not in letter
    assert json.loads(letter).keys() == {"options", "prompt", "response", "reference", "seconds", "briefly"}


@given(st.text(), st.text(), st.text())
def test_a_question_comes_out_as_it_went_in(role: str, text: str, response: str) -> None:
    code = Code(partial_credit=True, seconds=0.7, check="compiles")
    prompt = (Message(role, text), Message("user", "\ud800"))
    one = Sample("", prompt, response, {"asserts": [text, 1, 0.1, None]})
    asked = Question(code, one, 3.5, briefly=False)
    assert read_question(json.loads(question(asked))) == asked


shares = st.floats(0, 1)
findings = st.none() | st.builds(Verdict, shares, shares, st.text()) | st.builds(Abstain, st.text())


@given(findings)
def test_an_answer_comes_out_as_it_went_in(found: Finding | None) -> None:
    assert repr(read_answer(json.loads(json.dumps(answer(found))))) == repr(found)


@pytest.mark.parametrize(
    "letter",
    [
        None,
        [],
        "later",
        {},
        FINE | {"score": 1.5},
        FINE | {"confidence": -0.1},
        FINE | {"score": math.nan},
        FINE | {"confidence": math.inf},
        FINE | {"score": 10**400},
        FINE | {"score": "1"},
        FINE | {"score": True},
        FINE | {"score": None},
        FINE | {"reason": 5},
        FINE | {"reason": "x" * 501},
        FINE | {"more": 1},
        {"abstain": None},
        {"abstain": "x", "score": 1},
        {"later": 1.5},
        {"later": True, "score": 1},
    ],
    ids=repr,
)
def test_what_is_no_finding_is_unreadable(letter: object) -> None:
    with pytest.raises(Unreadable):
        read_answer(letter)


@pytest.mark.parametrize(
    "change",
    [
        {"options": {"sceonds": 1}},
        {"options": []},
        {"prompt": [["user"]]},
        {"prompt": [["user", 5]]},
        {"response": None},
        {"seconds": "8"},
        {"briefly": 1},
    ],
    ids=repr,
)
def test_what_is_no_question_is_refused(change: dict[str, Any]) -> None:
    letter = json.loads(question(Question(Code(), sample(RIGHT, ADD), 8.0, briefly=False)))
    with pytest.raises(Unreadable):
        lambda_handler(letter | change, None)


# --- the other function ------------------------------------------------------------------------------


def asked(
    code: Code, one: Sample, seconds: float = 60.0, *, briefly: bool = False, context: object = None
) -> Finding | None:
    """What the function answers, through JSON both ways."""
    letter = json.loads(question(Question(code, one, seconds, briefly)))
    return read_answer(json.loads(json.dumps(lambda_handler(letter, context))))


@pytest.mark.parametrize("example", examples(code_module.__doc__ or ""), ids=lambda one: one.line[:60])
def test_it_finds_to_the_byte_what_is_found_here(example: Example) -> None:
    code = Code(**example.options)
    assert asked(code, example.sample) == code.verify(example.sample)


def test_what_takes_longer_than_a_moment_is_left_for_later() -> None:
    assert asked(Code(), sample(ENDLESS, ADD), briefly=True) is None


@pytest.mark.parametrize(("seconds", "context"), [(0.5, Context(60)), (60.0, Context(1.0))])
def test_it_keeps_both_deadlines(seconds: float, context: Context) -> None:
    found = asked(Code(), sample(ENDLESS, ADD), seconds, context=context)
    assert isinstance(found, Verdict)
    assert found.score == 0
    assert found.reason == "a test takes too long (test 1, for which the batch left no more time)"


def test_a_bug_is_an_abstention_without_the_sample(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: Code, one: Sample, ends: float) -> Finding:
        raise RuntimeError(one.response)

    monkeypatch.setattr(Code, "verify_by", fail)
    assert asked(Code(), sample("CANARY", ADD)) == Abstain("the verifier failed: RuntimeError")
    assert "bug in the verifier code: RuntimeError" in caplog.text
    assert "CANARY" not in caplog.text


def test_it_says_whether_its_sandbox_is_open() -> None:
    assert lambda_handler({"router": "about"}, None) == {"open": True, "reason": ""}
    assert state.state("here") == {"runs": "here", "open": True, "reason": ""}


# --- asking it ---------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No pauses, and no line from another test."""
    monkeypatch.setattr(line_module, "PAUSES", (0.0, 0.0, 0.0))
    yield
    hang_up()


def hang_up() -> None:
    """Forget the line to the function."""
    while LINES:
        LINES.popitem()[1].close()


@contextmanager
def answering(monkeypatch: pytest.MonkeyPatch, *answers: Answer | Fault) -> Iterator[list[Any]]:
    """A Lambda that answers by this script; the events that it gets."""
    with scripted_lambda(monkeypatch, *answers) as calls:
        yield calls
        hang_up()


def away(ask: Callable[[bytes, float], object] | None = None) -> Away:
    return Away(Code(sample_seconds=1.0), "programs", ask)


def test_time_is_handed_over_and_less_than_none_asks_nobody() -> None:
    calls: list[tuple[Any, float]] = []

    def ask(letter: bytes, until: float) -> object:
        calls.append((json.loads(letter), until))
        return FINE

    ends = soon(10)
    assert away(ask).verify_by(sample(RIGHT, ADD), ends) == Verdict(**FINE)  # type: ignore[arg-type]
    [(letter, until)] = calls
    assert (until, letter["briefly"]) == (ends, False)
    assert 9 < letter["seconds"] < 10
    assert away(ask).glance(sample(RIGHT, ADD), math.inf) is not None
    assert calls[1][0]["seconds"] < 21  # the sample's own second, and a cold start
    assert away(ask).glance(sample(RIGHT, ADD), soon(0.1)) == OUT_OF_TIME
    assert away(ask).verify_by(sample(RIGHT, ADD), soon(0.1)) == TOO_SLOW
    large = away(ask).verify_by(sample("x" * 7_000_000, ADD), soon())
    assert large == Abstain("the sample is larger than Lambda hands over")
    assert len(calls) == 2


SAID = [
    (answered(FINE), "every test passes", 1),
    (answered(FINE | {"score": 2}), "answers no finding: deploy both functions from one version", 1),
    (answered({"later": True}), "the function programs found nothing", 1),
    (Answer(body=b"<html>"), "the function programs answers no JSON", 1),
    (failing("Sandbox.Timedout"), r"failed \(Sandbox.Timedout\): its log says why", 1),
    (failing("CANARY " * 99), r"failed \(an error without a name\)", 1),
    (failing(["CANARY"]), r"failed \(an error without a name\)", 1),
    (refused(403, "AccessDeniedException"), "allow this function's role lambda:InvokeFunction", 1),
    (refused(404, "ResourceNotFoundException"), "deploy it with the template's CodeFunction", 1),
    (refused(413, "RequestTooLargeException"), "the sample is larger than Lambda takes", 1),
    (refused(429, "TooManyRequestsException"), "is throttled: give it, or the account, more concurrency", 4),
    (refused(500, "ServiceException"), "did not answer: ServiceException", 4),
    (refused(502, "CANARY <b>"), "did not answer: ", 4),
    ("reset", "it cannot be reached from here", 4),
]


@pytest.mark.parametrize(("said", "reason", "attempts"), SAID, ids=[reason for _, reason, _ in SAID])
def test_every_end_of_a_call_is_a_finding_that_says_what_to_do(
    said: Answer | Fault, reason: str, attempts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, said) as calls:
        found = away().verify_by(sample(RIGHT, ADD), soon())
    assert isinstance(found, Verdict) == (reason == "every test passes")
    assert re.search(reason, found.reason)
    assert "CANARY" not in found.reason
    assert len(calls) == attempts


def test_what_is_thrown_back_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    busy, broken = refused(429, "TooManyRequestsException"), refused(500, "ServiceException")
    with answering(monkeypatch, busy, "reset", broken, answered(FINE)) as calls:
        assert isinstance(away().verify_by(sample(RIGHT, ADD), soon()), Verdict)
    assert len(calls) == 4


def test_a_function_that_hangs_is_given_up_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("router.away.place.START_SECONDS", -0.5)
    with answering(monkeypatch, "hang"):
        assert away().verify_by(sample(RIGHT, ADD), soon(0.4)) == OUT_OF_TIME
        late = away().verify_by(sample(RIGHT, ADD), soon(60))
        assert late == Abstain("the function programs did not answer in time: its log says why")


def test_nobody_listening_is_an_abstention_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lead_to("lambda", NOBODY, monkeypatch)
    found = away().verify_by(sample(RIGHT, ADD), soon())
    assert found.reason.endswith("it cannot be reached from here (EndpointConnectionError)")


def test_without_credentials_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    lead_to("lambda", NOBODY, monkeypatch)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    assert away().verify_by(sample(RIGHT, ADD), soon()).reason.endswith("did not answer: NoCredentialsError")


def test_after_a_refusal_the_next_samples_ask_nobody_and_the_log_says_it_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with answering(monkeypatch, refused(403, "AccessDeniedException")) as calls:
        found = {away().verify_by(sample(RIGHT, ADD), soon()) for _ in range(9)}
    assert (len(found), len(calls)) == (1, 1)
    said = [record for record in caplog.records if record.name == "router.away.line"]
    assert [record.levelno for record in said] == [logging.WARNING]
    assert "lambda:InvokeFunction" in said[0].message


def test_connections_that_lay_idle_too_long_are_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[float] = []
    now = 1e9
    connect = Connecting("lambda")

    def connected() -> Any:
        opened.append(now)
        return connect()

    with answering(monkeypatch, answered(FINE)):
        line = Line("programs", connected, now=lambda: now)
        for idle in (0, 0, 21):
            now += idle
            assert line.ask(b"{}", soon()) == FINE
        line.close()
    assert opened == [1e9, 1e9 + 21]


# --- a whole batch -----------------------------------------------------------------------------------


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The other function, behind Lambda's own API; the events that it gets."""
    events: list[object] = []

    def handler(event: object, context: object) -> object:
        events.append(event)
        return lambda_handler(event, context)

    with served(Server(handler, 0)) as url:
        lead_to("lambda", url, monkeypatch)
        yield events
        hang_up()


def test_a_batch_gets_the_same_bytes_wherever_its_programs_run(
    tmp_path: Path, programs: list[object]
) -> None:
    policy = policy_from(CODE_RULE, tmp_path)
    sources = [
        RIGHT,
        "def add(a, b): return 4",
        ENDLESS,
        "import os; os._exit(0)",
        "def add(:",
        "no",
    ]
    rows = [row(source, ADD, id=f"{n}") for n, source in enumerate(sources * 2)]

    def reply(where: str) -> list[dict[str, Any]]:
        made = make_handler(placed(policy, where), "none", trail=True, emit=lambda line: None)
        with closing(made) as handler:
            listed: Any = handler(rows, None)
        for one in listed:
            for entry in one["trail"]:
                del entry["seconds"]
        return list(listed)

    assert json.dumps(reply("programs")) == json.dumps(reply("here"))
    assert len(programs) >= len(rows) + 2  # the endless ones, once more; and who met a pause of the machine
    assert state.state("programs") == {"runs": "programs", "open": True, "reason": ""}


def test_as_many_are_under_way_at_once_as_another_function_takes(tmp_path: Path) -> None:
    both = threading.Barrier(AT_ONCE, timeout=20)

    def ask(letter: bytes, until: float) -> object:
        both.wait()
        return FINE

    policy = placed(policy_from(CODE_RULE, tmp_path), "programs")
    rule = policy.rules[0]
    part = replace(rule.parts[0], verify=(("code", away(ask)),))
    policy = replace(policy, rules=(replace(rule, parts=(part,)),))
    with closing(make_handler(policy, "none", emit=lambda line: None)) as handler:
        listed: Any = handler([row(RIGHT, ADD, id=f"{n}") for n in range(AT_ONCE)], None)
    assert {one["aggregate_reward_score"] for one in listed} == {1.0}


def test_a_function_that_does_not_say_how_it_is_is_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(monkeypatch, answered({"open": "yes"}), refused(404, "ResourceNotFoundException")):
        assert state.state("programs")["reason"] == "the function programs does not say"
        missing = state.state("programs")
    assert (missing["open"], "CodeFunction" in missing["reason"]) == (False, True)
