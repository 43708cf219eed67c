"""What a sample is paid that nobody settled: the four kinds of `if_unsettled`."""

from pathlib import Path

import pytest

from router.errors import Unsettled
from router.policy import Policy
from router.route import route
from router.types import Reward, Sample
from tests.fakes import policy_from, sample


def rewards(policy: Policy, *samples: Sample) -> list[Reward]:
    return route(policy, samples, None)


def unsettled(id: str, prompt: str = "2+2?", reference: str = "4") -> Sample:
    return sample("who knows", reference, id=id, prompt=prompt)


def right(id: str, prompt: str = "2+2?") -> Sample:
    return sample(r"\boxed{4}", "4", id=id, prompt=prompt)


def wrong(id: str, prompt: str = "2+2?") -> Sample:
    return sample(r"\boxed{5}", "4", id=id, prompt=prompt)


def rule(if_unsettled: object, scale: str = "[0, 1]") -> str:
    return (
        f"reward: {{range: {scale}}}\nrules: [{{name: all, verify: [number], if_unsettled: {if_unsettled}}}]"
    )


@pytest.mark.parametrize("parts", range(1, 21))
def test_a_sample_that_is_right_in_every_part_is_paid_all(parts: int, tmp_path: Path) -> None:
    named = ", ".join(f"part{n}: {{weight: 1, verify: [number]}}" for n in range(parts))
    policy = policy_from(f"rules: [{{name: all, parts: {{{named}}}}}]", tmp_path)
    assert [one.value for one in rewards(policy, right("a"), wrong("b"))] == [1.0, 0.0]


def test_the_group_mean_counts_only_rewards_of_the_groups_own(tmp_path: Path) -> None:
    policy = policy_from(rule("group_mean"), tmp_path)
    group = [right("a"), right("b"), wrong("c"), unsettled("d"), unsettled("e")]
    others = [wrong("f", prompt="another"), unsettled("g", reference="5")]
    paid = {reward.id: reward.value for reward in rewards(policy, *group, *others)}
    assert paid["d"] == paid["e"] == pytest.approx(2 / 3)
    assert paid["g"] == 0.5


def test_a_group_of_which_nobody_knows_gets_the_middle_of_the_range(tmp_path: Path) -> None:
    policy = policy_from(rule("group_mean", "[-1, 3]"), tmp_path)
    assert [reward.value for reward in rewards(policy, unsettled("a"), unsettled("b"))] == [1.0, 1.0]


def test_a_number_is_paid_as_it_is_in_units_of_the_range(tmp_path: Path) -> None:
    [reward] = rewards(policy_from(rule(-0.25, "[-1, 1]"), tmp_path), unsettled("a"))
    assert (reward.value, reward.decided_by, reward.confidence) == (-0.25, "fallback", 0.0)


def test_verdict_lets_the_surest_verdict_stand(tmp_path: Path) -> None:
    [reward] = rewards(policy_from(rule("verdict"), tmp_path), sample("the answer is 4.1", "4"))
    assert (reward.value, reward.decided_by, reward.confidence) == (0.0, "fallback", 0.6)


def test_verdict_without_any_verdict_is_the_group_mean(tmp_path: Path) -> None:
    policy = policy_from(rule("verdict"), tmp_path)
    assert rewards(policy, wrong("a"), unsettled("b"))[1].value == 0.0


def test_fail_fails_the_invocation_and_names_the_rule(tmp_path: Path) -> None:
    policy = policy_from(rule("fail"), tmp_path)
    with pytest.raises(Unsettled, match="rule 'all' says `if_unsettled: fail`"):
        rewards(policy, right("a"), unsettled("b"))


def test_fail_does_not_fail_while_everything_is_settled(tmp_path: Path) -> None:
    assert rewards(policy_from(rule("fail"), tmp_path), right("a"))[0].value == 1.0


def test_every_fallback_says_that_it_is_one(tmp_path: Path) -> None:
    for wanted in ("group_mean", "verdict", 0.3):
        [reward] = rewards(policy_from(rule(wanted), tmp_path), unsettled("a"))
        assert reward.decided_by == "fallback"
