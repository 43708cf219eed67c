"""Why no answer came from the function that runs programs, and what to do about it."""

import re

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

FAILURES = (BotoCoreError, ClientError, OSError)
"""What a call raises; finding credentials raises OSError, too."""
LOST = (ConnectionError, HTTPClientError, OSError)
"""How botocore says that the way there or back is broken."""

THROTTLED = {"TooManyRequestsException", "ThrottlingException"}
ABOUT_THE_SAMPLE = {
    "InvalidRequestContentException": "Lambda cannot read the sample",
    "RequestTooLargeException": "the sample is larger than Lambda takes",
}
ADVICE = {
    "AccessDeniedException": "allow this function's role lambda:InvokeFunction on it",
    "ResourceNotFoundException": "there is none of that name: deploy it with the template's CodeFunction",
}
NAME = re.compile(r"[\w.]{1,60}", re.ASCII)
"""Of an error; anything else that stands in its place is not repeated."""


class Unanswered(Exception):
    """No answer came; the message says why, and what to do."""

    def __init__(self, why: str, *, again: bool = False, alone: bool = False) -> None:
        super().__init__(why)
        self.again = again
        """Whether asking again may help."""
        self.alone = alone
        """Whether the next sample would meet the same."""


def unanswered(error: Exception, function: str) -> Unanswered:
    """Return what an error of the SDK's means for the question."""
    where = f"the function {function}"
    code, status = type(error).__name__, 0
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if code in THROTTLED or status == 429:
        return Unanswered(f"{where} is throttled: give it, or the account, more concurrency", again=True)
    if code in ABOUT_THE_SAMPLE:
        return Unanswered(ABOUT_THE_SAMPLE[code])
    lost = isinstance(error, LOST)
    advice = ADVICE.get(code, f"it cannot be reached from here ({_named(code)})" if lost else _named(code))
    return Unanswered(f"{where} did not answer: {advice}", again=lost or status >= 500, alone=True)


def failed(said: object, function: str) -> Unanswered:
    """Return what it means that the function itself ended in an error, which it describes."""
    kind = said.get("errorType") if isinstance(said, dict) else None
    return Unanswered(f"the function {function} failed ({_named(kind)}): its log says why")


def _named(error: object) -> str:
    return error if isinstance(error, str) and NAME.fullmatch(error) else "an error without a name"
