"""Every check of `preflight`: what stands alone at once, the function's invocations one after another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any

from botocore.exceptions import ClientError

from router.commands.checks import (
    concurrency,
    function,
    judged,
    models,
    policy,
    quotas,
    replies,
    samples,
    timing,
)
from router.commands.checks.account import Account, guarded
from router.commands.checks.invoke import Invoke
from router.commands.checks.remarks import Check, Remark, fix, side_by_side
from router.commands.functions import Function
from router.errors import PolicyError
from router.policy import Policy
from router.policy.build import build

TOTAL_SECONDS = 1800
"""For everything; the invocations have the function's own timeout, each."""
ON_THE_WAY = 15
"""Seconds that an invocation may take beyond the function's timeout."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be run, and what with."""

    policy: str
    """Where the policy is that the function should serve."""
    checked: Mapping[str, Any]
    """It, checked."""
    batch: int
    """Rows in an invocation."""
    at_once: int
    """Invocations at the same time."""
    rows: Sequence[object] = field(default=())
    """A recorded batch; empty for a made one."""


def examine(named: Function, region: str, job: Job) -> Iterator[Remark]:
    """Yield every remark; raise RouterError where there are no credentials or no region."""
    account = Account(named.region or region)
    yield from account.strangers()
    yield from guarded(function.ABOUT, "fix", partial(_everything, account, named, job))()


def _everything(account: Account, named: Function, job: Job) -> Iterator[Remark]:
    client = account.client("lambda")
    try:
        found = client.get_function_configuration(FunctionName=_name(named))
    except client.exceptions.ResourceNotFoundException:
        yield function.missing(named, account.region)
        return
    yield from function.look(named, found)
    try:
        served = build(job.checked, {**_variables(found), "AWS_REGION": account.region})
    except PolicyError as error:
        why = f"with the function's environment variables, {job.policy} is unsound"
        yield fix(policy.ABOUT, f"{why}: {error.mistakes[0]}")
        return
    yield from side_by_side(list(_checks(account, named, found, served, job)), TOTAL_SECONDS)


def _variables(found: Mapping[str, Any]) -> Mapping[str, str]:
    variables: Mapping[str, str] = found.get("Environment", {}).get("Variables", {})
    return variables


def _name(named: Function) -> str:
    return named.arn if named.account else named.name


def _checks(
    account: Account, named: Function, found: Mapping[str, Any], served: Policy, job: Job
) -> Iterator[tuple[str, Check]]:
    about = concurrency.ABOUT
    yield about, guarded(about, "note", partial(_concurrency, account, named, job.at_once))
    for one in models.asked(served):
        yield models.ABOUT, partial(models.look, account, one)
    yield quotas.ABOUT, partial(quotas.look, account, models.asked(served), job.at_once)
    wait = found["Timeout"] + ON_THE_WAY
    emulators = None if account.is_aws("lambda") else found["MemorySize"]
    invoke = Invoke(account.client("lambda", wait=wait, attempts=1), _name(named), no_measure=emulators)
    yield replies.ABOUT, partial(_invocations, invoke, found, served, job)


def _concurrency(account: Account, named: Function, at_once: int) -> Iterator[Remark]:
    client = account.client("lambda")
    reserved = client.get_function_concurrency(FunctionName=_name(named)).get("ReservedConcurrentExecutions")
    try:
        limits = client.get_account_settings()["AccountLimit"]
    except ClientError:
        if reserved is None:
            raise
        yield concurrency.alone(at_once, reserved)
        return
    yield concurrency.look(
        at_once, reserved, limits["UnreservedConcurrentExecutions"], limits["ConcurrentExecutions"]
    )


def _invocations(invoke: Invoke, found: Mapping[str, Any], served: Policy, job: Job) -> Iterator[Remark]:
    """Yield what invocations tell: each has the instance for itself, or the times would mean nothing."""
    rows = job.rows or samples.batch(served, job.batch)
    looks: list[tuple[str, Check]] = [
        (replies.ABOUT, partial(replies.look, invoke, served)),
        ("timeout", partial(timing.look, invoke, served, rows, found, recorded=bool(job.rows))),
        (judged.ABOUT, partial(judged.look, invoke, served, _variables(found))),
        (policy.ABOUT, partial(policy.look, invoke, job.policy, served)),
    ]
    yield from chain.from_iterable(guarded(about, "fix", look)() for about, look in looks)
