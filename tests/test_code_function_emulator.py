"""The function that runs only programs, under AWS's runtime emulator: to the byte what is found here."""

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from router.away import placed
from router.away.letter import Question, question, read_answer
from router.away.line import LINES
from router.away.place import Away
from router.batch import make_handler
from router.types import Finding, Sample, Verdict
from tests.fakes import policy_from, row, sample
from tests.local.emulator import Emulated, emulated
from tests.local.sdk import lead_to
from tests.sandbox_attacks import ATTACKS, RIGHT, Attack
from tests.test_sandbox_emulator import LOOKS_EVERYWHERE, SECRETS, connects
from verifiers.base import OUT_OF_TIME
from verifiers.code import Code

CODE = Code(seconds=0.5, megabytes=300)
SOLVED = {"entry_point": "solve", "io_tests": [[[20], RIGHT.value]]}
SOME = ATTACKS[::4]
"""Every kind of attack, and not every one of a kind: the sandbox has all of them tried under the emulator."""


@pytest.fixture(scope="module")
def function() -> Iterator[Emulated]:
    with emulated("router.code_function.lambda_handler", env=SECRETS, timeout=60) as up:
        yield up


def program(source: str, reference: object = SOLVED) -> Sample:
    return sample(f"```python\n{source}\n```", reference)


def found(function: Emulated, one: Sample, *, seconds: float = 60.0, briefly: bool = False) -> Finding | None:
    reply, error = function.invoke(json.loads(question(Question(CODE, one, seconds, briefly))))
    assert error is None
    return read_answer(reply)


def returns(value: object) -> dict[str, object]:
    """A reference answer that is met where the program returns this."""
    return {"entry_point": "solve", "io_tests": [[[20], value]]}


@pytest.mark.parametrize("attack", SOME, ids=lambda attack: attack.name)
def test_an_attack_and_its_twin_get_the_same_finding_as_here(function: Emulated, attack: Attack) -> None:
    paid = []
    for source in (attack.source, attack.twin):
        there = found(function, program(source))
        assert repr(there) == repr(CODE.verify(program(source)))
        paid.append(isinstance(there, Verdict) and there.score == 1)
    assert paid == [False, True]
    assert "angerine" not in function.log().lower()


def test_credentials_are_nowhere_to_be_found(function: Emulated) -> None:
    verdict = found(function, program(LOOKS_EVERYWHERE.source, returns([])))
    assert isinstance(verdict, Verdict)
    assert verdict.score == 1


def test_nothing_connects_to_any_listener(function: Emulated) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        source = connects(listener.getsockname()[1])
        verdict = found(function, program(source, returns([[-1, 1]] * 11)))
        assert isinstance(verdict, Verdict)
        assert verdict.score == 1
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_its_deadline_and_a_moment_are_kept(function: Emulated) -> None:
    endless = program("def solve(n):\n    while True: pass")
    assert found(function, endless, briefly=True) is None
    assert found(function, endless, seconds=0.2, briefly=True) == OUT_OF_TIME
    said = "a test takes too long (test 1, for which the batch left no more time)"
    assert found(function, endless, seconds=0.2) == Verdict(0, 0.95, said)


def test_it_says_how_it_is_and_refuses_what_is_no_question(function: Emulated) -> None:
    assert function.invoke({"router": "about"}) == ({"open": True, "reason": ""}, None)
    reply, error = function.invoke([row("CANARY", "CANARY")])
    assert (error, reply["errorMessage"]) == ("Unreadable", "the event is no question of the reward router's")


def test_the_router_asks_it_through_the_sdk(
    function: Emulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Away, "at_once", 1)  # two requests at once kill the emulator
    lead_to("lambda", function.client.meta.endpoint_url, monkeypatch)
    policy = policy_from("rules: [{name: code, verify: [{code: {seconds: 0.5}}]}]", tmp_path)
    sources = [ATTACKS[0].twin, ATTACKS[0].source, "def solve(n):\n    while True: pass"]

    def trails(where: str) -> Sequence[Any]:
        made = make_handler(placed(policy, where), "none", trail=True, emit=lambda line: None)
        with closing(made) as handler:
            reply: Any = handler([row(source, SOLVED, id=f"{n}") for n, source in enumerate(sources)], None)
        return [[entry | {"seconds": 0} for entry in one["trail"]] for one in reply]

    with function.one_at_a_time:
        there = trails("function")
    assert there == trails("here")
    LINES.popitem()[1].close()
