"""Where Bedrock is called in each region: aioboto3 says so when a region is first wanted."""

import asyncio
import os
import ssl
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from botocore.httpsession import get_cert_path
from botocore.session import Session

from judges.bedrock.failures import NO_CREDENTIALS, credentials_error
from router.errors import JudgeRejected
from router.strangers import warn_of_strangers


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one region's Bedrock is called."""

    region: str
    url: str
    """Without a slash at its end."""
    proxy: str | None
    trust: ssl.SSLContext | bool
    """Whose certificates are believed; True where there are none, because nothing is encrypted."""


class Endpoints:
    """The endpoints by the region that was wanted; an empty one stands for the SDK's own."""

    def __init__(self) -> None:
        self._opening = asyncio.Lock()
        self._known: dict[str, Endpoint] = {}

    async def at(self, wanted: str, session: Any) -> Endpoint:
        """Return the region's endpoint. Many tasks may ask at once; one of them finds out."""
        if wanted not in self._known:
            async with self._opening:
                if wanted not in self._known:
                    self._known[wanted] = await self._endpoint(wanted, session)
        return self._known[wanted]

    async def _endpoint(self, wanted: str, session: Any) -> Endpoint:
        region = wanted or region_of(session)
        url = await url_of(region, session)
        warn_of_strangers("Bedrock", url)
        return Endpoint(region, url, proxy_for(url), url.startswith("http://") or self._trust)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Whom botocore trusts: the configured bundle, or else its own."""
        bundle = Session().get_config_variable("ca_bundle")
        try:
            return ssl.create_default_context(cafile=bundle or get_cert_path(True))
        except OSError as error:
            raise JudgeRejected(f"the certificates of AWS_CA_BUNDLE cannot be read: {error}") from error


def region_of(session: Any) -> str:
    """Return the SDK's own region."""
    region = os.environ.get("AWS_REGION") or cast("str | None", session.region_name)
    if not region:
        raise JudgeRejected("no AWS region: set `region` beside the judge's `model`, or AWS_REGION")
    return region


async def url_of(region: str, session: Any) -> str:
    """Return where aioboto3 would call a region: it knows every variable, profile and partition."""
    try:
        async with session.client("bedrock-runtime", region_name=region) as client:
            return cast("str", client.meta.endpoint_url).rstrip("/")
    except ValueError as error:
        raise JudgeRejected(f"Bedrock cannot be called in {region}: {error}") from error
    except NO_CREDENTIALS as error:
        raise credentials_error(error) from error


def proxy_for(url: str) -> str | None:
    """Return the environment's proxy for a URL, as HTTPS_PROXY and NO_PROXY name it."""
    parts = urlsplit(url)
    proxy = None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy
