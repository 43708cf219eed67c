"""`preflight` from its command line, against an account on loopback."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from router.__main__ import main
from router.batch import make_handler
from router.policy import Policy
from router.policy.build import build
from router.policy.check import check
from tests.fakes import policy_from, row
from tests.local.account import LocalAccount
from tests.local.bedrock import LocalBedrock
from tests.local.bedrock_faults import Fault, access_denied, no_such_model, throttled
from tests.local.bedrock_replies import Call
from tests.test_house import loaded_after

NAME = "SageMaker-RewardRouter"
MODEL = "us.amazon.nova-lite-v1:0"
POLICY = """
judge:
  model: ${JUDGE_MODEL_ID:-us.amazon.nova-lite-v1:0}
  quota: {requests_per_minute: 1200, tokens_per_minute: 2400000, shared_by: 12}
rules:
  - {name: math, when: {task: math}, verify: [math], judge: reference}
  - {name: everything else, judge: {rubric: {criteria: helpfulness}}}
"""
QUOTAS = (
    ("Cross-region model inference requests per minute for Amazon Nova Lite", 2000.0),
    ("Cross-region model inference tokens per minute for Amazon Nova Lite", 4000000.0),
)
MODELS = {"amazon.nova-lite-v1:0": ("Amazon", "Nova Lite"), "amazon.nova-pro-v1:0": ("Amazon", "Nova Pro")}
REPORT = "REPORT RequestId: 1\tDuration: 2500.00 ms\tMemory Size: 1769 MB\tMax Memory Used: 212 MB\t"

Capture = pytest.CaptureFixture[str]
Start = Callable[..., LocalAccount]


def told(policy: Policy, **other: Any) -> dict[str, Any]:
    """What the function answers to `{"router": "about"}`."""
    return {
        "version": "0",
        "policy": policy.fingerprint,
        "policy_from": "package",
        "policy_mistakes": [],
        "judge": "bedrock",
        "models": [{"model": MODEL, "region": "us-east-1"}],
        "code": {"runs": "here", "open": True, "reason": ""},
    } | other


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start accounts, and lead the SDK to the last."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL_LAMBDA"):
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as until_done:

        def started(*given: Any, **options: Any) -> LocalAccount:
            account = until_done.enter_context(LocalAccount(*given, **options))
            for name, value in account.environment.items():
                monkeypatch.setenv(name, value)
            return account

        yield started


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    """The policy that the function serves, in its region; it lies in `policy.yaml` of the folder."""
    policy_from(POLICY, tmp_path)
    return build(check(tmp_path / "policy.yaml"), {"AWS_REGION": "us-east-1"})


@pytest.fixture
def router(policy: Policy) -> Iterator[Callable[..., object]]:
    """The function itself: the real handler, and the offline judge behind it."""
    with closing(make_handler(policy, "offline", emit=lambda line: None)) as handler:
        yield lambda event, context: told(policy) if isinstance(event, dict) else handler(event, context)


@pytest.fixture
def preflight(tmp_path: Path, capsys: Capture) -> Callable[..., tuple[int, list[str]]]:
    """The command: its exit status and its lines."""

    def run(*arguments: object) -> tuple[int, list[str]]:
        policy = ("--policy", tmp_path / "policy.yaml", "--batch", 8)
        status = main([str(one) for one in ("preflight", *policy, *arguments)])
        return status, capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def refused(tmp_path: Path, capsys: Capture) -> Callable[[str], str]:
    """The command where it cannot even begin: the one line that it says."""

    def run(function: str) -> str:
        assert main(["preflight", function, "--policy", str(tmp_path / "policy.yaml")]) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        return said.err

    return run


Preflight = Callable[..., tuple[int, list[str]]]
Router = Callable[..., object]
Refused = Callable[[str], str]


def line(lines: list[str], about: str) -> str:
    """The one line about something, its spaces narrowed."""
    [found] = [" ".join(one.split()) for one in lines if one[6:].startswith(f"{about} ")]
    return found


# --- a function that is ready ---------------------------------------------------------------------------


def test_a_function_that_is_ready_is_fine_in_every_line(
    start: Start, router: Router, preflight: Preflight
) -> None:
    account = start(router, log=REPORT, quotas=QUOTAS, models=MODELS)
    arn = account.deploy(NAME, reserved=12)
    status, lines = preflight(arn)
    assert status == 0
    assert lines[-1] == "10 fine, 0 to fix, 1 to note."
    assert line(lines, "function").startswith(f"fine function {arn} is active")
    assert line(lines, "concurrency") == "fine concurrency 12 are reserved, 12 are called at once"
    assert line(lines, "reward check").startswith(
        "fine reward check 6 rows, 2 of them raw, came back in order"
    )
    assert line(lines, "timeout").startswith("fine timeout a batch of 8 made rows took 2.50 s warm")
    assert line(lines, "memory") == "fine memory a batch of 8 made rows used 212 MB of 1769"
    assert line(lines, "judged") == "fine judged 1 of 1 questions came back with a judge's verdict"
    assert "(" + told_fingerprint(account) + ")" in line(lines, "policy")


def told_fingerprint(account: LocalAccount) -> str:
    return str(account.handler({"router": "about"}, None)["policy"])  # type: ignore[index]


def test_an_endpoint_that_is_not_aws_is_named(start: Start, router: Router, preflight: Preflight) -> None:
    account = start(router)
    account.deploy(NAME)
    _, lines = preflight(NAME)
    assert f"lambda at {account.url}" in line(lines, "endpoints")


def test_a_model_is_asked_for_one_token_only(start: Start, router: Router, preflight: Preflight) -> None:
    account = start(router)
    account.deploy(NAME)
    preflight(NAME)
    assert [(call.model, call.body["inferenceConfig"]) for call in account.bedrock.calls] == [
        (MODEL, {"maxTokens": 1})
    ]


def test_recorded_rollouts_are_what_is_measured(
    start: Start, router: Router, preflight: Preflight, tmp_path: Path
) -> None:
    recorded = [row(r"\boxed{4}", "4", id=name, metadata={"task": "math"}) for name in "abc"]
    (tmp_path / "rollouts.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in recorded))
    account = start(router)
    account.deploy(NAME)
    _, lines = preflight(NAME, "--rollouts", tmp_path / "rollouts.jsonl")
    assert [one["id"] for one in account.events[2]] == [*"abcabcab"]  # type: ignore[attr-defined]
    assert "a batch of 8 recorded rows took" in line(lines, "timeout")
    assert "questions" not in line(lines, "timeout")


def test_the_command_line_starts_without_awss_sdk() -> None:
    assert loaded_after("import router.__main__") & {"boto3", "botocore", "aiohttp"} == set()


# --- the function ----------------------------------------------------------------------------------------


def test_a_function_that_is_not_there_ends_it(start: Start, router: Router, preflight: Preflight) -> None:
    account = start(router)
    status, lines = preflight(NAME)
    assert status == 1
    assert line(lines, "function").startswith(f"fix function there is no function {NAME} in us-east-1")
    assert account.events == []


def test_a_name_that_hyperpod_would_not_call_is_to_be_changed(
    start: Start, router: Router, preflight: Preflight
) -> None:
    start(router).deploy("RewardRouter")
    status, lines = preflight("RewardRouter")
    assert status == 1
    assert "deploy it with FunctionName=SageMaker-RewardRouter" in line(lines, "function")


def test_an_alias_is_refused_as_sagemaker_refuses_it_and_the_rest_is_looked_at(
    start: Start, router: Router, preflight: Preflight
) -> None:
    arn = start(router).deploy(NAME)
    status, lines = preflight(f"{arn}:live")
    assert status == 1
    assert "`:live` names a version or an alias" in line(lines, "function")
    assert line(lines, "reward check").startswith("fine")


def test_a_function_that_raises_is_told_with_its_error(
    start: Start, preflight: Preflight, policy: Policy
) -> None:
    def broken(event: object, context: object) -> object:
        raise ValueError("no reward today")

    start(broken).deploy(NAME)
    status, lines = preflight(NAME)
    assert status == 1
    assert "the function fails: ValueError: no reward today" in line(lines, "reward check")
    assert "deploy this version of it" in line(lines, "policy")


def test_an_invocation_that_is_forbidden_names_the_permission(
    start: Start, router: Router, preflight: Preflight
) -> None:
    start(router, forbidden=["/invocations"]).deploy(NAME)
    status, lines = preflight(NAME)
    assert status == 1
    assert line(lines, "reward check").startswith(
        "fix reward check not checked: your credentials lack a permission"
    )


# --- without an account ----------------------------------------------------------------------------------


def test_without_credentials_it_says_so_and_asks_nobody(
    start: Start, router: Router, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = start(router)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    assert refused(NAME).startswith("preflight: no AWS credentials: run `aws sso login`")
    assert account.events == []


def test_without_a_region_it_says_how_to_give_one(
    start: Start, router: Router, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(router)
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert refused(NAME).startswith("preflight: no AWS region: give --region")


def test_a_profile_that_is_not_there_is_told(
    start: Start, router: Router, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(router)
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert "(nobody)" in refused(NAME)


@pytest.mark.usefixtures("policy")
@pytest.mark.parametrize("function", ["", "a function", "arn:aws:s3:::bucket", "SageMaker-" + "r" * 70])
def test_what_is_no_function_is_refused_in_one_line(function: str, refused: Refused) -> None:
    assert "is neither a function's name nor its ARN" in refused(function)


# --- judges ----------------------------------------------------------------------------------------------


def probing(call: Call) -> bool:
    """Whether it is the operator who asks."""
    return bool(call.body["inferenceConfig"]["maxTokens"] == 1)


def test_a_model_that_the_operator_may_not_call_is_told_with_the_way(
    start: Start, router: Router, preflight: Preflight
) -> None:
    start(router, bedrock=LocalBedrock(faults=lambda call: access_denied())).deploy(NAME)
    status, lines = preflight(NAME)
    assert status == 1
    assert f"you may not call {MODEL} in us-east-1: allow `bedrock:InvokeModel`" in line(lines, "judge model")


def test_a_wrong_id_is_told_with_those_that_look_like_it(
    start: Start, router: Router, preflight: Preflight
) -> None:
    account = start(
        router,
        bedrock=LocalBedrock(faults=lambda call: no_such_model()),
        models=MODELS,
        profiles=["us.amazon.nova-lite-v1:0", "eu.cohere.embed-v4:0"],
    )
    account.deploy(NAME, {"JUDGE_MODEL_ID": "amazon.nova-lite-v1:0"})
    _, lines = preflight(NAME)
    said = line(lines, "judge model")
    assert "amazon.nova-lite-v1:0 in us-east-1 is no model to call: there is" in said
    assert "us.amazon.nova-lite-v1:0" in said
    assert "cohere" not in said


def test_a_model_that_is_busy_is_there(start: Start, router: Router, preflight: Preflight) -> None:
    start(router, bedrock=LocalBedrock(faults=lambda call: throttled())).deploy(NAME)
    status, lines = preflight(NAME)
    assert status == 0
    assert line(lines, "judge model").startswith(f"note judge model {MODEL} in us-east-1 is there, but busy")


def test_a_judge_that_only_the_function_cannot_reach_is_found(
    start: Start, policy: Policy, preflight: Preflight
) -> None:
    def fault(call: Call) -> Fault | None:
        return None if probing(call) else access_denied()

    with closing(make_handler(policy, "bedrock", emit=lambda line: None)) as handler:
        start(
            lambda event, context: told(policy) if isinstance(event, dict) else handler(event, context),
            bedrock=LocalBedrock(faults=fault),
        ).deploy(NAME)
        status, lines = preflight(NAME)
    assert status == 1
    assert line(lines, "judge model").startswith("fine")
    assert "questions got no verdict: allow its role `bedrock:InvokeModel`" in line(lines, "judged")


@pytest.mark.parametrize("judge", ["offline", "none"])
def test_a_function_that_asks_no_model_is_found(
    judge: str, start: Start, router: Router, preflight: Preflight
) -> None:
    start(router).deploy(NAME, {"JUDGE": judge})
    status, lines = preflight(NAME)
    assert status == 1
    assert f"the function's JUDGE is {judge!r}" in line(lines, "judged")


# --- quota and concurrency -------------------------------------------------------------------------------


def test_as_many_instances_as_hyperpod_calls_ask_for_more_than_the_account_has(
    start: Start, router: Router, preflight: Preflight
) -> None:
    start(router, quotas=QUOTAS[:1], models=MODELS, concurrency=(40, 50)).deploy(NAME)
    status, lines = preflight(NAME, "--concurrency", 64)
    assert status == 1
    quota, unknown = [" ".join(one.split()) for one in lines if one[6:].startswith("quota")]
    assert quota.startswith(f"fix quota {MODEL}: 64 instances may ask 6,400 requests a minute together")
    assert "the account has 2,000: write that number and `shared_by: 64`" in quota
    assert unknown.startswith("note")
    assert "Service Quotas lists no tokens under its name" in unknown
    assert line(lines, "concurrency").startswith(
        "fix concurrency all functions share 40, but a job calls 64 at once"
    )


def test_what_the_operator_may_not_read_is_noted(start: Start, router: Router, preflight: Preflight) -> None:
    start(router, models=MODELS, forbidden=["ListServiceQuotas", "account-settings"]).deploy(NAME)
    status, lines = preflight(NAME)
    assert status == 0
    for about in ("quota", "concurrency"):
        assert line(lines, about).startswith(f"note {about} not checked: your credentials lack a permission")


def test_what_is_reserved_counts_where_the_account_may_not_be_read(
    start: Start, router: Router, preflight: Preflight
) -> None:
    start(router, forbidden=["account-settings"]).deploy(NAME, reserved=2)
    status, lines = preflight(NAME)
    assert status == 1
    assert line(lines, "concurrency") == (
        "fix concurrency 2 are reserved, but a job calls 12 at once: reserve 12 for this function"
    )


# --- the policy ------------------------------------------------------------------------------------------


def test_another_policy_than_the_one_on_disk_is_found(
    start: Start, router: Router, policy: Policy, preflight: Preflight, tmp_path: Path
) -> None:
    start(router).deploy(NAME)
    path = tmp_path / "policy.yaml"
    path.write_text(path.read_text().replace("verify: [math]", "verify: [math, number]"))
    status, lines = preflight(NAME)
    assert status == 1
    assert f"the function serves {policy.fingerprint} from package" in line(lines, "policy")


def test_the_functions_own_environment_fills_the_policy(
    start: Start, router: Router, preflight: Preflight
) -> None:
    account = start(router)
    account.deploy(NAME, {"JUDGE_MODEL_ID": "us.amazon.nova-micro-v1:0"})
    status, lines = preflight(NAME)
    assert [call.model for call in account.bedrock.calls] == ["us.amazon.nova-micro-v1:0"]
    assert status == 1
    assert line(lines, "policy").startswith("fix policy the function ")


def test_a_model_of_the_environment_without_a_price_is_found(
    start: Start, router: Router, preflight: Preflight
) -> None:
    start(router).deploy(NAME, {"JUDGE_MODEL_ID": "vendor.unknown-v1:0"})
    status, lines = preflight(NAME)
    assert status == 1
    assert "the model 'vendor.unknown-v1:0' has no price" in line(lines, "policy")


def test_a_newer_policy_that_the_function_refused_is_told(
    start: Start, router: Router, policy: Policy, preflight: Preflight
) -> None:
    served = told(
        policy, policy_from="s3://bucket/policy.yaml", policy_mistakes=["policy.yaml:3:1: no such judge"]
    )
    start(lambda event, context: served if isinstance(event, dict) else router(event, context)).deploy(NAME)
    status, lines = preflight(NAME)
    assert status == 1
    assert any("it refused a newer policy: policy.yaml:3:1: no such judge" in one for one in lines)


def test_a_policy_with_a_mistake_is_bad_input(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "policy.yaml").write_text("version: 1\nrules: []\n")
    assert main(["preflight", NAME, "--policy", str(tmp_path / "policy.yaml")]) == 2
    assert "rules" in capsys.readouterr().err
