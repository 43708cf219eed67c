"""
What a failed call means: ask again, or never. By the error's code first, by its HTTP status second.

    JudgeUnavailable   throttled, down, reset, no reply: the same question may be asked again
    JudgeUnreadable    a reply came, but of no shape that botocore knows
    JudgeRejected      everything else: the message says what to set, allow or renew

No message quotes the prompt, because messages go into logs and trails.
"""

from collections.abc import Mapping

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from judges.base import Prompt, Settings
from router.errors import JudgeError, JudgeRejected, JudgeUnavailable, JudgeUnreadable

MISSHAPEN = (ResponseParserError, AttributeError, LookupError, TypeError, ValueError)
"""What botocore's parser raises over JSON of another shape than Converse's: whichever it trips over first."""
FAILURES = (BotoCoreError, ClientError, *MISSHAPEN)
"""Everything that a call may raise and `judge_error` understands."""

UNAVAILABLE = frozenset({
    "InternalServerException",
    "ModelErrorException",
    "ModelNotReadyException",
    "ModelTimeoutException",
    "ServiceUnavailableException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
    "TooManyRequestsException",
})  # fmt: skip
PASSING_STATUSES = frozenset({408, 424, 429})
"""Beside every 5xx: the statuses of timeouts, failed models and throttles, whatever the code says."""

NO_REPLY = (ConnectTimeoutError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError)
NO_CREDENTIALS = (CredentialRetrievalError, NoCredentialsError, PartialCredentialsError)

RENEW = "renew the AWS credentials (on a laptop: `aws sso login`) and start again"
CREDENTIALS = {
    "ExpiredToken": f"the AWS credentials have expired: {RENEW}",
    "ExpiredTokenException": f"the AWS credentials have expired: {RENEW}",
    "InvalidClientTokenId": f"AWS does not know these credentials: {RENEW}",
    "UnrecognizedClientException": f"AWS does not know these credentials: {RENEW}",
}

ABOUT_THE_MODEL = ("model id", "on-demand throughput", "inference profile", "the model that you provided")
"""How Bedrock's validation speaks of a model identifier, as its users quote it."""

QUOTE = 12
"""Characters that a message and a prompt share before it counts as a quotation."""
LONGEST = 400
"""Characters of a message that are kept; a proxy's error page has more."""


def judge_error(error: Exception, prompt: Prompt, settings: Settings, region: str) -> JudgeError:
    """Return what an error of botocore's means for the question."""
    where = f"{settings.model} in {region}"
    if isinstance(error, ClientError):
        return refusal(error.response, prompt, where)
    if isinstance(error, NO_REPLY):
        return JudgeUnavailable(f"{where} sent no reply: {type(error).__name__}")
    if isinstance(error, NO_CREDENTIALS):
        return JudgeRejected(
            f"no AWS credentials ({type(error).__name__}): give the function a role;"
            " on a laptop, run `aws sso login` and set AWS_PROFILE"
        )
    if isinstance(error, BotoCoreError):
        return JudgeRejected(
            f"{where} cannot be called: {type(error).__name__}: {unquoted(str(error), prompt)}"
        )
    return JudgeUnreadable(f"{where} sent no reply of Converse's shape")


def refusal(response: Mapping[str, Mapping[str, object]], prompt: Prompt, where: str) -> JudgeError:
    """Return what an error reply of Bedrock's means."""
    code = str(response.get("Error", {}).get("Code", ""))
    message = unquoted(str(response.get("Error", {}).get("Message", "")), prompt)
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    said = f"{code} {message}".strip()
    if code in UNAVAILABLE:
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
    if code != "ValidationException" and isinstance(status, int) and is_passing(status):
        return JudgeUnavailable(f"{where} is not available: {said} (HTTP {status})")
    return JudgeRejected(f"{where} refuses the request: {said}")


def is_about_the_model(code: str, message: str) -> bool:
    """Whether a validation failed on the model identifier rather than on the rest of the request."""
    return code == "ValidationException" and any(words in message.lower() for words in ABOUT_THE_MODEL)


def is_passing(status: int) -> bool:
    """Whether a status by itself promises that the next attempt may fare better."""
    return status in PASSING_STATUSES or status >= 500


def unquoted(message: str, prompt: Prompt) -> str:
    """
    Return a message, on one line, up to where it starts to quote the prompt.

    Validation errors quote what they refuse. Fewer than QUOTE characters of the prompt may stay.
    """
    said = " ".join(f"{prompt.system} {prompt.text}".split())
    message = " ".join(message.split())[:LONGEST]
    for start in range(len(message) - QUOTE + 1):
        if message[start : start + QUOTE] in said:
            return f"{message[:start]}[...]"
    return message
