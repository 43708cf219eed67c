"""Can each judge model of the policy be called, backups and panels included?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from judges.bedrock.failures import is_about_the_model
from router.commands.checks.account import DENIED, LONGEST, Account, code_of, in_words
from router.commands.checks.remarks import Remark, fine, fix, note
from router.commands.text import one_line
from router.policy import Policy
from router.policy.model import ModelSpec

ABOUT = "judge model"

BUSY = ("ThrottlingException", "ServiceUnavailableException", "ModelNotReadyException")
ALIKE = 0.6
"""How much of an id another shares, by difflib's measure, to be named beside it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A model that a policy asks, with one instance's share of its quota."""

    model: str
    region: str
    requests: float | None
    """A minute; None where it is learnt. So are the tokens."""
    tokens: float | None
    timeout: float
    """Seconds for one call."""
    backup: bool


def asked(policy: Policy) -> list[Asked]:
    """Return every model of a policy once, in its order; as a backup where it is nothing else."""
    judges = [part.judge for rule in policy.rules for part in rule.parts if part.judge]
    specs = [
        *((spec, False) for judge in judges for spec in judge.models),
        *((spec, True) for judge in judges for spec in judge.backups),
    ]
    found: dict[tuple[str, str], Asked] = {}
    for spec, backup in specs:
        one = _asked(spec, backup)
        found.setdefault((one.model, one.region), one)
    return list(found.values())


def _asked(spec: ModelSpec, backup: bool) -> Asked:
    settings = spec.settings
    return Asked(
        model=settings["model"],
        region=settings["region"],
        requests=spec.quota[0],
        tokens=spec.quota[1],
        timeout=settings.get("timeout_seconds", 20.0),
        backup=backup,
    )


def look(account: Account, one: Asked) -> Iterator[Remark]:
    """Ask a model for one token, with the operator's credentials."""
    where = f"{one.model} in {one.region}"
    try:
        account.client("bedrock-runtime", one.region).converse(
            modelId=one.model,
            messages=[{"role": "user", "content": [{"text": "Hello"}]}],
            inferenceConfig={"maxTokens": 1},
        )
    except ClientError as error:
        yield _refused(account, one, error)
    except (EndpointConnectionError, ValueError) as error:
        yield fix(ABOUT, f"Bedrock is not reached in {one.region}: check the policy's `region` ({error})")
    except BotoCoreError as error:
        yield fix(ABOUT, f"{where} does not answer: {in_words(error)}")
    else:
        yield fine(ABOUT, f"{where} answers your credentials; {_the_role(one)}")


def _the_role(one: Asked) -> str:
    if one.backup:
        return "it is a backup, and whether the function's role may ask it shows when the first model fails"
    return "`judged` asks with the function's role"


def _refused(account: Account, one: Asked, error: ClientError) -> Remark:
    code, where = code_of(error), f"{one.model} in {one.region}"
    message = one_line(error.response["Error"].get("Message", ""), LONGEST)
    if code in BUSY:
        return note(ABOUT, f"{where} is there, but busy or throttled just now: {message}")
    if code in DENIED:
        return fix(
            ABOUT,
            f"you may not call {where}: allow `bedrock:InvokeModel` on it (a profile: and on its models in "
            "all its regions), or ask for it on the page `Model access` of Bedrock's console. "
            f"AWS says: {message}",
        )
    if code == "ResourceNotFoundException" or is_about_the_model(code, message):
        alike = _alike(account, one.model, one.region)
        return fix(ABOUT, f"{where} is no model to call: {alike}. AWS says: {message}")
    return fix(ABOUT, f"{where} refuses: {in_words(error)}")


def _alike(account: Account, model: str, region: str) -> str:
    """Name the ids that look like one, if the account's lists can be read."""
    client = account.client("bedrock", region)
    try:
        ids = {each["modelId"] for each in client.list_foundation_models()["modelSummaries"]}
        pages: Iterable[Any] = client.get_paginator("list_inference_profiles").paginate()
        ids |= {each["inferenceProfileId"] for page in pages for each in page["inferenceProfileSummaries"]}
    except (BotoCoreError, ClientError):
        return "check its id"  # a guess would be worse than none; what was asked for is named already
    alike = sorted(get_close_matches(model, ids - {model}, cutoff=ALIKE))
    return f"there is {' and '.join(alike)}" if alike else f"nothing like it is in {region}"
