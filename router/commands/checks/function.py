"""Is the function there, under a name that trainers call, and ready?"""

from collections.abc import Iterator, Mapping
from typing import Any

from router.commands.checks.remarks import Remark, fine, fix
from router.commands.functions import Function

ABOUT = "function"


def look(function: Function, configuration: Mapping[str, Any]) -> Iterator[Remark]:
    """Look at a function's configuration, as GetFunctionConfiguration gives it."""
    found = [*function.objections, *_unready(configuration)]
    if error := configuration.get("Environment", {}).get("Error"):
        found.append(f"you cannot read its environment variables, which fill the policy: {error['Message']}")
    yield from (fix(ABOUT, each) for each in found)
    if not found:
        yield fine(ABOUT, f"{configuration['FunctionArn']} is active; give trainers this ARN, as it is")


def missing(function: Function, region: str) -> Remark:
    """Say that there is none."""
    return fix(ABOUT, f"there is no function {function.name} in {region}: deploy it, or name its --region")


def _unready(configuration: Mapping[str, Any]) -> Iterator[str]:
    state = configuration.get("State", "Active")
    if state != "Active":
        why = configuration.get("StateReason", "no reason is given")
        yield f"it is {state}, not Active ({why}): {_way(state)}"
    updated = configuration.get("LastUpdateStatus", "Successful")
    if updated == "InProgress":
        yield "an update is under way: run this again when it is done"
    elif updated != "Successful":
        why = configuration.get("LastUpdateStatusReason", "no reason is given")
        yield f"its last update is {updated} ({why}): deploy it again"


def _way(state: str) -> str:
    return {
        "Pending": "run this again in a minute",
        "Inactive": "invoke it once, which wakes it, and run this again",
    }.get(state, "deploy it again")
