"""Where the AWS SDK is led in tests: to loopback, and away from everything on this machine."""

from typing import Any

import boto3
import pytest
from botocore.config import Config

REGION = "us-east-1"


def environment(url: str, service: str = "") -> dict[str, str]:
    """The variables that lead an SDK to this URL, with one service or all; the credentials open nothing."""
    return {
        f"AWS_ENDPOINT_URL_{service.upper()}".rstrip("_"): url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/nowhere",
        "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
    }


def lead_to(service: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the SDK at a service."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment(url, service).items():
        monkeypatch.setenv(name, value)


def client(service: str, url: str, seconds: float = 900) -> Any:
    """Return boto3's client of a service at this URL, one attempt a call, which may take so many seconds."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - opens nothing
        config=Config(read_timeout=seconds, retries={"total_max_attempts": 1}),
    )
