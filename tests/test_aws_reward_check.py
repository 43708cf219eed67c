"""AWS's own `verify_reward_function`, the check before a SageMaker job starts, against `serve`."""

import json
import sys
import threading
import zipimport
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from router.commands.serve import make_server
from router.handler import Handler, make_handler
from router.policy import load_policy
from tests.tools import tool

ARN = "arn:aws:lambda:us-east-1:123456789012:function:SageMaker-RewardRouter"
EVENTS = Path(__file__).parent / "events"


@pytest.fixture(scope="module")
def aws() -> ModuleType:
    """The module with the check, straight from the wheel; the two classes that it only names are stubs."""
    configs = ModuleType("sagemaker.core.training.configs")
    configs.TrainingJobCompute = type("TrainingJobCompute", (), {})  # type: ignore[attr-defined]
    configs.HyperPodCompute = type("HyperPodCompute", (), {})  # type: ignore[attr-defined]
    folder = tool("conformance/sagemaker_train-*.whl") / "sagemaker/train/common_utils"
    spec = zipimport.zipimporter(str(folder)).find_spec("rlvr_reward_verifier")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, configs.__name__, configs)
        spec.loader.exec_module(module)
    return module


@contextmanager
def deployed(handler: Handler) -> Iterator[None]:
    """Where boto3 finds the function: our server on loopback."""
    server = make_server(handler, 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{server.server_port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


@pytest.fixture(scope="module")
def ours() -> Handler:
    return make_handler(load_policy(), "offline")


def rows(name: str) -> list[Any]:
    return json.loads((EVENTS / f"{name}.json").read_text())  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ["bedrock_rft", "sagemaker_nova2", "nova_evaluation", "tools"])
def test_a_batch_passes(aws: ModuleType, ours: Handler, name: str) -> None:
    batch = (rows(name) * 3)[:3]  # one alone passes whatever comes back
    with deployed(ours):
        said = aws.verify_reward_function(ARN, batch, is_nova=True)
    assert (said["success"], said["successful_samples"]) == (True, 3)


def test_raw_training_rows_pass(aws: ModuleType, ours: Handler) -> None:
    with deployed(ours):
        said = aws.verify_reward_function(ARN, rows("raw_training_rows"), is_nova=True)
    assert (said["success"], said["successful_samples"]) == (True, 3)


def test_a_batch_passes_as_an_open_weight_model_wants_it(aws: ModuleType) -> None:
    wrapping = make_handler(replace(load_policy(), envelope="body_string"), "offline")
    with deployed(wrapping):
        said = aws.verify_reward_function(ARN, rows("raw_training_rows"), is_nova=False)
    assert (said["success"], said["successful_samples"]) == (True, 3)


def test_the_functions_name_passes_for_hyperpod(aws: ModuleType, ours: Handler) -> None:
    with deployed(ours):
        said = aws.verify_reward_function(ARN, rows("raw_training_rows"), compute=aws.HyperPodCompute())
    assert said["success"]


@pytest.mark.parametrize("qualifier", ["live", "3", "$LATEST"])
def test_a_qualified_arn_is_refused(aws: ModuleType, ours: Handler, qualifier: str) -> None:
    with deployed(ours), pytest.raises(ValueError, match="3/3 sample"):
        aws.verify_reward_function(f"{ARN}:{qualifier}", rows("raw_training_rows"))


def without_an_id(event: Any, context: Any) -> Any:
    return [{"aggregate_reward_score": 1.0} for _ in event]


def with_no_score(event: Any, context: Any) -> Any:
    return [{"id": str(place), "aggregate_reward_score": None} for place, _ in enumerate(event)]


def one_short(event: Any, context: Any) -> Any:
    return [{"id": str(place), "aggregate_reward_score": 1.0} for place, _ in enumerate(event[1:])]


def broken(event: Any, context: Any) -> Any:
    raise ValueError("no reward today")


@pytest.mark.parametrize(
    ("handler", "complaint"),
    [
        (without_an_id, "Output 0: id - Field required"),
        (with_no_score, "Output 2: aggregate_reward_score.int - Input should be a valid integer"),
        (one_short, "1/3 sample"),
        (broken, "Lambda execution error - ValueError: no reward today"),
    ],
)
def test_the_check_is_real_and_fails_a_bad_function(
    aws: ModuleType, handler: Handler, complaint: str
) -> None:
    with deployed(handler), pytest.raises(ValueError, match=complaint):
        aws.verify_reward_function(ARN, rows("raw_training_rows"))
