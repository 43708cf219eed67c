"""A policy in S3, watched in virtual time: a look a minute, and only what checks out is taken."""

import logging
from dataclasses import dataclass, field

import pytest

from router.errors import PolicyError, PolicyUnreachable
from router.policy import watch as watch_module
from router.policy.place import Place
from router.policy.watch import EVERY, MOST_MISTAKES, Watch
from router.s3 import Written
from tests.policies import HEAD, REST

SECONDS = 2.0
SOUND = f"{HEAD}rules:\n{REST}"
NEWER = SOUND.replace("rest", "newer")
BROKEN = SOUND.replace("reference", "refrence")
PLACE = Place("policies", "policy.yaml")
RULES = ", ".join(f"{{name: r{number}, when: {{n: {number}}}, verify: [exact]}}" for number in range(300))


@dataclass
class PretendedS3:
    """Holds a text, and is asked as S3 is; the text in quotes is its ETag."""

    text: str | PolicyError = SOUND
    now: float = 1e9
    sent: list[str] = field(default_factory=list)
    """What each look transferred."""

    def read(self, seconds: float, *, unlike: str = "") -> Written | None:
        """Return the text unless it is known."""
        assert seconds == SECONDS
        if isinstance(self.text, PolicyError):
            raise self.text
        etag = f'"{self.text}"'
        if etag == unlike:
            return None
        self.sent.append(self.text)
        return Written(self.text.encode(), etag)


@pytest.fixture
def s3() -> PretendedS3:
    return PretendedS3()


@pytest.fixture
def watch(s3: PretendedS3) -> Watch:
    return Watch(PLACE, s3, now=lambda: s3.now)


def rules(watch: Watch) -> list[str] | None:
    """The names of the rules of the policy that a look brings, if it brings one."""
    policy = watch.look(SECONDS)
    return [rule.name for rule in policy.rules] if policy else None


def mistakes(watch: Watch) -> list[str]:
    """What a look finds wrong."""
    with pytest.raises(PolicyError) as caught:
        watch.look(SECONDS)
    assert watch.mistakes == caught.value.mistakes
    return watch.mistakes


MISTAKE = f"{PLACE}:4:18: rules.0.judge: 'refrence' is not one of reference, rubric; did you mean reference?"


def test_a_look_is_due_once_a_minute(s3: PretendedS3, watch: Watch) -> None:
    assert watch.is_due
    watch.look(SECONDS)
    assert not watch.is_due
    s3.now += EVERY - 1
    assert not watch.is_due
    s3.now += 1
    assert watch.is_due


def test_a_clock_that_is_set_back_puts_no_look_off(s3: PretendedS3, watch: Watch) -> None:
    watch.look(SECONDS)
    s3.now -= 3600
    assert watch.is_due


def test_a_policy_is_brought_once(s3: PretendedS3, watch: Watch) -> None:
    assert rules(watch) == ["rest"]
    assert rules(watch) is None
    s3.text = NEWER
    assert rules(watch) == ["newer"]
    assert rules(watch) is None
    assert s3.sent == [SOUND, NEWER]


def test_a_policy_with_a_mistake_is_refused_at_each_look_and_transferred_at_one(
    s3: PretendedS3, watch: Watch
) -> None:
    s3.text = BROKEN
    assert [mistakes(watch), mistakes(watch)] == [[MISTAKE], [MISTAKE]]
    assert s3.sent == [BROKEN]
    s3.text = SOUND
    assert rules(watch) == ["rest"]
    assert watch.mistakes == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must be a mapping"),
        ("rules: [", "a ] or } is missing"),
        (SOUND.replace("amazon.nova-lite", "mine"), "has no price, so add one to prices.yaml"),
        (SOUND.replace("judge: reference", "judge: {rubric: {criteria: mine}}"), "'mine' is not one of"),
        ("#" * 300_000, "more than 262,144 bytes"),
        (f"version: 1\nrules: [{RULES}]", "rules: must have 100 or fewer entries, not 300"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, said: str, s3: PretendedS3, watch: Watch) -> None:
    s3.text = text
    [mistake] = mistakes(watch)
    assert mistake.startswith(f"{PLACE}:")
    assert said in mistake


def test_of_thousands_of_mistakes_the_first_are_told(s3: PretendedS3, watch: Watch) -> None:
    s3.text = f"version: 1\nrules: [{{name: all, verify: [{'nmber, ' * 3000}]}}]\n"
    told = mistakes(watch)
    assert len(told) == MOST_MISTAKES + 1
    assert told[-1] == f"{PLACE}: and {3000 - MOST_MISTAKES:,} more: see them all with `check`"


def test_a_place_that_cannot_be_read_for_a_while_changes_nothing(s3: PretendedS3, watch: Watch) -> None:
    assert rules(watch) == ["rest"]
    s3.text = PolicyUnreachable(["down"])
    assert mistakes(watch) == ["down"]
    s3.text = SOUND
    assert rules(watch) is None
    assert watch.mistakes == []


def test_a_mistake_is_not_forgotten_over_a_place_that_cannot_be_read(s3: PretendedS3, watch: Watch) -> None:
    s3.text = BROKEN
    assert mistakes(watch) == [MISTAKE]
    s3.text = PolicyUnreachable(["down"])
    assert mistakes(watch) == ["down"]
    s3.text = BROKEN
    assert mistakes(watch) == [MISTAKE]
    assert s3.sent == [BROKEN]


def test_a_bug_in_the_check_is_a_refusal_with_a_traceback(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(name: str, data: bytes) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(watch_module, "read_policy", broken)
    with caplog.at_level(logging.ERROR, logger="router"):
        assert mistakes(watch) == [f"{PLACE}: cannot be checked: ZeroDivisionError, a bug of ours"]
    assert "ZeroDivisionError: ours" in caplog.text
