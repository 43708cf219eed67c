"""`attach`: what it prints holds against the trainers' own definitions, as far as they can be had."""

import ast
import json
import re
import zipfile
from functools import cache
from typing import Any

import pytest
import yaml
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator

from router.__main__ import main
from router.commands.attach import PLATFORMS, TEXTS, filled
from router.commands.functions import Function
from tests.tools import tool

ARN = "arn:aws:lambda:us-east-1:123456789012:function:SageMaker-RewardRouter"
ELSEWHERE = "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:SageMaker-RewardRouter"

Capture = pytest.CaptureFixture[str]


def blocks(platform: str, language: str, arn: str = ARN) -> list[str]:
    """The fenced blocks of one language in a platform's text."""
    return re.findall(rf"```{language}\n(.*?)```", filled(platform, Function.read(arn)), re.DOTALL)


def arguments_of(code: str, call: str) -> dict[str, Any]:
    """The keyword arguments of the call in a piece of Python that ends so; nothing of it is run."""
    [found] = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(call)
    ]
    return {each.arg: _value(each.value) for each in found.keywords if each.arg}


def _value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ast.unparse(node)


# --- the command -------------------------------------------------------------------------------------


def test_every_platform_has_its_text_and_no_text_is_left_over() -> None:
    assert sorted(path.stem for path in TEXTS.iterdir()) == sorted(PLATFORMS)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_printed_names_the_function_and_leaves_no_place_open(platform: str, capsys: Capture) -> None:
    assert main(["attach", platform, ARN]) == 0
    printed = capsys.readouterr().out
    assert ARN in printed
    assert "{{" not in printed
    assert "\nFrom: " in printed


