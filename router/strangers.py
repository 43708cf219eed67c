"""Hosts that are not AWS: a stray AWS_ENDPOINT_URL is honoured in production too, so that it must be seen."""

import logging
from urllib.parse import urlsplit

AWS_DOMAINS = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".api.amazonwebservices.eu",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
)
"""Where AWS answers, by the suffixes in botocore's `partitions.json`."""

log = logging.getLogger(__name__)


def warn_of_strangers(service: str, url: str) -> None:
    """Say where the calls to a service go if it is not AWS."""
    host = urlsplit(url).hostname
    if not f".{host}".endswith(AWS_DOMAINS):
        log.warning("%s is called at %s, which is not AWS: see AWS_ENDPOINT_URL", service, host)
