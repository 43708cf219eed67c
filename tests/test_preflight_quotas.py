"""What `preflight` makes of the account's quotas beside the policy's."""

import pytest

from router.commands.checks import quotas
from router.commands.checks.models import Asked
from router.commands.checks.remarks import fine


@pytest.mark.parametrize(
    ("model", "scope", "bare"),
    [
        ("amazon.nova-lite-v1:0", "on-demand", "amazon.nova-lite-v1:0"),
        ("us.amazon.nova-lite-v1:0", "cross-region", "amazon.nova-lite-v1:0"),
        ("global.amazon.nova-2-lite-v1:0", "global cross-region", "amazon.nova-2-lite-v1:0"),
        (
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0",
            "cross-region",
            "amazon.nova-pro-v1:0",
        ),
    ],
)
def test_an_id_says_by_which_quotas_it_is_bound(model: str, scope: str, bare: str) -> None:
    assert quotas.scope_of(model) == (scope, bare)


NAMES = {
    "On-demand model inference requests per minute for Amazon Nova Lite": (
        "on-demand",
        "Amazon Nova Lite",
        "requests",
    ),
    "Cross-Region InvokeModel tokens per minute for Anthropic Claude 3.5 Haiku": (
        "cross-region",
        "Anthropic Claude 3.5 Haiku",
        "tokens",
    ),
    "Global cross-Region model inference tokens per minute for Anthropic Claude Sonnet 4.5 V1": (
        "global cross-region",
        "Anthropic Claude Sonnet 4.5",
        "tokens",
    ),
    "On-demand model inference tokens per minute for OpenAI GPT OSS 20B": (
        "on-demand",
        "OpenAI gpt-oss-20b",
        "tokens",
    ),
}


@pytest.mark.parametrize(("listed", "expected"), NAMES.items(), ids=NAMES)
def test_a_quotas_name_is_read_in_both_generations_of_words(
    listed: str, expected: tuple[str, str, str]
) -> None:
    scope, model, kind = expected
    quota = {"QuotaName": listed, "Value": 5.0, "QuotaCode": "L-1"}
    assert quotas.matching([quota], scope, {model}) == {kind: (5.0, "L-1")}


@pytest.mark.parametrize(
    "listed",
    [
        "On-demand model inference requests per minute for Amazon Nova Lite",
        "Cross-region model inference requests per minute for Amazon Nova 2 Lite",
        "Cross-region model inference requests per minute for Amazon Nova Lite Latency-Optimized",
        "Cross-region model inference tokens per day for Amazon Nova Lite",
        "Batch inference job size (in GB) for Nova Lite V1",
    ],
)
def test_another_models_or_another_kind_of_quota_is_not_taken_for_it(listed: str) -> None:
    quota = {"QuotaName": listed, "Value": 5.0, "QuotaCode": "L-1"}
    assert quotas.matching([quota], "cross-region", {"Nova Lite", "Amazon Nova Lite"}) == {}


def test_only_what_is_declared_is_compared() -> None:
    one = Asked("m", "", requests=100.0, tokens=None, timeout=20.0, backup=False)
    [remark] = quotas.compare(one, 12, {"requests": (1200.0, "L-1"), "tokens": (1.0, "L-2")})
    assert remark == fine(
        "quota", "m: 12 instances may ask 1,200 requests a minute together; the account has 1,200"
    )
