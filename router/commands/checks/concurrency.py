"""May as many invocations run at once as the recipe makes?"""

from router.commands.checks.remarks import Remark, fine, fix

ABOUT = "concurrency"

LEFT_FOR_OTHERS = 100
"""What Lambda keeps unreserved in every account; see "Configuring reserved concurrency" in its guide."""
QUOTA = "`Concurrent executions` of AWS Lambda in Service Quotas"


def look(wanted: int, reserved: int | None, unreserved: int, limit: int) -> Remark:
    """
    Compare what a job calls at once with what the function is given.

    `reserved` is the function's own (None: it shares), `unreserved` what the account has left for all
    functions that share, `limit` the account's whole.
    """
    if reserved is not None and reserved >= wanted:
        return alone(wanted, reserved)
    if reserved is None and unreserved >= wanted:
        shared = f"{wanted} of the {unreserved} that the account's functions share, none of them reserved"
        return fine(ABOUT, f"{shared}; a busy neighbour can take them: reserving {wanted} keeps them")
    free = unreserved + (reserved or 0)
    has = f"{reserved} are reserved" if reserved is not None else f"all functions share {unreserved}"
    has += f", but a job calls {wanted} at once"
    if free - wanted >= LEFT_FOR_OTHERS:
        return fix(ABOUT, f"{has}: reserve {wanted} for this function")
    return fix(
        ABOUT,
        f"{has}, and of the account's {limit} there is no room to reserve them: raise {QUOTA} to "
        f"{limit + wanted - free + LEFT_FOR_OTHERS} or more, or lower the recipe's limit",
    )


def alone(wanted: int, reserved: int) -> Remark:
    """Say whether what is reserved suffices, where nobody says what the account has."""
    if reserved >= wanted:
        return fine(ABOUT, f"{reserved} are reserved, {wanted} are called at once")
    return fix(
        ABOUT,
        f"{reserved} are reserved, but a job calls {wanted} at once: reserve {wanted} for this function",
    )
