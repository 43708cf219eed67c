"""AWS's own `verify_reward_function`, the check before a SageMaker job starts, against `serve`."""

import json
import shutil
import subprocess
import sys
import zipimport
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from router.batch import Handler
from router.commands.serve import Server
from tests.local.servers import served
from tests.tools import ROOT, tool

ARN = "arn:aws:lambda:us-east-1:123456789012:function:SageMaker-RewardRouter"
EVENTS = Path(__file__).parent / "events"

Verify = Callable[..., Any]


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
def served_policy(config: Path = ROOT / "config") -> Iterator[str]:
    """`python -m router serve` with this policy and the offline judge; the URL that it names."""
    command = [sys.executable, "-m", "router", "serve", "--port", "0", "--judge", "offline"]
    with subprocess.Popen(
        [*command, "--policy", str(config / "policy.yaml")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout
            yield server.stdout.readline().strip().rpartition("=")[2]
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def ours() -> Iterator[str]:
    with served_policy() as url:
        yield url


@pytest.fixture
def verify(aws: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """AWS's check of the function at a URL."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")

    def verified(url: str, samples: list[Any], arn: str = ARN, **options: Any) -> Any:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", url)
        said = aws.verify_reward_function(arn, samples, **options)
        return said["success"] and said["successful_samples"]

    return verified


def rows(name: str) -> list[Any]:
    return json.loads((EVENTS / f"{name}.json").read_text())  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ["bedrock_rft", "sagemaker_nova2", "nova_evaluation", "tools"])
def test_a_batch_passes(verify: Verify, ours: str, name: str) -> None:
    assert verify(ours, (rows(name) * 3)[:3]) == 3  # one alone would pass whatever comes back


def test_raw_training_rows_pass(verify: Verify, ours: str) -> None:
    assert verify(ours, rows("raw_training_rows")) == 3


def test_the_functions_name_passes_for_hyperpod(verify: Verify, ours: str, aws: ModuleType) -> None:
    assert verify(ours, rows("raw_training_rows"), compute=aws.HyperPodCompute()) == 3


def test_a_batch_passes_in_the_envelope_of_open_weight_models(verify: Verify, tmp_path: Path) -> None:
    config = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    policy = (config / "policy.yaml").read_text()
    (config / "policy.yaml").write_text(policy.replace("envelope: mirror ", "envelope: body_string "))
    with served_policy(config) as wrapping:
        assert verify(wrapping, rows("raw_training_rows"), is_nova=False) == 3


@pytest.mark.parametrize("qualifier", ["live", "3", "$LATEST"])
def test_a_qualified_arn_is_refused(verify: Verify, ours: str, qualifier: str) -> None:
    with pytest.raises(ValueError, match="3/3 sample"):
        verify(ours, rows("raw_training_rows"), arn=f"{ARN}:{qualifier}")


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
def test_the_check_is_real_and_fails_a_bad_function(verify: Verify, handler: Handler, complaint: str) -> None:
    with served(Server(handler, 0)) as url, pytest.raises(ValueError, match=complaint):
        verify(url, rows("raw_training_rows"))