@pytest.mark.parametrize("platform", PLATFORMS)
def test_in_another_partition_every_arn_is_of_it(platform: str) -> None:
    text = filled(platform, Function.read(ELSEWHERE))
    assert set(re.findall(r"arn:([a-z-]+):", text)) == {"aws-us-gov"}
    assert "us-east-1" not in text


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (f"{ARN}:live", "`:live` names a version or an alias"),
        (f"{ARN}:$LATEST", "`:$LATEST` names a version or an alias"),
        (ARN.replace("SageMaker-", ""), "the name RewardRouter does not begin with SageMaker-"),
        ("SageMaker-RewardRouter", "is a name, and trainers want the ARN"),
        ("arn:aws:iam::123456789012:role/SageMaker-Role", "is neither a function's name nor its ARN"),
    ],
)
def test_an_arn_that_trainers_would_not_take_is_refused_in_one_line(
    function: str, why: str, capsys: Capture
) -> None:
    assert main(["attach", "hyperpod", function]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert why in said.err


@pytest.mark.parametrize("platform", ["bedrock", "bedrock-open-weight"])
def test_bedrock_takes_a_function_of_any_name_and_hears_nothing_of_sagemakers_reasons(
    platform: str, capsys: Capture
) -> None:
    mine = ARN.replace("SageMaker-", "")
    assert main(["attach", platform, mine]) == 0
    assert mine in capsys.readouterr().out
    assert main(["attach", platform, f"{mine}:live"]) == 2
    said = capsys.readouterr().err
    assert "`:live` names a version or an alias" in said
    assert "SageMaker" not in said


# --- permissions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", PLATFORMS)
def test_who_calls_the_function_may_invoke_it_and_nothing_is_for_everything(platform: str) -> None:
    statements = [one for block in blocks(platform, "json") for one in json.loads(block)["Statement"]]
    invoking = [one["Resource"] for one in statements if one["Action"] == "lambda:InvokeFunction"]
    assert invoking == [ARN]
    assert all(one["Effect"] == "Allow" and one.get("Resource") != "*" for one in statements)


@pytest.mark.parametrize(
    ("platform", "service"),
    [("bedrock", "bedrock"), ("sagemaker", "sagemaker"), ("training-job", "sagemaker")],
)
def test_the_role_can_be_assumed_by_the_service_that_runs_the_job(platform: str, service: str) -> None:
    statements = [one for block in blocks(platform, "json") for one in json.loads(block)["Statement"]]
    [trust] = [one for one in statements if "Principal" in one]
    assert trust["Principal"] == {"Service": f"{service}.amazonaws.com"}
    assert trust["Action"] == "sts:AssumeRole"


# --- Bedrock -----------------------------------------------------------------------------------------


@cache
def create_job() -> OperationModel:
    """CreateModelCustomizationJob as the newest botocore here knows it: the SAM CLI's."""
    data = tool("sam/lib/python*/site-packages/botocore/data")
    loader = Loader(extra_search_paths=[str(data)], include_default_search_paths=False)
    return ServiceModel(loader.load_service_model("bedrock", "service-2")).operation_model(
        "CreateModelCustomizationJob"
    )


def bedrock_job() -> dict[str, Any]:
    [code] = blocks("bedrock", "python")
    return arguments_of(code, "create_model_customization_job")


def test_the_job_on_bedrock_is_valid_by_botocores_own_model() -> None:
    report = ParamValidator().validate(bedrock_job(), create_job().input_shape)
    assert report.generate_report() == ""


def test_what_botocore_does_not_validate_fits_the_model_as_well() -> None:
    members, job = create_job().input_shape.members, bedrock_job()
    grader = job["customizationConfig"]["rftConfig"]["graderConfig"]["lambdaGrader"]["lambdaArn"]
    rft = members["customizationConfig"].members["rftConfig"].members
    lambda_arn = rft["graderConfig"].members["lambdaGrader"].members["lambdaArn"]
    assert re.fullmatch(lambda_arn.metadata["pattern"], grader)
    assert re.fullmatch(members["roleArn"].metadata["pattern"], job["roleArn"])
    assert job["customizationType"] in members["customizationType"].enum
    for name, value in job["customizationConfig"]["rftConfig"]["hyperParameters"].items():
        bounds = rft["hyperParameters"].members[name].metadata
        assert bounds["min"] <= value <= bounds["max"]


def test_the_locked_botocore_is_still_too_old_for_it_as_the_text_says() -> None:
    model = ServiceModel(Loader().load_service_model("bedrock", "service-2"))
    shape = model.operation_model("CreateModelCustomizationJob").input_shape
    assert "rftConfig" not in shape.members["customizationConfig"].members
    assert "the 1.40 that this project locks does not" in (TEXTS / "bedrock.md").read_text(encoding="utf-8")


def test_an_open_weight_job_names_the_function_as_its_grader() -> None:
    [code] = blocks("bedrock-open-weight", "python")
    method = arguments_of(code, "fine_tuning.jobs.create")["extra_body"]["method"]
    assert method == {
        "type": "reinforcement",
        "reinforcement": {"grader": {"type": "lambda", "lambda": {"function": ARN}}},
    }


# --- SageMaker ---------------------------------------------------------------------------------------


def parameters(module: str, name: str) -> set[str]:
    """The parameters of a class in sagemaker-train, read from the wheel and not run."""
    with zipfile.ZipFile(tool("conformance/sagemaker_train-*.whl")) as wheel:
        tree = ast.parse(wheel.read(module))
    [found] = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    [init] = [node for node in found.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    return {each.arg for each in (*init.args.args, *init.args.kwonlyargs)}


def test_the_trainers_arguments_are_parameters_of_rlvrtrainer() -> None:
    [code] = blocks("sagemaker", "python")
    given = arguments_of(code, "RLVRTrainer")
    own = parameters("sagemaker/train/rlvr_trainer.py", "RLVRTrainer")
    inherited = parameters("sagemaker/train/base_trainer.py", "BaseTrainer")
    assert set(given) <= own | inherited
    assert given["custom_reward_function"] == ARN


def test_the_trainer_is_where_the_text_imports_it_from() -> None:
    [code] = blocks("sagemaker", "python")
    with zipfile.ZipFile(tool("conformance/sagemaker_train-*.whl")) as wheel:
        package = wheel.read("sagemaker/train/__init__.py").decode()
    assert "from sagemaker.train import RLVRTrainer\n" in code
    assert 'name == "RLVRTrainer"' in package


@pytest.mark.parametrize(("platform", "limit"), [("hyperpod", 100), ("training-job", 12)])
def test_a_recipe_names_the_function_twice_and_its_limit(platform: str, limit: int) -> None:
    [text] = blocks(platform, "yaml")
    recipe = yaml.safe_load(text)
    endpoint = recipe["training_config"]["rollout"]["rewards"]["api_endpoint"]
    assert recipe["run"] == {"reward_lambda_arn": ARN}
    assert endpoint["lambda_arn"] in (ARN, "${oc.select:run.reward_lambda_arn}")
    assert endpoint["lambda_concurrency_limit"] == limit


def test_the_envelope_for_open_weight_models_is_one_of_the_policys() -> None:
    [text] = blocks("sagemaker", "yaml")
    assert yaml.safe_load(text) == {"reward": {"envelope": "body_string"}}
