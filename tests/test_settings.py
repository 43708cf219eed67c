"""What the environment says of telling; a mistake is one line that says what to do."""

import re

import pytest

from router.settings import Settings
from router.telemetry import Telling


def test_nothing_is_told_beside_the_metrics_by_default() -> None:
    assert Settings.read({}).telling == Telling()
    named = Settings.read({"AWS_LAMBDA_FUNCTION_NAME": "SageMaker-A", "LOG_SAMPLES": "", "TRAILS": ""})
    assert named.telling == Telling(function="SageMaker-A")


def test_shares_and_the_place_of_trails_are_read() -> None:
    telling = Settings.read(
        {"LOG_SAMPLES": "0.01", "TRAILS": "s3://my-bucket/some/prefix", "TRAIL_SHARE": "1"}
    ).telling
    assert telling == Telling("", 0.01, "s3://my-bucket/some/prefix", 1.0)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"LOG_SAMPLES": "2"}, "LOG_SAMPLES is '2': give a share from 0 (none) to 1 (all)"),
        ({"LOG_SAMPLES": "few"}, "LOG_SAMPLES is 'few': give a share"),
        ({"LOG_SAMPLES": "nan"}, "LOG_SAMPLES is 'nan': give a share"),
        ({"TRAIL_SHARE": "-0.1", "TRAILS": "s3://abc/d"}, "TRAIL_SHARE is '-0.1': give a share"),
        ({"TRAIL_SHARE": "0.1"}, "TRAIL_SHARE is set, and TRAILS is not: say where to"),
        ({"TRAILS": "my-bucket/prefix"}, "TRAILS is 'my-bucket/prefix': give a place in S3"),
        ({"TRAILS": "s3://"}, "TRAILS is 's3://': give a place in S3"),
    ],
)
def test_a_mistake_says_what_to_do(environment: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        Settings.read(environment)
