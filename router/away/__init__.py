"""
The verifier `code` somewhere else: in a function of its own, whose role can do nothing, or nowhere.

    place     the stand-ins for `code`
    letter    what travels between the two functions
    line      Lambda's Invoke, on an event loop of its own; failures says why there is no answer
    state     where programs run, and whether they can
    ../code_function.py    the other function
"""

from router.policy.model import Policy

HERE = "here"
"""What CODE says where programs run in this function's own sandbox."""


def placed(policy: Policy, where: str) -> Policy:
    """Return the policy with its programs run where CODE says: here, nowhere, or in the function it names."""
    if where == HERE:
        return policy
    from router.away.place import elsewhere  # noqa: PLC0415 - `code`, and only for those who have moved it

    return elsewhere(policy, where)
