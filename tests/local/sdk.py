"""Where the AWS SDK is led in tests: to loopback, and away from everything on this machine."""

import pytest

REGION = "us-east-1"


def environment(service: str, url: str) -> dict[str, str]:
    """The variables that lead an SDK to a service at this URL; the credentials open nothing."""
    return {
        f"AWS_ENDPOINT_URL_{service.upper()}": url,
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
    for name, value in environment(service, url).items():
        monkeypatch.setenv(name, value)
