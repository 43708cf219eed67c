"""
What a failed call means: ask again, later, or never. By the error's code first, by its HTTP status second.

    JudgeThrottled     a quota threw the request back
    JudgeUnavailable   no connection, or the model is down: nothing was billed
    JudgeLost          the request went out and no whole reply came back
    JudgeRejected      every request would be refused: the message says what to set, allow or renew
    JudgeRefused       this request is refused

No message quotes the prompt, because messages go into logs and trails.
"""

import aiohttp
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from judges.base import Prompt
from judges.bedrock.answer import Answer
from router.errors import (
    JudgeError,
    JudgeLost,
    JudgeRefused,
    JudgeRejected,
    JudgeThrottled,
    JudgeUnavailable,
)

THROTTLED = frozenset({
    "ModelNotReadyException",
    "ServiceQuotaExceededException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
    "TooManyRequestsException",
})  # fmt: skip
DOWN = frozenset({
    "InternalServerException",
    "ModelErrorException",
    "ModelTimeoutException",
    "ServiceUnavailableException",
})  # fmt: skip
DOWN_STATUSES = frozenset({408, 424})
"""Beside every 5xx: the statuses of timeouts and failed models, whatever the code says."""

RENEW = "renew the AWS credentials (on a laptop: `aws sso login`) and start again"
CREDENTIALS = {
    "ExpiredToken": f"the AWS credentials have expired: {RENEW}",
    "ExpiredTokenException": f"the AWS credentials have expired: {RENEW}",
    "InvalidClientTokenId": f"AWS does not know these credentials: {RENEW}",
    "UnrecognizedClientException": f"AWS does not know these credentials: {RENEW}",
}

NO_CONNECTION = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
NO_CREDENTIALS = (BotoCoreError, ClientError, OSError, RuntimeError, ValueError)
"""
What finding or renewing credentials raises: OSError and ValueError where a `credential_process` is
missing or prints nonsense, RuntimeError where the renewed ones have expired, too.
"""
NO_SOURCE = (ConnectTimeoutError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError)
"""How botocore says that the source of credentials does not answer."""

ABOUT_THE_MODEL = ("model id", "on-demand throughput", "inference profile", "the model that you provided")
"""How Bedrock's validation speaks of a model identifier, as its users quote it."""

QUOTE = 12
"""Characters that a message and a prompt share before it counts as a quotation."""
LONGEST = 400
"""Characters of a message that are kept; a proxy's error page has more."""


def network_error(error: Exception, where: str) -> JudgeError:
    """Return what an error of aiohttp's means for the question."""
    kind = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return JudgeRejected(f"{where} shows a certificate that is not trusted: set AWS_CA_BUNDLE ({kind})")
    if isinstance(error, aiohttp.InvalidURL | aiohttp.ClientHttpProxyError):
        return JudgeRejected(f"{where} cannot be reached: check the endpoint and HTTPS_PROXY ({kind})")
    if isinstance(error, NO_CONNECTION):
        return JudgeUnavailable(f"{where} cannot be reached: {kind}")
    return JudgeLost(f"{where} sent no whole reply: {kind}")


def credentials_error(error: Exception) -> JudgeError:
    """Return what an error of botocore's means that came before any request of ours."""
    kind = type(error).__name__
    if isinstance(error, NO_SOURCE):
        return JudgeUnavailable(f"the source of the AWS credentials does not answer: {kind}")
    return JudgeRejected(
        f"no AWS credentials ({kind}: {unquoted(str(error))}): give the function a role;"
        " on a laptop, run `aws sso login` and set AWS_PROFILE"
    )


def refusal(answer: Answer, prompt: Prompt, where: str) -> JudgeError:
    """Return what an error reply of Bedrock's means."""
    code, status = answer.code, answer.status
    message = unquoted(answer.message, prompt)
    said = f"{code} {message} (HTTP {status})".strip()
    if code in THROTTLED or status == 429:
        return JudgeThrottled(f"{where} throws the request back: {said}")
    if code in DOWN:
        return JudgeUnavailable(f"{where} is not available: {said}")
    if code in CREDENTIALS:
        return JudgeRejected(CREDENTIALS[code])
    if code == "AccessDeniedException":
        return JudgeRejected(
            f"no permission to ask {where}: allow the role `bedrock:InvokeModel` on it (for an inference"
            f" profile: on the profile and on its models in all of its regions). Bedrock says: {message}"
        )
    if code == "ResourceNotFoundException" or is_about_the_model(code, message):
        return JudgeRejected(f"no such model: {where}. Check `model` and `region`. Bedrock says: {message}")
    if code != "ValidationException" and (status in DOWN_STATUSES or status >= 500):
        return JudgeUnavailable(f"{where} is not available: {said}")
    return JudgeRefused(f"{where} refuses the request: {said}")


def is_about_the_model(code: str, message: str) -> bool:
    """Whether a validation failed on the model identifier rather than on the rest of the request."""
    return code == "ValidationException" and any(words in message.lower() for words in ABOUT_THE_MODEL)


def unquoted(message: str, prompt: Prompt | None = None) -> str:
    """
    Return a message, on one line, up to where it starts to quote the prompt.

    Validation errors quote what they refuse. Fewer than QUOTE characters of the prompt may stay.
    """
    said = " ".join(f"{prompt.system} {prompt.text}".split()) if prompt else ""
    message = " ".join(message.split())[:LONGEST]
    for start in range(len(message) - QUOTE + 1):
        if message[start : start + QUOTE] in said:
            return f"{message[:start]}[...]"
    return message
